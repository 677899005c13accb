"""What ci/post.py says to `gh`, for which a recorder stands in; tests/end_to_end/test_retrain.py has the comments."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from graphql import parse

from tests.modules import ROOT

# Answers with what answer.json holds, and adds its words and input to calls.jsonl.
RECORDER = """#!{python}
import json, sys
words = sys.argv[1:]
said = "" if "--paginate" in words else sys.stdin.read()
print(json.dumps({{"words": words, "input": said}}), file=open("calls.jsonl", "a"))
print(open("answer.json").read())
"""
MARKER = "<!-- captcha-ocr drift -->"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "gh").write_text(RECORDER.format(python=sys.executable))
    (tmp_path / "gh").chmod(0o755)
    (tmp_path / "reports" / "drift").mkdir(parents=True)
    (tmp_path / "reports" / "drift" / "drift.md").write_text("# Other pictures\n\n- changed: `$(id)`\n")
    return tmp_path


def post(folder: Path, what: str, *issues: dict[str, Any], **variables: str) -> subprocess.CompletedProcess[str]:
    parent = {"id": "repository", "texts": {"nodes": issues}}
    (folder / "answer.json").write_text(json.dumps([{"data": {"viewer": {"login": "ann"}, "parent": parent}}]))
    environment = {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"} | variables
    command = [sys.executable, str(ROOT / "ci" / "post.py"), what]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def calls(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "calls.jsonl").read_text().splitlines()]


def issue(number: str, author: str | None, body: str) -> dict[str, Any]:
    return {"id": number, "author": {"login": author} if author else None, "body": body}


def test_drift_opens_an_issue_where_this_account_has_none(folder: Path) -> None:
    others = [issue("1", "bob", f"{MARKER}\nmine"), issue("2", None, MARKER), issue("3", "ann", "another matter")]
    assert post(folder, "issue", *others).returncode == 0
    made = calls(folder)[1]
    assert "createIssue" in str(made["words"])
    assert {"parent=repository", "title=Other pictures", "body=@-"} <= set(made["words"])
    assert made["input"] == f"{MARKER}\n- changed: `$(id)`\n"


def test_drift_edits_the_issue_that_is_open_already(folder: Path) -> None:
    assert post(folder, "issue", issue("9", "ann", f"{MARKER}\nlast week's")).returncode == 0
    assert "updateIssue" in str(calls(folder)[1]["words"])
    assert "id=9" in calls(folder)[1]["words"]


def test_what_is_too_long_for_github_is_cut(folder: Path) -> None:
    (folder / "reports" / "drift" / "drift.md").write_text("# Title\n" + "x" * 70_000)
    post(folder, "issue")
    assert len(calls(folder)[1]["input"]) < 65_536
    assert "the whole text is among the run's files" in calls(folder)[1]["input"]


def test_nothing_to_say_opens_no_issue(folder: Path) -> None:
    (folder / "reports" / "drift" / "drift.md").unlink()
    done = post(folder, "issue")
    assert done.returncode == 1
    assert "run `make drift`" in done.stderr
    assert not (folder / "calls.jsonl").exists()


@pytest.mark.parametrize("number", ["", "12; id", "main"])
def test_a_pull_request_is_a_number(folder: Path, number: str) -> None:
    assert "is no number of a pull request: make comment PR=12" in post(folder, "comment", PR=number).stderr


def test_where_no_job_has_a_page_the_summary_is_printed(folder: Path) -> None:
    assert "stopped before there was anything to compare" in post(folder, "summary").stdout


@pytest.mark.parametrize("place", ["COMMENT", "ISSUE"])
def test_what_is_asked_and_told_is_graphql(place: str) -> None:
    code = f"import sys; sys.path.insert(0, 'ci'); import post, json; p = post.{place}; print(json.dumps(vars(p)))"
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    texts = json.loads(found.stdout)
    for name in ("found", "create", "update"):
        parse(texts[name])
    assert "$endCursor" in texts["found"]  # `gh --paginate` needs it
