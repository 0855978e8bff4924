"""Working days of a region of its own, and the view that tells the organisation's calendar of them."""

import apps.core.models
import django.db.models.deletion
from django.db import migrations, models

ORGANISATION = "SELECT 0::bigint AS place, NULL::text AS weekdays, day, false AS is_worked FROM core_holiday"
RESTDAY = f"""
CREATE OR REPLACE VIEW core_restday AS
{ORGANISATION}
UNION ALL
SELECT id, working_weekdays::text, NULL, false FROM reps_region WHERE working_weekdays <> ''
UNION ALL
SELECT region_id, NULL, day, is_worked FROM reps_regionholiday
"""


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0002_calendars'),
        ('reps', '0003_above'),
    ]

    operations = [
        migrations.CreateModel(
            name='RegionHoliday',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='day')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('is_worked', models.BooleanField(default=False, help_text='The region works on this day, although the organisation does not.', verbose_name='worked')),
            ],
            options={
                'verbose_name': 'holiday of a region',
                'verbose_name_plural': 'holidays of regions',
                'ordering': ['day', 'region'],
            },
        ),
        migrations.AddField(
            model_name='region',
            name='working_weekdays',
            field=models.CharField(blank=True, db_default='', default='', help_text='Digits, 1 is Monday and 7 is Sunday. Empty: as the whole organisation.', max_length=7, validators=[apps.core.models.each_weekday_once], verbose_name='working days of the week'),
        ),
        migrations.AddConstraint(
            model_name='region',
            constraint=models.CheckConstraint(condition=models.Q(('working_weekdays__regex', '^[1-7]{0,7}$')), name='region_working_weekdays_are_weekdays', violation_error_message='Write each working day once, as digits from 1 (Monday) to 7 (Sunday), such as 12345.'),
        ),
        migrations.AddField(
            model_name='regionholiday',
            name='region',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='holidays', to='reps.region', verbose_name='region'),
        ),
        migrations.AddConstraint(
            model_name='regionholiday',
            constraint=models.UniqueConstraint(fields=('region', 'day'), name='region_has_a_day_off_once', violation_error_message='This day of the region is here already.'),
        ),
        migrations.RunSQL(RESTDAY, f"CREATE OR REPLACE VIEW core_restday AS {ORGANISATION}"),
    ]
