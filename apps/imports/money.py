"""Puts amounts of a file where facts are entered: in the organisation's money, or beside their currency."""

from typing import Any

from apps.imports.entities import Entity


def entered(values: dict[str, Any], entity: Entity, own: str) -> dict[str, Any]:
    """Return a record's values with its amounts as they are stored, where the file says in which currency they are.

    An amount in the organisation's own currency is the fact's amount; in another one it is the original amount, and the amount follows from it.
    A file may feed either field.
    """
    amounts = [name for name in ("amount", "cost") if f"original_{name}" in entity.fields]
    if "currency" not in values or not amounts:
        return values
    found = dict(values)
    is_own = found["currency"] in ("", own)
    found["currency"] = "" if is_own else found["currency"]
    for name in amounts:
        written = [found.pop(field) for field in (f"original_{name}", name) if field in found]
        if written:
            value = next((one for one in written if one is not None), None)
            found |= {name: value, f"original_{name}": None} if is_own else _abroad(name, value)
    return found


def _abroad(name: str, value: Any) -> dict[str, Any]:
    """What is known in another currency; where nothing is, nothing else may stand in its place."""
    return {f"original_{name}": value} if value is not None else {f"original_{name}": None, name: None}
