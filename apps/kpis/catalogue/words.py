"""Words that several families of the catalogue say."""

from django.utils.translation import gettext_lazy as _

from apps.kpis.declarations import EVERY_SCOPE, Better, Unit

COMPANY, TEAMS = EVERY_SCOPE[:1], EVERY_SCOPE[:3]
UP, DOWN = Better.UP, Better.DOWN
MONEY, COUNT, PERCENT, DAYS, RATIO = Unit.MONEY, Unit.COUNT, Unit.PERCENT, Unit.DAYS, Unit.RATIO

ON_CLOSE, ON_CREATION, ON_MOVE = _("The day the deal was closed."), _("The day the deal was created."), _("The day the deal changed its stage.")
BY_OWNER = _("Whoever owned the deal on that day; shared deals by their credits.")
BY_REP = _("The rep who did it.")
NO_AMOUNT = _("Deals without an amount, or without an exchange rate for it.")
NO_RATE_OF_EXPENSE = _("Expenses without an exchange rate for their currency.")
