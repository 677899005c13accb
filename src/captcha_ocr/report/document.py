"""What a report consists of, whichever format it is rendered in."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from matplotlib.figure import Figure


@dataclass(frozen=True)
class Text:
    """A paragraph."""

    text: str


@dataclass(frozen=True)
class Table:
    """Rows of cells below their heads. A folded one is long, and opens on demand."""

    head: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    folded: str = ""


@dataclass(frozen=True)
class Chart:
    """A plot; `file` is the PNG beside the card that shows the same."""

    figure: Figure
    file: str
    says: str

    @property
    def square(self) -> bool:
        """Whether it need not be as wide as the page."""
        return bool(self.figure.get_figwidth() <= self.figure.get_figheight())


@dataclass(frozen=True)
class Reading:
    """A picture, with what it shows by its label and what was read."""

    picture: Path
    label: str
    text: str
    confidence: float

    @property
    def wrong(self) -> bool:
        """Whether the reading differs from the label."""
        return self.label != self.text


@dataclass(frozen=True)
class Gallery:
    """Pictures with their readings; `file` is the contact sheet beside the card that holds them."""

    readings: list[Reading]
    file: str
    says: str


Block = Text | Table | Chart | Gallery


@dataclass(frozen=True)
class Section:
    """A heading and what stands below it."""

    title: str
    blocks: list[Block]


@dataclass(frozen=True)
class Document:
    """`warning` is empty, or what a reader must know before anything else; `summary` is the result in one sentence."""

    title: str
    warning: str
    summary: str
    sections: list[Section]
