"""The parts of the page of the data set, as its template shows them."""

from collections.abc import Sequence
from dataclasses import dataclass

from captcha_ocr.overview.facts import Fact
from captcha_ocr.overview.histograms import Histogram
from captcha_ocr.overview.notes import Note
from captcha_ocr.overview.pairs import COMPARED
from captcha_ocr.overview.prepared import VERSIONS
from captcha_ocr.pages.templating import render
from captcha_ocr.pictures.input_size import InputSize


@dataclass(frozen=True)
class Shown:
    """A picture with its label; `note` says why it is shown, and `uri` is a small copy of it."""

    file: str
    label: str
    split: str
    size: str
    note: str
    uri: str


@dataclass(frozen=True)
class Gallery:
    """Pictures below a heading. `text` explains the choice."""

    title: str
    text: str
    pictures: Sequence[Shown]


@dataclass(frozen=True)
class Group:
    """Pictures to compare with each other, and what is to be said of them; `alarming` if something is wrong."""

    text: str
    alarming: bool
    pictures: Sequence[Shown]


@dataclass(frozen=True)
class SymbolRow:
    """A symbol as it can be seen, its code point and name, how often it occurs, and the splits that lack it.

    `share` is its frequency in relation to the most frequent symbol.
    """

    symbol: str
    name: str
    total: int
    share: float
    absent: str


@dataclass(frozen=True)
class PreparedRow:
    """A picture, the network's input and augmented versions of it, as data URIs."""

    original: Shown
    input: str
    versions: Sequence[str]


@dataclass(frozen=True)
class Page:
    """The whole page. Where one list were too long, `symbols` are the most frequent ones, `rare_symbols` the rarest."""

    warning: str
    facts: Sequence[Fact]
    notes: Sequence[Note]
    galleries: Sequence[Gallery]
    histograms: Sequence[Histogram]
    modes: Sequence[tuple[str, ...]]
    symbols: Sequence[SymbolRow]
    rare_symbols: Sequence[SymbolRow]
    symbol_count: int
    alike: Sequence[Group]
    duplicates: Sequence[Group]
    duplicate_groups: int
    prepared: Sequence[PreparedRow]
    input_size: InputSize
    augmentation: float

    def as_html(self) -> str:
        """The page as HTML that needs no other file and runs no script."""
        return render("captcha_ocr.overview", "dataset.html", page=self, compared=COMPARED, versions=VERSIONS)
