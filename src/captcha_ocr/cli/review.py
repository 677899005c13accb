"""`captcha-ocr review`: the workspace against a recorded revision, judged by the gate."""

import argparse
import subprocess
from dataclasses import replace
from pathlib import Path

from captcha_ocr.artifacts.paths import IMAGES, MODEL, PARAMS, PROVENANCE, RECORD, REPORTS, SPLITS
from captcha_ocr.artifacts.pipeline_run import PipelineResults
from captcha_ocr.artifacts.splits import Splits
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.files import write_text
from captcha_ocr.compare.candidates import WORKSPACE, candidate
from captcha_ocr.compare.pairwise import as_html, compare_pair
from captcha_ocr.compare.review import Review, as_markdown, objections_to_change
from captcha_ocr.register.promotion import challenger

OBJECTED = 4


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds `review` to the command line."""
    parser = commands.add_parser(
        "review",
        help="judge the workspace against the results of a git revision",
        epilog=f"Exit code {OBJECTED}: the gate objects.",
    )
    parser.add_argument("base", metavar="REVISION")
    parser.add_argument("--name", help="what to call the revision (default: itself)")
    parser.add_argument("--about", default="", help="a sentence on how its results were obtained")
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


def run(args: argparse.Namespace) -> int:
    """Writes and prints the review; returns the exit code."""
    here = replace(candidate(WORKSPACE), name="this change")
    base = replace(candidate(args.base), name=args.name or args.base)
    test = Splits.read(SPLITS).side("test", IMAGES)
    found = compare_pair(here, base, test)
    results = PipelineResults.read(PARAMS, PROVENANCE, RECORD, REPORTS)
    text_of = {row.file: row.text for row in here.predictions.rows()}
    change = challenger(MODEL, [text_of[name] for name in test.names], test, results)
    objections = objections_to_change(found.paired, change, results.params.register_)
    tables = (_table(kind, "diff", args.base) for kind in ("params", "metrics"))
    _dvc("plots", "diff", args.base, "--out", str(args.folder / "plots"))
    text = as_markdown(Review(found, objections, args.about, *tables))
    write_text(args.folder / "versus.html", as_html(found, IMAGES))
    write_text(args.folder / "review.md", text)
    print(text)
    return OBJECTED if objections else 0
