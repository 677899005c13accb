"""CSV files that pass between stages, as frozen types whose fields are the columns."""

import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, fields, is_dataclass
from pathlib import Path
from typing import Annotated, Any, Self, get_args

import pandas as pd

from captcha_ocr.artifacts.formats.artifact import Artifact
from captcha_ocr.base.cells import FIRST, marked, unmarked
from captcha_ocr.base.files import replacing

# Types of columns. Text is kept as it is, even if it looks like a number or like `nan`. Only numbers may be missing.
Texts = Annotated[pd.Series, "str"]
Numbers = Annotated[pd.Series, "float64"]
Counts = Annotated[pd.Series, "int64"]
CountsOrMissing = Annotated[pd.Series, "Int64"]
TEXT = "str"
HAND = "hand"  # `written_by` of a table that users edit, perhaps without a line end after the last row


def _each_text(frame: pd.DataFrame, table: "type[Table]", change: Callable[[str], str]) -> pd.DataFrame:
    """The frame with `change`, which is `marked` or `unmarked`, applied to the columns of text where it may matter."""
    texts = [
        name
        for name, dtype in table.columns().items()
        if dtype == TEXT and frame[name].astype(TEXT).str[:1].isin(FIRST).any()
    ]
    return frame.assign(**{name: frame[name].map(change, na_action="ignore").astype(TEXT) for name in texts})


@dataclass(frozen=True, eq=False)
class Table(Artifact):
    """A table. A subclass declares one field for each column, of one of the types above; all have the same length.

    In the file, a text that begins a formula in spreadsheets has an apostrophe in front; base/cells.py has the rule.
    """

    @classmethod
    def columns(cls) -> dict[str, str]:
        """The pandas dtype of each column by its name, in order."""
        return {field.name: get_args(field.type)[1] for field in fields(cls)}

    @classmethod
    def from_frame(cls, frame: pd.DataFrame) -> Self:
        """Takes the columns from a data frame; further columns of it are ignored."""
        return cls(*(frame[name] for name in cls.columns()))

    @classmethod
    def from_rows(cls, rows: Iterable[Any]) -> Self:
        """Builds a table from dataclasses or mappings that have a value for each column."""
        values = [asdict(row) if is_dataclass(row) and not isinstance(row, type) else row for row in rows]
        frame = pd.DataFrame(values, columns=list(cls.columns()))
        return cls.from_frame(frame.astype({name: dtype for name, dtype in cls.columns().items() if dtype != TEXT}))

    @classmethod
    def parse(cls, content: bytes, name: str) -> Self:
        if (not content.endswith(b"\n") and cls.written_by != HAND) or b"\0" in content:
            raise cls.outdated(name, "it is cut off, or partly zero")
        numbers = [column for column, dtype in cls.columns().items() if dtype != TEXT]
        try:
            frame = pd.read_csv(
                io.BytesIO(content),
                dtype=cls.columns(),
                keep_default_na=False,
                na_values={column: [""] for column in numbers},
                float_precision="round_trip",
                lineterminator="\n",  # a carriage return may be in a text
            )
        except (ValueError, TypeError, OverflowError) as error:  # which one depends on the type of the column
            raise cls.outdated(name, str(error).strip()) from None
        if list(frame.columns) != list(cls.columns()):
            raise cls.outdated(name, f"its columns are {', '.join(frame.columns)}, not {', '.join(cls.columns())}")
        # If all rows have too many cells, pandas takes the first cells as the index.
        if not isinstance(frame.index, pd.RangeIndex):
            raise cls.outdated(name, "its rows have more cells than there are columns")
        return cls.from_frame(_each_text(frame, cls, unmarked))

    @property
    def frame(self) -> pd.DataFrame:
        """The table as a data frame, for libraries that take one."""
        return pd.DataFrame({name: getattr(self, name) for name in self.columns()})

    def write(self, path: Path) -> None:
        with replacing(path) as draft:
            _each_text(self.frame, type(self), marked).to_csv(draft, index=False, lineterminator="\n")

    def __len__(self) -> int:
        return len(getattr(self, next(iter(self.columns()))))

    def rows(self) -> Iterator[Any]:
        """Iterates over the rows, as named tuples."""
        return iter(self.frame.itertuples(index=False, name=type(self).__name__))

    def where(self, chosen: Any) -> Self:
        """The rows where `chosen`, booleans [N], is true."""
        return self.from_frame(self.frame[chosen].reset_index(drop=True))

    def head(self, count: int) -> Self:
        """The first `count` rows."""
        return self.from_frame(self.frame.head(count))
