"""Promotions on a real store; tests/end_to_end/test_promotion_race.py has several processes at once."""

from pathlib import Path

import pytest
from mlflow import MlflowClient

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.register import champions
from tests.stores import store_with_versions

NAME = "reader"


@pytest.fixture
def store(tmp_path: Path) -> str:
    return store_with_versions(tmp_path, NAME, 5)


def alias() -> str:
    return str(MlflowClient().get_model_version_by_alias(NAME, "champion").version)


def test_promotions_and_rollbacks_are_a_history_and_move_the_alias(store: str) -> None:
    assert champions.champion(NAME) is None
    for version, reason in (("1", "first"), ("3", "better"), ("4", "better still")):
        champions.promote(NAME, version, reason)
        assert alias() == version
    assert champions.roll_back(NAME, "it cannot read sevens") == ("4", "3")
    assert alias() == "3"
    assert champions.roll_back(NAME, "nor can that") == ("3", "1")
    with pytest.raises(CaptchaOcrError, match="nothing to go back to"):
        champions.roll_back(NAME, "once more")
    assert [(promotion.version, promotion.reason) for promotion in champions.history(NAME)] == [
        ("1", "first"),
        ("3", "better"),
        ("4", "better still"),
        ("3", "rollback: it cannot read sevens"),
        ("1", "rollback: nor can that"),
    ]
    assert all(promotion.by and promotion.since for promotion in champions.history(NAME))


def test_promoting_the_champion_again_changes_nothing_and_corrects_the_alias(store: str) -> None:
    champions.promote(NAME, "2", "first")
    MlflowClient().set_registered_model_alias(NAME, "champion", "5")  # as if a promotion had been killed half-way
    champions.promote(NAME, "2", "again")
    assert alias() == "2"
    assert len(champions.history(NAME)) == 1


def test_a_promotion_that_was_decided_on_against_an_earlier_champion_does_not_take_place(store: str) -> None:
    assert champions.try_promotion(NAME, "1", "first", 0)
    assert champions.try_promotion(NAME, "2", "better", 1)
    assert not champions.try_promotion(NAME, "3", "decided against version 1", 1)
    assert alias() == "2"


def test_a_version_that_does_not_exist_is_refused(store: str) -> None:
    with pytest.raises(CaptchaOcrError, match="reader has no version 99 to promote"):
        champions.promote(NAME, "99", "why not")
