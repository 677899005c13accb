"""The command `captcha-ocr`."""

import argparse
import sys
from importlib.util import find_spec

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.system_errors import clear_system_errors
from captcha_ocr.base.terminal import make_output_visible, visible_lines
from captcha_ocr.cli import read


def main() -> None:
    """Runs the subcommand that the command line names, and exits with its code."""
    make_output_visible()
    parser = argparse.ArgumentParser(prog="captcha-ocr", description="Reads pictures of short text.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    read.add_parser(commands)
    # The other commands need the packages of `captcha-ocr[train]`. Reading should not wait for their import.
    if sys.argv[1:2] != ["read"] and find_spec("mlflow"):
        from captcha_ocr.cli import adopt, champions, compare, label, review, serve, sign, suspects, sync, upstream

        adopt.add_parser(commands)
        label.add_parser(commands)
        suspects.add_parsers(commands)
        compare.add_parser(commands)
        review.add_parser(commands)
        upstream.add_parser(commands)
        champions.add_parsers(commands)
        sync.add_parser(commands)
        serve.add_parser(commands)
        sign.add_parser(commands)
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
