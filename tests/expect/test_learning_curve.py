"""`make expect` on a small set of pictures, with fits that read by a law instead of networks."""

import importlib.util
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType
from typing import Any

import mlflow
import pytest

from captcha_ocr.artifacts.expectation import FOLDER, PLOT, DrawFits, Expectation
from captcha_ocr.artifacts.paths import PROVENANCE, SPLITS
from captcha_ocr.artifacts.provenance import Provenance
from captcha_ocr.artifacts.splits import Splits
from captcha_ocr.artifacts.start import FOLDER as START
from captcha_ocr.artifacts.start import Start
from captcha_ocr.expect.fits import DrawFit
from captcha_ocr.expect.plan import Plan
from captcha_ocr.params.params import load_params
from tests.examples import EXAMPLES
from tests.modules import ROOT
from tests.stores import local_store

LABELS = 100
PLAN = Plan(first=12, draws=2, seed=0)
SIZES = [12, 24, 48, 80]
PARAMS = load_params(ROOT / "params.yaml")


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("expect_run", ROOT / "expect" / "learning_curve.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def read_by_a_law(job: DrawFit, *_: object) -> dict[str, Any]:
    pictures = LABELS - job.labels
    row = {
        "labels": job.labels,
        "draw": job.draw,
        "pictures": pictures,
        "exact": round(pictures * (1 - 4 / job.labels)),
    }
    return row | {"cer": 0.0, "epochs": 1, "seconds": 2.0}


@pytest.fixture
def project(tmp_path: Path, script: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """What `dvc repro split` leaves, as far as it is read here; fits run in threads."""
    with local_store(tmp_path):
        rows = [{"file": f"{i}.png", "label": "ab", "split": "train" if i < LABELS else "test"} for i in range(120)]
        Splits.from_rows(rows).write(SPLITS)
        next(example for example in EXAMPLES if isinstance(example, Provenance)).write(PROVENANCE)
        START.mkdir()
        Start().write_to(START)
        monkeypatch.setattr(script, "ProcessPoolExecutor", lambda count, *_, **__: ThreadPoolExecutor(count))
        monkeypatch.setattr(script, "fit_draw", read_by_a_law)
        yield tmp_path


def test_the_curve_is_written_said_and_logged(project: Path, script: ModuleType, capsys) -> None:
    script.expect(PARAMS, PLAN)
    said = capsys.readouterr().out
    assert "8 of 8 fits to make, " in said
    assert "at a time; the first fits will tell how long" in said
    assert "8 of 8: " in said
    assert f"With {LABELS} more labels expect " in said
    found = Expectation.read_from(FOLDER)
    assert [point.labels for point in found.points] == SIZES
    assert found.data_digest == Provenance.read(PROVENANCE).content_digest
    assert len(DrawFits.read_from(FOLDER)) == 8
    assert (FOLDER / PLOT).stat().st_size
    (run,) = mlflow.search_runs(search_all_experiments=True, output_format="list")
    assert run.info.run_name == "expect"
    assert run.data.metrics["expected_high"] == found.band[-1].high


def test_what_was_fitted_before_a_kill_is_not_fitted_again(
    project: Path, script: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    def killed(job: DrawFit, *_: object) -> dict[str, Any]:
        if job.labels == SIZES[-1]:
            raise KeyboardInterrupt
        return read_by_a_law(job)

    monkeypatch.setattr(script, "fit_draw", killed)
    with pytest.raises(KeyboardInterrupt):
        script.expect(PARAMS, PLAN)
    monkeypatch.setattr(script, "fit_draw", read_by_a_law)
    script.expect(PARAMS, PLAN)
    assert "2 of 8 fits to make, " in capsys.readouterr().out
