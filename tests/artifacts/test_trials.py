import shlex

import yaml

from captcha_ocr.artifacts.trials import State, Trial, best_trial, command, seconds_left


def trial(number: int, state: State, value: float, seconds: float = 10) -> Trial:
    return Trial(number, state, value, 3, seconds, {"epochs": number}, "", "")


def test_the_best_is_the_lowest_of_the_complete_trials() -> None:
    trials = [trial(1, "complete", 0.5), trial(2, "pruned", 0.1), trial(3, "complete", 0.3), trial(4, "complete", 0.3)]
    best = best_trial(trials)
    assert best is not None
    assert best.number == 3
    assert best_trial(trials[1:2]) is None


def test_the_time_left_follows_from_the_mean_so_far() -> None:
    assert seconds_left([trial(1, "complete", 0.5, 10), trial(2, "pruned", 0.9, 4)], wanted=5) == 21


def test_values_become_a_command_that_a_shell_and_dvc_read_back() -> None:
    values = {"learning_rate": 0.0043, "clip_norm": None, "tensorboard": True, "optimizer": "adam", "batch_size": 8}
    words = shlex.split(command(values))
    assert words[:3] == ["dvc", "exp", "run"]
    assert set(words[3::2]) == {"-S"}
    read = dict(word.split("=") for word in words[4::2])
    assert {key.removeprefix("train."): yaml.safe_load(text) for key, text in read.items()} == values
