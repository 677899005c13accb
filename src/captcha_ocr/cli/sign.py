"""`captcha-ocr sign`: signs the workspace's model as a registered version."""

import argparse

from captcha_ocr.artifacts.paths import MODEL, PARAMS
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.files import read_bytes, sha256_of
from captcha_ocr.params.params import load_params
from captcha_ocr.register.registered_file import DIGEST_TAG, find_version
from captcha_ocr.register.registry import Version, sign_version
from captcha_ocr.tracking.server_errors import clear_server_errors


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds `sign` to the command line."""
    parser = commands.add_parser(
        "sign",
        help="sign a registered version, with the key of CAPTCHA_OCR_SIGNING_KEY or an identity",
        epilog=f"What is signed is {MODEL} of the workspace, never what the registry holds.",
    )
    parser.add_argument("version", help="number of the version in the registry")
    parser.add_argument("--name", help="name of the registered model (default: register.model_name in params.yaml)")
    parser.add_argument("--identity", action="store_true", help="sign with an identity of sigstore rather than a key")
    parser.set_defaults(run=run)


@clear_server_errors()
def run(args: argparse.Namespace) -> int:
    """Signs, stores the bundle, and prints which file was signed; returns the exit code 0.

    Raises CaptchaOcrError if the version was registered with another file than the workspace's.
    """
    name = args.name or load_params(PARAMS).register_.model_name
    version = find_version(f"models:/{name}/{args.version}")
    content, digest = read_bytes(MODEL), sha256_of(MODEL)
    if version.tags.get(DIGEST_TAG) != digest:
        raise CaptchaOcrError(
            f"{MODEL} has SHA-256 {digest}, and version {args.version} of {name} was registered with "
            f"{version.tags.get(DIGEST_TAG)}: check out the commit that made that version, and run `dvc pull`"
        )
    sign_version(Version(name, args.version), content, "identity" if args.identity else "key")
    print(f"{name} version {args.version} is signed: SHA-256 {digest}")
    return 0
