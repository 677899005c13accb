import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.stage import exit_on_error, parse_arguments, run_stage


@dataclass(frozen=True)
class Arguments:
    pictures: Path
    git_blob: str
    seed: int


GIVEN = {"--pictures": "data/pictures", "--git-blob": "007", "--seed": "7"}


def call(monkeypatch: pytest.MonkeyPatch, given: dict[str, str]) -> None:
    """Has this process look as if it was started with these options."""
    monkeypatch.setattr(sys, "argv", ["stage.py", *(word for option in given.items() for word in option)])


def test_options_have_the_types_of_the_fields(monkeypatch: pytest.MonkeyPatch) -> None:
    call(monkeypatch, GIVEN)
    assert parse_arguments(Arguments, None) == Arguments(Path("data/pictures"), "007", 7)


def test_the_order_of_the_options_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    call(monkeypatch, dict(reversed(GIVEN.items())))
    assert parse_arguments(Arguments, None) == Arguments(Path("data/pictures"), "007", 7)


@pytest.mark.parametrize("option", GIVEN)
def test_an_option_that_is_missing_is_named(
    option: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    call(monkeypatch, {name: value for name, value in GIVEN.items() if name != option})
    with pytest.raises(SystemExit) as ended:
        parse_arguments(Arguments, None)
    assert ended.value.code == 2
    assert f"the following arguments are required: {option}\n" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("given", "said"),
    [({"--seed": "seven"}, "argument --seed: invalid int value: 'seven'"), ({"--dep": "x"}, "arguments: --dep x")],
)
def test_a_wrong_value_and_an_unknown_option_are_named(
    given: dict[str, str], said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    call(monkeypatch, GIVEN | given)
    with pytest.raises(SystemExit):
        parse_arguments(Arguments, None)
    assert said in capsys.readouterr().err


def test_a_stage_runs_with_its_arguments(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    call(monkeypatch, GIVEN)
    seen: list[Arguments] = []
    run_stage(seen.append, Arguments, None)
    assert seen == [Arguments(Path("data/pictures"), "007", 7)]


def test_a_stage_begins_by_removing_what_a_killed_one_left_beside_and_in_its_folders(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("data/pictures").mkdir(parents=True)
    ended = 2**22 + 1  # no process has so high a number
    left = [Path("data", f".draft-{ended}-a.csv"), Path("data/pictures", f".draft-{ended}-a.html")]
    for draft in left:
        draft.write_text("half")
    call(monkeypatch, GIVEN)
    run_stage(lambda _: None, Arguments, None)
    assert not [draft for draft in left if draft.exists()]


def test_an_expected_error_ends_the_process_with_its_message_and_any_other_keeps_its_traceback() -> None:
    def fail(error: Exception) -> None:
        raise error

    with pytest.raises(SystemExit, match=r"^error: a\.png: remove it$"):
        exit_on_error(lambda: fail(CaptchaOcrError("a.png: remove it")))
    with pytest.raises(ZeroDivisionError):
        exit_on_error(lambda: fail(ZeroDivisionError()))
