"""Whose signature a file of the registry must bear: by the environment, or by params.yaml of the project."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from captcha_ocr.artifacts.paths import PARAMS
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.yaml_text import read_yaml

KEY, IDENTITY, ISSUER = "CAPTCHA_OCR_TRUSTED_KEY", "CAPTCHA_OCR_TRUSTED_IDENTITY", "CAPTCHA_OCR_TRUSTED_ISSUER"
TRUST_CONFIG = "CAPTCHA_OCR_TRUST_CONFIG"
PARAMETERS = {KEY: "trusted_key", IDENTITY: "trusted_identity", ISSUER: "trusted_issuer"}  # in the section `register`


@dataclass(frozen=True)
class TrustedKey:
    """The PEM file of a public key."""

    file: Path

    def __str__(self) -> str:
        return f"the key {self.file}"


@dataclass(frozen=True)
class TrustedIdentity:
    """An identity and who vouches for it, as sigstore certifies them.

    trust_config: a file with sigstore's roots of trust, so that no network is needed; None: sigstore's own, which are
    fetched.
    """

    identity: str
    issuer: str
    trust_config: Path | None = None

    def __str__(self) -> str:
        return f"{self.identity} (by {self.issuer})"


Signer = TrustedKey | TrustedIdentity


def _parameters() -> Mapping[str, Any]:
    """The section `register` of params.yaml. A file of another project, which may have that name, has no such keys."""
    content = read_yaml(PARAMS) if PARAMS.exists() else None
    section = content.get("register") if isinstance(content, dict) else None
    return section if isinstance(section, dict) else {}


def _settings() -> Mapping[str, str | None]:
    """Of the environment if it names a signer, else of params.yaml; never of both."""
    if os.environ.get(KEY) or os.environ.get(IDENTITY):
        return {name: os.environ.get(name) for name in PARAMETERS}
    parameters = _parameters()
    return {name: parameters.get(key) for name, key in PARAMETERS.items()}


def trusted_signer() -> Signer | None:
    """Who must have signed; None if any file is taken that its tag names.

    Raises CaptchaOcrError if the settings name a key and an identity, or an identity without its issuer.
    """
    settings = _settings()
    key, identity, issuer = settings[KEY], settings[IDENTITY], settings[ISSUER]
    if key and identity:
        raise CaptchaOcrError(f"a key ({key}) and an identity ({identity}) are trusted: name one of them")
    if key:
        return TrustedKey(Path(str(key)))
    if not identity:
        return None
    if not issuer:
        raise CaptchaOcrError(f"{IDENTITY} is {identity}, and {ISSUER} is empty: name who vouches for that identity")
    config = os.environ.get(TRUST_CONFIG)
    return TrustedIdentity(str(identity), str(issuer), Path(config) if config else None)
