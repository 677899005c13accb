"""deploy/ against what it is made for; tests/end_to_end/test_team.py runs the plain commands, and no container."""

import re
from configparser import ConfigParser

import pytest
import yaml

from tests.modules import ROOT

COMPOSE = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text())


def test_the_server_has_the_versions_of_the_lock_and_installs_nothing_without_a_hash() -> None:
    server = (ROOT / "deploy" / "requirements.lock").read_text()
    lock = (ROOT / "requirements.lock").read_text()
    pinned = re.findall(r"^([a-z0-9.-]+==[^ \\]+) \\\n    --hash=sha256:", server, re.MULTILINE)
    assert len(pinned) == server.count("==") > 0
    assert [entry for entry in pinned if not re.search(rf"^{re.escape(entry)}[ ;\\]", lock, re.MULTILINE)] == []
    assert {"boto3", "mlflow", "psycopg2-binary"} <= {entry.partition("==")[0] for entry in pinned}
    (install,) = re.findall(
        r"^RUN pip install (.*(?:\\\n.*)*)", (ROOT / "deploy" / "Dockerfile").read_text(), re.MULTILINE
    )
    assert {"--require-hashes", "--no-deps", "--only-binary"} <= set(install.split())


@pytest.mark.parametrize("service", COMPOSE["services"])
def test_a_container_may_do_no_more_than_it_needs(service: str) -> None:
    settings = COMPOSE["services"][service]
    assert settings["cap_drop"] == ["ALL"]
    assert "cap_add" not in settings
    assert settings["security_opt"] == ["no-new-privileges:true"]
    assert settings["read_only"] is True
    assert settings["tmpfs"]
    assert {"mem_limit", "cpus", "pids_limit", "healthcheck"} <= set(settings)


def test_no_container_runs_as_root() -> None:
    image = (ROOT / "deploy" / "Dockerfile").read_text()
    assert re.findall(r"^USER (\w+)$", image, re.MULTILINE)[-1] == "mlflow"
    assert COMPOSE["services"]["database"]["user"] == "postgres"


def test_the_database_is_reached_by_the_server_alone() -> None:
    assert COMPOSE["services"]["database"]["networks"] == ["database"]
    assert COMPOSE["networks"]["database"] == {"internal": True}
    assert "ports" not in COMPOSE["services"]["database"]


def test_a_user_may_write_only_to_what_is_theirs_unless_an_administrator_grants_more() -> None:
    settings = ConfigParser()
    settings.read(ROOT / "deploy" / "basic_auth.ini")
    assert settings["mlflow"]["default_permission"] == "READ"


def test_every_value_that_the_containers_ask_for_is_in_the_example() -> None:
    asked = set(re.findall(r"\$\{(\w+)", (ROOT / "deploy" / "compose.yaml").read_text()))
    offered = set(re.findall(r"^#?(\w+)=", (ROOT / "deploy" / ".env.example").read_text(), re.MULTILINE))
    assert asked <= offered


def test_secrets_of_a_server_stay_out_of_git() -> None:
    assert "/deploy/.env" in (ROOT / ".gitignore").read_text().splitlines()
