"""Where records are found in the company's own CRM. Pure."""

from urllib.parse import quote, urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

KEY = "{key}"


def validate(address: str) -> None:
    """Refuse an address that leads nowhere, or is the same for every record."""
    if urlsplit(address.replace(KEY, "")).scheme not in ("http", "https") or not urlsplit(address.replace(KEY, "")).netloc:
        raise ValidationError(_("Write a whole address that begins with https://."))
    if KEY not in address:
        raise ValidationError(_("Write {key} where the record’s external key belongs."))


def address_of(template: str, key: str | None) -> str:
    """Return a record's address; nothing without a key or where no address is set."""
    return template.replace(KEY, quote(key, safe="")) if template and key else ""
