"""One fault, the recovery from it by `dvc repro`, and whether the result is that of an undisturbed pipeline run."""

import os
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.faults.calls import Call
from tests.faults.comparison import Content, content, differences, of_file
from tests.faults.plans import Count, DiskFull, KillAt, ReadOnly
from tests.faults.states import STAGES, States
from tests.faults.supervision import Supervised

KILL, FULL, READ_ONLY = "kill", "disk full", "read-only"
# Beside the stages: the creation of MLflow's store, DVC itself, and DVC while its stage runs.
FIRST_START, DVC, ORPHAN = "first start of the store", "dvc repro fetch", "dvc while train runs"
CREATE_STORE = "from captcha_ocr.tracking.store import open_store; open_store('captcha-ocr')"
LIMIT = 300  # seconds for a stage, and for a recovery
TRACEBACK = "Traceback (most recent call last)"


@dataclass(frozen=True)
class Case:
    """A fault. target: a stage, or another target of this module.

    number: kill: at which call that changes a file; disk full: bytes of room; read-only: the errno. torn: a write is
    killed half way. folder: read-only: which.
    """

    fault: str
    target: str
    number: int
    torn: bool = False
    folder: str = ""


@dataclass(frozen=True)
class Result:
    """What came of a case. at: the call that the fault struck; empty if it was never made. seconds: of the recovery.

    problems: what was wrong; empty if all was as in an undisturbed run. output: what was printed.
    """

    case: Case
    at: str
    problems: list[str]
    seconds: float
    output: str = ""


def goal(target: str) -> str:
    """The stage that a target belongs to: its state is put back before, and `dvc repro` runs up to it afterwards."""
    return {FIRST_START: "train", DVC: "fetch", ORPHAN: "train"}.get(target, target)


def _command(states: States, case: Case) -> list[str]:
    if case.target == FIRST_START:
        return ["python", "-c", CREATE_STORE]
    if case.fault == KILL and case.target in STAGES:
        return states.command(case.target)
    return ["dvc", "repro", "--single-item", goal(case.target)]


def _shown(call: Call | None, project: Path) -> str:
    return f"{call.name} {os.path.relpath(call.paths[-1], project)}" if call else ""


def count_calls(states: States, target: str) -> list[Call]:
    """The calls that change files, when the target runs undisturbed."""
    states.restore(goal(target))
    states.remove_outputs(goal(target))
    plan, project = Count(of_children=target == ORPHAN), states.project
    command = _command(states, Case(KILL, target, 0))
    with Supervised(command, plan, project.folder, project.environment, states.folder / "output", LIMIT) as run:
        run.wait()
    return plan.calls


@cache
def _expected(folder: Path) -> Content:
    return content(folder)


def _half_written(states: States, stage: str) -> list[str]:
    """Outputs that are there under their name, but are not what the stage writes."""
    wrong = []
    for output in states.outputs(stage):
        found, whole = states.project.folder / output, states.after(stage) / output
        files = [path for path in found.rglob("*") if path.is_file()] if found.is_dir() else [found]
        for path in files:
            if path.exists() and of_file(path) != of_file(whole / path.relative_to(found)):
                wrong.append(f"half-written: {path.relative_to(states.project.folder)}")
    return wrong


def _repro(states: States, *words: str) -> tuple[int, str]:
    command, output = ["dvc", "repro", *words], states.folder / "recovery"
    with Supervised(command, Count(), states.project.folder, states.project.environment, output, LIMIT) as run:
        code = run.wait()
    return code, run.output()


def _recovery(states: States, stage: str) -> tuple[list[str], str]:
    """What is wrong after `dvc repro` of the stage, and what that has printed.

    What is before the stage has not changed, and what is behind it depends on its outputs alone. But the run in
    MLflow's store may lack what the stage `register` sends: where only the store differs, all stages run.
    """
    code, output = _repro(states, "--single-item", stage)
    if code:
        return [f"dvc repro --single-item {stage} failed"], output
    wrong = differences(content(states.project.folder), _expected(states.after(stage)))
    if wrong and all("mlflow.db" in line for line in wrong):
        code, output = _repro(states)
        if code:
            return ["dvc repro failed"], output
        wrong = differences(content(states.project.folder), _expected(states.after(STAGES[-1])))
    return wrong, output


def _killed(states: States, case: Case) -> Result:
    project, stage = states.project, goal(case.target)
    if case.target != DVC:
        states.remove_outputs(stage)
    plan = KillAt(case.number, case.torn, of_children=case.target == ORPHAN)
    output = states.folder / "output"
    with Supervised(_command(states, case), plan, project.folder, project.environment, output, LIMIT) as run:
        run.wait()
        started = time.monotonic()
        if case.target == ORPHAN and plan.killed_at:
            _repro(
                states, "--single-item", stage
            )  # beside the stage that lives on: it may be refused, but must do no harm
    problems = ["no end"] if run.timed_out else []
    if case.target in STAGES:
        problems += _half_written(states, stage)
    at = _shown(plan.killed_at, project.folder)
    if not at:
        return Result(case, at, problems, 0)
    wrong, printed = _recovery(states, stage)
    return Result(case, at, problems + wrong, time.monotonic() - started, printed)


def _failed(states: States, case: Case) -> Result:
    project, stage = states.project, goal(case.target)
    states.remove_outputs(stage)
    full = DiskFull(case.number, spare_first=True)
    read_only = ReadOnly(project.folder / case.folder, case.number, spare_first=True)
    plan = full if case.fault == FULL else read_only
    output = states.folder / "output"
    with Supervised(_command(states, case), plan, project.folder, project.environment, output, LIMIT) as run:
        code = run.wait()
    printed = run.output()
    problems = ["no end"] if run.timed_out else []
    if TRACEBACK in printed:
        problems.append("traceback")
    elif code and "error: " not in printed.replace("ERROR: ", ""):
        problems.append("no message")
    problems += _half_written(states, stage)
    started = time.monotonic()
    wrong, repeated = _recovery(states, stage)
    return Result(
        case, _shown(plan.failed_at, project.folder), problems + wrong, time.monotonic() - started, printed + repeated
    )


def run_case(states: States, case: Case) -> Result:
    """Puts the project into its state before the case, lets the fault happen, recovers, and compares."""
    states.restore(goal(case.target))
    return _killed(states, case) if case.fault == KILL else _failed(states, case)


def undisturbed(states: States, target: str) -> list[str]:
    """What the comparison finds after a run without any fault: it should be nothing."""
    states.restore(goal(target))
    return _recovery(states, goal(target))[0]
