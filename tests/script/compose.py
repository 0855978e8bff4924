"""Read docker-compose.yml as Compose does: with its variables filled in."""

import re
from collections.abc import Mapping
from typing import Any

import yaml

from script.house.environment import ROOT

FILE = ROOT / "docker-compose.yml"
_VARIABLE = re.compile(r"\$(?:(\$)|\{(\w+)(?::([-?])([^}]*))?\})")


class Missing(Exception):
    """A required variable has no value; Compose stops with its message."""


def read() -> dict[str, Any]:
    parsed: dict[str, Any] = yaml.safe_load(FILE.read_text())
    return parsed


def filled(text: str, variables: Mapping[str, str]) -> str:
    """Replace `${NAME}`, `${NAME:-default}`, `${NAME:?message}` and `$$`; an empty value counts as none after a colon."""

    def value(found: re.Match[str]) -> str:
        is_dollar, name, rule, words = found.groups()
        if is_dollar:
            return "$"
        if variables.get(name):
            return variables[name]
        if rule == "?":
            raise Missing(words)
        return words if rule == "-" else ""

    return _VARIABLE.sub(value, text)


def environment(service: Mapping[str, Any], variables: Mapping[str, str]) -> dict[str, str]:
    return {name: filled(str(text), variables) for name, text in service.get("environment", {}).items()}


def command(service: Mapping[str, Any], variables: Mapping[str, str]) -> list[str]:
    return [filled(str(word), variables) for word in service["command"]]


def health_check(service: Mapping[str, Any], variables: Mapping[str, str]) -> list[str]:
    """The words that a container engine would run."""
    kind, *words = (filled(str(word), variables) for word in service["healthcheck"]["test"])
    return ["/bin/sh", "-c", *words] if kind == "CMD-SHELL" else list(words)
