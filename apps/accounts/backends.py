"""Sign-in by e-mail and password."""

from django.contrib.auth.backends import ModelBackend


class EmailBackend(ModelBackend):
    """Django's own check; permissions come from the role, so none are read from tables."""

    def get_user_permissions(self, user_obj, obj=None):  # type: ignore[no-untyped-def]
        return set()

    def get_group_permissions(self, user_obj, obj=None):  # type: ignore[no-untyped-def]
        return set()

    def has_perm(self, user_obj, perm, obj=None):  # type: ignore[no-untyped-def]
        return user_obj.has_perm(perm, obj)
