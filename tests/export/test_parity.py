import numpy as np
import pytest
from PIL import Image

from captcha_ocr.artifacts.dataset.picture_shards import Picture
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.ctc.codec import Codec
from captcha_ocr.ctc.greedy_decoder import GreedyReadings, read_greedily
from captcha_ocr.export.parity import check_empty_batch, compare, compare_files, merged, variants
from captcha_ocr.export.portions import Portion
from captcha_ocr.network.reading import read_logits
from captcha_ocr.pictures.decoding import pixels_of
from captcha_ocr.pictures.input_size import InputSize
from captcha_ocr.pictures.preprocessing import to_input
from captcha_ocr.recognizer import Reading, Recognizer
from tests.exported import ALPHABET, INPUT_SIZE, exported, noise, untrained
from tests.packed import png

CODEC = Codec("ab")
LOGITS = np.random.default_rng(0).normal(0, 3, (70, 4, 3))
WANTED = read_greedily(LOGITS, CODEC, 1.0)
NAMES = [f"{i}.png" for i in range(70)]


def wanted(numbers: list[int]) -> GreedyReadings:
    """What the network reads of these pictures."""
    return read_greedily(LOGITS[numbers], CODEC, 1.0)


class Answers:
    """Stands in for the recogniser with known answers, so that a wrong one can be staged."""

    def __init__(self, logits: np.ndarray) -> None:
        self.answers = read_greedily(logits, CODEC, 1.0)
        self.sizes: list[int] = []
        self.session = self

    def read(self, sources: list[int], batch_size: int) -> list[Reading]:
        self.sizes.append(batch_size)
        a = self.answers
        return [Reading(a.texts[i], float(a.confidences[i]), (), a.log_probs[i]) for i in sources]

    def run(self, *_: object) -> list:
        return []


def test_equal_answers_pass_at_every_batch_size() -> None:
    recognizer = Answers(LOGITS)
    parity = compare(recognizer, range(70), NAMES, WANTED)
    assert (parity.samples, parity.batch_sizes, parity.text_mismatches) == (70, (1, 7, 64), 0)
    assert recognizer.sizes == [1, 7, 64]
    parity.raise_mismatch(1e-9)


def test_portions_add_up_to_the_comparison_of_all() -> None:
    """Each file is read at every batch size, beside the network, a portion at a time."""
    moved = LOGITS.copy()
    moved[42] = 9 * np.eye(3)[[2, 0, 2, 2]]
    files = {"a": Answers(LOGITS), "b": Answers(moved)}
    portions = [Portion(NAMES[start : start + 30], list(range(70))[start : start + 30]) for start in (0, 30, 60)]
    found = compare_files(files, wanted, portions)
    for name, file in files.items():
        assert found[name].parity == compare(file, range(70), NAMES, WANTED)
        assert found[name].texts == file.answers.texts
        assert sorted(file.sizes) == sorted([1, 7, 64] * 4)


def test_a_difference_that_is_no_number_is_kept_beside_others() -> None:
    broken = LOGITS.copy()
    broken[3] = np.nan
    with np.errstate(invalid="ignore"):
        parts = [compare(Answers(logits), range(70), NAMES, WANTED) for logits in (LOGITS, broken, LOGITS)]
    assert np.isnan(merged(parts).max_abs_diff)


def test_a_text_that_differs_names_its_picture() -> None:
    wrong = LOGITS.copy()
    wrong[42] = 9 * np.eye(3)[[2, 0, 2, 2]] if WANTED.texts[42] != "bb" else 9 * np.eye(3)[[1, 1, 1, 1]]
    with pytest.raises(CaptchaOcrError, match=r"42\.png"):
        compare(Answers(wrong), range(70), NAMES, WANTED).raise_mismatch(1.0)


@pytest.mark.parametrize("difference", [0.01, float("nan")])
def test_probabilities_that_differ_fail_even_where_texts_agree(difference: float) -> None:
    moved = LOGITS.copy()
    moved[3, 0, LOGITS[3, 0].argmin()] += difference
    with pytest.raises(CaptchaOcrError):
        compare(Answers(moved), range(70), NAMES, WANTED).raise_mismatch(1e-5)


def test_a_file_that_answers_an_empty_batch_is_refused() -> None:
    with pytest.raises(CaptchaOcrError, match="without a picture"):
        check_empty_batch(Answers(LOGITS))


def stored(image: Image.Image) -> Picture:
    return Picture("a.png", png(image), "a", None)


def test_variants_are_of_other_sizes_shapes_and_modes_and_one_has_colours() -> None:
    pictures = list(variants(stored(Image.linear_gradient("L").resize((20, 10)))).values())
    assert {picture.mode for picture in pictures} == {"RGB", "L", "RGBA", "P"}
    assert {picture.size for picture in pictures} == {(40, 20), (60, 10), (6, 10), (20, 10)}
    colours = np.array(pictures[[picture.mode for picture in pictures].index("RGBA") - 1])
    assert (colours[..., 0] != colours[..., 2]).any()


def test_a_file_that_stretches_what_the_network_saw_padded_is_found_by_the_variants() -> None:
    """Also where all pictures have the network's own proportions, which both forms leave as they are."""
    padded = InputSize(64, 16, fit="pad")
    network = untrained(padded)
    pictures = variants(stored(Image.fromarray(noise(1)[0, :, :, 0])))
    inputs = np.stack([to_input(pixels_of(picture, name), padded) for name, picture in pictures.items()])
    wanted = read_greedily(read_logits(network, inputs), Codec(ALPHABET), 1.0)
    for input_size, agrees in ((padded, True), (INPUT_SIZE, False)):
        recognizer = Recognizer.from_bytes(exported(network, input_size).SerializeToString(), "a")
        parity = compare(recognizer, list(pictures.values()), list(pictures), wanted)
        assert (parity.max_abs_diff < 1e-5) == agrees
