"""`captcha-ocr champions`, `promote` and `rollback`: show and change by hand which version is champion."""

import argparse

from captcha_ocr.artifacts.paths import PARAMS
from captcha_ocr.base.terminal import visible
from captcha_ocr.params.params import load_params
from captcha_ocr.register import champions
from captcha_ocr.tracking.server_errors import clear_server_errors
from captcha_ocr.tracking.store import find_store


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds the three commands to the command line."""
    listing = commands.add_parser("champions", help="list all champions: since when, who promoted them, and why")
    listing.set_defaults(run=show)
    promotion = commands.add_parser("promote", help="make a registered version champion, without asking the gate")
    promotion.add_argument("version", help="number of the version in the registry")
    promotion.set_defaults(run=promote)
    back = commands.add_parser("rollback", help="make the previous champion champion again")
    back.set_defaults(run=roll_back)
    for parser in (promotion, back):
        parser.add_argument("--reason", required=True, help="kept in the history of champions")
    for parser in (listing, promotion, back):
        parser.add_argument("--name", help="name of the registered model (default: register.model_name in params.yaml)")


def _name(args: argparse.Namespace) -> str:
    find_store()
    return args.name or load_params(PARAMS).register_.model_name


@clear_server_errors()
def show(args: argparse.Namespace) -> int:
    """Prints all champions, oldest first; the last line is the present one."""
    for promotion in champions.history(_name(args)):
        line = f"version {promotion.version:>4}  since {promotion.since}  by {promotion.by}: {promotion.reason}"
        print(visible(line))
    return 0


@clear_server_errors()
def promote(args: argparse.Namespace) -> int:
    """Promotes a version, and prints that it is champion."""
    name = _name(args)
    champions.promote(name, args.version, args.reason)
    print(f"{name} version {args.version} is champion")
    return 0


@clear_server_errors()
def roll_back(args: argparse.Namespace) -> int:
    """Restores the previous champion, and prints both versions."""
    name = _name(args)
    replaced, restored = champions.roll_back(name, args.reason)
    print(f"{name} version {restored} is champion again, in place of version {replaced}")
    return 0
