"""What the tests of layouts have in common: a picture, and what a layout makes of a source."""

import io
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from captcha_ocr.artifacts.dataset.picture_shards import Picture, PictureShards
from captcha_ocr.fetch.containers import open_source
from captcha_ocr.fetch.layouts import layout
from captcha_ocr.fetch.packing import pack
from captcha_ocr.params.params import load_params
from tests.modules import ROOT

PARAMS = load_params(ROOT / "params.yaml")


def png(shade: int, size: tuple[int, int] = (4, 2)) -> bytes:
    stream = io.BytesIO()
    Image.new("L", size, shade).save(stream, "PNG")
    return stream.getvalue()


def write_files(folder: Path, files: Mapping[str, bytes | str]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def packed(source: Path, name: str, **fetch: object) -> list[Picture]:
    """The pictures that `fetch` packs from `source` in the layout `name`, sorted by file."""
    with TemporaryDirectory() as folder:
        shards = Path(folder) / "pictures"
        pack(source, shards, PARAMS.fetch.model_copy(update={"layout": name} | fetch), PARAMS.text)
        return list(PictureShards(shards))


def labels(source: Path, name: str, **fetch: object) -> dict[str, str | None]:
    """The label of each picture, as `packed` gives them."""
    return {picture.file: picture.text for picture in packed(source, name, **fetch)}


def recognised(source: Path, name: str) -> bool:
    """Whether the layout `name` recognises `source`."""
    with open_source(source, PARAMS.fetch) as files:
        return layout(name).recognises(files)
