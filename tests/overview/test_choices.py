"""Which pictures are shown, of small tables whose answer is seen at once."""

from captcha_ocr.overview.choices import longest, random_rows, rarest, widest
from captcha_ocr.overview.symbols import name_of, symbol_counts, visible
from tests.overview.rows import rows


def test_symbols_are_counted_in_each_split_the_most_frequent_first() -> None:
    counts = symbol_counts(rows(["aab", "ba", "c"], {"split": ["train", "test", "validation"]}))
    assert list(counts.index) == ["a", "b", "c"]
    assert counts.loc["a"].to_dict() == {"train": 2, "validation": 0, "test": 1, "total": 3}


def test_the_rarest_symbols_come_first_and_none_takes_all_places() -> None:
    frame = rows(["xx", "xa", "xb", "xb", "xb", "xb", "xx"])
    found = rarest(frame, 5)
    assert found[["label", "symbol", "occurs"]].to_numpy().tolist() == [
        ["xa", "a", 1],
        ["xb", "b", 4],
        ["xb", "b", 4],
        ["xb", "b", 4],
        ["xx", "x", 9],
    ]


def test_the_longest_labels_and_the_widest_pictures_come_first() -> None:
    frame = rows(["ab", "abcd", "a", "efgh"], {"width": [100, 50, 300, 100], "height": [50, 50, 300, 20]})
    assert longest(frame, 3)["label"].tolist() == ["abcd", "efgh", "ab"]
    assert widest(frame, 2)["label"].tolist() == ["efgh", "ab"]


def test_random_pictures_are_the_same_each_time_and_no_more_than_there_are() -> None:
    frame = rows(["a"] * 50)
    assert random_rows(frame, 8)["file"].tolist() == random_rows(frame, 8)["file"].tolist()
    assert len(random_rows(frame, 99)) == 50


def test_symbols_without_a_shape_are_written_as_code_points_and_marks_on_a_circle() -> None:
    assert [visible(symbol) for symbol in ("a", " ", "\u200b", "\u0301")] == ["a", "U+0020", "U+200B", "\u25cc\u0301"]
    assert name_of("\u0430") == "U+0430 CYRILLIC SMALL LETTER A"
