"""`captcha-ocr label`: a local page on which the user types the labels of pictures."""

import argparse
import threading
import webbrowser
from pathlib import Path

from captcha_ocr.base.errors import listed
from captcha_ocr.labelling.model import Model, best_model, load_model
from captcha_ocr.labelling.pictures import pictures_below
from captcha_ocr.labelling.reading import read_in_portions
from captcha_ocr.labelling.security import HOST, new_token
from captcha_ocr.labelling.server import About, build_app, listen, serve
from captcha_ocr.labelling.session import Session
from captcha_ocr.labelling.table import LabelTable
from captcha_ocr.tracking.server_errors import clear_server_errors

HELP = "Ctrl-C ends it. The same command resumes: what is labelled in the table is not asked again."


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds `label` to the command line."""
    parser = commands.add_parser("label", help="label pictures on a local page, least sure first", epilog=HELP)
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="the pictures, also in folders below it")
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


def _say(line: str) -> None:
    print(line, flush=True)


def _model(name: str | None) -> Model:
    with clear_server_errors():
        return load_model(name) if name else best_model(_say)


def _print_summary(session: Session, table: Path) -> None:
    """What has been done, what remains, and the next command."""
    progress = session.progress()
    remain = progress.pictures - progress.labelled - len(progress.failed)
    _say(f"\n{progress.labelled:,} labelled in {table}, {remain:,} without a label")
    if progress.failed:
        _say(f"{len(progress.failed):,} cannot be labelled: {listed(progress.failed)}")
    if progress.labelled:
        _say(f"next: captcha-ocr adopt {table}, then make repro")


def run(args: argparse.Namespace) -> int:
    """Serves the page until Ctrl-C; returns the exit code 0."""
    with LabelTable(args.to) as table, listen(args.port) as listener:
        pictures = pictures_below(args.folder, args.to)
        session = Session(pictures, table, args.folder)
        model = _model(args.model)
        portions = read_in_portions(session.unread, pictures, model.recognizer)
        threading.Thread(target=session.take_all, args=(portions,), daemon=True).start()
        token = new_token()
        address = f"http://{HOST}:{listener.getsockname()[1]}/{token}/"
        _say(f"{len(pictures):,} pictures, {session.progress().labelled:,} of them labelled in {args.to}")
        _say(f"model: {model.name}\n{address}\nCtrl-C ends; each answer is stored at once")
        if not args.no_browser:
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
        serve(build_app(session, About(model.name, model.alphabet, str(args.folder), str(args.to)), token), listener)
        _print_summary(session, args.to)
    return 0
