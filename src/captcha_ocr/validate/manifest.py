"""Builds the manifest: reads every picture once and describes it."""

import hashlib
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import imagehash
import numpy as np
from PIL import Image
from tqdm import tqdm

from captcha_ocr.artifacts.dataset.picture_shards import Picture, PictureShards, RowGroup
from captcha_ocr.artifacts.manifest import Manifest
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.pictures.decoding import open_picture
from captcha_ocr.validate.ink import joined_ink

HASH_SIDE = 16  # the perceptual hash has HASH_SIDE² bits


def _pixels_sha256(picture: Image.Image) -> str:
    """A digest of size and RGBA pixels; equal for pictures that look equal, whatever their file format or mode."""
    coloured = picture.convert("RGBA")
    return hashlib.sha256(f"{coloured.size}".encode() + coloured.tobytes()).hexdigest()


def _over_white(picture: Image.Image) -> Image.Image:
    """The picture in grey levels (ITU-R 601), with transparency laid over white."""
    coloured = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", coloured.size, "white"), coloured).convert("L")


def _describe_pixels(stored: Picture) -> dict[str, Any]:
    """The columns of the manifest that need the pixels, or only `error` if the picture cannot be decoded."""
    try:
        picture = open_picture(stored.content, stored.file)
    except CaptchaOcrError as error:
        return {"error": str(error)}
    grey = _over_white(picture)
    levels = np.asarray(grey)
    low, high = np.percentile(levels, (1, 99))
    return {
        "width": picture.width,
        "height": picture.height,
        "mode": picture.mode,
        "pixels_sha256": _pixels_sha256(picture),
        "dark": round(float((levels < 128).mean()), 4),
        "contrast": round(float(high - low), 1),
        "joined_ink": round(joined_ink(levels), 4),
        "phash": str(imagehash.phash(grey, hash_size=HASH_SIDE)),
    }


def _describe(stored: Picture) -> dict[str, Any]:
    file_columns = {
        "file": stored.file,
        "label": stored.text,
        "given_split": stored.split or "",
        "bytes": len(stored.content),
        "sha256": hashlib.sha256(stored.content).hexdigest(),
    }
    return file_columns | _describe_pixels(stored)


def _describe_group(group: RowGroup) -> list[dict[str, Any]]:
    return [_describe(picture) for picture in group.pictures()]


def build_manifest(shards: PictureShards) -> Manifest:
    """Describes every picture, on all cores. A picture that cannot be decoded has an `error`."""
    groups = shards.row_groups
    with ProcessPoolExecutor() as pool, tqdm(desc="read", unit="picture", disable=None) as bar:
        rows = []
        for described in pool.map(_describe_group, groups):
            rows += described
            bar.update(len(described))
    return Manifest.from_rows(rows)
