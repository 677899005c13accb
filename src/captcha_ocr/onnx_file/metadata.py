"""The metadata of an exported file."""

import json
from typing import Any

from captcha_ocr.base.errors import CaptchaOcrError

METADATA_KEY = "captcha_ocr"


def parse_metadata(text: str, name: str) -> dict[str, Any]:
    """The metadata of the file `name`; raises CaptchaOcrError where it is no JSON object with a usable alphabet."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise CaptchaOcrError(
            f"the metadata of {name} is not JSON ({error}): export the file again with `dvc repro`"
        ) from None
    alphabet = found.get("alphabet") if isinstance(found, dict) else None
    if problem := _problem(alphabet):
        raise CaptchaOcrError(f"the metadata of {name} {problem}: export the file again with `dvc repro`")
    return dict(found)


def _problem(alphabet: object) -> str:
    """What is wrong with an alphabet, as a phrase; empty where nothing is."""
    if not isinstance(alphabet, str) or not alphabet:
        return "names no alphabet"
    if len(set(alphabet)) < len(alphabet):
        return "has an alphabet with a symbol that occurs twice"
    if any("\ud800" <= symbol <= "\udfff" for symbol in alphabet):
        return "has an alphabet with half a surrogate pair, which is no symbol"
    return ""
