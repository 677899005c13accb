"""deploy/ against what it is made for; tests/end_to_end/test_team.py runs the plain commands, and no container."""

import re

from tests.modules import ROOT


def test_the_server_has_the_versions_of_the_lock() -> None:
    image = (ROOT / "deploy" / "Dockerfile").read_text()
    pinned = dict(re.findall(r"([a-z0-9-]+)(?:\[\w+\])?==([\w.]+)", image))
    lock = dict(re.findall(r"^([a-z0-9-]+)==(\S+)", (ROOT / "requirements.lock").read_text(), re.MULTILINE))
    for name in ("mlflow", "psycopg2-binary"):
        assert pinned[name] == lock[name]


def test_every_value_that_the_containers_ask_for_is_in_the_example() -> None:
    asked = set(re.findall(r"\$\{(\w+)", (ROOT / "deploy" / "compose.yaml").read_text()))
    offered = set(re.findall(r"^#?(\w+)=", (ROOT / "deploy" / ".env.example").read_text(), re.MULTILINE))
    assert asked <= offered


def test_secrets_of_a_server_stay_out_of_git() -> None:
    assert "/deploy/.env" in (ROOT / ".gitignore").read_text().splitlines()
