import numpy as np

from captcha_ocr.network.samples import Samples
from captcha_ocr.train.validating import MOST_VALIDATED, validated


def samples(count: int) -> Samples:
    inputs = np.arange(count, dtype=np.int64)[:, None, None, None]
    return Samples([f"{i}.png" for i in range(count)], [str(i) for i in range(count)], inputs)


def test_an_epoch_reads_all_pictures_or_the_same_500_each_time() -> None:
    few, many = samples(MOST_VALIDATED), samples(MOST_VALIDATED + 300)
    assert validated(few, seed=0) is few
    first, again, other = validated(many, seed=0), validated(many, seed=0), validated(many, seed=1)
    assert first.labels == again.labels != other.labels
    assert len(set(first.labels)) == MOST_VALIDATED
    assert first.inputs.ravel().tolist() == [int(label) for label in first.labels]
