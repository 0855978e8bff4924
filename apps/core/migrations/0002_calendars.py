"""Other calendars than the Gregorian one, the calendar that the stored periods were cut by, and the days off of every place."""

import apps.core.models
import django.core.validators
from django.db import migrations, models

STORED = """
INSERT INTO core_storedcalendar (id, shape)
SELECT 1, concat_ws('/', 'gregorian', coalesce(o.fiscal_year_start, 1), coalesce(o.first_weekday, 1), 'nearest')
FROM (SELECT 1) one LEFT JOIN core_organisation o ON true WHERE EXISTS (SELECT FROM core_period)
"""
RESTDAY = """
CREATE VIEW core_restday AS
SELECT 0::bigint AS place, NULL::text AS weekdays, day, false AS is_worked FROM core_holiday
"""


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='StoredCalendar',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                ('shape', models.CharField(max_length=40)),
            ],
        ),
        migrations.AddField(
            model_name='organisation',
            name='calendar',
            field=models.CharField(choices=[('gregorian', 'Gregorian months'), ('solar_hijri', 'Solar Hijri months'), ('445', 'Weeks: 4, 4 and 5 a quarter'), ('454', 'Weeks: 4, 5 and 4 a quarter'), ('544', 'Weeks: 5, 4 and 4 a quarter')], db_default='gregorian', default='gregorian', help_text='What a month is. In a calendar of weeks each quarter has 13 weeks, and a 53rd week belongs to the twelfth period.', max_length=11, verbose_name='calendar'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='year_ends',
            field=models.CharField(choices=[('nearest', 'with the week whose end is nearest to the month’s end'), ('last', 'with the last week that ends in the month')], db_default='nearest', default='nearest', help_text='Only in a calendar of weeks: which last day of a week closes the month before the fiscal year’s first.', max_length=7, verbose_name='a year of weeks ends'),
        ),
        migrations.AlterField(
            model_name='organisation',
            name='first_weekday',
            field=models.PositiveSmallIntegerField(choices=[(1, 'Monday'), (2, 'Tuesday'), (3, 'Wednesday'), (4, 'Thursday'), (5, 'Friday'), (6, 'Saturday'), (7, 'Sunday')], default=1, verbose_name='first day of the week'),
        ),
        migrations.AlterField(
            model_name='organisation',
            name='fiscal_year_start',
            field=models.PositiveSmallIntegerField(default=1, help_text='By its number in the calendar: 4 is April, or Tir. A fiscal year is named by the calendar year it ends in.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(12)], verbose_name='first month of the fiscal year'),
        ),
        migrations.AlterField(
            model_name='organisation',
            name='working_weekdays',
            field=models.CharField(default='12345', help_text='Digits, 1 is Monday and 7 is Sunday. A region may have its own.', max_length=7, validators=[apps.core.models.each_weekday_once], verbose_name='working days of the week'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('calendar__in', ['gregorian', 'solar_hijri', '445', '454', '544']), ('first_weekday__range', (1, 7)), ('year_ends__in', ['nearest', 'last'])), name='calendar_is_one_of_those_known', violation_error_message='Choose a calendar, an end of the year and a first day of the week from the lists.'),
        ),
        migrations.AddConstraint(
            model_name='storedcalendar',
            constraint=models.CheckConstraint(condition=models.Q(('pk', 1)), name='only_one_stored_calendar'),
        ),
        migrations.RunSQL(STORED, migrations.RunSQL.noop),
        migrations.RunSQL(RESTDAY, "DROP VIEW core_restday"),
    ]
