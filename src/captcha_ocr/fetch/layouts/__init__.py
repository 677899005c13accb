"""The layouts of labelled pictures that `fetch.layout` can name. Each is a module with `recognises` and `entries`."""

from collections.abc import Iterable
from importlib import import_module
from typing import Protocol, cast

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.fetch.containers.files import Files
from captcha_ocr.fetch.layouts.entry import Entry
from captcha_ocr.params.params import FetchParams, TextParams

# In the order in which `captcha-ocr adopt` tries them: what only one layout can mean comes before what several can.
LAYOUTS = (
    "parquet",
    "lmdb",
    "label_studio",
    "ppocrlabel",
    "mjsynth",
    "paddleocr",
    "table",
    "webdataset",
    "file_names",
)


class Layout(Protocol):
    """The interface of the modules of this package."""

    def recognises(self, files: Files) -> bool:
        """Whether the files look like this layout."""

    def entries(self, files: Files, fetch: FetchParams, text: TextParams) -> Iterable[Entry]:
        """All labelled pictures of a source; raises CaptchaOcrError naming what does not fit the layout."""


def layout(name: str) -> Layout:
    """The module of a layout; raises CaptchaOcrError for an unknown name."""
    if name not in LAYOUTS:
        raise CaptchaOcrError(f"fetch.layout = {name!r} is none of {', '.join(LAYOUTS)}")
    return cast(Layout, import_module(f"{__name__}.{name}"))
