"""Builds the manifest: reads every picture once and describes it."""

import hashlib
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import numpy as np
from PIL import Image
from tqdm import tqdm

from captcha_ocr.artifacts.dataset.picture_shards import Picture, PictureShards, RowGroup
from captcha_ocr.artifacts.manifest import Manifest
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.pictures.decoding import eight_bit
from captcha_ocr.pictures.opening import open_picture
from captcha_ocr.validate.ink import joined_ink
from captcha_ocr.validate.levels import SortedLevels, contrast
from captcha_ocr.validate.perceptual_hash import perceptual_hashes, reduced

Row = dict[str, Any]  # a row of the manifest
GROUPS_PER_PROCESS = 2  # fewer row groups are described sooner than processes start


def _pixels_sha256(coloured: Image.Image) -> str:
    """A digest of size and RGBA pixels; equal for pictures that look equal, whatever their file format or mode."""
    return hashlib.sha256(f"{coloured.size}".encode() + coloured.tobytes()).hexdigest()


def _over_white(coloured: Image.Image) -> Image.Image:
    """An RGBA picture in grey levels (ITU-R 601), with transparency laid over white."""
    if coloured.getchannel("A").getextrema() == (255, 255):
        return coloured.convert("L")
    return Image.alpha_composite(Image.new("RGBA", coloured.size, "white"), coloured).convert("L")


def _describe_pixels(picture: Image.Image, coloured: Image.Image, grey: Image.Image) -> Row:
    """The columns of the manifest that need the pixels, but for the perceptual hash.

    `coloured` and `grey` are the picture in RGBA and in grey levels.
    """
    levels = np.asarray(grey)
    ordered = SortedLevels(levels, 256)
    return {
        "width": picture.width,
        "height": picture.height,
        "mode": picture.mode,
        "pixels_sha256": _pixels_sha256(coloured),
        "dark": round(float(ordered.up_to[127] / levels.size), 4),
        "contrast": float(contrast(grey, levels)),
        "joined_ink": round(joined_ink(levels, ordered), 4),
    }


def _describe_file(stored: Picture) -> Row:
    return {
        "file": stored.file,
        "label": stored.text,
        "given_split": stored.split or "",
        "bytes": len(stored.content),
        "sha256": hashlib.sha256(stored.content).hexdigest(),
    }


def describe(pictures: Sequence[Picture]) -> list[Row]:
    """The rows of the manifest for `pictures`. A picture that cannot be decoded has an `error`."""
    rows, decoded, squares = [], [], []
    for stored in pictures:
        row = _describe_file(stored)
        rows.append(row)
        try:
            picture = open_picture(stored.content, stored.file)
            coloured = eight_bit(picture, stored.file).convert("RGBA")
        except CaptchaOcrError as error:
            row["error"] = str(error)
            continue
        grey = _over_white(coloured)
        row |= _describe_pixels(picture, coloured, grey)
        decoded.append(row)
        squares.append(reduced(grey))
    for row, phash in zip(decoded, perceptual_hashes(squares), strict=True):
        row["phash"] = phash
    return rows


def _describe_group(group: RowGroup) -> list[Row]:
    return describe(group.pictures())


def _described(groups: Sequence[RowGroup]) -> Iterator[list[Row]]:
    """The rows of each row group in order, from as many processes as pay."""
    processes = min(os.cpu_count() or 1, len(groups) // GROUPS_PER_PROCESS)
    if processes <= 1:
        yield from map(_describe_group, groups)
        return
    with ProcessPoolExecutor(processes) as pool:
        yield from pool.map(_describe_group, groups)


def build_manifest(shards: PictureShards) -> Manifest:
    """Describes every picture, on all cores. A picture that cannot be decoded has an `error`."""
    with tqdm(desc="read", unit="picture", disable=None) as bar:
        rows = []
        for described in _described(shards.row_groups):
            rows += described
            bar.update(len(described))
    return Manifest.from_rows(rows)
