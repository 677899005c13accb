r"""Styles that nobody here drew: twelve families of pictures by independent generators, and who reads them how well.

    python -m benchmarks.styles make       # environments and pictures, below .cache/styles/ (an hour, two cores)
    python -m benchmarks.styles sheet      # a contact sheet
    python -m benchmarks.styles measure --contenders default --labels 500 --families captcha trdg
    python -m benchmarks.styles table

Recipes are chosen on other pictures than the test's, with `--validation-only`, and `--set` changes the recipe:

    python -m benchmarks.styles measure --contenders default --validation-only \
      --name wider --set width=320 augmentation=1.5

Each result is added to reports/benchmarks/styles.jsonl, and a later call makes what is missing there. `table` writes
reports/benchmarks/styles.md, `sheet` reports/benchmarks/styles.png. docs/styles.md says what the families are.
"""

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

import yaml

from captcha_ocr.artifacts.paths import REPORTS
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.files import write_text
from captcha_ocr.base.stage import exit_on_error

from . import families, results, sheet, table
from .jobs import CONTENDERS, Contender, contender, plan, renamed
from .measuring import measure

FOLDER = REPORTS / "benchmarks"
TEST, VALIDATION = families.TEST.name, families.VALIDATION.name


def make(args: argparse.Namespace) -> None:
    """Makes all environments and pictures of the chosen families."""
    families.check_fonts()
    for name in args.families:
        for wanted in families.SETS:
            print(families.make(families.family(name), wanted), flush=True)


def _chosen(args: argparse.Namespace) -> list[Contender]:
    found = [contender(name) for name in args.contenders]
    settings = {key: yaml.safe_load(value) for key, _, value in (change.partition("=") for change in args.set)}
    if not settings and not args.name:
        return found
    if len(found) != 1 or not args.name:
        raise CaptchaOcrError("--set changes one contender, under another name: give one of --contenders, and --name")
    return [renamed(found[0], args.name, settings)]


def run_all(args: argparse.Namespace) -> None:
    """Runs the jobs that have no result. One that fails keeps none of the others from running."""
    os.sched_setaffinity(0, args.cores or os.sched_getaffinity(0))
    on = VALIDATION if args.validation_only else TEST
    failed = []
    for job in plan(args.families, _chosen(args), args.labels, on, args.seeds):
        if job.key in {row.key for row in results.read(args.output)}:  # read anew: another driver may add to it
            continue
        try:
            row = measure(job, args.limit)
        except CaptchaOcrError as error:
            print(f"{job.key}: {error}", flush=True)
            failed.append(job.key)
            continue
        results.append(row, args.output)
        print(*job.key, f"exact {row.exact:.1%}, CER {row.cer:.1%}, {row.seconds:.0f} s {row.error}", flush=True)
    if failed:
        raise CaptchaOcrError(f"{len(failed)} jobs failed, for the reasons above: {failed}")


def write_tables(args: argparse.Namespace) -> None:
    """Writes the tables, and prints them."""
    text = table.document(results.read(args.output), VALIDATION if args.validation_only else TEST)
    write_text(args.output.with_suffix(".md"), text)
    print(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.styles", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    names = [kind.name for kind in families.FAMILIES]
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for run in (make, run_all, write_tables):
        command = commands.add_parser(COMMANDS[run], help=run.__doc__)
        command.set_defaults(run=run)
        command.add_argument("--families", nargs="+", default=names, choices=names, metavar="NAME", help=f"of {names}")
        command.add_argument("--output", type=Path, default=FOLDER / "styles.jsonl", help="the file of the results")
        command.add_argument("--validation-only", action="store_true", help="judge on the validation pictures")
    command = commands.choices["measure"]
    own = [one.name for one in CONTENDERS]
    command.add_argument("--contenders", nargs="+", default=own, choices=own, metavar="NAME", help=f"of {own}")
    command.add_argument("--labels", nargs="+", type=int, default=[500, 100, 5000])
    command.add_argument("--seeds", nargs="+", type=int, help="only these: 0, and 1 and 2 with 500 labels")
    command.add_argument("--name", default="", help="of the contender that --set makes")
    command.add_argument("--set", nargs="+", default=[], metavar="KEY=VALUE", help="of the section train")
    command.add_argument("--cores", nargs="+", type=int, help="numbers of the cores that may be used; all")
    command.add_argument("--limit", type=float, help="seconds after which a job is ended")
    command = commands.add_parser("sheet", help=sheet.draw.__doc__)
    command.add_argument("--output", type=Path, default=FOLDER / "styles.png")
    command.set_defaults(run=lambda args: sheet.draw(args.output))
    return parser


COMMANDS = {make: "make", run_all: "measure", write_tables: "table"}


def main(words: Sequence[str] | None = None) -> None:
    """Runs the command that `words`, or the command line, names."""
    args = _parser().parse_args(words)
    args.run(args)


if __name__ == "__main__":
    exit_on_error(main)
