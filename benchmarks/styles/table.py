"""The results as tables in Markdown: a row for each family, a column for each contender, mean and worst below."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import mean

from captcha_ocr.base.markdown import escaped
from captcha_ocr.base.wording import interval, percent
from captcha_ocr.scoring.metrics import wilson_interval

from .results import Result

ABSENT = "–"


@dataclass(frozen=True)
class Column:
    """What a table shows of the fits of a cell, and which of two values is worse."""

    title: str
    value: Callable[[Result], float | None]
    shown: Callable[[float], str]
    worst: Callable[[Sequence[float]], float] = max
    with_interval: bool = False


def _percent(share: float) -> str:
    return percent(share, 1)


def _seconds(seconds: float) -> str:
    return f"{seconds:,.0f}"


def uncased(result: Result) -> float:
    """Exact match without telling small letters from capitals where the family has one case, and else with it."""
    return result.exact_uncased if result.one_case else result.exact


EXACT = Column("exact match", lambda result: result.exact, _percent, min, with_interval=True)
UNCASED = Column("exact match, case as the family has it", uncased, _percent, min, with_interval=True)
CER = Column("character error rate", lambda result: result.cer, _percent)
SECONDS = Column("seconds", lambda result: result.seconds, _seconds)
ERROR = Column("calibration error", lambda result: result.calibration_error, _percent)


def _value(rows: Sequence[Result], column: Column) -> float | None:
    """The mean over the seeds."""
    values = [value for row in rows if (value := column.value(row)) is not None]
    return mean(values) if values else None


def _cell(rows: Sequence[Result], column: Column) -> str:
    value = _value(rows, column)
    if value is None:
        return ABSENT
    text = column.shown(value)
    if column.with_interval:
        pictures = sum(row.pictures for row in rows)
        text += f" ({interval(*wilson_interval(round(value * pictures), pictures))})"
    return text + (" plateau" if any(row.plateau for row in rows) else "")


def _summary(name: str, choose: Callable[[Sequence[float]], float], column: Column, cells: list[list[Result]]) -> str:
    """A cell of the last rows: over the families that the contender has read, and how many where these are not all."""
    values = [value for rows in cells if (value := _value(rows, column)) is not None]
    if not values:
        return ABSENT
    missing = len(cells) - len(values)
    return column.shown(choose(values)) + (f" of {len(values)}" if missing else "")


def table(results: Sequence[Result], column: Column) -> str:
    """A table of results with the same number of labels."""
    families, contenders = (sorted({getattr(row, key) for row in results}) for key in ("family", "contender"))
    cells = {
        (family, name): [row for row in results if (row.family, row.contender) == (family, name)]
        for family in families
        for name in contenders
    }
    lines = [f"| {' | '.join(['family', *map(escaped, contenders)])} |", f"|---|{'---|' * len(contenders)}"]
    for family in families:
        lines.append(
            f"| {' | '.join([escaped(family), *(_cell(cells[family, name], column) for name in contenders)])} |"
        )
    for name, choose in (("mean", mean), ("worst", column.worst)):
        own = [_summary(name, choose, column, [cells[family, who] for family in families]) for who in contenders]
        lines.append(f"| **{name}** | {' | '.join(own)} |")
    return "\n".join(lines)


def _section(title: str, results: Sequence[Result], columns: Sequence[Column]) -> list[str]:
    """A heading, and a table for each column of which there is anything."""
    parts = [f"## {title}"]
    for column in columns:
        if any(column.value(row) is not None for row in results):
            parts += [f"{column.title[0].upper()}{column.title[1:]}:", table(results, column)]
    return parts


def document(results: Sequence[Result], on: str) -> str:
    """All tables of the results on the test pictures, or on the validation pictures."""
    chosen = [row for row in results if row.on == on]
    parts = [f"# Styles, {on} pictures", "Intervals are 95 % (Wilson), over the pictures of all seeds together."]
    if untrained := [row for row in chosen if not row.labels]:
        parts += _section("Without training", untrained, (UNCASED, EXACT, CER, SECONDS))
    for labels in sorted({row.labels for row in chosen} - {0}):
        rows = [row for row in chosen if row.labels == labels]
        parts += _section(f"{labels:,} labels", rows, (EXACT, CER, SECONDS, ERROR))
    return "\n\n".join(parts) + "\n"
