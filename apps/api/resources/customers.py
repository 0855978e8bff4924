"""Customers and their orders."""

from apps.api.filters import AMOUNTS, DAYS, ROWS, SOME
from apps.api.resources.base import Facts, RowSerializer
from apps.customers.models import Customer, Order


class CustomerSerializer(RowSerializer):
    class Meta:
        model = Customer
        fields = ["id", "name", "region", "owner", "industry", "acquired_on", "acquired_by", "lost_on", "lost_reason", "external_key"]


class Customers(Facts):
    """Customers. A customer without an owner is found by those who see everybody."""

    queryset = Customer.objects.all()
    serializer_class = CustomerSerializer
    filterset_fields = {
        "name": ["exact"],
        "region": SOME,
        "owner": SOME,
        "industry": ROWS,
        "acquired_on": DAYS,
        "acquired_by": SOME,
        "lost_on": DAYS,
        "external_key": ROWS,
    }
    search_fields = ["name", "industry"]
    ordering_fields = ["id", "name", "acquired_on", "lost_on"]


class OrderSerializer(RowSerializer):
    class Meta:
        model = Order
        fields = ["id", "number", "customer", "rep", "ordered_on", "amount", "cost", "external_key"]


class Orders(Facts):
    """Orders, credited to the rep who took them."""

    queryset = Order.objects.all()
    serializer_class = OrderSerializer
    filterset_fields = {"number": ["exact"], "customer": SOME, "rep": ROWS, "ordered_on": DAYS, "amount": AMOUNTS, "external_key": ROWS}
    search_fields = ["number", "customer__name"]
    ordering_fields = ["id", "number", "ordered_on", "amount"]
