import numpy as np
import pytest
from keras import ops

from captcha_ocr.network.folding import fold_columns, fold_height

# Each feature says where it is from: row and column.
ROWS, COLUMNS = np.mgrid[0:5, 0:3]
MAP = np.stack([ROWS, COLUMNS], axis=-1)[None].astype(np.float32)


def folded(rows: int, lines: int) -> np.ndarray:
    """[T, rows, 2]: where the features of each time step are from, of a map with `rows` rows."""
    sequence = ops.convert_to_numpy(fold_height(ops.convert_to_tensor(MAP[:, :rows]), lines))
    return sequence[0].reshape(sequence.shape[1], -1, 2)


def test_a_column_becomes_a_time_step() -> None:
    steps = folded(5, lines=1)
    assert steps.shape == (3, 5, 2)
    for column, step in enumerate(steps):
        np.testing.assert_array_equal(step, [(row, column) for row in range(5)])


@pytest.mark.parametrize(("rows", "upper", "lower"), [(4, (0, 1), (2, 3)), (5, (0, 1, 2), (2, 3, 4)), (2, (0,), (1,))])
def test_the_upper_line_is_read_before_the_lower_and_both_see_a_middle_row(
    rows: int, upper: tuple[int, ...], lower: tuple[int, ...]
) -> None:
    steps = folded(rows, lines=2)
    wanted = [[(row, column) for row in line] for line in (upper, lower) for column in range(3)]
    np.testing.assert_array_equal(steps, wanted)


def test_a_map_with_the_width_as_first_axis_is_folded_alike() -> None:
    turned = ops.convert_to_tensor(MAP.transpose(0, 2, 1, 3))
    found = ops.convert_to_numpy(fold_columns(turned, 2))
    np.testing.assert_array_equal(found, ops.convert_to_numpy(fold_height(ops.convert_to_tensor(MAP), 2)))
