from pathlib import Path

import pytest

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.cli.dvc_state import IN_USE, check_dvc_state


@pytest.mark.parametrize("content", ["", '{"data/pictures": {"write": {"pid": 7, "cm', "[", "\0\0\0"])
def test_a_damaged_list_of_files_in_use_is_named_with_the_remedy(
    content: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    IN_USE.parent.mkdir(parents=True)
    IN_USE.write_text(content)
    with pytest.raises(CaptchaOcrError, match=r"rwlock is damaged .*: delete it while no dvc runs"):
        check_dvc_state()


def test_a_state_without_damage_is_not_blamed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    check_dvc_state()
    IN_USE.parent.mkdir(parents=True)
    IN_USE.write_text("{}")
    check_dvc_state()
