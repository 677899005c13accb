from dataclasses import replace

import numpy as np
import pandas as pd

from captcha_ocr.crossval.files import DoubtfulLabels, FoldReadings, FoldRecord, OutOfFold
from captcha_ocr.crossval.out_of_fold import all_seeds, doubtful_labels, fit_rows, read_seed
from captcha_ocr.ctc.codec import Codec
from captcha_ocr.scoring.temperature import fit_temperature
from tests.examples import FIT

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
    found = read_seed(FOLDS, CODEC)
    assert sorted(found.file) == sorted(file for f in FOLDS for file in f.files)
    for held_out, other in (FOLDS, FOLDS[::-1]):
        temperatures = found.temperature[found.fold == held_out.fold].unique()
        assert temperatures.tolist() == [fit_temperature(other.logits, other.labels, CODEC)]


def test_the_label_s_probability_is_the_confidence_where_the_label_was_read() -> None:
    found = read_seed(FOLDS, CODEC)
    right = found.where(found.exact)
    assert right.label_probability.tolist() == right.confidence.tolist()
    (wrong,) = found.where(~found.exact).rows()
    assert (wrong.file, wrong.text) == ("0-2.png", "bb")
    assert wrong.label_probability < wrong.confidence


def test_the_worst_reading_of_all_folds_comes_first() -> None:
    assert read_seed(FOLDS, CODEC).file.iloc[0] == "0-2.png"


def test_every_fit_is_a_row_with_what_it_read_of_its_own_fold() -> None:
    first, second = read_seed(FOLDS, CODEC), read_seed([replace(fold, seed=1) for fold in FOLDS[::-1]], CODEC)
    records = [
        FoldRecord(seed=seed, fold=fold, fit=FIT.model_copy(update={"epochs": 10 * seed + fold}))
        for seed in (0, 1)
        for fold in (0, 1)
    ]
    rows = fit_rows(all_seeds([first, second]), records)
    assert [(r.seed, r.fold, r.epochs, r.samples, r.exact_match) for r in rows.rows()] == [
        (0, 0, 0, 3, 2 / 3),
        (0, 1, 1, 2, 1.0),
        (1, 0, 10, 3, 2 / 3),
        (1, 1, 11, 2, 1.0),
    ]
    assert set(rows.best_epoch) == {FIT.best_epoch}


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
    readings = pd.DataFrame(rows, columns=names).assign(symbol_confidence="", seed=0, fold=0, temperature=1.0)
    always, once = doubtful_labels(OutOfFold.from_frame(readings)).rows()
    assert (always.file, once.file) == ("always.png", "once.png")
    assert (always.text, always.misread, always.seeds) == ("bb", 3, 3)
    assert (always.confidence, always.label_probability) == (0.9, 0.1)
    assert (once.text, once.misread, once.seeds, once.label_probability) == ("bb", 1, 3, 0.7)


def test_where_every_reading_is_exact_no_label_is_doubtful() -> None:
    found = doubtful_labels(read_seed([FOLDS[1], fold(2, ["aa"], ["aa"], 4.0)], CODEC))
    assert len(found) == 0
    assert list(found.frame) == list(DoubtfulLabels.columns())
