"""What other currencies are worth in the organisation's money."""

from apps.api.filters import DAYS, ROWS
from apps.api.resources.base import CompanyRows, RowSerializer
from apps.core.models import Rate


class RateSerializer(RowSerializer):
    class Meta:
        model = Rate
        fields = ["id", "currency", "day", "rate"]
        validators: list[object] = []  # one rate per currency and day is held by the database, in its own words


class Rates(CompanyRows):
    """Exchange rates: how much of the reporting currency one unit of a currency is worth, from a day on until the next, for a week at most."""

    queryset = Rate.objects.all()
    serializer_class = RateSerializer
    filterset_fields = {"currency": ROWS, "day": DAYS}
    search_fields = ["currency"]
    ordering_fields = ["id", "day", "currency"]
