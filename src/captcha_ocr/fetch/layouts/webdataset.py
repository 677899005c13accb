"""`webdataset`: each picture has its label in a file of the same name: `key.png` and `key.txt`, or `key.json`.

So WebDataset keeps them in tars. https://github.com/webdataset/webdataset#the-webdataset-format
"""

import json
import posixpath
from collections.abc import Iterator
from functools import partial

from captcha_ocr.base.errors import CaptchaOcrError, listed
from captcha_ocr.fetch.containers.files import Files
from captcha_ocr.fetch.containers.names import is_document
from captcha_ocr.fetch.layouts.entry import Entry, file_split, normalised
from captcha_ocr.fetch.tables.columns import TEXT_COLUMNS
from captcha_ocr.fetch.tables.text import decoded
from captcha_ocr.params.params import FetchParams, TextParams
from captcha_ocr.pictures.endings import PICTURE_ENDINGS

PICTURE_FIELDS = frozenset(ending.removeprefix(".") for ending in PICTURE_ENDINGS)
TEXT_FIELD, JSON_FIELD = "txt", "json"


def _samples(files: Files) -> dict[str, dict[str, str]]:
    """The names of the files of each sample by field. A field is what follows the first dot of a file's name."""
    samples: dict[str, dict[str, str]] = {}
    for name in files.names:
        if not is_document(name):
            folder, last = posixpath.split(name)
            key, _, field = last.partition(".")
            samples.setdefault(posixpath.join(folder, key) if key else name, {})[field.lower()] = name
    return samples


def recognises(files: Files) -> bool:
    """Whether most pictures have a text of the same name."""
    pictures = [fields for fields in _samples(files).values() if fields.keys() & PICTURE_FIELDS]
    labelled = [fields for fields in pictures if fields.keys() & {TEXT_FIELD, JSON_FIELD}]
    return 2 * len(labelled) > len(pictures)


def _picture(key: str, fields: dict[str, str]) -> str | None:
    """The name of the sample's picture; None if it has none, or several."""
    found = [name for field, name in fields.items() if field in PICTURE_FIELDS]
    return found[0] if len(found) == 1 else None


def _json_label(content: bytes, name: str, key: str) -> str | None:
    """The text of a sample's JSON: the value of `key`, or where that is empty, of the key with a usual name."""
    try:
        value = json.loads(decoded(content, name))
    except (ValueError, RecursionError) as error:
        raise CaptchaOcrError(f"{name} is not JSON ({error}): correct it") from None
    keys = list(value) if isinstance(value, dict) else []
    found = [k for k in keys if (k == key if key else k.lower() in TEXT_COLUMNS)]
    if len(found) != 1:
        raise CaptchaOcrError(
            f"{name}: {listed(found) or 'none'} of its keys {listed(keys)} is the label: name it in fetch.text_column"
        )
    label = value[found[0]]
    if not isinstance(label, str | None):
        raise CaptchaOcrError(f'{name}: {found[0]} is {label!r}, not a text: write it in quotation marks, as "007"')
    return label


def _label(files: Files, fields: dict[str, str], key: str) -> str | None:
    """The label of a sample: from its JSON where fetch.text_column names a key of it, else from its text file."""
    if TEXT_FIELD in fields and not key:
        name = fields[TEXT_FIELD]
        return decoded(files.read(name), name).removesuffix("\n").removesuffix("\r")
    if JSON_FIELD in fields:
        name = fields[JSON_FIELD]
        return _json_label(files.read(name), name, key)
    return None


def entries(files: Files, fetch: FetchParams, text: TextParams) -> Iterator[Entry]:
    """As `Layout` describes it. The name of a tar or of a folder may tell the split. Other fields are not read.

    Raises CaptchaOcrError naming the samples without a picture or with several, and a label that cannot be read.
    """
    samples = _samples(files)
    pictures = {key: _picture(key, fields) for key, fields in samples.items()}
    wrong = [f"{key} ({', '.join(samples[key])})" for key, name in pictures.items() if name is None]
    if wrong:
        raise CaptchaOcrError(
            f"{files.place}: not one picture: {listed(wrong)}: a sample has one, as key.png beside key.txt; correct "
            "it, or name its files in fetch.ignore"
        )
    for key, fields in samples.items():
        name = str(pictures[key])
        label = _label(files, fields, fetch.text_column)
        split = file_split(posixpath.dirname(name))
        yield Entry(name, None if label is None else normalised(label), split, partial(files.read, name))
