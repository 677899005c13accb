from captcha_ocr.register.champion_history import Claim, predecessor, reigns


def claim(number: int, after: int, version: str = "1") -> Claim:
    return Claim(number, after, version, "2026-01-01T00:00:00Z", "someone", "why")


def test_claims_that_follow_each_other_are_the_history() -> None:
    log = [claim(2, 1, "5"), claim(1, 0, "3"), claim(3, 2, "3")]
    assert [reign.version for reign in reigns(log)] == ["3", "5", "3"]


def test_of_two_against_the_same_champion_the_earlier_holds() -> None:
    log = [claim(1, 0), claim(2, 1, "7"), claim(3, 1, "8"), claim(4, 2, "9"), claim(5, 3, "6")]
    assert [reign.version for reign in reigns(log)] == ["1", "7", "9"]


def test_an_empty_log_has_no_champion() -> None:
    assert reigns([]) == []


def test_going_back_undoes_reigns_one_by_one() -> None:
    def before(*versions: str) -> str | None:
        return predecessor([claim(i + 1, i, version) for i, version in enumerate(versions)])

    assert before() is None
    assert before("1") is None
    assert before("1", "2") == "1"
    assert before("1", "2", "3") == "2"
    assert before("1", "2", "3", "2") == "1"  # 3 was taken back
    assert before("1", "2", "1") is None
    assert before("1", "2", "1", "2") == "1"
