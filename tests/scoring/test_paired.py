import pytest
from hypothesis import given
from hypothesis import strategies as st

from captcha_ocr.scoring.paired import Paired, paired

COUNTS = st.tuples(*[st.integers(0, 60)] * 4).filter(any)


def test_pictures_are_counted_by_who_reads_them() -> None:
    assert paired(["a", "b", "c", "d"], ["a", "b", "x", "x"], ["a", "x", "c", "x"]) == Paired(1, 1, 1, 1)
    assert paired(["a", "b", "c"], ["a", "b", "c"], ["x", "x", "c"]) == Paired(1, 2, 0, 0)


@pytest.mark.parametrize(
    ("counts", "low", "high"),
    [
        # Newcombe (1998), table II, method 10: cells e, f, g, h.
        ((36, 12, 2, 0), 0.0569, 0.3404),
        ((20, 12, 2, 16), 0.0562, 0.3292),
        ((0, 1, 0, 29), -0.0830, 0.1667),
    ],
)
def test_the_interval_is_newcombe_s(counts: tuple[int, ...], low: float, high: float) -> None:
    assert Paired(*counts).interval == pytest.approx((low, high), abs=6e-4)


@pytest.mark.parametrize(("first", "second", "p"), [(0, 0, 1.0), (1, 0, 1.0), (5, 0, 2 / 2**5), (6, 1, 16 / 2**7)])
def test_mcnemar_is_the_exact_binomial_test_of_the_disagreements(first: int, second: int, p: float) -> None:
    assert Paired(90, first, second, 0).p_value == pytest.approx(p)


@given(COUNTS)
def test_the_interval_holds_the_difference_and_changes_sign_with_the_order(counts: tuple[int, ...]) -> None:
    both, first, second, neither = counts
    low, high = Paired(*counts).interval
    assert low - 1e-12 <= Paired(*counts).difference <= high + 1e-12
    assert Paired(both, second, first, neither).interval == pytest.approx((-high, -low))
    assert Paired(both, second, first, neither).p_value == pytest.approx(Paired(*counts).p_value)


def test_a_sentence_says_it_all() -> None:
    assert Paired(95, 5, 0, 1).sentence() == (
        "+4.95 points of exact match (95 % interval +0.02 to +11.27) on 101 pictures: 5 read by the first alone, "
        "0 by the second alone, McNemar's p = 0.0625"
    )
