"""Every version of a goal; what goals are now is the first that is known of them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


FIRST = """
INSERT INTO goals_goalversion (goal_id, kpi, scope, region_id, team_id, rep_id, start_on, last_on, target, baseline, note, set_on, set_at, reason, end_reason)
    SELECT id, kpi, scope, region_id, team_id, rep_id, start_on, last_on, target, baseline, note, updated_at::date, updated_at, '', '' FROM goals_goal
"""


class Migration(migrations.Migration):

    dependencies = [
        ('goals', '0003_target_is_not_negative'),
        ('reps', '0004_calendars'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='GoalVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kpi', models.CharField(max_length=40, verbose_name='KPI')),
                ('scope', models.CharField(choices=[('company', 'Company'), ('region', 'Region'), ('team', 'Team'), ('rep', 'Rep')], max_length=7, verbose_name='scope')),
                ('start_on', models.DateField(verbose_name='first day')),
                ('last_on', models.DateField(verbose_name='last day')),
                ('target', models.DecimalField(decimal_places=4, max_digits=18, verbose_name='target')),
                ('baseline', models.DecimalField(decimal_places=4, max_digits=18, null=True, verbose_name='baseline')),
                ('note', models.CharField(max_length=200, verbose_name='note')),
                ('set_on', models.DateField(verbose_name='set on')),
                ('set_at', models.DateTimeField(verbose_name='set at')),
                ('reason', models.CharField(max_length=200, verbose_name='reason')),
                ('ended_on', models.DateField(null=True, verbose_name='ended on')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='ended at')),
                ('end_reason', models.CharField(max_length=200, verbose_name='reason for the end')),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ended by')),
                ('goal', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='versions', to='goals.goal')),
                ('region', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='reps.region', verbose_name='region')),
                ('rep', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='reps.rep', verbose_name='rep')),
                ('set_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='set by')),
                ('team', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='reps.team', verbose_name='team')),
            ],
            options={
                'verbose_name': 'version of a goal',
                'verbose_name_plural': 'versions of goals',
                'ordering': ['set_at', 'id'],
                'indexes': [models.Index(fields=['start_on', 'last_on'], name='version_days')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_on', None)), fields=('goal',), name='one_version_of_a_goal_holds')],
            },
        ),
        migrations.RunSQL(FIRST, migrations.RunSQL.noop),
    ]
