"""Files of a source that its layout has no place for."""

from collections.abc import Container

from captcha_ocr.base.errors import CaptchaOcrError, listed
from captcha_ocr.fetch.containers.files import Files
from captcha_ocr.fetch.containers.names import is_document


def refuse_leftovers(files: Files, used: Container[str], layout: str) -> None:
    """Raises CaptchaOcrError naming the files that are neither in `used` nor documents."""
    left = [name for name in files.names if name not in used and not is_document(name)]
    if left:
        raise CaptchaOcrError(
            f"{files.place}: no part of the layout {layout}: {listed(left)}: remove it, name it in fetch.ignore, or "
            "correct fetch.layout in params.yaml"
        )
