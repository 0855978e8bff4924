"""Who may write through the API at all; whose rows they see is decided by `visibility`."""

from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from apps.accounts.models import User
from apps.core import clock
from apps.reps import access


class WritesFacts(BasePermission):
    """Everybody reads; admins, managers and reps write."""

    message = _("You may look, but not change anything. Ask an admin for another role.")

    def has_permission(self, request: Request, view: APIView) -> bool:
        return request.method in SAFE_METHODS or (isinstance(request.user, User) and access.may_write(request.user))


class SetsTargets(BasePermission):
    """Everybody reads; admins set targets, and managers where the organisation allows it: whose, the resource checks."""

    message = _("Targets are set by admins, and by managers where the organisation allows it.")

    def has_permission(self, request: Request, view: APIView) -> bool:
        return request.method in SAFE_METHODS or (isinstance(request.user, User) and bool(access.targets_to_set(request.user, clock.today())))


class AdminsWrite(BasePermission):
    """Everybody reads; only admins write."""

    message = _("Only admins may change this.")

    def has_permission(self, request: Request, view: APIView) -> bool:
        return request.method in SAFE_METHODS or request.user.is_staff
