"""The parts of a report, independent of the format that it is rendered in."""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure


@dataclass(frozen=True)
class Text:
    """A paragraph."""

    text: str


@dataclass(frozen=True)
class Table:
    """Rows of cells below a head.

    `folded` is the title of a table that opens on demand; empty for one that is always open.
    """

    head: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    folded: str = ""


@dataclass(frozen=True)
class Chart:
    """A plot. `file` is the name of the PNG with the same content, beside the model card; `caption` describes it."""

    figure: Figure
    file: str
    caption: str

    @property
    def square(self) -> bool:
        """Whether the plot is at most as wide as high, so that it need not fill the width of the page."""
        return bool(self.figure.get_figwidth() <= self.figure.get_figheight())


@dataclass(frozen=True)
class Reading:
    """A picture with its label, the text that was read, and the confidence. `content`: the bytes of the file."""

    file: str
    content: bytes
    label: str
    text: str
    confidence: float

    @property
    def wrong(self) -> bool:
        """Whether the reading differs from the label."""
        return self.label != self.text


@dataclass(frozen=True)
class Gallery:
    """Pictures with their readings.

    `file` is the contact sheet that shows them, a PNG beside the model card; empty if there is none.
    """

    readings: list[Reading]
    file: str
    caption: str


@dataclass(frozen=True)
class Sheet:
    """A picture that an earlier stage has drawn. `file` is its name beside the model card, `content` the PNG."""

    file: str
    content: bytes
    caption: str


Block = Text | Table | Chart | Gallery | Sheet


@dataclass(frozen=True)
class Section:
    """A heading, and the blocks below it."""

    title: str
    blocks: list[Block]


@dataclass(frozen=True)
class Document:
    """The whole report.

    `warning` stands before everything else, or is empty; `summary` is the result in one sentence.
    """

    title: str
    warning: str
    summary: str
    sections: list[Section]
