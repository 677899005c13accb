"""Pictures as data URIs (RFC 2397): inside the page, so that it needs no other file."""

import base64
import io
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure


def _uri(kind: str, content: bytes) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"


def picture_uri(path: Path) -> str:
    """A picture file as it is."""
    return _uri(path.suffix.lstrip(".").lower().replace("jpg", "jpeg"), path.read_bytes())


def figure_uri(figure: Figure) -> str:
    """A plot as SVG; the same plot has the same bytes."""
    file = io.BytesIO()
    with mpl.rc_context({"svg.hashsalt": "captcha-ocr"}):
        figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
    return _uri("svg+xml", file.getvalue())
