"""The retrain workflow's own steps, run in order in checkouts of a small project; a recorder stands in for `gh`."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import Project
from tests.modules import ROOT

JOBS = yaml.safe_load((ROOT / ".github" / "workflows" / "retrain.yml").read_text())["jobs"]
MARKER = "<!-- captcha-ocr review -->"
# Shows the comments, adds one, or edits the account's last one, as `gh` does.
RECORDER = """#!{python}
import json, sys
from pathlib import Path
state = Path({state!r})
texts = json.loads(state.read_text())
words = sys.argv[1:]
if words == ["pr", "view", "7", "--json", "comments"]:
    print(json.dumps({{"comments": texts}}))
elif words == ["pr", "comment", "7", "--body-file", "-"]:
    texts.append({{"body": sys.stdin.read(), "viewerDidAuthor": True}})
elif words == ["pr", "comment", "7", "--edit-last", "--body-file", "-"]:
    [text for text in texts if text["viewerDidAuthor"]][-1] |= {{"body": sys.stdin.read(), "edited": True}}
else:
    sys.exit(f"gh is not known to understand {{words}}")
state.write_text(json.dumps(texts))
"""
STRANGER = {"body": f"{MARKER}\nlooks good", "viewerDidAuthor": False}


@dataclass(frozen=True)
class Hub:
    """A bare repository, the comments of its pull request 7, and what GitHub sets for a step."""

    folder: Path
    caches: Path
    pictures: Path
    environment: dict[str, str]
    comments: list[dict[str, Any]] = field(default_factory=list)

    def checkout(self, name: str, revision: str) -> Path:
        """As actions/checkout leaves it: all history, a commit and no branch; with the caches and pictures beside."""
        clone = self.folder / name
        git(self.folder, "clone", "--quiet", "hub.git", name)
        git(clone, "checkout", "--quiet", "--detach", f"origin/{revision}")
        shutil.copytree(self.caches, clone / ".dvc" / "cache", copy_function=os.link)
        (clone / "pictures").symlink_to(self.pictures)
        return clone

    def said(self) -> list[dict[str, Any]]:
        """The comments on the pull request."""
        found: list[dict[str, Any]] = json.loads((self.folder / "comments.json").read_text())
        return found


def git(folder: Path, *words: str) -> str:
    identity = ("-c", "user.name=Tester", "-c", "user.email=tester@example.org")
    return subprocess.run(["git", *identity, *words], cwd=folder, check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def hub(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Hub:
    folder = tmp_path_factory.mktemp("hub")
    git(folder, "clone", "--quiet", "--bare", str(project.folder), "hub.git")
    first = git(project.folder, "rev-list", "--max-parents=0", "HEAD").strip()  # what other tests commit is not ours
    git(folder / "hub.git", "update-ref", "refs/heads/main", first)
    tools = folder / "tools"
    tools.mkdir()
    state = folder / "comments.json"
    state.write_text(json.dumps([STRANGER]))
    (tools / "gh").write_text(RECORDER.format(python=sys.executable, state=str(state)))
    (tools / "gh").chmod(0o755)
    environment = project.environment | {
        "PATH": f"{tools}{os.pathsep}{project.environment['PATH']}",
        "GITHUB_SERVER_URL": "https://github.com",
        "GITHUB_REPOSITORY": "team/captcha-ocr",
        "GITHUB_RUN_ID": "42",
        "GITHUB_STEP_SUMMARY": str(folder / "summary.md"),
        "GITHUB_OUTPUT": str(folder / "output"),
    }
    return Hub(folder, project.folder / ".dvc" / "cache", project.folder / "pictures", environment)


def push_change(hub: Hub, base: str, **changes: dict[str, Any]) -> None:
    """A further commit of the branch `change`, which sets parameters."""
    clone = hub.folder / "desk"
    shutil.rmtree(clone, ignore_errors=True)
    git(hub.folder, "clone", "--quiet", "--branch", base, "hub.git", "desk")
    values = yaml.safe_load((clone / "params.yaml").read_text())
    for section, keys in changes.items():
        values[section] |= keys
    (clone / "params.yaml").write_text(yaml.safe_dump(values, sort_keys=False))
    git(clone, "commit", "--quiet", "--all", "--message", "A change of parameters")
    git(clone, "push", "--quiet", "origin", "HEAD:change")


def run_job(hub: Hub, job: str, folder: Path, **context: str) -> bool:
    """Runs the `run:` steps of a job in order, as the runner would for a pull request; whether the job succeeds.

    `context` holds what the expressions of the steps' `env` stand for.
    """
    green = True
    for step in JOBS[job]["steps"]:
        condition = step.get("if", "success()")
        assert condition in ("success()", "always()", "github.event_name == 'push'"), condition
        if "run" not in step or condition == "github.event_name == 'push'" or (condition == "success()" and not green):
            continue
        assert set(step.get("env", {})) <= set(context)
        environment = hub.environment | {"PYTHONPATH": str(folder / "src"), "BASE": "origin/main"} | context
        command = step["run"].replace("make ", "make -o .venv/.ready ")  # the environment is the tests'
        done = subprocess.run(["bash", "-e", "-c", command], cwd=folder, env=environment, check=False)
        green &= done.returncode == 0 or bool(step.get("continue-on-error"))
    return green


def comment(hub: Hub, report: Path, name: str) -> None:
    """The job that comments, on a checkout of the base that got the other job's report."""
    clone = hub.checkout(name, "main")
    if report.exists():
        shutil.copytree(report, clone / "reports" / "review")
    context = {"PR": "7", "COMMIT": "c0ffee", "GH_REPO": "team/captcha-ocr", "GH_TOKEN": "secret"}
    assert run_job(hub, "comment", clone, **context)


def test_a_changed_parameter_is_noticed_retrained_and_commented_on(hub: Hub) -> None:
    # A few dozen pictures prove little, so the margin is wide.
    push_change(hub, "main", register={"margin": 0.4})
    refs = git(hub.folder / "hub.git", "for-each-ref")
    clone = hub.checkout("first", "change")
    assert run_job(hub, "changed", clone)
    assert (hub.folder / "output").read_text() == "retrain=true\n"
    assert run_job(hub, "retrain", clone)
    comment(hub, clone / "reports" / "review", "first comment")
    theirs, ours = hub.said()
    assert theirs == STRANGER
    text = ours["body"]
    assert text.startswith(f"{MARKER}\n## Against `origin/main at ")
    assert ": the gate has no objection\n" in text
    assert "| `register.margin` | `0.05`" in text
    assert "+0.00 points of exact match" in text
    assert "Its results were in DVC's cache." in text
    assert "| exact match (95 % interval) |" in text
    assert "Commit c0ffee. [The run](https://github.com/team/captcha-ocr/actions/runs/42)" in text
    assert "the gate has no objection" in (hub.folder / "summary.md").read_text()
    report = clone / "reports" / "review"
    assert (report / "versus.html").exists()
    assert "CTC loss by epoch" in (report / "plots" / "index.html").read_text()
    assert git(clone, "rev-parse", "HEAD") == git(clone, "rev-parse", "origin/change")  # nothing was committed,
    assert git(hub.folder / "hub.git", "for-each-ref") == refs  # nor pushed


def test_a_parameter_that_makes_the_model_worse_fails_the_check_and_the_comment_is_edited(hub: Hub) -> None:
    push_change(hub, "change", train={"pretrained": False, "epochs": 1})
    clone = hub.checkout("second", "change")
    assert not run_job(hub, "retrain", clone)
    comment(hub, clone / "reports" / "review", "second comment")
    theirs, ours = hub.said()
    assert theirs == STRANGER
    assert ours["edited"]
    assert ": the gate objects\n" in ours["body"]
    assert "- it is not shown to be within 40 points of its base: -" in ours["body"]
    assert "| `train.pretrained` |" in ours["body"]
    assert "**Read by its base alone: " in ours["body"]
    assert "`reports/metrics.json` | `exact_match`" in ours["body"]


def test_a_pipeline_that_stops_is_commented_on_too(hub: Hub) -> None:
    comment(hub, hub.folder / "nothing", "third comment")
    assert "The pipeline stopped before there was anything to compare" in hub.said()[1]["body"]


def test_a_change_elsewhere_retrains_nothing(hub: Hub) -> None:
    desk = hub.checkout("elsewhere", "main")
    (desk / "README.md").write_text("other words")
    git(desk, "commit", "--quiet", "--all", "--message", "Words")
    (hub.folder / "output").unlink(missing_ok=True)
    assert run_job(hub, "changed", desk)
    assert (hub.folder / "output").read_text() == "retrain=false\n"
