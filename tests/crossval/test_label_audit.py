from pathlib import Path

import pytest

from captcha_ocr.artifacts.manifest import Manifest
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.crossval.label_audit import read_verdicts
from tests.modules import ROOT

HEAD = "sha256,file,label,seen,verdict,note\n"
MANIFEST = Manifest.from_rows({"sha256": str(i + 1), "file": f"{x}.png", "label": x} for i, x in enumerate("abc"))


def table(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "audit.csv"
    path.write_text(HEAD + "".join(f"{row}\n" for row in rows))
    return path


def test_labels_that_do_not_stand_are_given_by_file(tmp_path: Path) -> None:
    path = table(tmp_path, "2,b.png,b,d,wrong,", "1,a.png,a,a,stands,", "3,c.png,c,?,undecidable,a stroke")
    verdicts = read_verdicts(path, MANIFEST)
    assert verdicts.file.tolist() == ["a.png", "b.png", "c.png"]
    assert verdicts.seen.tolist() == ["a", "d", "?"]
    assert verdicts.rejected.tolist() == ["b.png", "c.png"]


def test_verdicts_on_other_pictures_are_passed_over(tmp_path: Path) -> None:
    assert len(read_verdicts(table(tmp_path, "9,b.png,b,d,wrong,"), MANIFEST)) == 0


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("2,b.png,b,d,dubious,", r"the verdict on b\.png is 'dubious'; use one of stands, wrong, undecidable"),
        ("2,b.png,x,d,wrong,", r"judges the label 'x' of b\.png, which now is 'b': look again"),
    ],
)
def test_a_verdict_that_cannot_be_used_is_named(tmp_path: Path, row: str, said: str) -> None:
    with pytest.raises(CaptchaOcrError, match=said):
        read_verdicts(table(tmp_path, row), MANIFEST)


def test_other_columns_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "audit.csv"
    path.write_text("file,verdict\na.png,wrong\n")
    with pytest.raises(CaptchaOcrError, match=r"has the columns .*: correct its first line"):
        read_verdicts(path, MANIFEST)


def test_the_project_s_own_table_is_sound() -> None:
    read_verdicts(ROOT / "crossval" / "label_audit.csv", MANIFEST)
