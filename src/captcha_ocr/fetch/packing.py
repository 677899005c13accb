"""Packs the pictures of a source into shards."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from tqdm import tqdm

from captcha_ocr.artifacts.dataset.picture_shards import Picture, write_shards
from captcha_ocr.artifacts.provenance import Origin, Provenance
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.fetch.containers import open_source
from captcha_ocr.fetch.digest import content_digest
from captcha_ocr.fetch.isolated import ISOLATED, isolated_entries
from captcha_ocr.fetch.layouts import layout
from captcha_ocr.fetch.layouts.entry import Entry
from captcha_ocr.params.params import FetchParams, TextParams


@dataclass(frozen=True)
class Packed:
    """What was packed. digests: the hex SHA-256 of each picture file by its name. bytes: of all together.

    labels_digest: the hex SHA-256 of all labels and splits by name.
    """

    digests: dict[str, str]
    bytes: int
    labels_digest: str

    def provenance(
        self, origin: Origin, obtained: str, licence: str, same_zip_as_public: bool | None = None
    ) -> Provenance:
        """The provenance of these pictures; the arguments are its fields."""
        return Provenance(
            origin=origin,
            obtained=obtained,
            licence=licence,
            content_digest=content_digest(self.digests),
            labels_digest=self.labels_digest,
            pictures=len(self.digests),
            bytes=self.bytes,
            same_zip_as_public=same_zip_as_public,
        )


def _is_text(text: str) -> bool:
    """Whether there are only whole characters in a text: no half of a surrogate pair."""
    return text.isascii() or not any("\ud800" <= symbol <= "\udfff" for symbol in text)


def _sorted_entries(source: Path, found: Iterator[Entry], params: FetchParams) -> list[Entry]:
    """All entries sorted by name; raises CaptchaOcrError if there is none, too many, or a name is there twice."""
    entries = sorted(found, key=lambda entry: entry.file)
    if not entries:
        raise CaptchaOcrError(f"{source} holds no picture: name a source with labelled pictures in fetch.source")
    if len(entries) > params.max_pictures:
        raise CaptchaOcrError(
            f"{source} holds {len(entries)} pictures, more than fetch.max_pictures = {params.max_pictures}: "
            "raise it in params.yaml if the number is right"
        )
    for entry in entries:
        if not _is_text(entry.file) or not _is_text(entry.text or ""):
            raise CaptchaOcrError(
                f"{source}: {entry.file!a} or its label {entry.text!a} holds half of a character, which no "
                "UTF-8 has: write it again"
            )
    for first, second in pairwise(entries):
        if first.file == second.file:
            raise CaptchaOcrError(f"{source}: {first.file} is there twice: rename one")
    return entries


@contextmanager
def _opened(source: Path, params: FetchParams, text: TextParams) -> Iterator[Iterator[Entry]]:
    """The labelled pictures of `source`, which is open until the block ends."""
    if params.layout in ISOLATED:
        yield isolated_entries(source, params, text)
        return
    with open_source(source, params) as files:
        yield iter(layout(params.layout).entries(files, params, text))


def pack(source: Path, folder: Path, params: FetchParams, text: TextParams) -> Packed:
    """Packs all labelled pictures of `source`, laid out as `params.layout` says, into the new folder `folder`.

    Raises CaptchaOcrError as `open_source` and the layout do, and if there is no picture or too many.
    """
    digests: dict[str, str] = {}
    labels = hashlib.sha256()
    size = 0

    def read(entries: list[Entry]) -> Iterator[Picture]:
        nonlocal size
        for entry in tqdm(entries, desc="pack", unit="picture", disable=None):
            content = entry.read()
            digests[entry.file] = hashlib.sha256(content).hexdigest()
            labels.update(f"{entry.file}\t{entry.text}\t{entry.split}\n".encode())
            size += len(content)
            yield Picture(entry.file, content, entry.text, entry.split)

    with _opened(source, params, text) as found:
        write_shards(folder, read(_sorted_entries(source, found, params)))
    return Packed(digests, size, labels.hexdigest())
