from collections.abc import Mapping

from captcha_ocr.adopt.pictures import Look
from captcha_ocr.adopt.split_seed import decide_seed
from captcha_ocr.fetch.layouts.entry import Entry
from captcha_ocr.params.params import SplitParams
from captcha_ocr.split.assignment import side_of

PARAMS = SplitParams(validation=0.1, test=0.1, seed=0)


def entries(labels: Mapping[str, str], split: str | None = None) -> list[Entry]:
    return [Entry(file, label, split, bytes) for file, label in labels.items()]


def looks(labels: Mapping[str, str]) -> dict[str, Look]:
    return {file: Look(digest=f"pixels of {file}", contrast=100, grey_range=100, colour_range=100) for file in labels}


COMMON = {f"{i}.png": "a" for i in range(100)}
RARE = {f"rare{i}.png": symbol for i, symbol in enumerate("bcdefgh")}


def test_training_gets_every_symbol_by_the_first_seed_that_gives_it() -> None:
    labels = COMMON | RARE
    decision = decide_seed(entries(labels), looks(labels), PARAMS)
    seed = decision.values["split.seed"]
    missed = [
        [file for file in RARE if side_of(f"pixels of {file}", PARAMS.model_copy(update={"seed": s})) != "train"]
        for s in range(seed + 1)
    ]
    assert seed > 0
    assert all(missed[:-1])
    assert missed[-1] == []
    assert decision.doubts == ()


def test_common_symbols_need_no_other_seed() -> None:
    assert decide_seed(entries(COMMON), looks(COMMON), PARAMS).values == {"split.seed": 0}


def test_a_symbol_that_the_source_gives_to_the_test_alone_is_named() -> None:
    found = [*entries(COMMON, "train"), *entries(RARE, "test")]
    (doubt,) = decide_seed(found, looks(COMMON | RARE), PARAMS).doubts
    assert doubt.key == "split.seed"
    assert "too few with b, c, d" in doubt.text


def test_too_few_pictures_for_three_splits_are_named() -> None:
    labels = {"1.png": "a", "2.png": "a"}
    (doubt,) = decide_seed(entries(labels), looks(labels), PARAMS).doubts
    assert "`split` may stop" in doubt.text


def test_the_seed_of_the_user_is_the_only_one_that_is_tried() -> None:
    labels = COMMON | RARE
    decision = decide_seed(entries(labels), looks(labels), PARAMS, own=0)
    assert decision.values == {"split.seed": 0}
    assert len(decision.doubts) == 1
