"""What was spent to win customers: the company's, and so for those who see everybody."""

from apps.api.filters import AMOUNTS, DAYS, ROWS, SOME
from apps.api.resources.base import MONEY, KeyedCompanyRows, RowSerializer
from apps.campaigns.models import Expense


class ExpenseSerializer(RowSerializer):
    class Meta:
        model = Expense
        fields = ["id", "kind", "campaign", "spent_on", *MONEY, "note", "external_key"]


class Expenses(KeyedCompanyRows):
    """Amounts spent on marketing and sales, for one campaign or for all."""

    queryset = Expense.objects.all()
    serializer_class = ExpenseSerializer
    filterset_fields = {"kind": ROWS, "campaign": SOME, "spent_on": DAYS, "amount": AMOUNTS, "currency": ROWS, "external_key": ROWS}
    search_fields = ["note", "campaign__name"]
    ordering_fields = ["id", "kind", "spent_on", "amount"]
