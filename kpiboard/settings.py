"""One settings file for every installation; what differs between them comes from the environment."""

import importlib.util
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from kpiboard.unfold import UNFOLD as UNFOLD

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# --- Where this installation differs -------------------------------------------------------------
DEBUG = env.bool("DEBUG", default=False)
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
SECURE = env.bool("KPIBOARD_SECURE", default=not DEBUG)
SECRET_KEY = env.str("SECRET_KEY", default="development only, refused without DEBUG" if DEBUG else environ.Env.NOTSET)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
VAR_DIR = Path(env.str("KPIBOARD_VAR", default=str(BASE_DIR / "var")))
REDIS_URL = env.str("REDIS_URL", default="redis://localhost:6379/0")
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
DATABASES = {"default": env.db("DATABASE_URL", default="postgres://localhost/kpiboard")}
TIME_ZONE = "UTC"  # of stored instants; the organisation's own zone is a row (core.Organisation)

# --- The parts ---------------------------------------------------------------------------------
INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "heroicons",
    "pgtrigger",
    "rest_framework",
    "knox",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "apps.core",
    "apps.accounts",
    "apps.reps",
    "apps.campaigns",
    "apps.customers",
    "apps.leads",
    "apps.opportunities",
    "apps.activities",
    "apps.kpis",
    "apps.goals",
    "apps.objectives",
    "apps.boards",
    "apps.webhooks",
    "apps.bi",
    "apps.imports",
    "apps.dashboards",
    "apps.api",
    "apps.demo",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "apps.core.middleware.ContentSecurityPolicy",
    "apps.core.middleware.OrganisationTime",
    "apps.core.middleware.OrganisationCalendar",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "apps.api.conditional.Conditional",
    "apps.core.replica.Seen",
]
ROOT_URLCONF = "kpiboard.urls"
WSGI_APPLICATION = "kpiboard.wsgi.application"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 30_000  # a year's plan of two thousand people, sent whole
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "apps.core.context.organisation",
            ],
        },
    }
]

# --- Storage -----------------------------------------------------------------------------------
# Django's own pool; the health check makes a restarted database show as no error (see docs/explanation).
DATABASES["default"].update(CONN_MAX_AGE=0, CONN_HEALTH_CHECKS=True, ATOMIC_REQUESTS=False)
DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {
    "min_size": 1,
    "max_size": env.int("DATABASE_POOL_SIZE", default=8),
    "timeout": 10,
}
# How often a question of pages is asked before it is prepared (core.prepared); None where a pooler in between keeps no prepared statements.
PREPARED = 1 if env.bool("DATABASE_PREPARES", default=True) else None
DATABASES["default"]["OPTIONS"]["prepare_threshold"] = PREPARED
# Without a value, every call of a trigger ends in a failed subtransaction before it begins. Pages have their questions planned once (see wsgi). Compiling a
# question to machine code takes longer than to answer it.
SESSION = f"-c pgtrigger.ignore={{}} -c jit=off -c plan_cache_mode={env.str('DATABASE_PLANS', default='auto')}"
DATABASES["default"]["OPTIONS"].setdefault("options", SESSION)
STANDS_BACK = env.bool("STANDS_BACK", default=True)  # let recounts give way to people (kpis.priority); not in the web server's own connections
if env.str("DATABASE_REPLICA_URL", default=""):
    DATABASES["replica"] = {**env.db("DATABASE_REPLICA_URL"), "CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": True, "TEST": {"MIRROR": "default"}}
    # Boards that wait for a replica are worse than boards from the primary.
    patience = {
        "prepare_threshold": PREPARED,
        "connect_timeout": 2,
        "tcp_user_timeout": 2000,
        "pool": {**DATABASES["default"]["OPTIONS"]["pool"], "timeout": 1},
    }
    DATABASES["replica"].setdefault("OPTIONS", {}).update(patience)
    DATABASES["replica"]["OPTIONS"].setdefault("options", f"{SESSION} -c default_transaction_read_only=on")
    DATABASE_ROUTERS = ["apps.core.replica.Router"]
REPLICA_MOST_BEHIND = env.int("DATABASE_REPLICA_MOST_BEHIND", default=10)  # seconds
PGTRIGGER_MIGRATIONS = False  # triggers follow the declarations: installed after every migrate
PGTRIGGER_INSTALL_ON_MIGRATE = True

# --- Languages and formats -----------------------------------------------------------------------
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]


# --- Files served ----------------------------------------------------------------------------------
def package_folder(name: str) -> Path:
    """The folder of an installed package, whose files are served without being copied here."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"{name} is not installed: run script/server, or pip install -r requirements.txt")
    return Path(spec.submodule_search_locations[0])


STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("vendor/chartjs", package_folder("unfold") / "static" / "unfold" / "js" / "chart"),
]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "apps.core.bundles.BundleFinder",
]
BUNDLES = {  # one sheet and one script for every page of ours, from these parts
    "kpiboard.css": [
        f"css/{name}.css"
        for name in ("tokens", "base", "forms", "board", "goals", "objectives", "plan", "reports", "own", "wall", "tour", "imports", "design", "print")
    ],
    "kpiboard.js": [f"js/{name}.js" for name in ("pickers", "charts", "live", "tables", "pictures", "plan", "arrange", "wall", "tour", "drop")],
}
IMPORTS_DIR = Path(env.str("KPIBOARD_IMPORTS", default=str(VAR_DIR / "imports")))  # where files that were imported are kept
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "imports": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": IMPORTS_DIR, "base_url": None, "directory_permissions_mode": 0o700, "file_permissions_mode": 0o600},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage" if DEBUG else "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- People ------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "apps.accounts.backends.EmailBackend"]
LOGIN_URL = "accounts:sign-in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "accounts:sign-in"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "accounts/locked.html"
AXES_USERNAME_CALLABLE = "apps.accounts.throttling.username"
AXES_USERNAME_FORM_FIELD = "username"  # what authenticate() is given, whatever the model calls its field
AXES_CLIENT_IP_CALLABLE = "apps.accounts.throttling.client_ip"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# --- Mail (password resets) ------------------------------------------------------------------------
EMAIL_URL = env.str("EMAIL_URL", default="")
if EMAIL_URL:
    globals().update(env.email("EMAIL_URL"))
else:  # no mail server: mails are written as files, so nothing is lost and nothing leaves the machine
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR_DIR / "mail"
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="kpiboard@localhost")

# --- Work in the background --------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1).replace("?db=", "?virtual_host=", 1)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600}
CELERY_TIMEZONE = TIME_ZONE
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# --- Safety ----------------------------------------------------------------------------------------
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 31536000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# --- The API -----------------------------------------------------------------------------------
API_REQUESTS_A_MINUTE = env.int("API_REQUESTS_A_MINUTE", default=600)  # of one token or person; 0: without a limit
API_REQUESTS_OF_STRANGERS_A_MINUTE = env.int("API_REQUESTS_OF_STRANGERS_A_MINUTE", default=60)  # of one address, before it is signed in
DATA_UPLOAD_MAX_MEMORY_SIZE = 16_000_000  # bytes of a body: five thousand rows with all of their fields
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "apps.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated", "apps.api.grants.Granted"],
    "DEFAULT_FILTER_BACKENDS": ["apps.api.filters.Filters", "rest_framework.filters.SearchFilter", "apps.api.filters.Ordering"],
    "DEFAULT_PAGINATION_CLASS": "apps.api.pagination.Cursors",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["apps.api.parsing.Json"],
    "DEFAULT_THROTTLE_CLASSES": ["apps.api.limits.Limit"],
    "EXCEPTION_HANDLER": "apps.api.problems.handle",
    "COERCE_DECIMAL_TO_STRING": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "KPIBoard API",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "COMPONENT_SPLIT_REQUEST": True,
    "SERVE_AUTHENTICATION": [],
    "SERVE_INCLUDE_SCHEMA": False,
    "DESCRIPTION": "Figures, and the rows they are counted from. Sign in with a token (POST /api/v1/tokens/) or with the session of the site.",
    "ENUM_NAME_OVERRIDES": {
        "StageKind": "apps.opportunities.models.Stage.Kind",
        "ActivityKind": "apps.activities.models.Activity.Kind",
        "ExpenseKind": "apps.campaigns.models.Expense.Kind",
        "GoalKpi": "apps.api.resources.goals.KPIS",
        "GoalScope": "apps.goals.models.Goal.Scope",
        "ScopeKind": "apps.api.numbers.answers.SCOPE_KINDS",
        "RankedKind": "apps.api.numbers.asking.RANKED",
        "Grain": "apps.api.numbers.answers.STEP_GRAINS",
    },
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "apps.api.schema.complete"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"docExpansion": "none", "defaultModelsExpandDepth": -1, "deepLinking": True},
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}
REST_KNOX = {"TOKEN_TTL": None, "AUTO_REFRESH": False}

# --- The log -----------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    # Triggers are installed at every migrate, and every two seconds a drain comes and mostly finds nothing.
    "loggers": {name: {"level": "WARNING"} for name in ("pgtrigger", "celery.beat", "celery.app.trace", "celery.worker.strategy")},
}

if DEBUG and env.bool("DEBUG_TOOLBAR", default=False):
    INSTALLED_APPS.append("debug_toolbar")
    MIDDLEWARE.insert(1, "debug_toolbar.middleware.DebugToolbarMiddleware")
    INTERNAL_IPS = ["127.0.0.1", "::1"]
