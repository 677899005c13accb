"""The command line of a stage, and how scripts end on an expected error: with its message and exit code 1."""

import argparse
import sys
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import TypeVar

from captcha_ocr.base.drafts import sweep_drafts
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.parent import end_with_dvc
from captcha_ocr.base.sole_writer import sole_writer
from captcha_ocr.base.system_errors import clear_system_errors
from captcha_ocr.base.terminal import make_output_visible, visible_lines

Arguments = TypeVar("Arguments")
LOCKS = Path(".cache/locks")  # in the working folder: a copy that `dvc exp run --temp` works in has locks of its own


def parse_arguments(declaration: type[Arguments], description: str | None) -> Arguments:
    """Parses the command line into an instance of the dataclass `declaration`.

    Each field is a required option of the field's type: `git_blob: str` is the option `--git-blob TEXT`.
    """
    parser = argparse.ArgumentParser(description=description)
    for field in fields(declaration):  # type: ignore[arg-type]  # a type variable cannot be bound to dataclasses
        assert callable(field.type)
        parser.add_argument(f"--{field.name.replace('_', '-')}", type=field.type, required=True)
    return declaration(**vars(parser.parse_args()))


def exit_on_error(main: Callable[[], object]) -> None:
    """Runs `main`. A CaptchaOcrError ends the process with its message, and so does an error of the disk.

    Other errors keep Python's traceback. What is printed may hold names and texts of the data: nothing in it controls
    the terminal.
    """
    make_output_visible()
    try:
        with clear_system_errors():
            main()
    except CaptchaOcrError as error:
        sys.exit(visible_lines(f"error: {error}"))


def _folders(arguments: object) -> set[Path]:
    """The folders in which the stage reads and writes, and those that it fills."""
    paths = {path for path in vars(arguments).values() if isinstance(path, Path)}
    return {path.parent for path in paths} | {path for path in paths if path.is_dir()}


def _run_alone(main: Callable[[Arguments], None], arguments: Arguments, lock: str) -> None:
    with sole_writer(LOCKS / f"{lock}.lock", f"the stage {Path(sys.argv[0]).stem}", f"the {lock} of this checkout"):
        for folder in _folders(arguments):
            sweep_drafts(folder)
        main(arguments)


def run_stage(
    main: Callable[[Arguments], None],
    declaration: type[Arguments],
    description: str | None,
    lock: Callable[[Arguments], str] = lambda arguments: "outputs",
) -> None:
    """Runs `main` with the command line, parsed into the dataclass `declaration`; `description` is for --help.

    Stages with the same `lock` do not run at the same time in a checkout: the second one ends with an error.
    """
    arguments = parse_arguments(declaration, description)
    end_with_dvc()
    exit_on_error(lambda: _run_alone(main, arguments, lock(arguments)))
