"""`captcha-ocr review`: the workspace against a recorded revision, judged by the gate."""

import argparse
import subprocess
from dataclasses import replace
from pathlib import Path

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.files import read_json, write_text
from captcha_ocr.cli.compare import PICTURES, SPLITS
from captcha_ocr.compare.candidates import MODEL, PARAMS, WORKSPACE, Subject, subject
from captcha_ocr.compare.pairwise import as_html, versus
from captcha_ocr.compare.review import Review, as_markdown, objections_to_change
from captcha_ocr.network.samples import Pictures, read_splits, side_of
from captcha_ocr.params.params import load_params
from captcha_ocr.register.gate import Challenge
from captcha_ocr.register.promotion import challenge_of

OBJECTED = 4
REPORTS, PROVENANCE = Path("reports"), Path("data/provenance.json")


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds `review` to the command line."""
    parser = commands.add_parser(
        "review",
        help="judge the workspace against the results of a git revision",
        epilog=f"Exit code {OBJECTED}: the gate objects.",
    )
    parser.add_argument("base", metavar="REVISION")
    parser.add_argument("--name", help="what to call the revision (default: itself)")
    parser.add_argument("--about", default="", help="a sentence on how its results were had")
    parser.add_argument("--folder", type=Path, default=REPORTS / "review", help="for review.md, versus.html and plots")
    parser.set_defaults(run=run)


def _table(*words: str) -> str:
    """DVC's table in Markdown; empty where it has no row."""
    table = _dvc(*words, "--md")
    return table if len(table.splitlines()) > 2 else ""


def _dvc(*words: str) -> str:
    done = subprocess.run(["dvc", *words], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise CaptchaOcrError(f"`dvc {' '.join(words)}` failed: {done.stderr.strip()}")
    return done.stdout.strip()


def _challenge(here: Subject) -> Challenge:
    rows = here.predictions
    pictures = Pictures([PICTURES / name for name in rows["file"]], rows["label"].tolist())
    origin = read_json(PROVENANCE)["origin"]
    return challenge_of(Path(MODEL), rows["text"].tolist(), pictures, REPORTS, origin)


def run(args: argparse.Namespace) -> int:
    """Writes and prints the review; returns the exit code."""
    here = replace(subject(WORKSPACE), name="this change")
    base = replace(subject(args.base), name=args.name or args.base)
    found = versus(here, base, side_of(read_splits(SPLITS), "test", PICTURES))
    against = objections_to_change(found.comparison, _challenge(here), load_params(Path(PARAMS)).register_)
    tables = (_table(kind, "diff", args.base) for kind in ("params", "metrics"))
    _dvc("plots", "diff", args.base, "--out", str(args.folder / "plots"))
    text = as_markdown(Review(found, against, args.about, *tables))
    write_text(args.folder / "versus.html", as_html(found, PICTURES))
    write_text(args.folder / "review.md", text)
    print(text)
    return OBJECTED if against else 0
