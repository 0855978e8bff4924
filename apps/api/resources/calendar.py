"""The days on which the organisation, or one of its regions, does not work."""

from apps.api.filters import DAYS, ROWS
from apps.api.resources.base import CompanyRows, RowSerializer
from apps.core.models import Holiday
from apps.reps.models import RegionHoliday


class HolidaySerializer(RowSerializer):
    class Meta:
        model = Holiday
        fields = ["id", "day", "name"]


class Holidays(CompanyRows):
    """Days on which the whole organisation does not work."""

    queryset = Holiday.objects.all()
    serializer_class = HolidaySerializer
    filterset_fields = {"day": DAYS}
    search_fields = ["name"]
    ordering_fields = ["id", "day"]


class RegionHolidaySerializer(RowSerializer):
    class Meta:
        model = RegionHoliday
        fields = ["id", "region", "day", "name", "is_worked"]


class RegionHolidays(CompanyRows):
    """Days on which a region does not work; with `is_worked`, days on which it works although the organisation does not."""

    queryset = RegionHoliday.objects.all()
    serializer_class = RegionHolidaySerializer
    filterset_fields = {"region": ROWS, "day": DAYS, "is_worked": ["exact"]}
    search_fields = ["name"]
    ordering_fields = ["id", "day", "region"]
