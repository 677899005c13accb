"""Sources of three layouts, one after the other: `adopt`, and the pipeline without any edit.

The tests share one project and run in this order; pytest-xdist keeps a file's tests on one worker.
"""

import io
import tarfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from captcha_ocr.artifacts.splits import Splits
from captcha_ocr.params.params import load_params
from tests.adopt.sets import labels, picture, zipped
from tests.conftest import Project, read, shipped_project

# A fit of seconds. No key that `adopt` decides is among them.
QUICK = {"epochs": 1, "epoch_steps": 10, "plateau_epochs": 0}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The project as it ships, but for a quick fit."""
    folder, home = tmp_path_factory.mktemp("adopted"), tmp_path_factory.mktemp("home")
    project = shipped_project(folder, home)
    text = (folder / "params.yaml").read_text()
    for key, value in QUICK.items():
        text = text.replace(f"  {key}: null", f"  {key}: {value}")
    (folder / "params.yaml").write_text(text)
    return project


def table_in_zip(folder: Path) -> Path:
    """RGBA pictures of 200 to 700 pixels with 3 to 12 symbols, a table that names them, and a script."""
    drawn = labels(90, 3, 12)
    files = {f"images/{i}.png": picture(label, 200 + 500 * (len(label) - 3) // 9, 50) for i, label in enumerate(drawn)}
    table = "".join(["image_path,plate_text\n", *(f"images/{i}.png,{label}\n" for i, label in enumerate(drawn))])
    return zipped(folder / "wide plates.zip", files | {"labels.csv": table.encode(), "test.py": b"pass"})


def webdataset(folder: Path) -> Path:
    """Grey pictures, each beside the text file of its label."""
    with tarfile.open(folder / "meters.tar", "w") as archive:
        for i, label in enumerate(labels(60, 4, 4, "0123")):
            for ending, content in (("png", picture(label, 100, mode="L")), ("txt", label.encode())):
                info = tarfile.TarInfo(f"{i:03}.{ending}")
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
    return folder / "meters.tar"


def parquet(folder: Path) -> Path:
    """Two splits as the library `datasets` writes them, coloured pictures."""
    (folder / "signs").mkdir()
    for split, count, seed in (("train", 60, 0), ("test", 15, 1)):
        drawn = labels(count, 7, 8, "BCDEFGHK", seed)
        images = [
            {"bytes": picture(x, 160, mode="RGB", colour="navy"), "path": f"{i}.png"} for i, x in enumerate(drawn)
        ]
        pq.write_table(pa.table({"image": images, "text": drawn}), folder / "signs" / f"{split}-00000-of-00001.parquet")
    return folder / "signs"


def test_a_source_is_adopted_and_the_pipeline_runs_through(project: Project) -> None:
    source = table_in_zip(project.folder)
    output = project.run("make", "-o", ".venv/.ready", "repro", f"SOURCE={source.name}")
    assert "'pad', was null" in output
    params = load_params(project.folder / "params.yaml")
    assert (params.fetch.source, params.fetch.layout) == (source.name, "table")
    assert read(project, "reports/validation.json")["errors"] == 0
    assert read(project, "models/run.json")["alphabet"] == params.text.alphabet == "12abÉ "
    assert read(project, "reports/registry.json")["model"] == params.register_.experiment == "wide-plates"


def test_another_source_takes_the_place_of_the_first(project: Project) -> None:
    """Up to its split: what is behind it knows nothing of the source."""
    source = webdataset(project.folder)
    assert "L (60)" in project.run("captcha-ocr", "adopt", source.name)
    project.run("dvc", "repro", "split")
    params = load_params(project.folder / "params.yaml")
    assert (params.fetch.source, params.fetch.layout, params.text.alphabet) == (source.name, "webdataset", "0123")
    assert (params.register_.model_name, params.register_.experiment) == ("meters", "meters")
    assert read(project, "reports/validation.json")["errors"] == 0
    assert len(Splits.read(project.folder / "data" / "splits.csv")) == 60


def test_splits_that_a_source_gives_are_kept_after_adopting_it(project: Project) -> None:
    source = parquet(project.folder)
    assert "given: train (60), test (15)" in project.run("captcha-ocr", "adopt", source.name)
    project.run("dvc", "repro", "split")
    splits = Splits.read(project.folder / "data" / "splits.csv")
    assert set(splits.file[splits.split == "test"]) == {name for name in splits.file if name.startswith("test")}
    assert 0 < (splits.split == "validation").sum() < (splits.split == "train").sum() < 60
