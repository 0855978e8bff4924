"""The description is whole: every operation says how it refuses, and what it takes is shown by an example that it would take."""

from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator

from apps.api.described import Problem
from tests.people import People


@pytest.fixture(scope="module")
def described() -> Any:
    return SchemaGenerator().get_schema(request=None, public=True)


def operations(described: Any) -> list[tuple[str, str, Any]]:
    return [(path, method, operation) for path, methods in described["paths"].items() for method, operation in methods.items()]


def test_it_is_openapi_3_1(described: Any) -> None:
    assert described["openapi"].startswith("3.1.")


def test_every_operation_describes_its_refusals_as_problems(described: Any) -> None:
    for path, method, operation in operations(described):
        if path == "/api/v1/schema/":
            continue
        refusals = {code: response for code, response in operation["responses"].items() if code[0] in "45"}
        assert {"400", "406", "429", "500"} <= set(refusals), (path, method)
        assert {"413", "415"} <= set(refusals) or "requestBody" not in operation
        for response in refusals.values():
            content = response.get("content") or described["components"]["responses"][response["$ref"].rsplit("/", 1)[1]]["content"]
            assert list(content) == ["application/problem+json"], (path, method)


def test_every_body_has_an_example_that_its_description_takes(described: Any) -> None:
    for path, method, operation in operations(described):
        for media, content in operation.get("requestBody", {}).get("content", {}).items():
            assert media == "application/json"
            assert "example" in content, (path, method)
            whole = {**content["schema"], "components": described["components"]}
            faults = [fault.message for fault in Draft202012Validator(whole).iter_errors(content["example"])]
            assert faults == [], (path, method)


def test_a_problem_has_the_members_that_are_described(people: People) -> None:
    told = people.client("carol").get("/api/v1/nothing/").json()
    assert set(told) == set(Problem().fields)
