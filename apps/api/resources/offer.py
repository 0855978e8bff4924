"""What is sold and how: products, the stages a deal goes through, campaigns."""

from apps.api.filters import AMOUNTS, DAYS, ROWS
from apps.api.resources.base import KeyedCompanyRows, RowSerializer
from apps.campaigns.models import Campaign
from apps.opportunities.models import Product, Stage


class ProductSerializer(RowSerializer):
    class Meta:
        model = Product
        fields = ["id", "name", "family", "list_price", "external_key"]


class Products(KeyedCompanyRows):
    """Products."""

    queryset = Product.objects.all()
    serializer_class = ProductSerializer
    filterset_fields = {"name": ["exact"], "family": ROWS, "list_price": AMOUNTS, "external_key": ROWS}
    search_fields = ["name", "family"]
    ordering_fields = ["id", "name", "family", "list_price"]


class StageSerializer(RowSerializer):
    class Meta:
        model = Stage
        fields = ["id", "name", "kind", "position", "probability", "external_key"]


class Stages(KeyedCompanyRows):
    """The stages of a deal, in the order of `position`; `kind` says whether a deal in it is open, won or lost."""

    queryset = Stage.objects.all()
    serializer_class = StageSerializer
    filterset_fields = {"name": ["exact"], "kind": ROWS, "external_key": ROWS}
    search_fields = ["name"]
    ordering_fields = ["id", "name", "position"]


class CampaignSerializer(RowSerializer):
    class Meta:
        model = Campaign
        fields = ["id", "name", "started_on", "ended_on", "external_key"]


class Campaigns(KeyedCompanyRows):
    """Campaigns that bring leads."""

    queryset = Campaign.objects.all()
    serializer_class = CampaignSerializer
    filterset_fields = {"name": ["exact"], "started_on": DAYS, "ended_on": DAYS, "external_key": ROWS}
    search_fields = ["name"]
    ordering_fields = ["id", "name", "started_on", "ended_on"]
