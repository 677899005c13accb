"""Pictures as data URIs (RFC 2397), so that a page contains them and needs no other file."""

import base64
import io
from pathlib import PurePosixPath

import matplotlib as mpl
from matplotlib.figure import Figure

from captcha_ocr.pictures.decoding import open_picture

SHOWN_BY_BROWSERS = ("bmp", "gif", "jpeg", "png", "webp")


def _uri(kind: str, content: bytes) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"


def _as_png(name: str, content: bytes) -> bytes:
    file = io.BytesIO()
    open_picture(content, name).convert("RGBA").save(file, "PNG")
    return file.getvalue()


def picture_uri(name: str, content: bytes) -> str:
    """The data URI of a picture file called `name`: its bytes, or a PNG of it where browsers do not show the format."""
    kind = PurePosixPath(name).suffix.lstrip(".").lower().replace("jpg", "jpeg")
    return _uri(kind, content) if kind in SHOWN_BY_BROWSERS else _uri("png", _as_png(name, content))


def figure_uri(figure: Figure) -> str:
    """The data URI of a plot as SVG. The same plot always gives the same bytes."""
    file = io.BytesIO()
    with mpl.rc_context({"svg.hashsalt": "captcha-ocr"}):
        figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
    return _uri("svg+xml", file.getvalue())
