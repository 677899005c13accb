"""The page of small data sets: complete, the same each time, and nothing of the data gets out of it."""

from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from captcha_ocr.artifacts.manifest import Manifest
from captcha_ocr.artifacts.provenance import Provenance
from captcha_ocr.artifacts.splits import Splits
from captcha_ocr.artifacts.validation_report import ValidationReport
from captcha_ocr.network.architectures import complete_train_params
from captcha_ocr.overview.content import SHOWN, DataSet, build_page
from captcha_ocr.overview.prepared import prepare
from captcha_ocr.params.params import load_params
from captcha_ocr.pictures.decoding import pixels_of
from captcha_ocr.pictures.preprocessing import to_input
from tests.modules import ROOT
from tests.overview.rows import rows
from tests.packed import packed, png

PARAMS = load_params(ROOT / "params.yaml")
TRAIN = complete_train_params(PARAMS.train)
HOSTILE_FILE, HOSTILE_LABEL = "<img src=x onerror=alert(1)>.png", "<b>$1_2$"
PROVENANCE = Provenance(
    origin="own",
    obtained="folder pictures",
    licence="as published",
    content_digest="5026",
    labels_digest="abcd",
    pictures=12,
    bytes=1,
)


def data_set(folder: Path, frame: pd.DataFrame) -> DataSet:
    """The pictures of `frame`, drawn at random in their sizes."""
    rng = np.random.default_rng(0)
    pictures = {}
    for row in frame.itertuples():
        pixels = rng.integers(0, 256, (row.height, row.width, 3), dtype=np.uint8)
        pictures[row.file] = (png(Image.fromarray(pixels)), row.label, None)
    missing = dict.fromkeys(("sha256", "error"), "") | dict.fromkeys(("bytes", "dark", "contrast", "joined_ink"), 0)
    return DataSet(
        manifest=Manifest.from_frame(frame.assign(**missing)),
        splits=Splits.from_frame(frame),
        validation=ValidationReport(rows=len(frame), errors=0, warnings=0, quarantined=0, rules={}, examples={}),
        provenance=PROVENANCE,
        shards=packed(folder / "pictures", pictures),
        validate=PARAMS.validate_,
        train=TRAIN,
    )


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> DataSet:
    frame = rows(
        [f"ab{i}" for i in range(11)] + [HOSTILE_LABEL],
        {"width": range(40, 64, 2), "height": [20] * 12, "split": (["train"] * 2 + ["validation", "test"]) * 3},
    )
    frame.loc[11, "file"] = HOSTILE_FILE
    frame.loc[3, "pixels_sha256"] = frame.loc[2, "pixels_sha256"]
    return data_set(tmp_path_factory.mktemp("data"), frame)


@pytest.fixture(scope="module")
def page(data: DataSet) -> str:
    return build_page(data).as_html()


class Parsed(HTMLParser):
    """The text of a page, its tags, and what it would load or run."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.said, self.tags, self.loaded, self.handlers = "", set(), [], []
        self.feed(html)

    def handle_data(self, data: str) -> None:
        self.said += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.loaded += [str(value) for name, value in attrs if name in ("src", "href", "srcset", "data")]
        self.handlers += [name for name, _ in attrs if name.startswith("on")]


def test_the_page_loads_nothing_and_runs_nothing(page: str) -> None:
    found = Parsed(page)
    assert all(uri.startswith(("data:image/", "#")) for uri in found.loaded)
    assert not found.tags & {"script", "iframe", "object", "embed", "link", "base"}
    assert found.handlers == []
    assert "default-src 'none'; style-src 'sha256-" in page
    assert "unsafe" not in page


def test_file_names_and_labels_are_text(page: str) -> None:
    found = Parsed(page)
    assert "b" not in found.tags
    assert HOSTILE_FILE in found.said
    assert HOSTILE_LABEL in found.said


def test_the_same_data_give_the_same_bytes(data: DataSet, page: str) -> None:
    assert build_page(data).as_html() == page


def test_equal_pictures_stand_side_by_side(data: DataSet) -> None:
    (group,) = build_page(data).duplicates
    assert (group.text, group.alarming) == ("2 equal pictures with different labels", True)
    assert [shown.file for shown in group.pictures] == ["0002.png", "0003.png"]


def test_a_near_pair_on_two_sides_of_the_split_is_marked(data: DataSet) -> None:
    pair = build_page(data).alike[0]
    assert (pair.text, pair.alarming) == ("Bits that differ: 1", False)
    assert [pair.text for pair in build_page(data).alike if pair.alarming] == [
        "Bits that differ: 1, on two sides of the split (validation and test)"
    ]


def test_look_alikes_are_announced(data: DataSet) -> None:
    synthetic = replace(data, provenance=PROVENANCE.model_copy(update={"origin": "synthetic"}))
    assert "THESE ARE NOT THE REAL PICTURES" in build_page(synthetic).as_html()


def test_of_many_pictures_and_symbols_a_bounded_number_is_shown(tmp_path: Path) -> None:
    count = 600
    frame = rows(
        [chr(0x4E00 + i) * (1 + i % 3) for i in range(count)],
        {"width": [20 + i % 9 for i in range(count)], "height": [10] * count, "split": ["train", "test"] * 300},
    )
    found = build_page(data_set(tmp_path, frame))
    assert {len(gallery.pictures) for gallery in found.galleries} == {SHOWN}
    assert (len(found.symbols), len(found.rare_symbols), found.symbol_count) == (40, 40, count)
    assert (found.symbols[0].total, found.rare_symbols[0].total) == (3, 1)
    assert sum(bar.pictures for bars in found.histograms[0].bars.values() for bar in bars) == count
    assert len(found.as_html()) < 1_000_000


@pytest.mark.parametrize("augmentation", [0.0, 1.0])
def test_what_is_shown_is_the_networks_input_and_variations_of_it(data: DataSet, augmentation: float) -> None:
    pictures = data.shards.in_order(["0000.png", "0005.png"])
    prepared = prepare(pictures, TRAIN.model_copy(update={"augmentation": augmentation}))
    for picture, found in zip(pictures, prepared, strict=True):
        expected = to_input(pixels_of(picture.content, picture.file), TRAIN.input_size)
        np.testing.assert_array_equal(found.input, expected)
        assert all(np.array_equal(version, expected) == (augmentation == 0) for version in found.versions)
