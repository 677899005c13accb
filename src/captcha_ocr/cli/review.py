"""`captcha-ocr review`: compares the workspace with a git revision, and asks the gate for objections."""

import argparse
import json
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

from captcha_ocr.artifacts.dataset.picture_shards import PictureShards
from captcha_ocr.artifacts.paths import MODEL, PARAMS, PICTURES, PROVENANCE, RECORD, REPORTS, SPLITS
from captcha_ocr.artifacts.pipeline_run import PipelineResults
from captcha_ocr.artifacts.splits import Splits
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.files import write_text
from captcha_ocr.compare.candidates import WORKSPACE, candidate
from captcha_ocr.compare.pairwise import as_html, compare_pair
from captcha_ocr.compare.plots_page import restrict
from captcha_ocr.compare.review import Difference, Review, as_markdown, objections_to_change
from captcha_ocr.register.promotion import challenger

OBJECTED = 4  # exit code


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds `review` to the command line."""
    parser = commands.add_parser(
        "review",
        help="compare the workspace with the results of a git revision, as the gate does",
        epilog=f"Exit code {OBJECTED}: the gate objects.",
    )
    parser.add_argument("base", metavar="REVISION")
    parser.add_argument("--name", help="name of the revision in the review (default: REVISION)")
    parser.add_argument("--about", default="", help="a sentence on how the results of the revision were obtained")
    parser.add_argument(
        "--folder",
        type=Path,
        default=REPORTS / "review",
        help="where to write review.md, versus.html and plots (default: %(default)s)",
    )
    parser.set_defaults(run=run)


def _differences(kind: str, revision: str) -> list[Difference]:
    """What `dvc params diff` or `dvc metrics diff` finds between the revision and the workspace."""
    found = json.loads(_dvc(kind, "diff", revision, "--json") or "{}")
    return [
        Difference(file, name, _shown(values.get("old")), _shown(values.get("new")), _shown(values.get("diff"), ""))
        for file, differing in found.items()
        for name, values in differing.items()
    ]


def _shown(value: Any, absent: str = "absent") -> str:
    if value is None:
        return absent
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _dvc(*arguments: str) -> str:
    """The output of a DVC command; raises CaptchaOcrError if it fails."""
    result = subprocess.run(["dvc", *arguments], capture_output=True, text=True, check=False)
    if result.returncode != 0:
        raise CaptchaOcrError(f"`dvc {' '.join(arguments)}` failed: {result.stderr.strip()}")
    return result.stdout.strip()


def run(args: argparse.Namespace) -> int:
    """Writes and prints the review; returns the exit code."""
    workspace = replace(candidate(WORKSPACE), name="this change")
    base = replace(candidate(args.base), name=args.name or args.base)
    shards = PictureShards(PICTURES)
    test = Splits.read(SPLITS).side("test", shards)
    comparison = compare_pair(workspace, base, test)
    results = PipelineResults.read(PARAMS, PROVENANCE, RECORD, REPORTS)
    text_of = {row.file: row.text for row in workspace.predictions.rows()}
    change = challenger(MODEL, [text_of[name] for name in test.names], test, results)
    objections = objections_to_change(comparison.paired, change, results.params.register_)
    tables = (_differences(kind, args.base) for kind in ("params", "metrics"))
    _dvc("plots", "diff", args.base, "--out", str(args.folder / "plots"))
    restrict(args.folder / "plots" / "index.html")
    text = as_markdown(Review(comparison, objections, args.about, *tables))
    write_text(args.folder / "versus.html", as_html(comparison, shards))
    write_text(args.folder / "review.md", text)
    print(text)
    return OBJECTED if objections else 0
