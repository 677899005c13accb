"""Puts a report where people see it, through `gh`: one comment on a pull request, one open issue, a job's summary.

What was posted before is found by a hidden first line and its author, and edited. The report is data from elsewhere:
it is handed to `gh` on standard input, and reaches no shell. Standard library only: it runs where nothing is installed.
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

REVIEW, DRIFT = Path("reports/review/review.md"), Path("reports/drift/drift.md")
STOPPED = (
    "## The pipeline stopped before there was anything to compare\n\nThe run's log names the stage and what is wrong."
)
LONGEST = 65_000  # characters; GitHub takes 65,536
CUT = "\n\n… cut here: the whole text is among the run's files."


@dataclass(frozen=True)
class Place:
    """Where a text goes: `found` asks for its parent's id and what is there; the others write. GraphQL."""

    marker: str
    found: str
    create: str
    update: str


PAGE = "nodes { id body author { login } } pageInfo { hasNextPage endCursor }"
COMMENT = Place(
    "<!-- captcha-ocr review -->",
    "query($owner: String!, $name: String!, $number: Int!, $endCursor: String) { viewer { login } "
    "repository(owner: $owner, name: $name) { parent: pullRequest(number: $number) { id "
    f"texts: comments(first: 100, after: $endCursor) {{ {PAGE} }} }} }} }}",
    "mutation($parent: ID!, $body: String!) { addComment(input: {subjectId: $parent, body: $body}) "
    "{ commentEdge { node { url } } } }",
    "mutation($id: ID!, $body: String!) { updateIssueComment(input: {id: $id, body: $body}) { issueComment { url } } }",
)
ISSUE = Place(
    "<!-- captcha-ocr drift -->",
    "query($owner: String!, $name: String!, $endCursor: String) { viewer { login } "
    "parent: repository(owner: $owner, name: $name) { id "
    f"texts: issues(first: 100, after: $endCursor, states: OPEN) {{ {PAGE} }} }} }}",
    "mutation($parent: ID!, $title: String!, $body: String!) "
    "{ createIssue(input: {repositoryId: $parent, title: $title, body: $body}) { issue { url } } }",
    "mutation($id: ID!, $title: String!, $body: String!) "
    "{ updateIssue(input: {id: $id, title: $title, body: $body}) { issue { url } } }",
)


def _gh(query: str, *words: str, body: str = "") -> str:
    command = ["gh", "api", "graphql", "-f", f"query={query}", *words]
    if body:
        command += ["-F", "body=@-"]
    done = subprocess.run(command, input=body, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"error: gh: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


def _parent(page: dict[str, Any]) -> Any:
    data = page["data"]
    return data["parent"] if "parent" in data else data["repository"]["parent"]


def _looked_up(place: Place, *words: str) -> tuple[str, str | None]:
    """The id of the parent, and that of this account's own text where there is one already."""
    pages = json.loads(_gh(place.found, "--paginate", "--slurp", "-F", "owner={owner}", "-F", "name={repo}", *words))
    account = pages[0]["data"]["viewer"]["login"].removesuffix("[bot]")
    for text in (text for page in pages for text in _parent(page)["texts"]["nodes"]):
        author = (text["author"] or {}).get("login")  # an account may be gone
        if author == account and text["body"].startswith(place.marker):
            return _parent(pages[0])["id"], text["id"]
    return _parent(pages[0])["id"], None


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


def _post(place: Place, text: str, found: tuple[str, str | None], *words: str) -> None:
    parent, known = found
    body = f"{place.marker}\n{text}{_footer()}\n"
    if known:
        print(_gh(place.update, "-f", f"id={known}", *words, body=body))
    else:
        print(_gh(place.create, "-f", f"parent={parent}", *words, body=body))


def comment() -> None:
    number = os.environ.get("PR", "")
    if not number.isdigit():
        sys.exit(f"error: PR={number!r} is no number of a pull request: make comment PR=12")
    _post(COMMENT, _text(REVIEW, STOPPED), _looked_up(COMMENT, "-F", f"number={number}"))


def issue() -> None:
    if not DRIFT.is_file():
        sys.exit(f"error: {DRIFT} does not exist: run `make drift`, which writes it where there is something to say")
    heading, _, text = _text(DRIFT, "").partition("\n")
    _post(ISSUE, text.strip(), _looked_up(ISSUE), "-f", f"title={heading.removeprefix('# ')}")


def summary() -> None:
    text = _text(REVIEW, STOPPED)
    if target := os.environ.get("GITHUB_STEP_SUMMARY"):
        with Path(target).open("a", encoding="utf-8") as file:
            print(text, file=file)
    else:
        print(text)


if __name__ == "__main__":
    {"comment": comment, "issue": issue, "summary": summary}[sys.argv[1]]()
