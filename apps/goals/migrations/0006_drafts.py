"""Drafts of plans."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('goals', '0005_ramps'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kpi', models.CharField(max_length=40, verbose_name='KPI')),
                ('start_on', models.DateField(verbose_name='first day')),
                ('grain', models.CharField(max_length=7, verbose_name='columns')),
                ('cells', models.JSONField(default=list)),
                ('saved_at', models.DateTimeField(auto_now=True, verbose_name='kept at')),
                ('saved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='kept by')),
            ],
            options={
                'verbose_name': 'draft of a plan',
                'verbose_name_plural': 'drafts of plans',
                'constraints': [models.UniqueConstraint(fields=('kpi', 'start_on', 'grain'), name='one_draft_of_a_plan', violation_error_message='There is a draft of this plan already.')],
            },
        ),
    ]
