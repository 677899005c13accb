"""What of a typed text is stored as a label."""

import unicodedata

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.fetch.layouts.entry import normalised


def label_of(typed: str) -> str:
    """The text in Unicode's composed form (NFC), without white space at its ends.

    Raises CaptchaOcrError if nothing is left, or it holds a control character such as a line break.
    """
    text = normalised(typed).strip()
    if not text:
        raise CaptchaOcrError("an empty label is not stored: type the text, or press ↓ for the next picture")
    control = next((symbol for symbol in text if unicodedata.category(symbol) == "Cc"), None)
    if control:
        raise CaptchaOcrError(f"{text!r} holds the control character {control!r}: type the text without it")
    return text
