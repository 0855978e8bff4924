"""What every answer that is not 2xx looks like, for the description of the API; `problems` makes them."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers


class Fault(serializers.Serializer[Any]):
    field = serializers.CharField(help_text=_("The field or parameter to correct, with dots into what is nested; empty where it is no single one."))
    code = serializers.CharField(help_text=_("The kind of fault, in one word that stays the same in every language."))
    detail = serializers.CharField(help_text=_("What is wrong, and what to do."))


class Problem(serializers.Serializer[Any]):
    type = serializers.CharField(help_text=_("The kind of problem: urn:kpiboard:problem: and a word."))
    title = serializers.CharField(help_text=_("The status in words."))
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text=_("What is wrong, and what to do."))
    instance = serializers.CharField(help_text=_("The address that was asked."))
    errors = Fault(many=True, help_text=_("What is wrong at which field; empty where it is none."))  # type: ignore[assignment]
