"""Puts a report where people see it, through `gh`: one comment on a pull request, one open issue, a job's summary.

The comment: `gh pr comment --edit-last --create-if-none` would be one command, and GitHub's runner has it. The image
ubuntu-24.04 comes with gh 2.78 (images/ubuntu/Ubuntu2404-Readme.md in actions/runner-images); for the flags see
cli.github.com/manual/gh_pr_comment. But it edits the last comment of the account, whatever that says. On a runner the
account is github-actions[bot], which all workflows of a repository share. With `make comment` by hand it is the user,
who would lose a remark. So the last comment is edited only where it starts with MARKER; otherwise there is a new one.
At worst a pull request has two reviews, and no text is lost. An older gh, without `--create-if-none`, is good enough.

The issue: it is found by its label. Only who may triage issues can label one, so a stranger's issue is never edited.

The report is data from elsewhere: `gh` reads it from standard input, and no shell does. Standard library only: this
runs where nothing is installed.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

REVIEW, UPSTREAM = Path("reports/review/review.md"), Path("reports/upstream/upstream.md")
STOPPED = (
    "## The pipeline stopped before there was anything to compare\n\nThe run's log names the stage and what is wrong."
)
MARKER = "<!-- captcha-ocr review -->"  # the comment's first line, which GitHub does not show
LABEL, LABEL_MEANS = "public-archive", "The public archive is not the pinned one: kept by `make issue`"
LONGEST = 65_000  # characters; GitHub takes 65,536
CUT = "\n\n… cut here: the whole text is among the run's files."


def _gh(*words: str, body: str = "") -> str:
    done = subprocess.run(["gh", *words], input=body, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"error: gh: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


def _footer() -> str:
    """Which commit the text is about, and the run that wrote it."""
    env = os.environ
    lines = [f"Commit {env['COMMIT']}."] if env.get("COMMIT") else []
    if "GITHUB_RUN_ID" in env:
        url = f"{env['GITHUB_SERVER_URL']}/{env['GITHUB_REPOSITORY']}/actions/runs/{env['GITHUB_RUN_ID']}"
        lines.append(f"[The run]({url}) has the log, and the report with curves and pictures among its files.")
    return "\n\n" + " ".join(lines) if lines else ""


def _text(report: Path, otherwise: str) -> str:
    text = report.read_text(encoding="utf-8") if report.is_file() else otherwise
    return text.rstrip() if len(text) <= LONGEST else text[:LONGEST] + CUT


def comment() -> None:
    number = os.environ.get("PR", "")
    if not number.isdigit():
        sys.exit(f"error: PR={number!r} is no number of a pull request: make comment PR=12")
    body = f"{MARKER}\n{_text(REVIEW, STOPPED)}{_footer()}\n"
    comments = json.loads(_gh("pr", "view", number, "--json", "comments"))["comments"]
    own = [text["body"] for text in comments if text["viewerDidAuthor"]]  # oldest first, as `--edit-last` takes them
    how = ["--edit-last"] if own and own[-1].startswith(MARKER) else []
    print(_gh("pr", "comment", number, *how, "--body-file", "-", body=body))


def issue() -> None:
    if not UPSTREAM.is_file():
        sys.exit(f"error: {UPSTREAM} does not exist: `make upstream` writes it where the archive has changed")
    heading, _, text = _text(UPSTREAM, "").partition("\n")
    what = ("--title", heading.removeprefix("# "), "--body-file", "-")
    body = f"{text.strip()}{_footer()}\n"
    found = json.loads(_gh("issue", "list", "--label", LABEL, "--state", "open", "--limit", "1", "--json", "number"))
    if found:
        print(_gh("issue", "edit", str(found[0]["number"]), *what, body=body))
    else:
        _gh("label", "create", LABEL, "--description", LABEL_MEANS, "--force")  # --force: it may be there already
        print(_gh("issue", "create", "--label", LABEL, *what, body=body))


def summary() -> None:
    text = _text(REVIEW, STOPPED)
    if target := os.environ.get("GITHUB_STEP_SUMMARY"):
        with Path(target).open("a", encoding="utf-8") as file:
            print(text, file=file)
    else:
        print(text)


if __name__ == "__main__":
    {"comment": comment, "issue": issue, "summary": summary}[sys.argv[1]]()
