"""What the laws stand on: a company on which histories are played."""

from tests.kpis.histories import calendar as calendar
from tests.kpis.histories import company as company
from tests.kpis.histories import play as play
