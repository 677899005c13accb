"""`captcha-ocr suspects`: lists labels that are probably wrong; `captcha-ocr correct`: brings corrections back."""

import argparse
from pathlib import Path

from captcha_ocr.artifacts.dataset.picture_shards import PictureShards
from captcha_ocr.artifacts.paths import MODEL, PARAMS, PICTURES, SPLITS
from captcha_ocr.artifacts.splits import SIDES, Splits
from captcha_ocr.artifacts.suspects import Suspects
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.terminal import visible
from captcha_ocr.labelling.corrections import begin_table, correct, read_corrections
from captcha_ocr.labelling.model import load_model
from captcha_ocr.labelling.suspects import find_suspects
from captcha_ocr.labelling.table import LabelTable
from captcha_ocr.params.params import load_params
from captcha_ocr.tracking.server_errors import clear_server_errors

LEARNT = (
    "The model may have learnt wrong labels of train by heart, so it finds fewer of these; make crossval reads each "
    "picture with networks that were not trained on it."
)


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds the two commands to the command line."""
    finding = commands.add_parser("suspects", help="list the labels that a model is surely at odds with")
    finding.add_argument("--to", type=Path, default=Path("suspects.csv"), metavar="FILE", help="default: %(default)s")
    finding.add_argument(
        "--model", default=str(MODEL), help="an exported file, or models:/NAME@ALIAS (default: %(default)s)"
    )
    finding.set_defaults(run=find)
    bringing = commands.add_parser("correct", help="bring corrected labels back into the labels of the data set")
    bringing.add_argument(
        "corrections", type=Path, metavar="CORRECTIONS", help="what `label SUSPECTS --to` has written"
    )
    bringing.add_argument(
        "--to",
        type=Path,
        required=True,
        metavar="TABLE",
        help="table of all labels; a new one is begun with the labels of the data set",
    )
    bringing.set_defaults(run=bring_back)


def _check_replaceable(path: Path) -> None:
    """Raises CaptchaOcrError if `path` is a file that is no list of suspects."""
    head = ",".join(Suspects.columns())
    if path.exists() and path.read_bytes().partition(b"\n")[0].decode(errors="replace").strip() != head:
        raise CaptchaOcrError(f"{path} exists and is no list of suspects: name another file with --to")


@clear_server_errors()
def find(args: argparse.Namespace) -> int:
    """Writes the suspects of the whole data set, and prints how many there are; returns the exit code 0."""
    _check_replaceable(args.to)
    recognizer = load_model(args.model).recognizer
    if recognizer is None:
        raise CaptchaOcrError("--model none finds no suspects: name an exported file")
    splits = Splits.read(SPLITS)
    suspects = find_suspects(splits, PictureShards(PICTURES), recognizer)
    suspects.write(args.to)
    for side in SIDES:
        print(f"{side}: {int((suspects.split == side).sum()):,} of {int((splits.split == side).sum()):,} pictures")
    print(LEARNT)
    print(f"next: captcha-ocr label {args.to} --to corrections.csv")
    return 0


def bring_back(args: argparse.Namespace) -> int:
    """Writes the corrections into the table, and prints the labels that changed; returns the exit code 0."""
    corrections = read_corrections(args.corrections)
    if not args.to.exists():
        begin_table(args.to, PictureShards(PICTURES))
    with LabelTable(args.to) as table:
        changed = correct(table, corrections)
    for file, (old, new) in changed.items():
        print(f"{visible(file)}: {visible(old)} is now {visible(new)}")
    print(f"{len(changed):,} of {len(corrections):,} checked labels changed in {args.to}")
    fetch = load_params(PARAMS).fetch
    if str(args.to) not in (fetch.source, fetch.table):
        print(
            f"in params.yaml set fetch.layout to table, fetch.table to {args.to}, fetch.source to the archive or "
            "folder of the pictures, and fetch.split_column to split if the table has such a column"
        )
    print("next: make repro")
    return 0
