"""The outputs of the pipelines: DVC deletes them before it runs their stages, whoever put them there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.root import project_root
from captcha_ocr.base.written import PIPELINE
from captcha_ocr.base.yaml_text import read_yaml

PIPELINES = (PIPELINE, Path("crossval/dvc.yaml"))
REPORTS = Path("reports")  # stages write more into it than DVC knows of


@dataclass(frozen=True)
class Output:
    """An output of a pipeline. A pattern of glob stands for those of a matrix. kept: DVC does not delete it."""

    pattern: str
    kept: bool

    def paths(self, root: Path) -> Iterator[Path]:
        """The outputs that are there, as paths that begin with `root`."""
        return (path for path in sorted(root.glob(self.pattern)) if path.exists() or path.is_symlink())

    @property
    def place(self) -> Path:
        """The output, or the folder of all that the pattern stands for."""
        fixed, star, _ = self.pattern.partition("*")
        return Path(fixed + star).parent if star else Path(fixed)


def outputs(pipeline: Path) -> list[Output]:
    """All outputs that a dvc.yaml names, relative to the project's root."""
    found = []
    for stage in read_yaml(pipeline)["stages"].values():
        for entry in (entry for kind in ("outs", "metrics") for entry in stage.get(kind, [])):
            path, options = next(iter(entry.items())) if isinstance(entry, dict) else (entry, {})
            found.append(Output(re.sub(r"\$\{[^}]*\}", "*", path), bool(options.get("persist"))))
    return found


MOVE = "move your files to a folder of their own, as pictures, and name that"


def check_place(name: str, parameter: str, remedy: str = MOVE) -> None:
    """Raises CaptchaOcrError if the path `name` is, holds, or lies in what stages write and DVC deletes."""
    source = (project_root() / name).resolve()
    places = [output.place for pipeline in PIPELINES if pipeline.exists() for output in outputs(pipeline)]
    for place in (REPORTS, *places):
        for root in {project_root(), Path.cwd().resolve()}:
            output = (root / place).resolve()
            if output == source or output in source.parents or (source in output.parents and source.is_dir()):
                raise CaptchaOcrError(
                    f"{parameter} = {name!r}: the stages write {place}, and what is there before is deleted: {remedy}"
                )
