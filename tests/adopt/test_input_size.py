import pytest

from captcha_ocr.adopt.input_size import Recipe, Sized, decide_input

RECIPE = Recipe(width=240, height=50, pixels_per_step=8)


def steps_of(width: int, height: int) -> int:
    return width // 8


@pytest.mark.parametrize(
    ("pictures", "width", "height", "fit"),
    [
        ([Sized(4.0, 12)] * 9, None, None, None),  # as those that the recipe is for
        ([Sized(4.0, 36)] * 9, 288, None, None),  # the recipe's width has 30 steps
        ([Sized(1.0, 4)] * 9, 64, None, None),
        ([Sized(12.0, 30)] * 9, 608, None, None),
        ([Sized(60.0, 100)] * 9, 2048, 34, None),  # the widest that is allowed
        ([Sized(4.0, 12), Sized(14.0, 34)] * 9, 704, None, "pad"),
        ([Sized(1.0, 12), Sized(4.0, 12)] * 9, 384, 96, "pad"),  # higher, so that the narrow ones have 12 steps
        ([Sized(1.0, 30), Sized(4.0, 30)] * 9, 512, 128, "pad"),
    ],
)
def test_size_and_fit_follow_from_proportions_and_labels(
    pictures: list[Sized], width: int | None, height: int | None, fit: str | None
) -> None:
    decision = decide_input(pictures, RECIPE, 1, steps_of)
    assert decision.values == {"train.width": width, "train.height": height, "train.fit": fit}
    assert decision.doubts == ()


def test_every_label_has_the_time_steps_that_it_is_comfortable_with() -> None:
    pictures = [Sized(4.0, 12)] * 99 + [Sized(4.0, 90)]
    width = decide_input(pictures, RECIPE, 1, steps_of).values["train.width"]
    assert steps_of(width, 50) == 90


def test_the_height_is_that_of_all_lines_together() -> None:
    pictures = [Sized(1.0, 12), Sized(4.0, 12)] * 9
    assert decide_input(pictures, RECIPE, 2, steps_of).values["train.height"] == 192


def test_a_single_picture_of_another_width_does_not_make_room_for_itself() -> None:
    pictures = [Sized(4.0, 12), Sized(8.0, 20)] * 200 + [Sized(40.0, 20)]
    decision = decide_input(pictures, RECIPE, 1, steps_of)
    assert decision.values["train.width"] == 400
    assert [doubt.key for doubt in decision.doubts] == ["train.width"]
