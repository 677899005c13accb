"""What holds of every workflow beyond what `make check` looks at: its rights, and that a user can run each step."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.modules import ROOT

FOLDER = ROOT / ".github" / "workflows"
FILES = sorted(FOLDER.glob("*.yml"))
WORKFLOWS: dict[str, Any] = {file.stem: yaml.safe_load(file.read_text()) for file in FILES}
JOBS = [(name, job) for name, workflow in WORKFLOWS.items() for job in workflow["jobs"]]
PINNED = re.compile(r"uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")
COMMANDS = ("make ", "gh release create ", ".venv/bin/dvc gc ", "exit 1")
WRITING = {  # what may write, and where the token for it is handed out
    ("retrain", "comment"): {"pull-requests"},
    ("upstream", "issue"): {"issues"},
    ("pages", "deploy"): {"pages", "id-token"},
    ("release", "publish"): {"id-token", "attestations"},
    ("release", "announce"): {"contents"},
}


def job_of(workflow: str, job: str) -> Any:
    return WORKFLOWS[workflow]["jobs"][job]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_actions_are_pinned_by_commit_and_a_run_has_a_group(file: Path) -> None:
    used = [line.strip().removeprefix("- ") for line in file.read_text().splitlines() if "uses:" in line]
    assert [line for line in used if not PINNED.fullmatch(line)] == []
    assert WORKFLOWS[file.stem]["concurrency"]["group"]


@pytest.mark.parametrize(("workflow", "job"), JOBS)
def test_each_step_is_one_command_that_a_user_can_run(workflow: str, job: str) -> None:
    targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    for command in (step["run"] for step in job_of(workflow, job)["steps"] if "run" in step):
        assert command.startswith(COMMANDS)
        assert "\n" not in command
        assert "${{" not in command  # values come by the environment, where a shell does not read them
        if command.startswith("make "):
            assert command.removeprefix("make ") in targets


@pytest.mark.parametrize(("workflow", "job"), JOBS)
def test_a_job_has_the_rights_it_needs_and_no_other(workflow: str, job: str) -> None:
    granted = job_of(workflow, job).get("permissions", WORKFLOWS[workflow]["permissions"])
    assert {name for name, right in granted.items() if right == "write"} == WRITING.get((workflow, job), set())


@pytest.mark.parametrize(("workflow", "job"), JOBS)
def test_secrets_are_behind_an_environment_and_never_with_a_pull_request_s_code(workflow: str, job: str) -> None:
    assert "pull_request_target" not in WORKFLOWS[workflow][True]  # YAML reads `on` as true
    if "secrets." in str(job_of(workflow, job)):
        assert job_of(workflow, job)["environment"]
        assert "github.event_name == 'push'" in job_of(workflow, job)["if"]


def test_the_job_that_may_comment_runs_the_base_and_not_the_pull_request() -> None:
    job = job_of("retrain", "comment")
    assert "github.event.pull_request.head.repo.full_name == github.repository" in job["if"]
    (checkout,) = [step for step in job["steps"] if step.get("uses", "").startswith("actions/checkout@")]
    assert checkout["with"]["ref"] == "${{ github.event.pull_request.base.sha }}"


def test_the_gate_waits_for_what_can_fail_and_runs_whatever_came_of_it() -> None:
    gate = job_of("retrain", "gate")
    assert (set(gate["needs"]), gate["if"]) == ({"changed", "retrain"}, "always()")


def test_a_pull_request_s_code_has_another_runner_than_main_s_which_the_secrets_come_to() -> None:
    runners = {(name, job): str(job_of(name, job)["runs-on"]) for name, job in JOBS}
    own = {place: runner for place, runner in runners.items() if "vars." in runner}
    assert set(own) == {("retrain", "retrain"), ("retrain", "register")}
    assert re.findall(r"vars\.\w+", own["retrain", "register"]) == ["vars.RUNNER"]
    # The job that runs either: what a pull request leaves behind on a machine must not meet main's results or secrets.
    runner = own["retrain", "retrain"]
    assert re.findall(r"vars\.\w+", runner) == ["vars.RUNNER", "vars.PULL_REQUEST_RUNNER"]
    assert "(github.event_name == 'push' && vars.RUNNER)" in runner
    assert "github.event.pull_request.head.repo.full_name == github.repository && vars.PULL_REQUEST_RUNNER" in runner
    assert "secrets." not in str(job_of("retrain", "retrain"))


def test_the_provenance_of_a_release_covers_its_bill_of_materials() -> None:
    (attest,) = [s for s in job_of("release", "publish")["steps"] if "attest-build-provenance" in s.get("uses", "")]
    assert attest["with"]["subject-path"].split() == ["dist/*", "notes/sbom.cdx.json"]
    assert "sbom.cdx.json" in job_of("release", "announce")["steps"][-1]["run"]
