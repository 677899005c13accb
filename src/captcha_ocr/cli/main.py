"""The command `captcha-ocr`."""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.system_errors import clear_system_errors
from captcha_ocr.base.terminal import make_output_visible, visible_lines
from captcha_ocr.cli import read

# The modules that need the packages of `captcha-ocr[train]`, with the commands that each adds, in the order of --help.
TRAINING = {
    "adopt": ("adopt",),
    "augmentation": ("augmentation",),
    "label": ("label",),
    "suspects": ("suspects", "correct"),
    "compare": ("compare",),
    "review": ("review",),
    "upstream": ("upstream",),
    "champions": ("champions", "promote", "rollback"),
    "sync": ("sync",),
    "serve": ("serve",),
    "sign": ("sign",),
}


def modules_of(words: Sequence[str]) -> list[str]:
    """The modules of TRAINING that a command line needs: that of its command, or all where --help lists them.

    MLflow, DVC and others take seconds to import, and a command should not wait for what another one needs.
    """
    named = [module for module, commands in TRAINING.items() if words and words[0] in commands]
    return [] if words[:1] == ["read"] else named or list(TRAINING)


def main() -> None:
    """Runs the subcommand that the command line names, and exits with its code."""
    make_output_visible()
    parser = argparse.ArgumentParser(prog="captcha-ocr", description="Reads pictures of short text.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    read.add_parser(commands)
    for module in modules_of(sys.argv[1:]) if find_spec("mlflow") else ():
        import_module(f"captcha_ocr.cli.{module}").add_parser(commands)
    args = parser.parse_args()
    try:
        with clear_system_errors():
            sys.exit(args.run(args))
    except CaptchaOcrError as error:
        sys.exit(visible_lines(f"error: {error}"))
    except BrokenPipeError:  # the reader of the output, such as `head`, has closed it
        sys.stderr.close()
        sys.exit(1)


if __name__ == "__main__":
    main()
