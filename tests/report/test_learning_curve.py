from captcha_ocr.artifacts.expectation import Expectation
from captcha_ocr.report.document import Chart, Table, Text
from captcha_ocr.report.learning_curve import learning_curve_section
from tests.examples import EXPECTATION


def tables(expectation: Expectation) -> list[tuple[str, ...]]:
    blocks = learning_curve_section(expectation).blocks
    assert any(isinstance(block, Chart) for block in blocks)
    return [row for block in blocks if isinstance(block, Table) for row in block.rows]


def test_the_section_says_what_twice_the_labels_would_bring() -> None:
    first = learning_curve_section(EXPECTATION).blocks[0]
    assert first == Text("With 400 more labels expect 96.1 to 99.3 % exact match; with the 400 of now, 95.0 to 97.0 %.")
    assert tables(EXPECTATION) == [
        ("50", "66.7 %", "60.0 to 70.0 %", "3 fits, 1,050 readings"),
        ("100", "90.0 %", "88.0 to 92.0 %", "3 fits, 900 readings"),
        ("400", "", "95.0 to 97.0 %", "extrapolated"),
        ("800", "", "96.1 to 99.3 %", "extrapolated"),
    ]


def test_where_nothing_can_be_told_what_was_measured_remains() -> None:
    unknown = EXPECTATION.model_copy(update={"band": (), "why": "only 2 of 2 sizes have begun to read"})
    assert learning_curve_section(unknown).blocks[0] == Text(
        "What more labels would bring cannot be told: only 2 of 2 sizes have begun to read. Measured: 100 labels gave "
        "88.0 to 92.0 % exact match."
    )
    assert len(tables(unknown)) == 2
