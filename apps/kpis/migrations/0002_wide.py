"""One row per stream instead of one per measure, days partitioned by years, and recounts cut into units."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import Now

import apps.kpis.models

OLD = "DROP TABLE kpis_measureday, kpis_sharedday, kpis_snapshot"
NEW = """
CREATE TABLE kpis_measureday (
    stream varchar(20) NOT NULL, rep bigint NOT NULL, day date NOT NULL, region bigint NOT NULL, part bigint NOT NULL, amounts numeric[] NOT NULL,
    PRIMARY KEY (stream, rep, day, region, part)
) PARTITION BY RANGE (day);
CREATE TABLE kpis_measureday_other PARTITION OF kpis_measureday DEFAULT;
CREATE TABLE kpis_sharedday (
    stream varchar(20) NOT NULL, reps bigint[] NOT NULL, day date NOT NULL, region bigint NOT NULL, part bigint NOT NULL, amounts numeric[] NOT NULL,
    PRIMARY KEY (stream, reps, day, region, part)
);
CREATE TABLE kpis_snapshot (
    kind varchar(7) NOT NULL, scope bigint NOT NULL, grain varchar(7) NOT NULL, start_on date NOT NULL, stream varchar(20) NOT NULL, part bigint NOT NULL,
    amounts numeric[] NOT NULL, PRIMARY KEY (kind, scope, grain, start_on, stream, part)
);
CREATE INDEX kpis_snapshot_stream ON kpis_snapshot (stream);
CREATE INDEX kpis_sharedday_day ON kpis_sharedday (stream, day);
UPDATE kpis_count SET counted_to_on = NULL;
"""


def wide(name, owner, owner_field, *more):
    columns = [("stream", models.CharField(max_length=20)), (owner, owner_field), ("day", models.DateField())]
    return migrations.CreateModel(
        name=name,
        fields=[
            ("pk", models.CompositePrimaryKey("stream", owner, "day", "region", "part", blank=True, editable=False, primary_key=True, serialize=False)),
            *columns,
            ("region", models.BigIntegerField(default=0)),
            ("part", models.BigIntegerField(default=0)),
            ("amounts", apps.kpis.models.Amounts(base_field=models.DecimalField(decimal_places=6, max_digits=24), size=None)),
        ],
    )


class Migration(migrations.Migration):
    dependencies = [("kpis", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(OLD, migrations.RunSQL.noop), migrations.RunSQL(NEW, migrations.RunSQL.noop)],
            state_operations=[
                migrations.DeleteModel("MeasureDay"),
                migrations.DeleteModel("SharedDay"),
                migrations.DeleteModel("Snapshot"),
                wide("MeasureDay", "rep", models.BigIntegerField()),
                wide("SharedDay", "reps", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                migrations.CreateModel(
                    name="Snapshot",
                    fields=[
                        ("pk", models.CompositePrimaryKey("kind", "scope", "grain", "start_on", "stream", "part", blank=True, editable=False, primary_key=True, serialize=False)),
                        ("kind", models.CharField(max_length=7)),
                        ("scope", models.BigIntegerField()),
                        ("grain", models.CharField(max_length=7)),
                        ("start_on", models.DateField()),
                        ("stream", models.CharField(max_length=20)),
                        ("part", models.BigIntegerField(default=0)),
                        ("amounts", apps.kpis.models.Amounts(base_field=models.DecimalField(decimal_places=6, max_digits=24), size=None)),
                    ],
                ),
            ],
        ),
        migrations.AddField("count", "begins_on", models.DateField(null=True)),
        migrations.AddField("count", "reaches_on", models.DateField(null=True)),
        migrations.AddField("count", "layout", models.CharField(default="", max_length=64)),
        migrations.CreateModel(
            name="Job",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("first", "first count"),
                            ("asked", "asked for"),
                            ("catalogue", "the catalogue of KPIs changed"),
                            ("calendar", "the calendar changed"),
                            ("standing", "teams or regions changed"),
                        ],
                        max_length=9,
                        verbose_name="reason",
                    ),
                ),
                ("on", models.DateField(verbose_name="counted up to")),
                ("started_at", models.DateTimeField(db_default=Now(), verbose_name="started")),
                ("finished_at", models.DateTimeField(null=True, verbose_name="finished")),
            ],
            options={
                "verbose_name": "recount",
                "verbose_name_plural": "recounts",
                "ordering": ["-started_at"],
                "constraints": [models.UniqueConstraint(models.Value(1), condition=models.Q(("finished_at", None)), name="one_open_job")],
            },
        ),
        migrations.CreateModel(
            name="Unit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("stream", models.CharField(max_length=20, verbose_name="stream")),
                ("start_on", models.DateField(null=True, verbose_name="first day")),
                ("end_on", models.DateField(null=True, verbose_name="first day no longer in it")),
                ("is_sum", models.BooleanField(default=False, verbose_name="sums snapshots")),
                ("finished_at", models.DateTimeField(null=True, verbose_name="finished")),
                ("job", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="units", to="kpis.job", verbose_name="recount")),
            ],
            options={
                "verbose_name": "unit of a recount",
                "verbose_name_plural": "units of recounts",
                "ordering": ["is_sum", "id"],
                "indexes": [models.Index(condition=models.Q(("finished_at", None)), fields=["job", "is_sum", "id"], name="open_units")],
            },
        ),
    ]
