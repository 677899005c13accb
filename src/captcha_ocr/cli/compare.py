"""`captcha-ocr compare`: compares two trained recognisers on the same test pictures."""

import argparse
from pathlib import Path

from captcha_ocr.artifacts.dataset.picture_shards import PictureShards
from captcha_ocr.artifacts.paths import PICTURES, SPLITS
from captcha_ocr.artifacts.splits import Splits
from captcha_ocr.base.files import write_text
from captcha_ocr.compare.candidates import candidate
from captcha_ocr.compare.pairwise import as_html, as_text, compare_pair
from captcha_ocr.tracking.server_errors import clear_server_errors


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds `compare` to the command line."""
    parser = commands.add_parser(
        "compare",
        help="compare two trained recognisers on the same test pictures",
        epilog="A and B are each `workspace`, a git revision, a DVC experiment, a run's id, or models:/NAME@ALIAS.",
    )
    parser.add_argument("first", metavar="A")
    parser.add_argument("second", metavar="B")
    parser.add_argument("--html", type=Path, metavar="FILE", help="also write a page with the pictures")
    parser.set_defaults(run=run)


@clear_server_errors()
def run(args: argparse.Namespace) -> int:
    """Prints the comparison, and writes it as a page if --html is given; returns the exit code 0."""
    shards = PictureShards(PICTURES)
    current = Splits.read(SPLITS).side("test", shards)
    comparison = compare_pair(candidate(args.first), candidate(args.second), current)
    print(as_text(comparison))
    if args.html:
        write_text(args.html, as_html(comparison, shards))
    return 0
