import csv
import re
from pathlib import Path

import pytest

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.pretraining.fonts import INDEX, SYMBOLS, glyph, read_faces
from captcha_ocr.pretraining.texts import ALPHABET
from tests.rendered import FACES

FOLDER = Path(__file__).parents[2] / "pretraining"


def rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def plain(name: str) -> str:
    return re.sub("[^a-z0-9]", "", name.lower())


def test_no_font_is_fetched_that_a_generator_of_the_benchmark_brings_along() -> None:
    excluded = {plain(row["family"]) for row in rows("excluded_fonts.csv")}
    assert {"droidsansmono", "dejavusans", "lato", "roboto", "kaushanscript", "comicbooksmash"} <= excluded
    assert not [row["package"] for row in rows("fonts.csv") if plain(row["package"].split("/")[1]) in excluded]


def test_each_font_has_a_free_licence_a_digest_and_symbols_that_are_known() -> None:
    for row in rows("fonts.csv"):
        assert row["licence"] in {"OFL-1.1", "Apache-2.0", "MIT", "CC0-1.0", "Unlicense"}
        assert row["integrity"].startswith("sha512-")
        assert row["symbols"] in SYMBOLS


def test_the_index_says_which_symbols_a_font_is_for(tmp_path: Path) -> None:
    (tmp_path / INDEX).write_text("file,kind,symbols\na.ttf,mono,capitals\n")
    (face,) = read_faces(tmp_path)
    assert (face.path, face.kind) == (tmp_path / "a.ttf", "mono")
    assert set(face.symbols) == {symbol for symbol in ALPHABET if not symbol.islower()}


def test_a_folder_without_fonts_is_refused_with_the_command_that_fetches_them(tmp_path: Path) -> None:
    with pytest.raises(CaptchaOcrError, match=r"index\.csv does not exist: fetch the fonts with python pretraining"):
        read_faces(tmp_path)


@pytest.mark.parametrize("face", FACES)
def test_capitals_have_the_same_height_in_every_font(face) -> None:
    shape = glyph(face, "H", 52)
    rows_of_ink = (shape.ink > 127).any(axis=1).sum()
    assert rows_of_ink == pytest.approx(52, abs=3)
    assert shape.top + shape.ink.shape[0] == pytest.approx(0, abs=4)  # it stands on the baseline
