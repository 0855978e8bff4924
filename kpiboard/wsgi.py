"""What gunicorn serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kpiboard.settings")
os.environ.setdefault("DATABASE_PLANS", "force_generic_plan")  # the same questions again and again: planned once, whatever they ask for
os.environ.setdefault("STANDS_BACK", "0")  # what a page counts, somebody waits for

application = get_wsgi_application()

# What is loaded now stays for good: garbage is not looked for in it again and again, in the middle of somebody's page.
gc.collect()
gc.freeze()
