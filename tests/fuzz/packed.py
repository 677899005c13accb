"""Packs a source as `fetch` does, and checks what comes of it."""

import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from captcha_ocr.artifacts.dataset.picture_shards import PictureShards
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.fetch.containers import open_source
from captcha_ocr.fetch.isolated import ISOLATED
from captcha_ocr.fetch.layouts import layout
from captcha_ocr.fetch.packing import pack
from captcha_ocr.params.params import FetchParams, Params, load_params
from tests.modules import ROOT

LIMITS = {"max_unpacked_mb": 4.0, "max_pictures": 500}


@cache
def shipped() -> Params:
    """The parameters as they ship."""
    return load_params(ROOT / "params.yaml")


def limited(layout_name: str, **changes: object) -> FetchParams:
    """The section fetch with lower limits, and with other `changes`."""
    return shipped().fetch.model_copy(update={**LIMITS, "layout": layout_name, **changes})


def check_names(names: Sequence[str]) -> None:
    """Pictures have unique plain names."""
    assert len(set(names)) == len(names)
    for name in names:
        assert all(part not in ("", "..") for part in name.replace("\\", "/").split("/")), f"unsafe {name!r}"
        assert not any(unicodedata.category(sign) in ("Cc", "Cs") for sign in name), f"control characters in {name!r}"


def recognised(source: Path, layout_name: str) -> bool:
    """Whether the layout takes the source for its own, as `captcha-ocr adopt` asks."""
    if layout_name in ISOLATED:  # it starts a process, which is too slow for thousands of cases
        return True
    with open_source(source, limited(layout_name)) as files:
        return layout(layout_name).recognises(files)


def packed(source: Path, folder: Path, fetch: FetchParams) -> None:
    """Packs the source, and checks what comes of it."""
    if fetch.layout in ISOLATED:
        read_here(source, fetch)
        return
    found = pack(source, folder, fetch, shipped().text)
    names = [picture.file for picture in PictureShards(folder)]
    assert names == sorted(found.digests)
    check_names(names)


def read_here(source: Path, fetch: FetchParams) -> None:
    """Reads the source in this process, as `pack` does in another. There, too little memory is an error like others."""
    try:
        with open_source(source, fetch) as files:
            entries = list(layout(fetch.layout).entries(files, fetch, shipped().text))
            assert all(isinstance(entry.read(), bytes) for entry in entries)
    except MemoryError as error:
        raise CaptchaOcrError(f"too little memory: {error}") from None
    check_names([entry.file for entry in entries])
