"""Builds the page of the data set from what the earlier stages wrote."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from captcha_ocr.artifacts.dataset.picture_shards import PictureShards
from captcha_ocr.artifacts.manifest import Manifest
from captcha_ocr.artifacts.provenance import SYNTHETIC_WARNING, Provenance
from captcha_ocr.artifacts.splits import SIDES, Splits
from captcha_ocr.artifacts.validation_report import ValidationReport
from captcha_ocr.overview.choices import longest, random_rows, rarest, widest
from captcha_ocr.overview.facts import facts
from captcha_ocr.overview.histograms import histograms
from captcha_ocr.overview.notes import Note, shape_notes, split_notes, symbol_notes, twin_notes, validation_notes
from captcha_ocr.overview.page import Gallery, Group, Page, PreparedRow, Shown, SymbolRow
from captcha_ocr.overview.pairs import Pair, duplicates, most_alike
from captcha_ocr.overview.prepared import prepare, telling
from captcha_ocr.overview.symbols import TOTAL, name_of, symbol_counts, visible
from captcha_ocr.overview.thumbnails import input_uri, thumbnail
from captcha_ocr.overview.used import used_pictures
from captcha_ocr.params.params import ValidateParams
from captcha_ocr.params.recipe import TrainParams

SHOWN = 24  # most pictures of a gallery
GROUPS, IN_GROUP = 12, 4  # most groups of like pictures, and most pictures of one
SYMBOLS = 40  # symbols listed at either end, where there are more than twice as many


@dataclass(frozen=True)
class DataSet:
    """What the page is about: the artifacts, and the parameters that it names."""

    manifest: Manifest
    splits: Splits
    validation: ValidationReport
    provenance: Provenance
    shards: PictureShards
    validate: ValidateParams
    train: TrainParams


def _shown(rows: pd.DataFrame, copies: Mapping[str, str], why: Sequence[str] = ()) -> list[Shown]:
    """The pictures of `rows`; `copies` are their data URIs by file, and `why` a note for each."""
    return [
        Shown(row.file, row.label, row.split, f"{row.width} × {row.height}", note, copies[row.file])
        for row, note in zip(rows.itertuples(), why or [""] * len(rows), strict=True)
    ]


def _copies(groups: Iterable[pd.DataFrame], shards: PictureShards) -> dict[str, str]:
    """The data URIs of small copies of all pictures in `groups`, by file."""
    files = {file for group in groups for file in group["file"]}
    return {picture.file: thumbnail(picture.content, picture.file) for picture in shards.chosen(files)}


def _galleries(frame: pd.DataFrame) -> list[tuple[str, str, pd.DataFrame]]:
    """Headings, what explains the choice, and the rows chosen; left out where all pictures are alike in it."""
    found = [
        ("Random pictures", "Drawn from all splits.", random_rows(frame, SHOWN)),
        ("Rarest symbols", "Below each picture: the symbol it is shown for, and its count.", rarest(frame, SHOWN)),
    ]
    if frame["label"].str.len().nunique() > 1:
        found.append(("Longest labels", "", longest(frame, SHOWN)))
    if (frame["width"] / frame["height"]).nunique() > 1:
        found.append(("Widest pictures", "In relation to their height.", widest(frame, SHOWN)))
    return found


def _reasons(rows: pd.DataFrame) -> list[str]:
    """For pictures that are shown for a rare symbol: that symbol and its count."""
    if "symbol" not in rows:
        return []
    return [f"{visible(row.symbol)} ({row.occurs})" for row in rows.itertuples()]


def _pair_group(pair: Pair, rows: pd.DataFrame, copies: Mapping[str, str], near: int) -> Group:
    sides = sorted(set(rows["split"]), key=SIDES.index)
    across = f", on two sides of the split ({' and '.join(sides)})" if len(sides) > 1 else ""
    return Group(f"Bits that differ: {pair.bits}{across}", bool(across) and pair.bits <= near, _shown(rows, copies))


def _twin_group(rows: pd.DataFrame, copies: Mapping[str, str]) -> Group:
    differ = rows["label"].nunique() > 1
    text = f"{len(rows)} equal pictures with {'different labels' if differ else 'the same label'}"
    return Group(text, differ, _shown(rows.head(IN_GROUP), copies))


def _symbol_rows(counts: pd.DataFrame, highest: int) -> list[SymbolRow]:
    return [
        SymbolRow(
            visible(str(symbol)),
            name_of(str(symbol)),
            int(row[TOTAL]),
            row[TOTAL] / highest,
            ", ".join(side for side in SIDES if row[side] == 0),
        )
        for symbol, row in counts.iterrows()
    ]


def _modes(frame: pd.DataFrame) -> list[tuple[str, ...]]:
    counts = pd.crosstab(frame["mode"], frame["split"]).reindex(columns=list(SIDES), fill_value=0)
    return [(str(mode), *(f"{count:,}" for count in row)) for mode, *row in counts.itertuples()]


def _prepared(rows: pd.DataFrame, copies: Mapping[str, str], data: DataSet) -> list[PreparedRow]:
    pictures = prepare(data.shards.in_order(rows["file"].tolist()), data.train)
    return [
        PreparedRow(shown, input_uri(picture.input), [input_uri(version) for version in picture.versions])
        for shown, picture in zip(_shown(rows, copies), pictures, strict=True)
    ]


def _notes(frame: pd.DataFrame, counts: pd.DataFrame, groups: Sequence[pd.DataFrame], data: DataSet) -> list[Note]:
    return [
        *twin_notes(groups),
        *validation_notes(data.validation),
        *symbol_notes(counts, data.validate),
        *shape_notes(frame, data.train.input_size),
        *split_notes(frame),
    ]


def build_page(data: DataSet) -> Page:
    """The page of a data set. Of the pictures themselves, only those shown are decoded."""
    frame = used_pictures(data.manifest, data.splits)
    counts, groups, pairs = symbol_counts(frame), duplicates(frame), most_alike(frame, GROUPS)
    near = data.validate.near_duplicate_bits
    alike = [frame.loc[[pair.first, pair.second]] for pair in pairs]
    galleries, prepared = _galleries(frame), telling(frame)
    chosen = [rows for _, _, rows in galleries]
    copies = _copies([*chosen, *alike, *(g.head(IN_GROUP) for g in groups[:GROUPS]), prepared], data.shards)
    many, highest = len(counts) > 2 * SYMBOLS, int(counts[TOTAL].max())
    return Page(
        warning=SYNTHETIC_WARNING if data.provenance.is_synthetic else "",
        facts=facts(frame, len(data.manifest), len(counts), data.provenance),
        notes=_notes(frame, counts, groups, data),
        galleries=[Gallery(name, text, _shown(rows, copies, _reasons(rows))) for name, text, rows in galleries],
        histograms=histograms(frame),
        modes=_modes(frame),
        symbols=_symbol_rows(counts.head(SYMBOLS) if many else counts, highest),
        rare_symbols=_symbol_rows(counts.tail(SYMBOLS)[::-1], highest) if many else [],
        symbol_count=len(counts),
        alike=[_pair_group(pair, rows, copies, near) for pair, rows in zip(pairs, alike, strict=True)],
        duplicates=[_twin_group(rows, copies) for rows in groups[:GROUPS]],
        duplicate_groups=len(groups),
        prepared=_prepared(prepared, copies, data),
        input_size=data.train.input_size,
        augmentation=data.train.augmentation,
    )
