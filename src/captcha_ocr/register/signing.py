"""Signs exported files, and verifies signatures, with the library model-signing: bundles in sigstore's format.

What is signed is a folder of two files, the model and the name and number that it is registered as. Without the second,
a file that was signed as one version would pass as any other.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.register.trust import TRUST_CONFIG, Signer, TrustedKey

SIGNATURE = "signature"  # the folder beside the model
BUNDLE = "model.sigstore.json"
STATEMENT = "registered.json"
SIGNING_KEY, PASSWORD = "CAPTCHA_OCR_SIGNING_KEY", "CAPTCHA_OCR_SIGNING_KEY_PASSWORD"
Signing = Literal["key", "identity"]
INSTALL = "signatures need the package model-signing: pip install 'captcha-ocr[signing]'"


def statement(name: str, number: str) -> str:
    """The text of STATEMENT."""
    return json.dumps({"model": name, "version": number}) + "\n"


@contextmanager
def _subject(content: bytes, name: str, number: str) -> Iterator[Path]:
    """A folder with what a signature covers, as long as the block lasts."""
    with TemporaryDirectory() as folder:
        Path(folder, "model.onnx").write_bytes(content)
        Path(folder, STATEMENT).write_text(statement(name, number), encoding="utf-8")
        yield Path(folder)


def sign(content: bytes, name: str, number: str, how: Signing) -> bytes:
    """The bundle for the exported file `content` as version `number` of the model `name`.

    `key`: with the private key, a PEM file on an elliptic curve, that CAPTCHA_OCR_SIGNING_KEY names. `identity`: with
    that of the workflow or user, which sigstore certifies and notes in its public log. Raises CaptchaOcrError if the
    key cannot be used, or sigstore gives no certificate.
    """
    try:
        from model_signing import signing
    except ModuleNotFoundError:
        raise CaptchaOcrError(INSTALL) from None
    key, config = os.environ.get(SIGNING_KEY, ""), os.environ.get(TRUST_CONFIG)
    if how == "key" and not key:
        raise CaptchaOcrError(f"{SIGNING_KEY} is empty: name the file of the private key")
    with _subject(content, name, number) as folder, TemporaryDirectory() as elsewhere:
        signer, bundle = signing.Config(), Path(elsewhere, BUNDLE)
        try:
            if how == "key":
                password = os.environ.get(PASSWORD)
                encoded = password.encode() if password else None  # what is called `str` there goes on as bytes
                signer.use_elliptic_key_signer(private_key=key, password=encoded)  # type: ignore[arg-type]
            else:
                signer.use_sigstore_signer(use_ambient_credentials=True, trust_config=Path(config) if config else None)
            signer.sign(folder, bundle)
        except Exception as error:  # of files, keys, certificates and networks, from libraries without a common base
            raise CaptchaOcrError(
                f"version {number} of {name} cannot be signed with "
                f"{f'the key {key}' if how == 'key' else 'an identity'}: {type(error).__name__}: {error}"
            ) from None
        return bundle.read_bytes()


def verify(content: bytes, name: str, number: str, bundle: bytes | None, trusted: Signer) -> None:
    """Raises CaptchaOcrError unless `bundle` says that `trusted` has signed `content` as version `number` of `name`.

    Works without a network, for an identity only with a `trust_config`.
    """
    about = f"version {number} of {name}"
    if bundle is None:
        raise CaptchaOcrError(
            f"{about} is not signed, and {trusted} must have signed it: sign it with `captcha-ocr sign {number}`, or "
            "name another version"
        )
    try:
        from model_signing import verifying
    except ModuleNotFoundError:
        raise CaptchaOcrError(INSTALL) from None
    verifier = verifying.Config()
    try:
        if isinstance(trusted, TrustedKey):
            verifier.use_elliptic_key_verifier(public_key=trusted.file)
        else:
            verifier.use_sigstore_verifier(
                identity=trusted.identity, oidc_issuer=trusted.issuer, trust_config=trusted.trust_config
            )
    except Exception as error:  # as in `sign`
        raise CaptchaOcrError(f"{trusted} cannot be used to verify {about}: {type(error).__name__}: {error}") from None
    with _subject(content, name, number) as folder, TemporaryDirectory() as elsewhere:
        file = Path(elsewhere, BUNDLE)
        file.write_bytes(bundle)
        try:
            verifier.verify(folder, file)
        except Exception as error:  # the bundle is anybody's bytes, and what they raise has no common base
            raise CaptchaOcrError(
                f"{about} is not signed by {trusted} ({type(error).__name__}: {error}): do not use it, and name "
                "another version"
            ) from None
