"""docker-compose.yml follows the compose specification and our own rules for production."""

import json
import re
from importlib.resources import files
from typing import Any

import pytest
import yaml
from jsonschema.validators import validator_for

from script.house import binaries, postgres
from script.house.environment import ROOT
from script.house.places import Place
from tests.script import compose

PROGRAMS = ("migrate", "web", "worker", "beat")
STORES = ("postgres", "valkey")


@pytest.fixture(scope="module")
def file() -> dict[str, Any]:
    return compose.read()


@pytest.fixture(scope="module")
def services(file: dict[str, Any]) -> dict[str, Any]:
    return dict(file["services"])


@pytest.fixture(scope="module")
def specification() -> Any:
    schema = json.loads((files("check_jsonschema.builtin_schemas.vendor") / "compose-spec.json").read_text())
    return validator_for(schema)(schema)


def test_it_is_valid_by_the_schema_of_the_specification(file: dict[str, Any], specification: Any) -> None:
    assert [error.message for error in specification.iter_errors(file)] == []


def test_a_misspelt_key_would_not_pass_the_schema(file: dict[str, Any], specification: Any) -> None:
    spoilt = {**file, "services": {"web": {"image": "x", "restrat": "always"}}}

    assert ["restrat" in error.message for error in specification.iter_errors(spoilt)] == [True]


def test_it_holds_exactly_the_parts_of_the_product(services: dict[str, Any]) -> None:
    assert set(services) == {*PROGRAMS, *STORES}


def test_every_dependency_exists_and_can_be_met(services: dict[str, Any]) -> None:
    for name, service in services.items():
        for needed, rule in service.get("depends_on", {}).items():
            condition = rule["condition"]
            assert needed in services, f"{name} waits for {needed}"
            if condition == "service_healthy":
                assert "test" in services[needed]["healthcheck"], f"{name} waits for {needed} to be healthy, which nothing tells"
            else:
                assert condition == "service_completed_successfully"
                assert services[needed]["restart"] == "no", f"{needed} would be started again instead of completing"


def test_programs_start_only_on_a_migrated_database(services: dict[str, Any]) -> None:
    for name in ("web", "worker", "beat"):
        assert services[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    assert services["migrate"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}


def test_volumes_and_networks_are_declared_and_used(file: dict[str, Any], services: dict[str, Any]) -> None:
    mounted = {mount.split(":")[0] for service in services.values() for mount in service.get("volumes", ())}
    joined = {network for service in services.values() for network in service["networks"]}

    assert mounted == set(file["volumes"])
    assert joined == set(file["networks"])


def test_what_has_to_outlive_a_container_is_in_a_volume(services: dict[str, Any]) -> None:
    assert services["postgres"]["volumes"] == ["postgres:/var/lib/postgresql"]  # the image's own volume from 18 on
    assert services["valkey"]["volumes"] == ["valkey:/data"]
    schedule = services["beat"]["command"][services["beat"]["command"].index("--schedule") + 1]
    assert schedule.startswith(services["beat"]["volumes"][0].split(":")[1] + "/")


def test_stores_are_reachable_only_from_inside(file: dict[str, Any], services: dict[str, Any]) -> None:
    assert file["networks"]["stores"] == {"internal": True}
    for name in STORES:
        assert services[name]["networks"] == ["stores"]
        assert "ports" not in services[name]


def test_the_web_server_is_published_on_loopback_only(services: dict[str, Any]) -> None:
    published = [port for service in services.values() for port in service.get("ports", ())]

    assert published == ["127.0.0.1:${PORT:-8000}:8000"]


@pytest.mark.parametrize("name", [*PROGRAMS, *STORES])
def test_no_service_is_root_or_may_become_it(services: dict[str, Any], name: str) -> None:
    service = services[name]

    assert service["user"] not in {"root", "0"}
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["read_only"] is True
    assert not {"cap_add", "privileged"} & set(service)


@pytest.mark.parametrize("name", ["web", "worker", "beat", *STORES])
def test_every_lasting_service_comes_back_and_tells_its_health(services: dict[str, Any], name: str) -> None:
    assert services[name]["restart"] == "unless-stopped"
    assert set(services[name]["healthcheck"]) == {"test", "interval", "timeout", "retries", "start_period"}


def test_the_one_shot_does_not_inherit_the_image_s_health_check(services: dict[str, Any]) -> None:
    assert services["migrate"]["healthcheck"] == {"disable": True}


@pytest.mark.parametrize("secret", ["SECRET_KEY", "POSTGRES_PASSWORD", "ALLOWED_HOSTS"])
def test_what_has_no_default_is_asked_for_wherever_it_is_used(secret: str) -> None:
    uses = re.findall(rf"\$\{{{secret}([^}}]*)\}}", compose.FILE.read_text())

    assert uses
    assert [use for use in uses if not use.startswith(":?")] == []


def test_without_the_secrets_nothing_is_interpolated(services: dict[str, Any]) -> None:
    for name in PROGRAMS:
        with pytest.raises(compose.Missing, match=r"Set \w+ in \.env"):
            compose.environment(services[name], {})


def test_no_password_or_key_is_written_down(services: dict[str, Any]) -> None:
    for service in services.values():
        for name, value in service.get("environment", {}).items():
            if re.search("PASSWORD|SECRET|KEY", name):
                assert re.fullmatch(r"\$\{\w+:\?[^}]+\}", value), f"{name} is {value}"


def test_the_example_names_every_variable_and_no_value_of_a_secret(services: dict[str, Any]) -> None:
    given = dict(re.findall(r"^([A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE))
    used = set(re.findall(r"\$\{(\w+)", compose.FILE.read_text()))

    assert set(given) == used
    assert {name: given[name] for name in ("SECRET_KEY", "POSTGRES_PASSWORD", "ALLOWED_HOSTS")} == {
        "SECRET_KEY": "",
        "POSTGRES_PASSWORD": "",
        "ALLOWED_HOSTS": "",
    }


def test_text_is_ordered_as_on_the_embedded_server(services: dict[str, Any], place: Place) -> None:
    asked = services["postgres"]["environment"]["POSTGRES_INITDB_ARGS"].split()
    image = int(services["postgres"]["image"].split(":")[1])

    assert set(postgres.locale(image)) <= set(asked)
    assert "--encoding=UTF8" in asked
    assert image == binaries.major(binaries.postgres(place))


def test_images_are_pinned_at_least_to_a_major_version(services: dict[str, Any]) -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()

    assert [name for name in STORES if not re.search(r":\d", services[name]["image"])] == []
    assert re.search(r"^ARG PYTHON=3\.\d+-slim-\w+$", dockerfile, re.MULTILINE)


def test_the_image_starts_the_web_server_as_the_file_does(services: dict[str, Any]) -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()
    command = re.search(r"^CMD (.*)$", dockerfile, re.MULTILINE)
    check = re.search(r"^    CMD (.*)$", dockerfile, re.MULTILINE)

    assert command
    assert json.loads(command[1]) == services["web"]["command"]
    assert check
    assert ["CMD", *json.loads(check[1])] == services["web"]["healthcheck"]["test"]


def test_the_image_runs_as_the_account_that_the_file_names(services: dict[str, Any]) -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()

    assert f"USER {services['web']['user']}" in lines
    assert lines.index(f"USER {services['web']['user']}") < next(number for number, line in enumerate(lines) if line.startswith("CMD"))


def test_only_what_runs_goes_into_the_image() -> None:
    rules = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    kept = {rule[1:] for rule in rules if rule.startswith("!")}

    assert rules[0] == "*"
    assert {"apps", "kpiboard", "static", "templates", "manage.py", "requirements.txt"} <= kept
    assert not kept & {".env", ".git", "var", "tests", "script", "requirements"}


def test_the_file_is_read_the_same_by_any_yaml_reader() -> None:
    assert yaml.safe_load(compose.FILE.read_text())["name"] == "kpiboard"
