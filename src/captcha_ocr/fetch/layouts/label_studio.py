"""`label_studio`: what Label Studio exports as JSON, JSON-MIN or CSV, with its pictures beside it.

An export names each picture by an address on the server that made it; the picture is the file at the end of it.
https://labelstud.io/guide/export and https://labelstud.io/guide/task_format
"""

import re
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import PurePosixPath
from urllib.parse import parse_qs, unquote

from captcha_ocr.base.errors import CaptchaOcrError, listed
from captcha_ocr.fetch.containers.files import Files
from captcha_ocr.fetch.label_studio_export import Answer, answers, is_export, parts_of
from captcha_ocr.fetch.layouts.entry import Entry, common_folder, folder_split, normalised
from captcha_ocr.params.params import FetchParams, TextParams
from captcha_ocr.pictures.endings import is_picture_name

ENDINGS = (".json", ".csv")
MANY = 10  # an export is one file; where more of them are, they are something else


def _exports(files: Files) -> list[str]:
    found = [name for name in files.names if name.lower().endswith(ENDINGS)]
    return [name for name in found if is_export(name, files.read(name))] if len(found) <= MANY else []


def recognises(files: Files) -> bool:
    """Whether there is one export, and pictures."""
    return any(map(is_picture_name, files.names)) and len(_exports(files)) == 1


def _export(files: Files, table: str) -> str:
    """The export that fetch.table names, or else the only one."""
    found = [name for name in files.names if name == table] if table else _exports(files)
    if len(found) != 1:
        raise CaptchaOcrError(
            f"{files.place} holds {listed(found) or 'no export of Label Studio'}: name its export as JSON, JSON-MIN or "
            "CSV in fetch.table"
        )
    return found[0]


def _path(address: str) -> PurePosixPath:
    """The path in the address of a picture: of `/data/local-files/?d=a/b.png` what follows `d=`."""
    parts = parts_of(address.replace("\\", "/"))
    local = parse_qs(parts.query).get("d")
    return PurePosixPath(local[0] if local else unquote(parts.path))


class _Pictures:
    """Finds the pictures of a source by addresses."""

    def __init__(self, names: Iterable[str]) -> None:
        self.by_last: dict[str, list[str]] = {}
        for name in filter(is_picture_name, names):
            self.by_last.setdefault(PurePosixPath(name).name, []).append(name)

    def find(self, address: str) -> list[str]:
        """The pictures whose paths share most of their ends with the address: one, if all is well.

        Uploads have a prefix of eight hexadecimal digits on the server, which the pictures at home have not.
        """
        path = _path(address)
        at_home = path.with_name(re.sub(r"^[0-9a-f]{8}-", "", path.name)) if path.name else path
        wanted = path if path.name in self.by_last else at_home
        shared = {name: _shared_end(PurePosixPath(name), wanted) for name in self.by_last.get(wanted.name, [])}
        return [name for name, parts in shared.items() if parts == max(shared.values())]


def _shared_end(one: PurePosixPath, other: PurePosixPath) -> int:
    """How many parts at their ends two paths share."""
    pairs = list(zip(reversed(one.parts), reversed(other.parts), strict=False))
    return next((count for count, (a, b) in enumerate(pairs) if a != b), len(pairs))


def _by_picture(files: Files, found: Iterable[Answer]) -> dict[str, list[Answer]]:
    """The answers by picture; raises CaptchaOcrError naming tasks whose picture is missing or may be one of several."""
    pictures = _Pictures(files.names)
    by_picture: dict[str, list[Answer]] = {}
    missing: list[str] = []
    unclear: list[str] = []
    for answer in found:
        names = pictures.find(answer.address)
        if len(names) == 1:
            by_picture.setdefault(names[0], []).append(answer)
        else:
            (unclear if names else missing).append(f"{answer.address} (task {answer.task})")
    if missing:
        raise CaptchaOcrError(
            f"{files.place}: pictures that are not there: {listed(missing)}: copy them into the source, under the "
            "names at the ends of these addresses"
        )
    if unclear:
        raise CaptchaOcrError(
            f"{files.place}: several pictures may be {listed(unclear)}: keep them in folders as on the server"
        )
    return by_picture


def _contradiction(name: str, given: Iterable[Answer]) -> str:
    said = (f"{answer.text!r} (task {answer.task})" for answer in given if answer.text is not None)
    return f"{name}: {' or '.join(dict.fromkeys(said))}"


def _labels(by_picture: dict[str, list[Answer]], place: str) -> dict[str, str | None]:
    """The label of each picture; raises CaptchaOcrError naming those that annotations read differently."""
    texts = {name: {a.text for a in given if a.text is not None} for name, given in by_picture.items()}
    wrong = [_contradiction(name, by_picture[name]) for name, said in texts.items() if len(said) > 1]
    if wrong:
        raise CaptchaOcrError(
            f"{place}: annotations contradict each other: {listed(wrong)}: delete the wrong ones in Label Studio, or "
            "mark the right one as ground truth, and export again"
        )
    return {name: next(iter(said), None) for name, said in texts.items()}


def entries(files: Files, fetch: FetchParams, text: TextParams) -> Iterator[Entry]:
    """As `Layout` describes it. A skipped or empty task is a picture without a label, which validation names.

    Prints how many pictures of the source no task names; they are left out. Raises CaptchaOcrError naming the tasks
    that have no picture, several texts, or annotations that contradict each other.
    """
    export = _export(files, fetch.table)
    found = answers(export, files.read(export), fetch.picture_column, fetch.text_column)
    labels = _labels(_by_picture(files, found), files.place)
    pictures = [name for name in files.names if is_picture_name(name)]
    if left_out := len(pictures) - len(labels):
        print(f"{files.place}: {left_out} of {len(pictures)} pictures are in no task of {export} and are left out")
    above = len(common_folder(pictures))
    for name, label in labels.items():
        shown = None if label is None else normalised(label)
        yield Entry(name[above:], shown, folder_split(name), partial(files.read, name))
