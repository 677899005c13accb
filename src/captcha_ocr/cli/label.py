"""`captcha-ocr label`: a local page on which the user types the labels of pictures."""

import argparse
import threading
import webbrowser
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from captcha_ocr.artifacts.dataset.picture_shards import PictureShards
from captcha_ocr.artifacts.paths import PICTURES
from captcha_ocr.base.errors import CaptchaOcrError, listed
from captcha_ocr.labelling.csv_form import DELIMITERS
from captcha_ocr.labelling.model import best_model, load_model
from captcha_ocr.labelling.pictures import Pictures, pictures_below
from captcha_ocr.labelling.reading import Outcomes, read_in_portions
from captcha_ocr.labelling.security import HOST, new_token
from captcha_ocr.labelling.server import About, build_app, listen, serve
from captcha_ocr.labelling.session import Session
from captcha_ocr.labelling.sheet import read_sheet
from captcha_ocr.labelling.table import LabelTable
from captcha_ocr.tracking.server_errors import clear_server_errors

HELP = "Ctrl-C ends it. The same command resumes: what is labelled in the table is not asked again."


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds `label` to the command line."""
    parser = commands.add_parser("label", help="label pictures on a local page, least sure first", epilog=HELP)
    parser.add_argument(
        "pictures", type=Path, metavar="FOLDER", help="the pictures, also in folders below it; or a sheet of suspects"
    )
    parser.add_argument(
        "--to",
        type=Path,
        required=True,
        metavar="FILE",
        help="table of labels (.csv, .tsv); an existing one is continued",
    )
    parser.add_argument(
        "--model",
        help="what types the readings in: an exported file, models:/NAME@ALIAS, or none (default: the registry's "
        "champion, else models/model.onnx, else the weights that ship with captcha-ocr)",
    )
    parser.add_argument("--port", type=int, default=0, help="port of the page (default: any free one)")
    parser.add_argument("--no-browser", action="store_true", help="only print the address of the page")
    parser.set_defaults(run=run)


@dataclass(frozen=True)
class _Work:
    """Pictures, who reads them, the symbols that the reader knows, and its readings of pictures by their numbers."""

    pictures: Pictures
    model: str
    alphabet: str
    readings: Callable[[list[int]], Iterable[Outcomes]]


def _say(line: str) -> None:
    print(line, flush=True)


def _folder(args: argparse.Namespace) -> _Work:
    pictures = pictures_below(args.pictures, args.to)
    with clear_server_errors():
        model = load_model(args.model) if args.model else best_model(_say)
    return _Work(
        pictures,
        model.name,
        model.alphabet,
        lambda numbers: read_in_portions(numbers, pictures, model.recognizer),
    )


def _sheet(args: argparse.Namespace) -> _Work:
    if args.model:
        raise CaptchaOcrError(f"--model {args.model}: the readings are those of {args.pictures}, so name no model")
    sheet = read_sheet(args.pictures, PictureShards(PICTURES))
    return _Work(sheet, f"as in {args.pictures}", "", sheet.readings)


def _print_summary(session: Session, args: argparse.Namespace, is_sheet: bool) -> None:
    """What has been done, what remains, and the next command."""
    progress = session.progress()
    remain = progress.pictures - progress.labelled - len(progress.failed)
    _say(f"\n{progress.labelled:,} labelled in {args.to}, {remain:,} without a label")
    if progress.failed:
        _say(f"{len(progress.failed):,} cannot be labelled: {listed(progress.failed)}")
    if progress.labelled:
        next_ = f"correct {args.to} --to LABELS.csv" if is_sheet else f"adopt {args.to}, then make repro"
        _say(f"next: captcha-ocr {next_}")


def run(args: argparse.Namespace) -> int:
    """Serves the page until Ctrl-C; returns the exit code 0."""
    is_sheet = args.pictures.suffix.lower() in DELIMITERS and not args.pictures.is_dir()
    with LabelTable(args.to) as table, listen(args.port) as listener:
        work = _sheet(args) if is_sheet else _folder(args)
        session = Session(work.pictures, table)
        reading = (work.readings(session.unread),)
        threading.Thread(target=session.take_all, args=reading, daemon=True).start()
        token = new_token()
        address = f"http://{HOST}:{listener.getsockname()[1]}/{token}/"
        progress = session.progress()
        _say(f"{progress.pictures:,} pictures, {progress.labelled:,} of them labelled in {args.to}")
        _say(f"model: {work.model}\n{address}\nCtrl-C ends; each answer is stored at once")
        if not args.no_browser:
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
        serve(build_app(session, About(work.model, work.alphabet, str(args.pictures), str(args.to)), token), listener)
        _print_summary(session, args, is_sheet)
    return 0
