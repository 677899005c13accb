"""`captcha-ocr champions`, `promote` and `rollback`: the alias @champion of the registry, by a person's word."""

import argparse
from pathlib import Path

from captcha_ocr.params.params import load_params
from captcha_ocr.register import champions
from captcha_ocr.tracking.server_errors import no_server_is_a_clear_error
from captcha_ocr.tracking.store import find_store


def add_parsers(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds the three to the command line."""
    listing = commands.add_parser("champions", help="list who reigned, since when, by whose word and why")
    listing.set_defaults(run=show)
    promotion = commands.add_parser("promote", help="make a registered version champion")
    promotion.add_argument("version", help="its number in the registry")
    promotion.set_defaults(run=promote)
    back = commands.add_parser("rollback", help="give the alias back to the champion before")
    back.set_defaults(run=roll_back)
    for parser in (promotion, back):
        parser.add_argument("--reason", required=True, help="kept with the reign")
    for parser in (listing, promotion, back):
        parser.add_argument("--name", help="of the registered model (default: register.model_name of params.yaml)")


def _name(args: argparse.Namespace) -> str:
    find_store()
    return args.name or load_params(Path("params.yaml")).register_.model_name


@no_server_is_a_clear_error()
def show(args: argparse.Namespace) -> int:
    """Oldest first; the last line is the present champion."""
    for reign in champions.history(_name(args)):
        print(f"version {reign.version:>4}  since {reign.since}  by {reign.by}: {reign.reason}")
    return 0


@no_server_is_a_clear_error()
def promote(args: argparse.Namespace) -> int:
    """Says what came of it."""
    name = _name(args)
    champions.promote(name, args.version, args.reason)
    print(f"{name} version {args.version} is champion")
    return 0


@no_server_is_a_clear_error()
def roll_back(args: argparse.Namespace) -> int:
    """Says what came of it."""
    name = _name(args)
    deposed, restored = champions.roll_back(name, args.reason)
    print(f"{name} version {restored} is champion again, in place of version {deposed}")
    return 0
