"""One user's work on one table: which picture is where, and what happens to an answer."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.labelling.pictures import Pictures, as_png
from captcha_ocr.labelling.queue import Queue
from captcha_ocr.labelling.reading import Guess, Outcomes
from captcha_ocr.labelling.table import LabelTable
from captcha_ocr.labelling.text import label_of


@dataclass(frozen=True)
class Progress:
    """Numbers of pictures: all, those with a label, and those that the model has read or that cannot be decoded.

    `failed` has a message for each picture that cannot be decoded.
    """

    pictures: int
    labelled: int
    read: int
    failed: tuple[str, ...]


@dataclass(frozen=True)
class Item:
    """What is at a position: a picture; or nothing yet while the model reads on; or the end of all pictures."""

    kind: Literal["picture", "waiting", "end"]
    number: int = -1
    file: str = ""
    guess: Guess | None = None
    label: str | None = None


@dataclass(frozen=True)
class Change:
    """An answer that was stored or taken back.

    number: of the picture at `position`. label: its label on disk now. text: what the user had answered.
    """

    position: int
    number: int
    label: str | None
    text: str


@dataclass(frozen=True)
class _Answer:
    """`before` is the text that the row had; None if there was no row."""

    position: int
    number: int
    text: str
    before: str | None


def _rows_of_pictures(pictures: Pictures, table: LabelTable) -> dict[int, str]:
    """For each picture that the table names, the name that it has there.

    Raises CaptchaOcrError if two rows name one picture.
    """
    found: dict[int, str] = {}
    for file in table.texts:
        number = pictures.number_of(file)
        if number is not None and number in found:
            raise CaptchaOcrError(
                f"{table.path.name} has two rows for one picture, {found[number]} and {file}: keep one of them"
            )
        if number is not None:
            found[number] = file
    return found


class Session:
    """All methods may be called by several threads."""

    def __init__(self, pictures: Pictures, table: LabelTable) -> None:
        """Raises CaptchaOcrError if two rows of the table name one picture."""
        self._pictures, self._table = pictures, table
        rows, texts = _rows_of_pictures(pictures, table), table.texts
        self._files = [rows.get(number, file) for number, file in enumerate(pictures.files)]
        self._labels = {number: texts[file] for number, file in rows.items() if texts[file]}
        self._queue = Queue(list(self._labels))
        self._guesses: dict[int, Guess] = {}
        self._failed: dict[int, str] = {}
        self._history: list[_Answer] = []
        self._broken = ""
        self._lock = threading.RLock()
        self._labelled_before = len(self._queue)

    @property
    def unread(self) -> list[int]:
        """The numbers of the pictures without a label, which the model is to read."""
        return [number for number in range(len(self._files)) if number not in self._labels]

    def take_all(self, portions: Iterable[Outcomes]) -> None:
        """Takes what the model reads, portion by portion, until all pictures are read."""
        try:
            for outcomes in portions:
                self._take(outcomes)
        except Exception as error:  # whatever it is, the page must not wait for readings that will never come
            self._broken = f"the model has stopped reading ({error}): end `captcha-ocr label`, and start it again"
            raise

    def _take(self, outcomes: Outcomes) -> None:
        with self._lock:
            for number, outcome in outcomes.items():
                if isinstance(outcome, CaptchaOcrError):
                    self._failed[number] = str(outcome)
                else:
                    self._guesses[number] = outcome
                    self._queue.add(number, outcome.rank)

    def progress(self) -> Progress:
        """How far the labelling is."""
        with self._lock:
            read = len(self._guesses) + len(self._failed) + self._labelled_before
            failed = tuple(message for _, message in sorted(self._failed.items()))
            return Progress(len(self._files), len(self._labels), read, failed)

    def position(self) -> int:
        """The first position without a label."""
        with self._lock:
            labelled = (self._queue.at(position) in self._labels for position in range(len(self._queue)))
            return next((position for position, done in enumerate(labelled) if not done), len(self._queue))

    def item(self, position: int) -> Item:
        """What is at a position; raises CaptchaOcrError if the model has stopped reading before that."""
        with self._lock:
            number = self._queue.at(position)
            if number is not None:
                return Item("picture", number, self._files[number], self._guesses.get(number), self._labels.get(number))
            progress = self.progress()
            if progress.read == progress.pictures:
                return Item("end")
            if self._broken:
                raise CaptchaOcrError(self._broken)
            return Item("waiting")

    def picture(self, number: int) -> bytes:
        """A picture as a PNG file; raises CaptchaOcrError if there is none, or it cannot be decoded."""
        if not 0 <= number < len(self._files):
            raise CaptchaOcrError(f"there is no picture {number}: load the page again")
        return as_png(self._pictures.pixels(number))

    def answer(self, position: int, typed: str) -> Change:
        """Stores the label of the picture at `position`; it is on disk when this returns.

        Raises CaptchaOcrError, and stores nothing, as `label_of` and `LabelTable.put` do.
        """
        text = label_of(typed)
        with self._lock:
            number = self._number(position)
            if self._labels.get(number) != text:
                before = self._table.texts.get(self._files[number])
                self._table.put(self._files[number], text)
                self._labels[number] = text
                self._history.append(_Answer(position, number, text, before))
            return Change(position, number, text, text)

    def undo(self) -> Change:
        """Takes back the last answer that is not taken back yet; raises CaptchaOcrError if there is none."""
        with self._lock:
            if not self._history:
                raise CaptchaOcrError("there is no answer to undo since the start: press ↑ for earlier pictures")
            last = self._history[-1]
            if last.before is None:
                self._table.remove(self._files[last.number])
            else:
                self._table.put(self._files[last.number], last.before)
            self._history.pop()
            del self._labels[last.number]
            if last.before:
                self._labels[last.number] = last.before
            return Change(last.position, last.number, last.before or None, last.text)

    def again(self) -> int:
        """Shows the pictures without a label once more, and returns the position of the first."""
        with self._lock:
            first = len(self._queue)
            self._queue.append(number for number in sorted(self._guesses) if number not in self._labels)
            return first

    def _number(self, position: int) -> int:
        number = self._queue.at(position)
        if number is None:
            raise CaptchaOcrError(f"there is no picture at position {position}: load the page again")
        return number
