"""Reads the annotations in an export of Label Studio: JSON, JSON-MIN or CSV."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

from captcha_ocr.base.errors import CaptchaOcrError, listed
from captcha_ocr.fetch.tables.columns import TEXT_COLUMNS
from captcha_ocr.fetch.tables.table import read_table
from captcha_ocr.pictures.endings import is_picture_name

TASKS = frozenset({"data", "annotations"})  # columns of a JSON export
RECORDS = frozenset({"annotation_id", "lead_time"})  # columns of a JSON-MIN or CSV export


@dataclass(frozen=True)
class Answer:
    """What one annotation says of the whole picture; `text` is None where it was skipped or left empty.

    task: the task's number. address: where the server that exported it keeps the picture.
    """

    task: str
    address: str
    text: str | None


class _SeveralTextsError(Exception):
    """An annotation has more than one text."""


def is_export(name: str, content: bytes) -> bool:
    """Whether the file is an export, by its columns."""
    try:
        columns = set(read_table(content, name).columns)
    except CaptchaOcrError:
        return False
    return columns >= TASKS or columns >= RECORDS


def _chosen(values: Mapping[str, Any], chosen: str, found: list[str], what: str, where: str) -> Any:
    """The value of the key `chosen`, or else of the only one in `found`."""
    keys = [chosen] if chosen else found
    if len(keys) != 1 or keys[0] not in values:
        raise CaptchaOcrError(
            f"{where}: {listed(keys) or 'nothing'} where one key is the {what}; there are {listed(list(values))}: name "
            f"it in fetch.{what}_column"
        )
    return values[keys[0]]


def _address(values: Mapping[str, Any], chosen: str, where: str) -> str:
    """The address of the picture: the value of the key `chosen`, or else the only one that ends as pictures do."""
    found = [key for key, value in values.items() if isinstance(value, str) and _is_picture(value)]
    return str(_chosen(values, chosen, found, "picture", where))


def _is_picture(address: str) -> bool:
    parts = parts_of(address)
    return is_picture_name(parts.path) or is_picture_name(parts.query)


def parts_of(address: str) -> SplitResult:
    """The parts of an address; what is none, as `http://[`, is all path."""
    try:
        return urlsplit(address)
    except ValueError:
        return SplitResult("", "", address, "", "")


def _single(texts: Iterable[Any]) -> str | None:
    """The only text; None if there is none, or it is empty. Raises TypeError for what is no text."""
    given = [text for text in texts if text is not None]
    if foreign := [text for text in given if not isinstance(text, str)]:
        raise TypeError(f"{foreign[0]!r} is no text")
    if len(given) > 1:
        raise _SeveralTextsError
    return (given[0] if given else "") or None


def _of_annotation(annotation: Mapping[str, Any], control: str, where: str) -> str | None:
    """The text of an annotation in a JSON export. `control` names its input field, where there are several."""
    areas = [item for item in annotation.get("result") or [] if item.get("type") == "textarea"]
    fields = {item.get("from_name", "") for item in areas}
    if not control and len(fields) > 1:
        raise CaptchaOcrError(f"{where}: texts of {listed(sorted(fields))}: name one in fetch.text_column")
    return _single(
        text for item in areas if not control or item.get("from_name") == control for text in item["value"]["text"]
    )


def _of_record(value: Any) -> str | None:
    """The text of a JSON-MIN or CSV export, where a single one stands by itself."""
    texts = value if isinstance(value, list) else [value]
    if any(isinstance(text, dict) for text in texts):
        raise _SeveralTextsError
    return _single(texts)


def _of_task(task: Mapping[str, Any], control: str, where: str) -> list[str | None]:
    """What the annotations of a task say: those marked as ground truth, or else all that were not skipped."""
    given = [a for a in task["annotations"] if not a.get("was_cancelled")]
    decided = [a for a in given if a.get("ground_truth")] or given
    return [_of_annotation(annotation, control, where) for annotation in decided] or [None]


def _answers_of(row: Mapping[str, Any], picture: str, control: str, name: str) -> list[Answer]:
    where, task = f"{name}, task {row.get('id')}", str(row.get("id"))
    if row.keys() >= TASKS:
        address = _address(row["data"], picture, where)
        return [Answer(task, address, text) for text in _of_task(row, control, where)]
    usual = [key for key in row if key.lower() in TEXT_COLUMNS]
    return [Answer(task, _address(row, picture, where), _of_record(_chosen(row, control, usual, "text", where)))]


def answers(name: str, content: bytes, picture: str = "", control: str = "") -> list[Answer]:
    """All annotations of the export `name`, at least one a task.

    `picture` is the key of the tasks' data that names the picture, and `control` the name of the input field for the
    text; where they are empty, there must be only one. Raises CaptchaOcrError naming the task that does not fit.
    """
    table = read_table(content, name)
    found, several = [], []
    for line in table.lines:
        row = dict(zip(table.columns, line.cells, strict=True))
        try:
            found += _answers_of(row, picture, control, name)
        except _SeveralTextsError:
            several.append(str(row.get("id")))
        except (AttributeError, KeyError, TypeError) as error:
            raise CaptchaOcrError(
                f"{name}, item {line.number} is not as Label Studio writes it ({error!r}): export it again"
            ) from None
    if several:
        raise CaptchaOcrError(
            f"{name}: several texts in one picture: tasks {listed(several)}: a picture must have one, which reads all "
            "of it; cut pictures with several lines or regions into one each"
        )
    return found
