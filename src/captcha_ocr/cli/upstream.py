"""`captcha-ocr upstream`: the public archive against the pin in data.dvc."""

import argparse
from pathlib import Path

from captcha_ocr.artifacts.pin import read_pin
from captcha_ocr.base.errors import CaptchaOcrError, listed
from captcha_ocr.base.files import write_text
from captcha_ocr.base.markdown import code
from captcha_ocr.fetch.pin import pinned_digests
from captcha_ocr.fetch.upstream import UpstreamComparison, compare_upstream
from captcha_ocr.params.params import load_params

REPORT = Path("reports/upstream/upstream.md")
CHANGED, GONE = 4, 5
MOST = 50  # names of each kind
LEFT = "Until somebody decides, every run keeps to the pin: data.dvc accepts no other pictures."


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds `upstream` to the command line."""
    parser = commands.add_parser(
        "upstream",
        help="compare the public archive with the pin in data.dvc",
        epilog=f"Exit code {CHANGED}: other pictures; {GONE}: the address gives no archive. Then {REPORT} says more.",
    )
    parser.set_defaults(run=run)


def _changed(found: UpstreamComparison, url: str) -> str:
    lines = [f"- {kind}: {listed([code(name) for name in names], MOST)}" for kind, names in found.pictures.items()]
    return "\n".join(
        [
            "# The public pictures are not those of the pin",
            "",
            f"{code(url)} now holds others.",
            "",
            *lines,
            "",
            LEFT,
            "",
        ]
    )


def _gone(error: CaptchaOcrError) -> str:
    return (
        f"# The public archive is not where the pin says\n\n{code(error)}\n\nNothing is known of its pictures. "
        f"If it has moved for good, data.dvc needs the new address. {LEFT}\n"
    )


def _report(text: str, exit_code: int) -> int:
    write_text(REPORT, text)
    print(text)
    return exit_code


def run(args: argparse.Namespace) -> int:
    """Prints what was found, and writes the report where there is something to say; returns the exit code."""
    REPORT.unlink(missing_ok=True)
    pin, params = read_pin(Path("data.dvc")), load_params(Path("params.yaml"))
    expected = pinned_digests(pin)
    try:
        found = compare_upstream(pin, expected, params.fetch, params.text)
    except CaptchaOcrError as error:
        return _report(_gone(error), GONE)
    if found.pictures:
        return _report(_changed(found, pin.url), CHANGED)
    print("the public pictures are those of the pin" + ("" if found.same_zip else ", in another zip"))
    return 0
