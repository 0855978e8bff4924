"""The addresses of the pages."""

from django.urls import path, register_converter

from apps.dashboards.views import arranging, boards, design, figures, goals, guests, objectives, own, plans, reports, restatements, screens


class Kind:
    """A kind of scope that has a number."""

    regex = "region|team|rep"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Kind, "kind")

app_name = "dashboards"
urlpatterns = [
    path("", boards.home, name="home"),
    path("boards/company/", boards.board, name="company"),
    path("boards/<kind:kind>/<int:pk>/", boards.board, name="board"),
    path("boards/file/", boards.board_file, name="board-file"),
    path("boards/", own.boards, name="boards"),
    path("boards/menu/", own.menu, name="boards-menu"),
    path("boards/narrowed/", own.narrowed, name="narrowed-menu"),
    path("boards/toured/", own.tour_done, name="tour-done"),
    path("boards/standard/", own.standard, name="boards-standard"),
    path("boards/own/<int:pk>/", own.own, name="own"),
    path("boards/own/<int:pk>/file/", own.own_file, name="own-file"),
    path("boards/own/<int:pk>/links/", screens.links, name="own-links"),
    path("boards/own/<int:pk>/links/<int:link>/end/", screens.end_link, name="own-link-end"),
    path("boards/own/<int:pk>/arrange/", arranging.arrange, name="own-arrange"),
    path("boards/own/<int:pk>/settings/", own.settings, name="own-settings"),
    path("boards/own/<int:pk>/home/", own.home, name="own-home"),
    path("boards/own/<int:pk>/copy/", own.duplicate, name="own-duplicate"),
    path("boards/own/<int:pk>/delete/", own.delete, name="own-delete"),
    path("boards/own/<int:pk>/add/", arranging.gallery, name="own-gallery"),
    path("boards/own/<int:pk>/add/<slug:kind>/", arranging.add, name="own-add"),
    path("boards/own/<int:pk>/put-back/", arranging.put_back, name="own-put-back"),
    path("boards/own/<int:pk>/widgets/<int:widget>/", arranging.widget, name="own-widget"),
    path("boards/own/<int:pk>/widgets/<int:widget>/<slug:action>/", arranging.act, name="own-act"),
    path("boards/rep/<int:pk>/one-to-one/", boards.coaching, name="coaching"),
    path("screens/", screens.screens, name="screens"),
    path("screens/<int:pk>/", screens.screen, name="screen"),
    path("screens/<int:pk>/unpair/", screens.unpair, name="screen-unpair"),
    path("wall/", guests.wall, name="wall"),
    path("wall/state/", guests.wall_state, name="wall-state"),
    path("wall/board/", guests.wall_board, name="wall-board"),
    path("shared/<str:secret>/", guests.shared, name="shared"),
    path("deals/at-risk/", figures.at_risk, name="at-risk"),
    path("figures/<slug:key>/", figures.figure, name="figure"),
    path("figures/<slug:key>/records.csv", figures.figure_file, name="figure-file"),
    path("records/<slug:key>/<int:pk>/", figures.record, name="record"),
    path("kpis/", figures.kpis, name="kpis"),
    path("design/", design.design, name="design"),
    path("reports/", reports.reports, name="reports"),
    path("reports/funnel/", reports.funnel, name="funnel"),
    path("reports/funnel/deals/", reports.funnel_list, name="funnel-list"),
    path("reports/waterfall/", reports.waterfall, name="waterfall"),
    path("reports/waterfall/deals/", reports.waterfall_list, name="waterfall-list"),
    path("reports/cohorts/", reports.cohorts, name="cohorts"),
    path("reports/cohorts/deals/", reports.cohorts_list, name="cohorts-list"),
    path("reports/movement/", reports.movement, name="movement"),
    path("reports/movement/records/", reports.movement_list, name="movement-list"),
    path("restatements/", restatements.restatements, name="restatements"),
    path("restatements/<int:pk>/<slug:key>/", restatements.restatement, name="restatement"),
    path("goals/", goals.goals, name="goals"),
    path("goals/enter/", goals.enter, name="goals-enter"),
    path("goals/year/", plans.year, name="goals-year"),
    path("goals/year/then/", plans.year_then, name="goals-year-then"),
    path("goals/year/file/", plans.year_file, name="goals-year-file"),
    path("goals/add/", goals.goal, name="goal-add"),
    path("goals/objectives/", objectives.objectives, name="objectives"),
    path("goals/objectives/add/", objectives.add, name="objective-add"),
    path("goals/objectives/<int:pk>/", objectives.objective, name="objective"),
    path("goals/objectives/<int:pk>/change/", objectives.change, name="objective-change"),
    path("goals/objectives/<int:pk>/delete/", objectives.delete, name="objective-delete"),
    path("goals/objectives/<int:pk>/split/", objectives.split, name="objective-split"),
    path("goals/objectives/<int:pk>/tell/", objectives.tell, name="objective-tell"),
    path("goals/objectives/told/<int:pk>/delete/", objectives.untell, name="objective-untell"),
    path("goals/objectives/steps/<int:pk>/", objectives.tick, name="objective-step"),
    path("goals/<int:pk>/", goals.goal, name="goal"),
    path("goals/<int:pk>/delete/", goals.delete, name="goal-delete"),
]
