"""Builds the manifest: reads every picture once and describes it."""

import hashlib
import re
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import imagehash
import numpy as np
from PIL import Image
from tqdm import tqdm

from captcha_ocr.artifacts.manifest import Manifest
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.files import sha256_of
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


def _describe_pixels(path: Path) -> dict[str, Any]:
    """The columns of the manifest that need the pixels, or only `error` if the picture cannot be decoded."""
    try:
        picture = open_picture(path, path.name)
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


def label_of(path: Path, pattern: str) -> str | None:
    """The label: what the first group of `pattern` matches in the file's name without ending; None without a match."""
    match = re.fullmatch(pattern, path.stem)
    return match[1] if match else None


def _describe(path: Path, pattern: str) -> dict[str, Any]:
    file_columns = {
        "file": path.name,
        "label": label_of(path, pattern),
        "bytes": path.stat().st_size,
        "sha256": sha256_of(path),
    }
    return file_columns | _describe_pixels(path)


def build_manifest(folder: Path, label_pattern: str) -> Manifest:
    """Describes every picture of `folder`, on all cores. A picture that cannot be decoded has an `error`."""
    paths = sorted(folder.iterdir())
    with ProcessPoolExecutor() as pool:
        rows = pool.map(partial(_describe, pattern=label_pattern), paths, chunksize=32)
        return Manifest.from_rows(tqdm(rows, total=len(paths), desc="read", unit="picture", disable=None))
