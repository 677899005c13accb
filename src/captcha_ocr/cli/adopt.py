"""`captcha-ocr adopt`: writes params.yaml for labelled pictures of the user's own."""

import argparse
import os

from captcha_ocr.artifacts.paths import PARAMS, PIN
from captcha_ocr.artifacts.pin import read_pin
from captcha_ocr.network.lean_keras import import_keras


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds `adopt` to the command line."""
    parser = commands.add_parser(
        "adopt",
        help="look at labelled pictures, and write params.yaml for them",
        epilog="Values that you have set are kept. docs/your_pictures.md says how each value is decided.",
    )
    parser.add_argument("source", metavar="SOURCE", help="zip, tar, folder, table or address of labelled pictures")
    parser.add_argument("--dry-run", action="store_true", help="change nothing, and show what would change")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Prints what was found and decided, and ends with the next command."""
    # Only the network's shape is asked for: NumPy is enough, and starts in half the time of a backend that trains.
    os.environ["KERAS_BACKEND"] = "numpy"
    # Keras takes seconds to import. The other commands should not wait for that.
    import_keras()
    from captcha_ocr.adopt.adoption import adopt
    from captcha_ocr.adopt.place import as_parameter
    from captcha_ocr.adopt.summary import difference, summary

    adoption = adopt(as_parameter(args.source), PARAMS, read_pin(PIN).archive, args.dry_run)
    print(summary(adoption))
    if args.dry_run:
        print(f"\n{difference(adoption)}\nnothing was changed; next: captcha-ocr adopt {args.source}")
    else:
        print("\nnext: make repro")
    return 0
