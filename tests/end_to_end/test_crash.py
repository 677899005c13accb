"""Stages that are killed, or whose disk is full or read-only. `python -m benchmarks.crash` does more of it."""

import shlex
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from pathlib import Path

import pytest
import yaml

from tests.conftest import Project
from tests.faults.comparison import of_file
from tests.faults.plans import DiskFull, KillAt, Plan, ReadOnly
from tests.faults.supervision import Supervised, why_unavailable
from tests.faults.trials import CREATE_STORE, TRACEBACK

STORE = ["python", "-c", CREATE_STORE]
COPY = "attacked"  # the folder in which the stages write here


@pytest.fixture(scope="module", autouse=True)
def _watched_calls(tmp_path_factory: pytest.TempPathFactory) -> None:
    if why := why_unavailable(tmp_path_factory.mktemp("probe")):
        pytest.skip(why)


def run(project: Project, command: Sequence[str], plan: Plan, output: Path) -> tuple[int, str]:
    """The exit code of the command, whose system calls the plan answers, and what it has printed."""
    with Supervised(command, plan, project.folder, project.environment, output) as supervised:
        code = supervised.wait()
    assert not supervised.timed_out
    return code, supervised.output()


def kill(project: Project, command: Sequence[str], plan: KillAt, output: Path) -> None:
    """Runs the command, which must die of the plan."""
    code, printed = run(project, command, plan, output)
    assert (code, plan.killed_at is not None) == (-9, True), printed


def command(project: Project, stage: str) -> tuple[list[str], dict[str, str]]:
    """The command of a stage, with outputs below COPY; and these by the paths that they have in the pipeline."""
    locked = yaml.safe_load((project.folder / "dvc.lock").read_text())["stages"][stage]
    outputs = {output["path"]: f"{COPY}/{output['path']}" for output in locked["outs"]}
    outputs["reports/data_docs"] = f"{COPY}/reports/data_docs"
    words = [outputs.get(word, word) for word in shlex.split(locked["cmd"])]
    return words, {path: copy for path, copy in outputs.items() if copy in words}


def digests(folder: Path, paths: Iterable[str]) -> list[str]:
    """Of all files at the paths, without Data Docs, which have times in their names."""
    found = [folder / path for path in paths if "data_docs" not in path]
    files = [file for path in found for file in (sorted(path.rglob("*")) if path.is_dir() else [path])]
    return [of_file(file) for file in files]


def rows(store: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(store)) as database:
        return database.execute(query).fetchall()


def drafts(folder: Path) -> list[Path]:
    return [path for path in folder.rglob(".draft-*") if ".dvc" not in path.parts]


def test_a_store_is_whole_after_kills_while_it_is_made(project: Project, tmp_path: Path) -> None:
    empty = Project(tmp_path / "checkout", project.environment)
    empty.folder.mkdir()
    # Within a write of its tables; when it gets its name; and within the first transaction of the whole file.
    for plan in (KillAt(40, torn=True, only="^pwrite64"), KillAt(1, only="^rename"), KillAt(1, only=r"mlflow\.db$")):
        kill(empty, STORE, plan, tmp_path / "output")
    empty.run(*STORE)
    found = rows(empty.folder / "mlruns" / "mlflow.db", "select name from experiments order by experiment_id")
    assert found == [("Default",), ("captcha-ocr",)]
    assert not drafts(empty.folder)


@pytest.mark.parametrize(
    ("stage", "calls"),
    [
        ("fetch", ["^write .*part-", "^rename .*pictures$"]),
        ("validate", ["^write .*manifest", "^rename .*validation.json"]),
    ],
)
def test_a_stage_killed_within_a_write_and_at_a_rename_ends_as_if_it_had_not_been(
    stage: str, calls: Sequence[str], project: Project, tmp_path: Path
) -> None:
    words, outputs = command(project, stage)
    for call in calls:
        kill(project, words, KillAt(1, torn=True, only=call), tmp_path / "output")
    project.run(*words)
    assert digests(project.folder, outputs.values()) == digests(project.folder, outputs)
    assert not drafts(project.folder)


def test_a_fit_killed_as_its_run_begins_and_at_a_checkpoint_has_one_run_with_each_epoch_once(
    project: Project, tmp_path: Path
) -> None:
    words, outputs = command(project, "train")
    store = project.folder / "mlruns" / "mlflow.db"
    before = {run for (run,) in rows(store, "select run_uuid from runs")}
    for plan in (KillAt(3, only="^unlink.*mlflow.db-journal"), KillAt(2, torn=True, only="^write .*state")):
        kill(project, words, plan, tmp_path / "output")
    project.run(*words)
    (run,) = {run for (run,) in rows(store, "select run_uuid from runs where status = 'FINISHED'")} - before
    assert rows(store, "select count(*) from runs") == [(len(before) + 1,)]
    epochs = rows(store, f"select step from metrics where key = 'val_cer' and run_uuid = '{run}' order by step")
    assert [step for (step,) in epochs] == [1, 2, 3, 4]
    del outputs["models/run.json"]  # tells of the commit and the changes in the folder, which other tests make
    assert digests(project.folder, outputs.values()) == digests(project.folder, outputs)


@pytest.mark.parametrize(
    ("stage", "plan", "said"),
    [
        ("fetch", lambda folder: DiskFull(5000), "No space left on device: free space"),
        ("evaluate", lambda folder: DiskFull(100), "No space left on device: free space"),
        ("split", lambda folder: ReadOnly(folder / COPY), "Read-only file system: permit"),
        ("register", lambda folder: ReadOnly(folder / "mlruns"), "mlflow.db"),
    ],
)
def test_a_disk_that_is_full_or_read_only_is_named_and_leaves_nothing_half_written(
    stage: str, plan: Callable[[Path], Plan], said: str, project: Project, tmp_path: Path
) -> None:
    words, _ = command(project, stage)
    shutil.rmtree(project.folder / COPY, ignore_errors=True)
    code, printed = run(project, words, plan(project.folder), tmp_path / "output")
    assert (code, TRACEBACK in printed, said in printed) == (1, False, True), printed
    assert not [path for path in (project.folder / COPY).rglob("*") if path.is_file()]
    assert not drafts(project.folder)
