"""The Celery application and every schedule of the product, in one list."""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kpiboard.settings")

app = Celery("kpiboard")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

app.conf.beat_schedule = {
    # A second late and the next one comes: an unsent drain is dropped, never queued up.
    "drain": {"task": "apps.kpis.tasks.drain", "schedule": 2.0, "options": {"expires": 2}},
    "benchmarks": {"task": "apps.goals.tasks.apply_benchmarks", "schedule": crontab(minute=20), "options": {"expires": 1800}},
    "watch": {"task": "apps.webhooks.tasks.watch", "schedule": 15.0, "options": {"expires": 15}},
    "deliver": {"task": "apps.webhooks.tasks.deliver", "schedule": 5.0, "options": {"expires": 5}},
    "forget": {"task": "apps.webhooks.tasks.forget", "schedule": crontab(hour=3, minute=40)},
    "answers": {"task": "apps.api.tasks.forget_answers", "schedule": crontab(minute=40), "options": {"expires": 1800}},
    "imports": {"task": "apps.imports.tasks.sweep", "schedule": 60.0, "options": {"expires": 60}},
    "sources": {"task": "apps.imports.tasks.fetch", "schedule": 60.0, "options": {"expires": 60}},
    "imported-files": {"task": "apps.imports.tasks.forget_files", "schedule": crontab(hour=3, minute=40)},
    "nightly": {"task": "apps.kpis.tasks.nightly", "schedule": crontab(hour=0, minute=10)},
}
