"""`captcha-ocr compare`: two trained recognisers on the same test pictures."""

import argparse
from pathlib import Path

from captcha_ocr.base.files import write_text
from captcha_ocr.compare.candidates import subject
from captcha_ocr.compare.pairwise import as_html, as_text, versus
from captcha_ocr.network.samples import read_splits, side_of
from captcha_ocr.tracking.server_errors import no_server_is_a_clear_error

SPLITS, PICTURES = Path("data/splits.csv"), Path("data/raw")


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds `compare` to the command line."""
    parser = commands.add_parser(
        "compare",
        help="compare two trained recognisers on the same test pictures",
        epilog="Each is `workspace`, a git revision, a DVC experiment, a run's id, or models:/NAME@ALIAS.",
    )
    parser.add_argument("first", metavar="A")
    parser.add_argument("second", metavar="B")
    parser.add_argument("--html", type=Path, metavar="FILE", help="also write a page with the pictures")
    parser.set_defaults(run=run)


@no_server_is_a_clear_error()
def run(args: argparse.Namespace) -> int:
    """Prints, and writes the page where one is wanted."""
    current = side_of(read_splits(SPLITS), "test", PICTURES)
    found = versus(subject(args.first), subject(args.second), current)
    print(as_text(found))
    if args.html:
        write_text(args.html, as_html(found, PICTURES))
    return 0
