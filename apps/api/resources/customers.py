"""Customers, their orders and subscriptions."""

from rest_framework import serializers

from apps.api.filters import AMOUNTS, DAYS, ROWS, SOME
from apps.api.resources.base import MONEY, Facts, RowSerializer
from apps.customers.models import Customer, Order, Subscription


class CustomerSerializer(RowSerializer):
    class Meta:
        model = Customer
        fields = ["id", "name", "region", "owner", "industry", "acquired_on", "acquired_by", "cancelled_on", "lost_on", "lost_reason", "external_key"]


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
        "cancelled_on": DAYS,
        "lost_on": DAYS,
        "external_key": ROWS,
    }
    search_fields = ["name", "industry"]
    ordering_fields = ["id", "name", "acquired_on", "lost_on"]


class OrderSerializer(RowSerializer):
    class Meta:
        model = Order
        fields = ["id", "number", "customer", "rep", "ordered_on", *MONEY, "cost", "original_cost", "external_key"]


class Orders(Facts):
    """Orders, credited to the rep who took them."""

    queryset = Order.objects.all()
    serializer_class = OrderSerializer
    filterset_fields = {"number": ["exact"], "customer": SOME, "rep": ROWS, "ordered_on": DAYS, "amount": AMOUNTS, "currency": ROWS, "external_key": ROWS}
    search_fields = ["number", "customer__name"]
    ordering_fields = ["id", "number", "ordered_on", "amount"]


class SubscriptionSerializer(RowSerializer):
    mrr = serializers.DecimalField(max_digits=20, decimal_places=6, read_only=True)

    class Meta:
        model = Subscription
        fields = [
            "id",
            "customer",
            "plan",
            "rep",
            *MONEY,
            "interval_months",
            "mrr",
            "started_on",
            "activated_on",
            "cancelled_on",
            "ended_on",
            "external_key",
        ]


class Subscriptions(Facts):
    """What customers pay again and again, credited to a rep; `mrr` is what that makes a month."""

    queryset = Subscription.objects.all()
    serializer_class = SubscriptionSerializer
    filterset_fields = {
        "customer": SOME,
        "rep": ROWS,
        "plan": ["exact"],
        "amount": AMOUNTS,
        "currency": ROWS,
        "started_on": DAYS,
        "activated_on": DAYS,
        "cancelled_on": DAYS,
        "ended_on": DAYS,
        "external_key": ROWS,
    }
    search_fields = ["plan", "customer__name"]
    ordering_fields = ["id", "started_on", "ended_on", "amount"]
