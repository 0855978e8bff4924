"""Figures, series, rankings, parts and records, by the selectors that pages and commands use too."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.viewsets import ViewSet

from apps.api import filters
from apps.api.grants import Granted
from apps.api.numbers import answers, asking, marks, ranked
from apps.api.numbers.desk import Desk
from apps.core import clock
from apps.goals import flat
from apps.goals import selectors as goals
from apps.kpis import catalogue, figures, selectors


class Numbers(ViewSet):
    """A request for numbers; `asks` reads and checks its parameters."""

    asks: type[asking.AsOf] | None = None

    def get_permissions(self) -> Any:
        return [*super().get_permissions(), Granted()]

    @cached_property
    def desk(self) -> Desk:
        return Desk(self.request.user, clock.today())  # type: ignore[arg-type]

    def asked(self) -> dict[str, Any]:
        """Return what is asked for."""
        filters.refuse_unknown(self.request, set(self.asks().fields) if self.asks else set())
        return asking.read(self.asks, self.request.query_params, self.desk) if self.asks else {}


class Figures(Numbers):
    """Every combination of the KPIs, scopes and periods asked for."""

    asks = asking.FiguresAsked

    @extend_schema(parameters=[asking.FiguresAsked], responses=answers.Figure(many=True))
    def list(self, request: Request) -> Response:
        asked = self.asked()
        rows = []
        for period_text, window in asked["period"]:
            scopes = list(dict.fromkeys(scope for _text, scope in asked["scope"]))
            found = goals.figures(asked["kpi"], scopes, window, on=asked["on"], calendar=self.desk.calendar)
            rows += [
                {**flat.figure(found[kpi, scope], scope_text=scope_text, period_text=period_text), **asked["way"]}
                for kpi in asked["kpi"]
                for scope_text, scope in asked["scope"]
            ]
        return Response(rows)


class Series(Numbers):
    """One KPI of one scope, step by step through a period; steps still to come are left out."""

    asks = asking.SeriesAsked

    @extend_schema(parameters=[asking.SeriesAsked], responses=forced_singular_serializer(answers.Series))
    def list(self, request: Request) -> Response:
        asked = self.asked()
        (scope_text, scope), (period_text, window) = asked["scope"], asked["period"]
        points = goals.series(asked["kpi"], scope, window, asked["grain"], on=asked["on"], calendar=self.desk.calendar)
        rows = [
            {"period": p.window.key, "start_on": p.window.start_on, "last_on": p.window.last_on, "value": flat.text(p.value), "is_running": p.is_running}
            for p in points
        ]
        what = {"kpi": asked["kpi"], "scope": scope_text, "period": period_text, "grain": asked["grain"]}
        return Response({**what, "as_of": asked["on"], **asked["way"], "points": rows})


class Ranking(Numbers):
    """Reps, teams or regions by one KPI, best first. Reps see their team's ranks, and figures of themselves only."""

    asks = asking.RankingAsked

    @extend_schema(parameters=[asking.RankingAsked], responses=forced_singular_serializer(answers.Ranking))
    def list(self, request: Request) -> Response:
        asked = self.asked()
        period_text, window = asked["period"]
        scopes = (
            [scope for _text, scope in asked["scope"]]
            if "scope" in asked
            else ranked.scopes(self.desk, asked["kind"], window, team=asked["team"], only=asked["only"])
        )
        places = ranked.places(self.desk, asked["kpi"], scopes, window, on=asked["on"])
        return Response({"kpi": asked["kpi"], "period": period_text, "as_of": asked["on"], **asked["way"], "places": places})


class Breakdown(Numbers):
    """One KPI of one scope and period, divided by stage or campaign: what `part` says."""

    asks = asking.PartsAsked

    @extend_schema(parameters=[asking.PartsAsked], responses=forced_singular_serializer(answers.Breakdown))
    def list(self, request: Request) -> Response:
        asked = self.asked()
        (scope_text, scope), (period_text, window) = asked["scope"], asked["period"]
        parts = [
            {
                "id": part.id,
                "name": part.name,
                "value": flat.text(part.figure.value),
                "numerator": flat.text(part.figure.numerator),
                "denominator": flat.text(part.figure.denominator),
            }
            for part in selectors.breakdown(asked["kpi"], scope, window, on=asked["on"])
        ]
        divided_by = catalogue.KPIS[asked["kpi"]].part
        what = {"kpi": asked["kpi"], "scope": scope_text, "period": period_text, "as_of": asked["on"], **asked["way"]}
        return Response({**what, "part": divided_by, "parts": parts})


class Records(Numbers):
    """The facts behind a figure, for each measure of its formula; the amounts of a measure's records add up to its sum. With averages of records comes their median."""

    asks = asking.RecordsAsked

    @extend_schema(parameters=[asking.RecordsAsked], responses=forced_singular_serializer(answers.RecordsPage))
    def list(self, request: Request) -> Response:
        asked = self.asked()
        (scope_text, scope), (period_text, window) = asked["scope"], asked["period"]
        size, on = asked["page_size"], asked["on"]
        found = selectors.records(asked["kpi"], scope, window, on=on, limit=size, after=asked["after"])
        rows = [flat.records(one, kpi=asked["kpi"], scope_text=scope_text, period_text=period_text, as_of=on.isoformat()) for one in found]
        median = flat.text(selectors.median(asked["kpi"], scope, window, on=on))
        return Response({"next": self._next(found, asked), **asked["way"], "median": median, "measures": rows})

    def _next(self, found: Sequence[figures.Records], asked: dict[str, Any]) -> str | None:
        """Return the address of the next page, as of the same day; None where every measure's records have been shown."""
        if not any(one.has_more for one in found):
            return None
        url = replace_query_param(self.request.build_absolute_uri(), "on", asked["on"].isoformat())
        return replace_query_param(url, "cursor", marks.sealed(found, asked))


class Kpis(Numbers):
    """The catalogue: every KPI with its definition."""

    @extend_schema(responses=answers.Kpi(many=True))
    def list(self, request: Request) -> Response:
        self.asked()
        basis = ("date_basis", "owner_basis", "left_out", "elsewhere", "part")
        return Response([{**flat.kpi(kpi), **{key: str(getattr(kpi, key)) for key in basis}} for kpi in catalogue.KPIS.values()])


class Scopes(Numbers):
    """Whose numbers you may ask for."""

    @extend_schema(responses=answers.Scope(many=True))
    def list(self, request: Request) -> Response:
        self.asked()
        return Response([{"scope": scope.key, "kind": scope.kind, "id": scope.id, "name": scope.name} for scope in self.desk.scopes])
