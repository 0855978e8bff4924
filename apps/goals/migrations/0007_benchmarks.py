"""Benchmarks: what every rep is to reach."""

import apps.goals.models
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('goals', '0006_drafts'),
        ('reps', '0004_calendars'),
    ]

    operations = [
        migrations.CreateModel(
            name='Benchmark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kpi', models.CharField(max_length=40, validators=[apps.goals.models.validate_kpi], verbose_name='KPI')),
                ('grain', models.CharField(choices=[('month', 'every month'), ('quarter', 'every quarter')], default='month', max_length=7, verbose_name='how often')),
                ('target', models.DecimalField(decimal_places=4, max_digits=18, verbose_name='target')),
                ('first_on', models.DateField(help_text='Periods that begin on this day or later; those that are over get none.', verbose_name='from')),
                ('last_on', models.DateField(blank=True, help_text='Periods that begin on this day or earlier. Empty: for good.', null=True, verbose_name='until')),
                ('team', models.ForeignKey(blank=True, help_text='With the teams below it. Empty: everybody.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='reps.team', verbose_name='team')),
            ],
            options={
                'verbose_name': 'benchmark',
                'verbose_name_plural': 'benchmarks',
                'ordering': ['kpi', 'grain', 'team__name'],
            },
        ),
        migrations.AddField(
            model_name='goal',
            name='benchmark',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='goals', to='goals.benchmark', verbose_name='benchmark'),
        ),
        migrations.AddConstraint(
            model_name='benchmark',
            constraint=models.CheckConstraint(condition=models.Q(('target__gt', 0)), name='benchmark_is_more_than_nothing', violation_error_message='A benchmark is more than zero.'),
        ),
        migrations.AddConstraint(
            model_name='benchmark',
            constraint=models.CheckConstraint(condition=models.Q(('last_on', None), ('last_on__gte', models.F('first_on')), _connector='OR'), name='benchmark_ends_after_it_starts', violation_error_message='The last day cannot be before the first.'),
        ),
        migrations.AddConstraint(
            model_name='benchmark',
            constraint=models.UniqueConstraint(fields=('kpi', 'grain', 'team'), name='one_benchmark_per_kpi_grain_and_team', nulls_distinct=False, violation_error_message='There is a benchmark for this KPI, these people and these periods already. Change that one.'),
        ),
    ]
