"""Pictures as data URIs (RFC 2397), so that a page contains them and needs no other file."""

import base64
import io
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure


def _uri(kind: str, content: bytes) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"


def picture_uri(path: Path) -> str:
    """The data URI of a picture file, with its bytes unchanged."""
    return _uri(path.suffix.lstrip(".").lower().replace("jpg", "jpeg"), path.read_bytes())


def figure_uri(figure: Figure) -> str:
    """The data URI of a plot as SVG. The same plot always gives the same bytes."""
    file = io.BytesIO()
    with mpl.rc_context({"svg.hashsalt": "captcha-ocr"}):
        figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
    return _uri("svg+xml", file.getvalue())
