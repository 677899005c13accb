"""Packs pictures of a test into shards, as `fetch` does."""

import io
from collections.abc import Mapping
from itertools import islice
from pathlib import Path

from PIL import Image

from captcha_ocr.artifacts.dataset.picture_shards import Picture, PictureShards, write_shards


def png(image: Image.Image) -> bytes:
    """The bytes of a PNG file."""
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def packed(folder: Path, pictures: Mapping[str, tuple[bytes, str | None, str | None]]) -> PictureShards:
    """Shards in the new folder `folder`, of the content, the label and the given split of each picture by its name."""
    write_shards(folder, (Picture(file, *pictures[file]) for file in sorted(pictures)))
    return PictureShards(folder)


def unpacked(shards: Path, folder: Path, count: int) -> list[Path]:
    """The first `count` pictures of the shards in `shards`, as files in `folder`."""
    paths = []
    for picture in islice(PictureShards(shards), count):
        path = folder / picture.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(picture.content)
        paths.append(path)
    return paths
