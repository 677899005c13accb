"""Pictures as data URIs (RFC 2397), so that a page contains them and needs no other file."""

import base64
import io
from pathlib import PurePosixPath

from captcha_ocr.pictures.decoding import eight_bit
from captcha_ocr.pictures.opening import open_picture

SHOWN_BY_BROWSERS = ("bmp", "gif", "jpeg", "png", "webp")


def data_uri(kind: str, content: bytes) -> str:
    """The data URI of an image of the media type `image/<kind>`."""
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"


def _as_png(name: str, content: bytes) -> bytes:
    file = io.BytesIO()
    eight_bit(open_picture(content, name), name).convert("RGBA").save(file, "PNG")
    return file.getvalue()


def picture_uri(name: str, content: bytes) -> str:
    """The data URI of a picture file called `name`: its bytes, or a PNG of it where browsers do not show the format."""
    kind = PurePosixPath(name).suffix.lstrip(".").lower().replace("jpg", "jpeg")
    return data_uri(kind, content) if kind in SHOWN_BY_BROWSERS else data_uri("png", _as_png(name, content))
