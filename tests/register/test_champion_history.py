from captcha_ocr.register.champion_history import Promotion, previous_champion, valid_promotions


def promotion(number: int, after: int, version: str = "1") -> Promotion:
    return Promotion(number, after, version, "2026-01-01T00:00:00Z", "someone", "why")


def versions(log: list[Promotion]) -> list[str]:
    """Of the promotions that took place, oldest first."""
    return [valid.version for valid in valid_promotions(log)]


def test_promotions_that_follow_each_other_are_the_history() -> None:
    assert versions([promotion(2, 1, "5"), promotion(1, 0, "3"), promotion(3, 2, "3")]) == ["3", "5", "3"]


def test_of_two_against_the_same_champion_the_earlier_takes_place() -> None:
    log = [promotion(1, 0), promotion(2, 1, "7"), promotion(3, 1, "8"), promotion(4, 2, "9"), promotion(5, 3, "6")]
    assert versions(log) == ["1", "7", "9"]


def test_an_empty_log_has_no_champion() -> None:
    assert versions([]) == []


def test_going_back_undoes_promotions_one_by_one() -> None:
    def before(*versions: str) -> str | None:
        return previous_champion([promotion(i + 1, i, version) for i, version in enumerate(versions)])

    assert before() is None
    assert before("1") is None
    assert before("1", "2") == "1"
    assert before("1", "2", "3") == "2"
    assert before("1", "2", "3", "2") == "1"  # 3 was taken back
    assert before("1", "2", "1") is None
    assert before("1", "2", "1", "2") == "1"
