import numpy as np

from captcha_ocr.ctc.codec import Codec
from captcha_ocr.evaluate.readings import predictions_of

CODEC = Codec("ab")
FILES, LABELS = ["0.png", "1.png", "2.png"], ["ab", "ab", "a"]
# Four time steps each, with classes blank, a, b: "ab" surely, "bb" surely, "a" with doubts.
PROBABILITIES = np.array(
    [
        [[0.1, 0.8, 0.1], [0.1, 0.9, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]],
        [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]],
        [[0.4, 0.6, 0.0], [1.0, 0.0, 0.0], [1.0, 0.0, 0.0], [1.0, 0.0, 0.0]],
    ]
)
LOGITS = np.log(PROBABILITIES + 1e-30)


def test_every_picture_is_a_row_and_the_worst_reading_is_the_first() -> None:
    found = predictions_of(FILES, LABELS, LOGITS, CODEC, temperature=1.0)
    assert found.file.tolist() == ["1.png", "2.png", "0.png"]
    assert found.text.tolist() == ["bb", "a", "ab"]
    assert found.edit_distance.tolist() == [1, 0, 0]
    assert found.confidence.tolist() == [1.0, 0.6, 0.89]
    assert found.symbol_confidence.tolist() == ["1.0000 1.0000", "0.6000", "0.9000 1.0000"]


def test_confidences_are_at_the_given_temperature() -> None:
    found = predictions_of(FILES, LABELS, LOGITS, CODEC, temperature=2.0)
    root_a, root_blank = 0.6**0.5, 0.4**0.5
    assert found.confidence.tolist()[1] == round(root_a / (root_a + root_blank), 6)
