"""Packs a source as `fetch` does, and checks what comes of it."""

import unicodedata
from functools import cache
from pathlib import Path

from captcha_ocr.artifacts.dataset.picture_shards import PictureShards
from captcha_ocr.fetch.packing import pack
from captcha_ocr.params.params import Params, load_params
from tests.modules import ROOT

LIMITS = {"max_unpacked_mb": 4.0, "max_pictures": 500}


@cache
def shipped() -> Params:
    """The parameters as they ship."""
    return load_params(ROOT / "params.yaml")


def check_packed(folder: Path, pictures: int) -> None:
    """The shards hold so many pictures, under unique plain names in their order."""
    names = [picture.file for picture in PictureShards(folder)]
    assert len(names) == pictures
    assert names == sorted(set(names))
    for name in names:
        assert all(part not in ("", "..") for part in name.replace("\\", "/").split("/")), f"unsafe {name!r}"
        assert not any(unicodedata.category(sign) in ("Cc", "Cs") for sign in name), f"control characters in {name!r}"


def packed(source: Path, folder: Path, layout_name: str, **changes: object) -> None:
    """Packs the source, and checks what comes of it."""
    fetch = shipped().fetch.model_copy(update={**LIMITS, "layout": layout_name, **changes})
    found = pack(source, folder, fetch, shipped().text)
    check_packed(folder, len(found.digests))
