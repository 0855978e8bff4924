"""How the engine is, as a monitoring system reads it: what waits, how far it has counted, and what the nights found. One query."""

import json
from collections.abc import Iterator
from typing import Any

from django.db import DatabaseError, connection
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from apps.core import clock
from apps.kpis.models import Close, Drift, Job

# A difference is explained once everything was counted anew after the night that found it (one that was cut off may have gone on for a while).
RECOUNTS = (Job.Reason.FIRST, Job.Reason.ASKED, Job.Reason.CATALOGUE)
READ = """
WITH recounted AS (SELECT max(finished_at) AS at FROM kpis_job WHERE reason = ANY(%(recounts)s)),
    drifts AS (
        SELECT DISTINCT d.kind, d.measure, d.is_left_out, d.whose, d.grain, d.day, d.part FROM kpis_drift d JOIN kpis_run r ON r.id = d.run_id
        WHERE coalesce(r.finished_at, r.started_at + interval '12 hours') > coalesce((SELECT at FROM recounted), '-infinity')
    ),
    run AS (SELECT * FROM kpis_run WHERE finished_at IS NOT NULL ORDER BY started_at DESC, id DESC LIMIT 1),
    job AS (SELECT * FROM kpis_job WHERE finished_at IS NULL),
    units AS (SELECT count(*) AS planned, count(u.finished_at) AS done, max(u.finished_at) AS last_at FROM kpis_unit u JOIN job j ON j.id = u.job_id)
SELECT
    (SELECT coalesce(jsonb_object_agg(kind, n), '{}') FROM (SELECT kind, count(*) AS n FROM drifts GROUP BY 1) d) AS drifts,
    (SELECT coalesce(sum(differing), 0) FROM kpis_run) AS differing_ever,
    extract(epoch FROM (SELECT max(started_at) FROM kpis_run)) AS night_started,
    (SELECT extract(epoch FROM finished_at) FROM run) AS night_finished,
    (SELECT extract(epoch FROM finished_at - started_at) FROM run) AS night_took,
    (SELECT differing FROM run) AS night_differing,
    (SELECT cells FROM run) AS night_cells,
    (SELECT figures FROM run) AS night_figures,
    (SELECT skipped FROM run) AS night_skipped,
    (SELECT count(*) FROM kpis_dirtycell) AS cells,
    (SELECT count(*) FROM kpis_dirtystanding) AS standing,
    extract(epoch FROM clock_timestamp() - (SELECT noted_at FROM kpis_dirtycell ORDER BY id LIMIT 1)) AS cells_age,
    extract(epoch FROM clock_timestamp() - (SELECT min(noted_at) FROM kpis_dirtystanding)) AS standing_age,
    (SELECT extract(epoch FROM counted_at) FROM kpis_count) AS counted_at,
    (SELECT %(today)s::date - counted_to_on FROM kpis_count) AS days_behind,
    (SELECT count(*) FROM job) AS jobs,
    (SELECT extract(epoch FROM clock_timestamp() - started_at) FROM job) AS job_age,
    (SELECT extract(epoch FROM clock_timestamp() - greatest(started_at, last_at)) FROM job, units) AS job_idle,
    units.planned - units.done AS units_left,
    units.done AS units_done,
    (SELECT coalesce(jsonb_object_agg(grain, at), '{}') FROM (
        SELECT grain, extract(epoch FROM max(closed_at)) AS at FROM kpis_close WHERE reopened_at IS NULL GROUP BY 1) c) AS closed
FROM units"""
# name, what it says; its value is the column of the same name (without the product's), and it is left out while there is none
GAUGES = {
    "night_started": ("verification_started_timestamp_seconds", "When the last nightly comparison began, finished or not."),
    "night_finished": ("verification_finished_timestamp_seconds", "When the last nightly comparison that came to its end was done."),
    "night_took": ("verification_duration_seconds", "How long that comparison took."),
    "night_differing": ("verification_differing", "Stored numbers that it found to be not what they should be: 0 is how it has to be."),
    "night_cells": ("verification_sums", "Stored sums that it compared."),
    "night_figures": ("verification_figures", "Figures that it compared with their records."),
    "night_skipped": ("verification_skipped", "Comparisons that it left out, because counting was under way."),
    "counted_at": ("counted_timestamp_seconds", "When stored sums last changed."),
    "days_behind": ("counted_days_behind", "Days of the organisation's calendar that are not opened yet: 0 once today is."),
    "jobs": ("jobs_running", "1 while everything, or much of it, is counted anew."),
    "job_age": ("job_age_seconds", "How long ago the running job was planned."),
    "job_idle": ("job_idle_seconds", "How long ago the running job got a unit further: workers are missing, or fail, when it grows."),
}


class Engine(Collector):
    """Whether the database answers, and what it knows about counting and comparing."""

    def collect(self) -> Iterator[Metric]:
        try:
            found = _read()
        except DatabaseError:
            yield _gauge("database_up", "1 while the database answers.", 0)
            return
        yield _gauge("database_up", "1 while the database answers.", 1)
        yield _labelled("drifts", "Different stored numbers that nights found wrong since everything was last counted anew.", "kind", _drifts(found))
        ever = "Stored numbers that nights found wrong, ever; one that stays wrong counts every night."
        yield CounterMetricFamily("kpiboard_drifts_found", ever, float(found["differing_ever"]))
        for column, (name, words) in GAUGES.items():
            if found[column] is not None:
                yield _gauge(name, words, found[column])
        yield _labelled("notes_waiting", "Changes that wait to be counted.", "kind", {kind: found[kind] for kind in ("cells", "standing")})
        ages = {kind: max(found[f"{kind}_age"] or 0, 0) for kind in ("cells", "standing")}
        yield _labelled("notes_oldest_age_seconds", "How long the oldest of them has been waiting; 0 when none is.", "kind", ages)
        yield _labelled("job_units", "Units of the running job.", "state", {"left": found["units_left"], "done": found["units_done"]})
        closed = {str(grain): found["closed"][grain] for grain in Close.Grain.values if grain in found["closed"]}
        yield _labelled("closed_timestamp_seconds", "When a period of each kind was last closed, of those that still are.", "grain", closed)


def _read() -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(READ, {"recounts": [str(reason) for reason in RECOUNTS], "today": clock.today()})
        names = [column.name for column in cursor.description]
        found = dict(zip(names, cursor.fetchone(), strict=True))
    return {**found, "drifts": json.loads(found["drifts"]), "closed": json.loads(found["closed"])}


def _drifts(found: dict[str, Any]) -> dict[str, int]:
    return {str(kind): found["drifts"].get(kind, 0) for kind in Drift.Kind.values}


def _gauge(name: str, words: str, value: Any) -> Metric:
    return GaugeMetricFamily(f"kpiboard_{name}", words, float(value))


def _labelled(name: str, words: str, label: str, values: dict[str, Any]) -> Metric:
    family = GaugeMetricFamily(f"kpiboard_{name}", words, labels=[label])
    for value, number in values.items():
        family.add_metric([value], float(number))
    return family
