"""One small project, run from end to end once, that the tests of the pipeline share."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from filelock import FileLock
from hypothesis import HealthCheck, settings

from captcha_ocr.fetch.lookalikes import render_captchas
from captcha_ocr.params.params import TextParams
from captcha_ocr.pictures.input_size import InputSize
from tests.modules import ROOT
from tests.servers import TrackingServer, postgres, postgres_programs, tracking_server

# Hypothesis fails an example that takes 0.2 seconds, or takes long to draw: on a busy machine any may.
settings.register_profile("no clock", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("no clock")

SMALL: dict[str, dict[str, Any]] = {
    "text": {"alphabet": "2345", "min_length": 3, "max_length": 3},
    "fetch": {"source": "pictures"},
    "validate": {"sizes": [[96, 32]], "min_rows": 20, "min_symbol_count": 5},
    "split": {"validation": 0.2, "test": 0.2},
    "train": {
        "width": 96,
        "height": 32,
        "epochs": 4,
        "epoch_steps": 5,
        "batch_size": 4,
        "augmentation": 0.2,
        "plateau_epochs": 0,
    },
    "register": {"min_exact_match": 0.0, "max_cer": 1.0, "max_ece": 1.0},
}
# 32 of the 64 labels of three symbols, each in four renderings: the group of the pattern leaves the number out.
RENDERINGS = 4


@dataclass(frozen=True)
class Project:
    """A copy of the project with its own git repository, store and small pictures."""

    folder: Path
    environment: dict[str, str]

    def run(self, *words: str, fails: bool = False, **variables: str) -> str:
        """The output of a command in the project; its exit code must be as expected."""
        environment = self.environment | variables
        done = subprocess.run(words, cwd=self.folder, env=environment, capture_output=True, text=True, check=False)
        output = done.stdout + done.stderr
        assert (done.returncode != 0) == fails, output
        return output

    def repro(self) -> set[str]:
        """The stages that `dvc repro` ran, without the one that looks at the source each time."""
        return set(re.findall(r"Running stage '(\w+)'", self.run("dvc", "repro"))) - {"locate"}

    def set_parameter(self, name: str, value: Any) -> None:
        """Changes one key of params.yaml."""
        path = self.folder / "params.yaml"
        values = yaml.safe_load(path.read_text())
        section, key = name.split(".")
        values[section][key] = value
        path.write_text(yaml.safe_dump(values, sort_keys=False))

    def clone(self, folder: Path) -> "Project":
        """What git has of it, in a folder of its own."""
        self.run("git", "clone", "--quiet", ".", str(folder))
        return Project(folder, self.environment | {"PYTHONPATH": str(folder / "src")})

    @property
    def store(self) -> str:
        """The URI of its MLflow store."""
        return self.environment.get("MLFLOW_TRACKING_URI") or f"sqlite:///{self.folder / 'mlruns' / 'mlflow.db'}"


def stage_command(name: str, paths: dict[str, str | Path]) -> list[str]:
    """The command line of one stage, with the given paths as options."""
    options = [word for option, path in paths.items() for word in (f"--{option}", str(path))]
    return ["python", f"stages/{name}.py", *options]


def register_command(model: Path, output: Path, provenance: str | Path = "data/provenance.json") -> list[str]:
    """The command that registers the file `model` with the results of the pipeline run, and writes the decision."""
    made: dict[str, str | Path] = {
        "params": "params.yaml",
        "pictures": "data/pictures",
        "splits": "data/splits.csv",
        "small": "models/model.int8.onnx",
        "network": "models/model.keras",
        "record": "models/run.json",
        "reports": "reports",
    }
    return stage_command("register", made | {"model": model, "output": output, "provenance": provenance})


def read(project: Project, name: str) -> dict[str, Any]:
    """A JSON file of the project."""
    found: dict[str, Any] = json.loads((project.folder / name).read_text())
    return found


def _render(folder: Path) -> None:
    text = TextParams(label_pattern="(.+)", **SMALL["text"])
    folder.mkdir()
    for number in range(RENDERINGS):
        drawn = folder.parent / f"drawn{number}"
        render_captchas(drawn, 32, text, InputSize(96, 32), seed=number)
        for path in drawn.iterdir():
            path.rename(folder / f"{path.stem}_{number}.png")
        drawn.rmdir()


def _copy_tracked(folder: Path) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in listed.stdout.splitlines():
        if (ROOT / name).is_file() and not name.startswith(("tests/", "reports/", "dvc.lock")):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)


def project_environment(folder: Path, home: Path) -> dict[str, str]:
    """For commands in the project `folder`: its own library, and nothing of the user's settings."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("MLFLOW_", "DVC_", "GIT_", "KERAS_"))}
    return environment | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(folder / "src"),  # the copy's library, not the one under test's own place
        "HOME": str(home),
        # Two workers share the machine, and threads that wait for a core of their own only waste it.
        "OMP_NUM_THREADS": "1",
        "TF_NUM_INTRAOP_THREADS": "1",
        "TF_NUM_INTEROP_THREADS": "1",
    }


def shipped_project(folder: Path, home: Path) -> Project:
    """The project as it ships, in an empty folder, with a git repository that has no commit yet."""
    _copy_tracked(folder)
    (home / ".gitconfig").write_text("[user]\nname = Tester\nemail = tester@example.org\n")
    project = Project(folder, project_environment(folder, home))
    project.run("git", "init", "--quiet", "--initial-branch", "main")
    return project


def small_project(folder: Path, home: Path) -> Project:
    """The small project in an empty folder, committed, before its first `dvc repro`."""
    project = shipped_project(folder, home)
    _render(folder / "pictures")
    (folder / ".gitignore").write_text((folder / ".gitignore").read_text() + "/pictures/\n")
    values = yaml.safe_load((folder / "params.yaml").read_text())
    for section, changes in SMALL.items():
        values[section] |= changes
    values["text"]["label_pattern"] = r"(\w+)_\d+"
    (folder / "params.yaml").write_text(yaml.safe_dump(values, sort_keys=False))
    project.run("git", "add", "--all")
    project.run("git", "commit", "--quiet", "--message", "A small project")
    return project


def reproduced(folder: Path, home: Path, user: dict[str, str]) -> None:
    """Makes the small project in `folder` and runs `dvc repro` as `user`, unless another worker has done so."""
    done = home / "reproduced"
    with FileLock(folder.with_suffix(".lock")):
        if not done.exists():
            for empty in (folder, home):
                empty.mkdir()
            project = small_project(folder, home)
            project.environment.update(user)
            expected = {"fetch", "validate", "split", "overview", "train", "evaluate", "export", "report", "register"}
            assert project.repro() == expected
            done.touch()


# The longest files first, so that the workers end at about the same time. Those on the next two lines need no project:
# one worker has them while the other makes it.
FIRST = [
    "test_pipeline.py",
    *("test_adopt.py", "test_consumers.py", "test_labelling.py", "test_installation.py", "test_promotion_race.py"),
    *("test_telemetry.py", "test_release.py"),
    *("test_registry.py", "test_experiments.py", "test_retrain.py", "test_team.py"),
    *("test_conversion.py", "test_s3.py", "test_adoption.py", "test_optimizer.py", "test_validation.py"),
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: FIRST.index(item.path.name) if item.path.name in FIRST else len(FIRST))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--server",
        action="store_true",
        help="the tests that share a project log to MLflow on PostgreSQL; two pipelines at once, too: `make story`",
    )
    parser.addoption("--dotnet", action="store_true", help="build and run the .NET example: `make dotnet`")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TrackingServer]:
    """A team's MLflow server, with basic authentication, on PostgreSQL."""
    programs = postgres_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed here (Debian: apt install postgresql)")
    with postgres(programs) as database, tracking_server(tmp_path_factory.mktemp("server"), database) as server:
        yield server


@pytest.fixture(scope="module")
def project(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The small project after `dvc repro`: a copy for each file of tests, which may change it."""
    user: dict[str, str] = {}
    if request.config.getoption("server"):
        user = request.getfixturevalue("server").client
        os.environ.update({name: value for name, value in user.items() if name != "MLFLOW_TRACKING_URI"})
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    made, home = shared / "small-project", shared / "small-project-home"
    reproduced(made, home, user)
    # Runs logged so far keep their artifacts where the project was made: MLflow notes whole paths.
    folder = tmp_path_factory.mktemp("copy") / "project"
    shutil.copytree(made, folder, symlinks=True)
    return Project(folder, project_environment(folder, home) | user)
