"""Keep one small row per open deal, so that a board need not walk through the past of each."""

import django.db.models.deletion
from django.db import migrations, models


FILL = """
INSERT INTO opportunities_pulse (opportunity_id, owner_id, amount, expected_close_on, pushes, changed_on, touched_on)
SELECT v.opportunity_id, v.owner_id, v.amount, v.expected_close_on,
    (SELECT count(*) FROM (
        SELECT w.expected_close_on > lag(w.expected_close_on) OVER (ORDER BY w.sequence) AS was_pushed
        FROM opportunities_opportunityversion w WHERE w.opportunity_id = v.opportunity_id
    ) p WHERE p.was_pushed),
    v.valid_from, (SELECT max(a.completed_on) FROM activities_activity a WHERE a.opportunity_id = v.opportunity_id)
FROM opportunities_opportunityversion v JOIN opportunities_stage s ON s.id = v.stage_id WHERE v.valid_to IS NULL AND s.kind = 'open'
"""


class Migration(migrations.Migration):

    dependencies = [
        ('opportunities', '0002_owner_and_day'),
        ('reps', '0004_calendars'),
        ('activities', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Pulse',
            fields=[
                ('opportunity', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='pulse', serialize=False, to='opportunities.opportunity', verbose_name='opportunity')),
                ('amount', models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True, verbose_name='amount')),
                ('expected_close_on', models.DateField(blank=True, null=True, verbose_name='expected close')),
                ('pushes', models.PositiveIntegerField(verbose_name='times pushed out')),
                ('changed_on', models.DateField(verbose_name='changed on')),
                ('touched_on', models.DateField(blank=True, null=True, verbose_name='last activity on')),
                ('owner', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='reps.rep', verbose_name='owner')),
            ],
            options={
                'verbose_name': 'pulse',
                'verbose_name_plural': 'pulses',
            },
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
