"""What ci/post.py says to `gh`, for which a recorder stands in; tests/end_to_end/test_retrain.py has the whole job."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.modules import ROOT

# Answers questions with what answer.json holds, and adds its words and input to calls.jsonl.
RECORDER = """#!{python}
import json, sys
words, said = sys.argv[1:], sys.stdin.read()
print(json.dumps({{"words": words, "input": said}}), file=open("calls.jsonl", "a"))
if "--json" in words:
    print(open("answer.json").read())
"""
MARKER = "<!-- captcha-ocr review -->"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "gh").write_text(RECORDER.format(python=sys.executable))
    (tmp_path / "gh").chmod(0o755)
    (tmp_path / "reports" / "upstream").mkdir(parents=True)
    (tmp_path / "reports" / "upstream" / "upstream.md").write_text("# Other pictures\n\n- changed: `$(id)`\n")
    return tmp_path


def post(folder: Path, what: str, answer: Any = None, **variables: str) -> subprocess.CompletedProcess[str]:
    (folder / "answer.json").write_text(json.dumps(answer))
    environment = {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"} | variables
    command = [sys.executable, str(ROOT / "ci" / "post.py"), what]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def calls(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "calls.jsonl").read_text().splitlines()]


def comments(*bodies: tuple[bool, str]) -> dict[str, Any]:
    """As `gh pr view --json comments` answers: whether each is this account's own, and its text."""
    return {"comments": [{"viewerDidAuthor": own, "body": body} for own, body in bodies]}


OURS, STRANGER_S, OF_ANOTHER_WORKFLOW = (True, f"{MARKER}\nolder"), (False, f"{MARKER}\nmine"), (True, "coverage: 97 %")


@pytest.mark.parametrize(
    ("present", "edits"),
    [
        ([], False),
        ([STRANGER_S], False),
        ([OURS, STRANGER_S], True),
        ([OF_ANOTHER_WORKFLOW], False),
        ([OF_ANOTHER_WORKFLOW, OURS], True),
        ([OURS, OF_ANOTHER_WORKFLOW], False),  # a second review, rather than the loss of another text
    ],
)
def test_the_last_comment_is_edited_only_where_it_is_a_review(
    folder: Path, present: list[tuple[bool, str]], edits: bool
) -> None:
    done = post(folder, "comment", comments(*present), PR="12", COMMIT="c0ffee")
    assert done.returncode == 0, done.stderr
    asked, told = calls(folder)
    assert asked["words"] == ["pr", "view", "12", "--json", "comments"]
    assert told["words"] == ["pr", "comment", "12", *(["--edit-last"] if edits else []), "--body-file", "-"]
    assert told["input"].startswith(f"{MARKER}\n## The pipeline stopped")
    assert told["input"].endswith("\n\nCommit c0ffee.\n")


def test_a_changed_archive_opens_an_issue_with_the_label_that_finds_it_again(folder: Path) -> None:
    assert post(folder, "issue", []).returncode == 0
    asked, label, made = calls(folder)
    name = asked["words"][asked["words"].index("--label") + 1]
    assert asked["words"][:2] == ["issue", "list"]
    assert label["words"][:3] == ["label", "create", name]
    assert made["words"] == ["issue", "create", "--label", name, "--title", "Other pictures", "--body-file", "-"]
    assert made["input"] == "- changed: `$(id)`\n"


def test_a_changed_archive_edits_the_issue_that_is_open_already(folder: Path) -> None:
    assert post(folder, "issue", [{"number": 9}]).returncode == 0
    asked, edited = calls(folder)
    assert {"--state", "open"} <= set(asked["words"])
    assert edited["words"] == ["issue", "edit", "9", "--title", "Other pictures", "--body-file", "-"]
    assert edited["input"] == "- changed: `$(id)`\n"


def test_what_is_too_long_for_github_is_cut(folder: Path) -> None:
    (folder / "reports" / "upstream" / "upstream.md").write_text("# Title\n" + "x" * 70_000)
    post(folder, "issue", [{"number": 9}])
    assert len(calls(folder)[1]["input"]) < 65_536
    assert "the whole text is among the run's files" in calls(folder)[1]["input"]


def test_nothing_to_say_opens_no_issue(folder: Path) -> None:
    (folder / "reports" / "upstream" / "upstream.md").unlink()
    done = post(folder, "issue")
    assert done.returncode == 1
    assert "`make upstream` writes it" in done.stderr
    assert not (folder / "calls.jsonl").exists()


def test_what_gh_objects_to_is_the_error(folder: Path) -> None:
    (folder / "gh").write_text("#!/bin/sh\necho 'HTTP 403: no rights' >&2; exit 1\n")
    done = post(folder, "comment", PR="12")
    assert (done.returncode, done.stderr) == (1, "error: gh: HTTP 403: no rights\n")


@pytest.mark.parametrize("number", ["", "12; id", "main"])
def test_a_pull_request_is_a_number(folder: Path, number: str) -> None:
    assert "is no number of a pull request: make comment PR=12" in post(folder, "comment", PR=number).stderr


def test_where_no_job_has_a_page_the_summary_is_printed(folder: Path) -> None:
    assert "stopped before there was anything to compare" in post(folder, "summary").stdout
