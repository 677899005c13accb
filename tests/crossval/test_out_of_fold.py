import numpy as np
import pandas as pd

from captcha_ocr.crossval.out_of_fold import FoldReadings, disagreements, read_seed
from captcha_ocr.ctc.codec import Codec
from captcha_ocr.scoring.reliability import fit_temperature

CODEC = Codec("ab")


def fold(number: int, labels: list[str], texts: list[str], height: float) -> FoldReadings:
    """Readings whose best path spells `texts`, a symbol on every other step."""
    logits = np.zeros((len(labels), 4, CODEC.classes), np.float32)
    for row, text in zip(logits, texts, strict=True):
        for step in range(4):
            symbol = CODEC.encode(text[step // 2])[0] if step // 2 < len(text) else 0
            row[step, 0 if step % 2 else symbol] = height
    return FoldReadings(0, number, [f"{number}-{i}.png" for i in range(len(labels))], labels, logits)


FOLDS = [
    fold(0, ["ab", "ba", "ab"], ["ab", "ba", "bb"], 3.0),
    fold(1, ["ba", "ab"], ["ba", "ab"], 5.0),
]


def test_every_picture_is_read_once_and_calibrated_by_the_other_folds() -> None:
    frame = read_seed(FOLDS, CODEC)
    assert sorted(frame["file"]) == sorted(file for f in FOLDS for file in f.files)
    for held_out, other in (FOLDS, FOLDS[::-1]):
        found = frame.loc[frame["fold"] == held_out.fold, "temperature"].unique()
        assert found.tolist() == [fit_temperature(other.logits, other.labels, CODEC)]


def test_the_label_s_probability_is_the_confidence_where_the_label_was_read() -> None:
    frame = read_seed(FOLDS, CODEC)
    exact = frame["edit_distance"] == 0
    assert (frame.loc[exact, "label_probability"] == frame.loc[exact, "confidence"]).all()
    (wrong,) = frame[~exact].itertuples()
    assert (wrong.file, wrong.text) == ("0-2.png", "bb")
    assert wrong.label_probability < wrong.confidence


def test_what_most_seeds_misread_comes_first_with_its_most_frequent_misreading() -> None:
    rows = [
        ("once.png", "ab", "ab", 0.9, 0.9, 0),
        ("once.png", "ab", "bb", 0.6, 0.3, 1),
        ("once.png", "ab", "ab", 0.9, 0.9, 0),
        ("always.png", "ab", "b", 0.7, 0.1, 1),
        ("always.png", "ab", "bb", 0.8, 0.2, 1),
        ("always.png", "ab", "bb", 1.0, 0.0, 1),
        ("never.png", "ab", "ab", 1.0, 1.0, 0),
    ]
    names = ["file", "label", "text", "confidence", "label_probability", "edit_distance"]
    frame = disagreements(pd.DataFrame(rows, columns=names))
    assert frame["file"].tolist() == ["always.png", "once.png"]
    always = frame.iloc[0]
    assert (always["text"], always["misread"], always["seeds"]) == ("bb", 3, 3)
    assert (always["confidence"], always["label_probability"]) == (0.9, 0.1)


def test_no_disagreement_is_an_empty_table_of_the_same_columns() -> None:
    frame = read_seed([FOLDS[1], fold(2, ["aa"], ["aa"], 4.0)], CODEC)
    assert list(disagreements(frame)) == list(disagreements(read_seed(FOLDS, CODEC)))
    assert disagreements(frame).empty
