"""A small project as it is before each stage, to be put back again and again."""

import os
import shlex
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.conftest import Project, project_environment, small_project

STAGES = ("locate", "fetch", "validate", "split", "overview", "train", "evaluate", "export", "report", "register")
END = "end"  # the state after the last stage
CONSTANT = {".git", "src", "pictures"}  # what no stage changes


def _copy(source: Path, target: Path) -> None:
    for path in source.iterdir():
        if path.name in CONSTANT:
            continue
        if path.is_dir():
            shutil.copytree(path, target / path.name, symlinks=True)
        else:
            shutil.copy2(path, target / path.name)


@dataclass(frozen=True)
class States:
    """A project in `folder`, and a copy of it before each stage. It stays at its place: MLflow notes whole paths."""

    folder: Path

    @property
    def project(self) -> Project:
        environment = project_environment(self.folder / "project", self.folder / "home")
        return Project(self.folder / "project", environment | {"DVC_SITE_CACHE_DIR": str(self._site)})

    @property
    def _site(self) -> Path:
        """Where DVC keeps what it knows of the project outside of it."""
        return self.folder / "site"

    def _copy_before(self, stage: str) -> Path:
        return self.folder / "states" / stage

    def make(self) -> None:
        """Runs the pipeline, stage by stage, unless that is done."""
        if self._copy_before(END).exists():
            return
        shutil.rmtree(self.folder, ignore_errors=True)
        for name in ("project", "home", "states"):
            (self.folder / name).mkdir(parents=True)
        small_project(self.folder / "project", self.folder / "home")
        for stage in STAGES:
            self._keep(stage)
            self.project.run("dvc", "repro", "--single-item", stage)
        self._keep(END)

    def copy_to(self, other: "States") -> None:
        """Makes `other`, whose path must be as long as this one's, out of this one. Files of MLflow hold the path."""
        if other._copy_before(END).exists():
            return
        shutil.rmtree(other.folder, ignore_errors=True)
        shutil.copytree(self.folder, other.folder, symlinks=True, ignore=shutil.ignore_patterns("site"))
        here, there = os.fsencode(self.folder), os.fsencode(other.folder)
        assert len(here) == len(there)
        for path in (path for folder in other.folder.rglob("mlruns") for path in folder.rglob("*") if path.is_file()):
            path.write_bytes(path.read_bytes().replace(here, there))

    def _keep(self, stage: str) -> None:
        draft = self._copy_before("draft")
        draft.mkdir()
        _copy(self.folder / "project", draft)
        draft.rename(self._copy_before(stage))

    def restore(self, stage: str) -> None:
        """Puts the project into its state before `stage`."""
        for path in (self.folder / "project").iterdir():
            if path.name in CONSTANT:
                continue
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
        _copy(self._copy_before(stage), self.folder / "project")

    def after(self, stage: str) -> Path:
        """The folder that holds the project as it is after `stage`."""
        return self._copy_before((*STAGES, END)[STAGES.index(stage) + 1])

    def _locked(self, stage: str) -> dict[str, Any]:
        locked: dict[str, Any] = yaml.safe_load((self._copy_before(END) / "dvc.lock").read_text())["stages"][stage]
        return locked

    def command(self, stage: str) -> list[str]:
        """The command that DVC runs for the stage."""
        return shlex.split(self._locked(stage)["cmd"])

    def outputs(self, stage: str) -> list[str]:
        """The paths that the stage writes."""
        return [output["path"] for output in self._locked(stage)["outs"]]

    def remove_outputs(self, stage: str) -> None:
        """What DVC does before it runs the stage. It leaves the output of `locate`, which is marked `persist`."""
        for output in self.outputs(stage) if stage != "locate" else []:
            path = self.folder / "project" / output
            if path.is_dir():
                shutil.rmtree(path)
            path.unlink(missing_ok=True)
