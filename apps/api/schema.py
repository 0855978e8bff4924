"""What the OpenAPI description needs to know that the code does not say."""

from collections.abc import Iterator
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerFieldExtension
from drf_spectacular.views import SpectacularSwaggerSplitView

from apps.api import examples, problems
from apps.api.described import Problem

NAMES = {400: "Invalid", 401: "NotSignedIn", 403: "NotAllowed", 404: "NotFound", 406: "NotAcceptable", 412: "ChangedMeanwhile"}
NAMES |= {413: "TooLarge", 415: "UnsupportedMediaType", 429: "TooManyRequests", 500: "Failure"}


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = "apps.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "The word Token, a space, and a token made with POST /api/v1/tokens/.",
        }


class RelatedSchema(OpenApiSerializerFieldExtension):
    """Another row: its id in answers; in requests also its external key, where its kind has one."""

    target_class = "apps.api.fields.Related"
    match_subclasses = True

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        number = {"type": "integer"}
        if direction == "response" or self.target.read_only or not self.target.has_keys:
            return number
        key = {"type": "object", "properties": {"external_key": {"type": "string"}}, "required": ["external_key"], "additionalProperties": False}
        return {"oneOf": [number, key]}


class Page(SpectacularSwaggerSplitView):
    """The description as a page: no script or style in it, nothing fetched from elsewhere."""

    url_name = "api:schema"
    template_name = "api/docs.html"


def complete(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Add what every operation has: the answers that are not 2xx, examples, and that what is no field is refused."""
    components = result["components"]
    components["responses"] = {name: _problem(problems.REMEDIES.get(code) or name) for code, name in NAMES.items()}
    for path, method, operation in _operations(result):
        for code in _codes(path, method, operation):
            operation["responses"].setdefault(str(code), {"$ref": f"#/components/responses/{NAMES[code]}"})
        _as_problems(operation)
        _with_examples(operation)
    for name, schema in components["schemas"].items():
        if name.removesuffix("Request").removesuffix("Row").removeprefix("Patched") in examples.ROWS and name.endswith("Request"):
            schema["additionalProperties"] = False
    return result


def _operations(result: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in result["paths"].items():
        for method, operation in methods.items():
            if not path.endswith("/schema/"):
                yield path, method, operation


def _codes(path: str, method: str, operation: dict[str, Any]) -> Iterator[int]:
    yield from (400, 406, 429, 500)
    if operation.get("security") != [{}]:
        yield from (401, 403)
    if "{" in path or "scope" in {parameter["name"] for parameter in operation.get("parameters", [])} or path.endswith("/plans/"):
        yield 404
    if "requestBody" in operation:
        yield from (413, 415)
    if method in ("put", "patch", "delete") and path.endswith("{id}/"):
        yield 412


def _problem(words: Any) -> dict[str, Any]:
    schema = {"$ref": f"#/components/schemas/{Problem.__name__}"}
    return {"description": str(words), "content": {problems.MEDIA_TYPE: {"schema": schema, "example": examples.PROBLEM}}}


def _as_problems(operation: dict[str, Any]) -> None:
    """Answers that are not 2xx and were described by themselves are problems, too."""
    for code, response in operation["responses"].items():
        content = response.get("content", {})
        if code[0] in "45" and "application/json" in content:
            content[problems.MEDIA_TYPE] = content.pop("application/json")


def _with_examples(operation: dict[str, Any]) -> None:
    for media in operation.get("requestBody", {}).get("content", {}).values():
        component = media["schema"].get("$ref", "").rsplit("/", 1)[-1]
        if (example := examples.of(component)) is not None:
            media["example"] = example
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "query" and parameter["name"] in examples.PARAMETERS:
            example = examples.PARAMETERS[parameter["name"]]
            parameter["example"] = [example] if parameter["schema"].get("type") == "array" else example
