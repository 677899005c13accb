"""Tells values that the user has set from those that an earlier `adopt` has written.

adopted.json holds, for each key, all values that `adopt` has ever written. It lies beside params.yaml and belongs into
git, as params.yaml does. Since nothing is removed from it, it is written first: if the process is killed before
params.yaml follows, neither an old nor a new value is mistaken for the user's.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.files import write_json

RECORD = Path("adopted.json")
# What the repository's params.yaml has for the keys that `adopt` decides.
SHIPPED: dict[str, Any] = {
    "text.alphabet": "2345678bcdefgmnpwxy",
    "text.label_pattern": "(.+)",
    "text.min_length": 5,
    "text.max_length": 5,
    "fetch.source": "",
    "fetch.layout": "file_names",
    "fetch.table": "",
    "fetch.picture_column": "",
    "fetch.text_column": "",
    "fetch.split_column": "",
    "fetch.ignore": [],
    "fetch.max_download_mb": 100,
    "fetch.max_unpacked_mb": 500,
    "fetch.max_pictures": 100000,
    "validate.sizes": [[200, 50]],
    "validate.modes": ["RGBA"],
    "validate.min_contrast": 30,
    "validate.min_rows": 200,
    "validate.max_rows": 100000,
    "split.seed": 0,
    "train.width": None,
    "train.height": None,
    "train.channels": None,
    "train.fit": None,
    "train.lines": None,
    "register.model_name": "captcha-ocr",
    "register.experiment": "captcha-ocr",
}
Values = Mapping[str, Any]


def read_record(path: Path) -> dict[str, list[Any]]:
    """The values that `adopt` has written, by key; empty if the file does not exist."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return {str(key): list(values) for key, values in content.items()}
    except FileNotFoundError:
        return {}
    except (ValueError, AttributeError, TypeError) as error:
        raise CaptchaOcrError(f"{path} is damaged ({error}): take it from git, or delete it") from None


def set_by_user(present: Values, record: Mapping[str, list[Any]]) -> dict[str, Any]:
    """Those of the `present` values that neither shipped with the repository nor were written by `adopt`."""
    return {
        key: value
        for key, value in present.items()
        if key in SHIPPED and value != SHIPPED[key] and value not in record.get(key, [])
    }


def write_record(path: Path, record: Mapping[str, list[Any]], written: Values) -> None:
    """Adds the values `written` to the record."""
    keys = [key for key in SHIPPED if key in record or key in written]
    merged = {key: list(record.get(key, [])) for key in keys}
    for key, value in written.items():
        if value not in merged[key]:
            merged[key].append(value)
    write_json(path, merged, durable=True)
