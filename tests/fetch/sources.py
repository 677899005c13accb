"""Sources made up for tests: small pictures, and folders and archives of them."""

import io
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from PIL import Image

from captcha_ocr.artifacts.dataset.picture_shards import Picture, PictureShards
from captcha_ocr.fetch import packing
from captcha_ocr.fetch.containers import open_source
from captcha_ocr.fetch.layouts import layout
from captcha_ocr.fetch.layouts.entry import Entry
from captcha_ocr.params.params import load_params
from tests.modules import ROOT

SHIPPED = load_params(ROOT / "params.yaml")
Kind = Literal["folder", "zip", "tar"]


def png(shade: int = 0, size: tuple[int, int] = (20, 10)) -> bytes:
    """A small grey picture."""
    buffer = io.BytesIO()
    Image.new("L", size, shade).save(buffer, "PNG")
    return buffer.getvalue()


def pictures(*names: str) -> dict[str, bytes]:
    """A picture of its own for each name."""
    return {name: png(shade) for shade, name in enumerate(names)}


def pack(path: Path, *entries: tuple[str | zipfile.ZipInfo, bytes]) -> Path:
    """A zip of the entries, in their order."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in entries:
            zipped.writestr(name, content)
    return path


def _tar(path: Path, files: Mapping[str, bytes]) -> Path:
    with tarfile.open(path, "w") as tar:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return path


def written(folder: Path, files: Mapping[str, bytes | str]) -> Path:
    """The folder with these files; texts are written in UTF-8."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def source_of(folder: Path, files: Mapping[str, bytes | str], kind: Kind = "folder") -> Path:
    """A source called `own` in `folder`; texts are written in UTF-8."""
    content = {name: value.encode() if isinstance(value, str) else value for name, value in files.items()}
    if kind == "zip":
        return pack(folder / "own.zip", *content.items())
    if kind == "tar":
        return _tar(folder / "own.tar", content)
    return written(folder / "own", content)


def entries_of(source: Path, layout_name: str, **changes: object) -> list[Entry]:
    """The entries of a source; `changes` are of the section fetch."""
    fetch = SHIPPED.fetch.model_copy(update=changes)
    with open_source(source, fetch) as files:
        found = sorted(layout(layout_name).entries(files, fetch, SHIPPED.text), key=lambda entry: entry.file)
        assert all(entry.read() for entry in found)
        return found


def labels_of(source: Path, layout_name: str, **changes: object) -> dict[str, str | None]:
    """The label of each picture of a source."""
    return {entry.file: entry.text for entry in entries_of(source, layout_name, **changes)}


def splits_of(source: Path, layout_name: str, **changes: object) -> dict[str, str | None]:
    """The split of each picture of a source."""
    return {entry.file: entry.split for entry in entries_of(source, layout_name, **changes)}


def recognised(source: Path, layout_name: str) -> bool:
    """Whether the layout takes the source for its own."""
    with open_source(source, SHIPPED.fetch) as files:
        return layout(layout_name).recognises(files)


def packed_of(source: Path, layout_name: str, **changes: object) -> list[Picture]:
    """The pictures of a source as they are packed, sorted by file."""
    fetch = SHIPPED.fetch.model_copy(update={"layout": layout_name} | changes)
    with TemporaryDirectory() as folder:
        packing.pack(source, Path(folder) / "pictures", fetch, SHIPPED.text)
        return list(PictureShards(Path(folder) / "pictures"))
