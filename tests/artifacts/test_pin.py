import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from captcha_ocr.artifacts.pin import read_pin
from captcha_ocr.base.errors import CaptchaOcrError
from tests.modules import ROOT

SHIPPED = yaml.safe_load((ROOT / "data.dvc").read_text())


def test_a_pin_without_one_of_its_values_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "data.dvc"
    for broken in ([], {}, SHIPPED | {"outs": []}, SHIPPED | {"meta": SHIPPED["meta"] | {"licence": 3}}):
        path.write_text(yaml.safe_dump(broken))
        with pytest.raises(CaptchaOcrError, match=r"data\.dvc is no pin of an archive"):
            read_pin(path)


def test_commands_hold_no_value_of_a_file() -> None:
    """A shell runs them, so that a value with `$(…)` in it would be a program."""
    for pipeline in ("dvc.yaml", "crossval/dvc.yaml"):
        for name, stage in yaml.safe_load((ROOT / pipeline).read_text())["stages"].items():
            values = stage["cmd"].replace("${item.seed}", "").replace("${item.fold}", "")  # numbers: crossval/plan.py
            assert "$" not in values, f"{pipeline}: {name}"


def test_a_pin_with_a_program_in_it_runs_nothing(tmp_path: Path) -> None:
    evil = "data/'$(touch ran)`touch ran`;touch ran #"
    pin = SHIPPED | {"outs": [{"path": evil}], "meta": SHIPPED["meta"] | {"licence": evil}}
    (tmp_path / "data.dvc").write_text(yaml.safe_dump(pin))
    (tmp_path / "dvc.yaml").write_bytes((ROOT / "dvc.yaml").read_bytes())
    command = yaml.safe_load((ROOT / "dvc.yaml").read_text())["stages"]["locate"]["cmd"]
    command = command.replace("python stages", f"{sys.executable} {ROOT}/stages")
    command = command.replace("params.yaml", str(ROOT / "params.yaml"))
    subprocess.run(command, shell=True, cwd=tmp_path, check=True, env={"PYTHONPATH": str(ROOT / "src")})
    assert not (tmp_path / "ran").exists()
    assert evil in (tmp_path / "data" / "source.json").read_text()
