"""The command line of a stage, and how scripts end on an expected error: with its message and exit code 1."""

import argparse
import sys
from collections.abc import Callable
from dataclasses import fields
from typing import TypeVar

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.terminal import make_output_visible, visible_lines

Arguments = TypeVar("Arguments")


def parse_arguments(declaration: type[Arguments], description: str | None) -> Arguments:
    """Parses the command line into an instance of the dataclass `declaration`.

    Each field is a required option of the field's type: `git_blob: str` is the option `--git-blob TEXT`.
    """
    parser = argparse.ArgumentParser(description=description)
    for field in fields(declaration):  # type: ignore[arg-type]  # a type variable cannot be bound to dataclasses
        assert callable(field.type)
        parser.add_argument(f"--{field.name.replace('_', '-')}", type=field.type, required=True)
    return declaration(**vars(parser.parse_args()))


def exit_on_error(main: Callable[[], None]) -> None:
    """Runs `main`. A CaptchaOcrError ends the process with its message; other errors keep Python's traceback.

    What is printed may hold names and texts of the data: nothing in it controls the terminal.
    """
    make_output_visible()
    try:
        main()
    except CaptchaOcrError as error:
        sys.exit(visible_lines(f"error: {error}"))


def run_stage(main: Callable[[Arguments], None], declaration: type[Arguments], description: str | None) -> None:
    """Runs `main` with the command line, parsed into the dataclass `declaration`; `description` is for --help."""
    arguments = parse_arguments(declaration, description)
    exit_on_error(lambda: main(arguments))
