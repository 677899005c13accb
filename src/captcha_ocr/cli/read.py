"""`captcha-ocr read`: reads pictures, and prints a line for each."""

import argparse
import csv
import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from captcha_ocr.base.cells import marked
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.terminal import visible
from captcha_ocr.pictures.decoding import Source
from captcha_ocr.pictures.endings import PICTURE_ENDINGS
from captcha_ocr.pictures.opening import MAX_BYTES
from captcha_ocr.recognizer import Reading, Recognizer
from captcha_ocr.search.constraints import Constraint
from captcha_ocr.search.patterns import MAX_COUNT

STDIN = "-"
UNREADABLE, UNSURE = 1, 3  # exit codes; 2 is a wrong command line
COLUMNS = ("path", "text", "confidence", "error")

HELP = """\
A folder stands for all pictures in it, sorted by name; - is a picture on standard input.

exit codes: 0 all pictures read, 1 a picture could not be read (the error says why; the others are read),
2 wrong command line, 3 a reading below --min-confidence"""


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds `read` to the command line."""
    parser = commands.add_parser(
        "read",
        help="read pictures with an exported model",
        epilog=HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("paths", nargs="*", metavar="PATH", help="pictures, folders, or - for a picture on stdin")
    parser.add_argument("--files-from", metavar="FILE", help="file with further paths, one per line; - for stdin")
    parser.add_argument(
        "--model",
        default=os.environ.get("CAPTCHA_OCR_MODEL", "models/model.onnx"),
        help="an exported file, or models:/captcha-ocr@champion (default: $CAPTCHA_OCR_MODEL, or models/model.onnx)",
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument(
        "--json", action="store_true", help="print one JSON object per line, with confidences of the symbols"
    )
    form.add_argument("--csv", action="store_true", help=f"print CSV with the columns {', '.join(COLUMNS)}")
    parser.add_argument(
        "--min-confidence",
        type=_share,
        default=0.0,
        metavar="P",
        help="readings of a lower confidence are marked as unsure",
    )
    parser.add_argument("--alphabet", metavar="SYMBOLS", help="the text consists of these symbols only")
    parser.add_argument("--length", type=_lengths, metavar="N|N-M", help="number of symbols in the text")
    parser.add_argument("--pattern", metavar="REGEX", help=r"the text matches, for example \d{3}[a-z]{2}")
    parser.add_argument(
        "--threads", type=int, default=0, metavar="N", help="threads of onnxruntime (default: one for each core)"
    )
    parser.set_defaults(run=run)


def _load(model: str, threads: int) -> Recognizer:
    if not model.startswith("models:/"):
        return Recognizer.load(model, threads)
    try:
        from captcha_ocr.register.registry import load_registered  # reading a file needs no MLflow
    except ModuleNotFoundError as error:
        raise CaptchaOcrError(
            f"{model} is in MLflow's registry, and {error.name} is not installed: pip install 'captcha-ocr[train]', or "
            "name a file"
        ) from None
    return load_registered(model, threads)


def _share(text: str) -> float:
    share = float(text)
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and 1")
    return share


def _lengths(text: str) -> tuple[int, int]:
    low, _, high = text.partition("-")
    if not re.fullmatch(r"\d{1,4}(-\d{1,4})?", text):  # int() takes thousands of digits, signs and underscores, too
        raise argparse.ArgumentTypeError(f"{text[:20]!r} is not a length as 5, or a range as 4-6, up to {MAX_COUNT}")
    return int(low), int(high or low)


def _pictures_at(path: str) -> Iterator[str]:
    """The path itself, or all pictures below it if it is a folder."""
    if not Path(path).is_dir():
        yield path
        return
    pictures = sorted(str(p) for p in Path(path).rglob("*") if p.suffix.lower() in PICTURE_ENDINGS and p.is_file())
    if not pictures:
        raise CaptchaOcrError(f"{path} holds no picture ({', '.join(sorted(PICTURE_ENDINGS))}): name another folder")
    yield from pictures


def _lines(content: bytes) -> list[str]:
    """Names of files, one on each line; they need not be UTF-8."""
    return [os.fsdecode(line.removesuffix(b"\r")) for line in content.split(b"\n")]


def _names(args: argparse.Namespace) -> list[str]:
    """The paths of all pictures to read; raises CaptchaOcrError if there are none."""
    from_file: list[str] = []
    if args.files_from == STDIN:
        from_file = _lines(sys.stdin.buffer.read())
    elif args.files_from:
        try:
            from_file = _lines(Path(args.files_from).read_bytes())
        except OSError as error:
            raise CaptchaOcrError(f"--files-from {args.files_from} cannot be read: {error.strerror}") from None
    names = [name for path in (*args.paths, *filter(None, from_file)) for name in _pictures_at(path)]
    if not names:
        raise CaptchaOcrError("no picture was named: give paths or folders, or - and a picture on standard input")
    return names


def _constraint(args: argparse.Namespace) -> Constraint | None:
    if args.alphabet is None and args.length is None and args.pattern is None:
        return None
    low, high = args.length or (0, None)
    return Constraint(args.alphabet, low, high, args.pattern)


def _fields(name: str, outcome: Reading | CaptchaOcrError, min_confidence: float) -> dict[str, Any]:
    if isinstance(outcome, CaptchaOcrError):
        return {"path": name, "error": str(outcome)}
    return {
        "path": name,
        "text": outcome.text,
        "confidence": round(outcome.confidence, 6),
        "symbol_confidences": [round(share, 6) for share in outcome.symbol_confidences],
        "sure": outcome.confidence >= min_confidence,
    }


def _print_line(fields: dict[str, Any]) -> None:
    if "error" in fields:
        print(f"error: {visible(fields['error'])}", file=sys.stderr)
    else:
        unsure = "" if fields["sure"] else "\tunsure"
        print(f"{visible(fields['path'])}\t{visible(fields['text'])}\t{fields['confidence']:.4f}{unsure}")


def _print_json(fields: dict[str, Any]) -> None:
    """What a terminal would obey, or cannot show, is an escape of JSON."""
    line = json.dumps(fields, ensure_ascii=False)
    try:
        line.encode(sys.stdout.encoding)
    except UnicodeEncodeError:
        line = json.dumps(fields)
    print(line if visible(line) == line else json.dumps(fields))


def _printer(args: argparse.Namespace) -> Callable[[dict[str, Any]], None]:
    """The function that prints the fields of one picture, in the format that the user chose."""
    if args.json:
        return _print_json
    if args.csv:
        writer = csv.DictWriter(sys.stdout, COLUMNS, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        return lambda fields: writer.writerow({key: marked(str(value)) for key, value in fields.items()})
    return _print_line


def run(args: argparse.Namespace) -> int:
    """Reads the pictures and prints the readings; returns the exit code. Raises CaptchaOcrError for wrong arguments."""
    recognizer = _load(args.model, args.threads)
    names, constraint = _names(args), _constraint(args)
    sources: Iterator[Source] = (sys.stdin.buffer.read(MAX_BYTES + 1) if name == STDIN else name for name in names)
    print_fields, code = _printer(args), 0
    for name, outcome in zip(names, recognizer.attempt(sources, constraint=constraint), strict=True):
        fields = _fields(name, outcome, args.min_confidence)
        print_fields(fields)
        if "error" in fields:
            code = UNREADABLE
        elif not fields["sure"]:
            code = code or UNSURE
    return code
