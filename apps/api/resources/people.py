"""Regions, teams, reps, and who is in which team since when."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.validators import UniqueValidator

from apps.accounts.models import User
from apps.api.filters import DAYS, ROWS, SOME
from apps.api.resources.base import CompanyRows, KeyedCompanyRows, RowSerializer
from apps.reps.models import Membership, Region, Rep, Team, TeamManager


class RegionSerializer(RowSerializer):
    class Meta:
        model = Region
        fields = ["id", "name", "working_weekdays", "external_key"]


class Regions(KeyedCompanyRows):
    """Sales regions; `working_weekdays` are theirs where they are not the organisation's."""

    queryset = Region.objects.all()
    serializer_class = RegionSerializer
    filterset_fields = {"name": ["exact"], "external_key": ROWS}
    search_fields = ["name"]
    ordering_fields = ["id", "name"]


class TeamSerializer(RowSerializer):
    class Meta:
        model = Team
        fields = ["id", "name", "parent", "region", "external_key"]


class Teams(KeyedCompanyRows):
    """Teams; `parent` is the team they are part of. A team without a region is in its parent's."""

    queryset = Team.objects.all()
    serializer_class = TeamSerializer
    filterset_fields = {"name": ["exact"], "parent": SOME, "region": SOME, "external_key": ROWS}
    search_fields = ["name"]
    ordering_fields = ["id", "name"]


class RepSerializer(RowSerializer):
    user = serializers.SlugRelatedField(
        slug_field="email",
        queryset=User.objects.all(),
        required=False,
        allow_null=True,
        validators=[UniqueValidator(Rep.objects.all(), message=_("This sign-in belongs to another rep."))],
        help_text=_("The e-mail they sign in with."),
    )

    class Meta:
        model = Rep
        fields = ["id", "name", "user", "hired_on", "left_on", "external_key"]


class Reps(KeyedCompanyRows):
    """People who sell. `left_on` is the first day they no longer work here."""

    queryset = Rep.objects.select_related("user")
    serializer_class = RepSerializer
    filterset_fields = {"name": ["exact"], "hired_on": DAYS, "left_on": DAYS, "external_key": ROWS}
    search_fields = ["name"]
    ordering_fields = ["id", "name", "hired_on", "left_on"]


class MembershipSerializer(RowSerializer):
    class Meta:
        model = Membership
        fields = ["id", "rep", "team", "start_on", "end_on"]


class Memberships(CompanyRows):
    """Who is in which team from which day; `end_on` is the first day that no longer counts."""

    queryset = Membership.objects.all()
    serializer_class = MembershipSerializer
    filterset_fields = {"rep": ROWS, "team": ROWS, "start_on": DAYS, "end_on": DAYS}
    ordering_fields = ["id", "rep", "team", "start_on", "end_on"]


class TeamManagerSerializer(RowSerializer):
    user = serializers.SlugRelatedField(
        slug_field="email",
        queryset=User.objects.all(),
        help_text=_("The e-mail they sign in with."),
        error_messages={"does_not_exist": _("Nobody signs in with {value}. Write the e-mail of a person who does.")},
    )

    class Meta:
        model = TeamManager
        fields = ["id", "team", "user", "start_on", "end_on"]


class TeamManagers(CompanyRows):
    """Who leads which team from which day; `end_on` is the first day that no longer counts."""

    queryset = TeamManager.objects.select_related("user")
    serializer_class = TeamManagerSerializer
    filterset_fields = {"team": ROWS, "user__email": ["exact"], "start_on": DAYS, "end_on": DAYS}
    ordering_fields = ["id", "team", "start_on", "end_on"]
