"""Kills each stage at its system calls, fills the disk, makes folders read-only: does `dvc repro` make it good?

    python -m benchmarks.crash                       # 200 kills, 30 full disks, read-only folders: see --help
    python -m benchmarks.crash --stages train,register --kills 40 --folder /tmp/crash

On the tests' small project. A first run of each stage counts its system calls that write, rename, sync, create or
delete below the project; Linux stops the stage at each (seccomp; no compiler, no root). A kill (SIGKILL) takes the
stage at one of them; of every second write, half has reached the file. Then `dvc repro` must end well, with the same
outputs, metrics and rows in MLflow's store as an undisturbed run, and with no other file left in the project. A full
disk or a read-only folder must end the stage with a message, not a traceback; then all is put right, and `dvc repro`
must do as after a kill.

Results are appended to results.jsonl in the folder, which a later call with the same folder resumes. Prints Markdown
tables; exit code 1 if anything was wrong. The folder belongs to one version of the code: name another after an edit.
"""

import argparse
import errno
import json
import sys
import tempfile
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from itertools import groupby, pairwise
from pathlib import Path
from queue import SimpleQueue
from random import Random
from statistics import median
from threading import Lock

from tests.faults.states import STAGES, States
from tests.faults.supervision import why_unavailable
from tests.faults.trials import (
    DVC,
    FIRST_START,
    FULL,
    KILL,
    ORPHAN,
    READ_ONLY,
    Case,
    Result,
    count_calls,
    run_case,
)

TARGETS = (FIRST_START, *STAGES, DVC, ORPHAN)
# Where each stage writes, and MLflow's store for those that log to it.
FOLDERS = {
    "data": ("locate", "fetch", "validate", "split"),
    "models": ("train", "export"),
    "reports": ("validate", "overview", "evaluate", "export", "report", "register"),
    "mlruns": ("train", "register"),
    ".checkpoints": ("train",),
}
Steps = dict[str, list[tuple[int, str, int]]]  # by target: number, name and bytes of the calls


def steps_of(calls: Sequence[tuple[int, str, int]]) -> list[tuple[int, str, int]]:
    """The first of each row of equal calls: a file of a megabyte is one step, not a hundred."""
    return [next(group) for _, group in groupby(calls, key=lambda call: call[1])]


def shares(wanted: int, available: dict[str, int]) -> dict[str, int]:
    """`wanted` divided as evenly as each one's number allows."""
    given = dict.fromkeys(available, 0)
    while sum(given.values()) < min(wanted, sum(available.values())):
        poorest = min((name for name in available if given[name] < available[name]), key=lambda name: given[name])
        given[poorest] += 1
    return given


def spread(steps: Sequence[tuple[int, str, int]], count: int, random: Random) -> list[tuple[int, str, int]]:
    """`count` of the steps, one from each of `count` equal parts."""
    edges = [round(part * len(steps) / count) for part in range(count + 1)] if count else []
    return [steps[random.randrange(low, high)] for low, high in pairwise(edges)]


def kills(steps: Steps, wanted: int, random: Random) -> list[Case]:
    """Kills spread over the steps of each target; of every second write, half has reached the file."""
    chosen = {name: steps_of(calls) for name, calls in steps.items()}
    count = shares(wanted, {name: len(calls) for name, calls in chosen.items()})
    cases = []
    for target, calls in chosen.items():
        for number, call, size in spread(calls, count[target], random):
            torn = size > 1 and call.startswith(("write", "pwrite64")) and random.random() < 0.5
            cases.append(Case(KILL, target, number, torn))
    return cases


def full_disks(steps: Steps, wanted: int, random: Random) -> list[Case]:
    """Room for a part of what a stage writes, taken evenly from the stages."""
    cases = []
    stages = [stage for stage in STAGES if stage in steps]
    for number in range(wanted if stages else 0):
        stage = stages[number % len(stages)]
        total = sum(size for _, _, size in steps[stage])
        rounds = -(-wanted // len(stages))
        cases.append(Case(FULL, stage, round(total * (number // len(stages) + random.random()) / rounds)))
    return cases


def read_only(targets: Iterable[str]) -> list[Case]:
    """Each folder that a stage writes into, on a disk that is read-only and without the permission to write."""
    pairs = [(folder, stage) for folder, stages in FOLDERS.items() for stage in stages if stage in targets]
    return [
        Case(READ_ONLY, stage, error, folder=folder) for folder, stage in pairs for error in (errno.EROFS, errno.EACCES)
    ]


def counted(states: States, targets: Sequence[str], path: Path) -> Steps:
    """The calls of each target, noted in the file `path` for later calls."""
    known: Steps = json.loads(path.read_text()) if path.exists() else {}
    for target in targets:
        if target not in known:
            calls = count_calls(states, target)
            known[target] = [(n, f"{c.name} {c.paths[-1]}", c.size) for n, c in enumerate(calls, 1)]
            path.write_text(json.dumps(known))
            print(f"{target}: {len(calls)} calls, {len(steps_of(known[target]))} steps", flush=True)
    return {target: known[target] for target in targets}


def earlier(path: Path) -> list[Result]:
    """The results that are there already."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    rows = [json.loads(line) for line in lines]
    return [Result(**(row | {"case": Case(**row["case"])})) for row in rows]


def run_all(cases: Sequence[Case], workers: Sequence[States], path: Path) -> list[Result]:
    """All results; those not in `path` yet are appended to it as they come."""
    results = earlier(path)
    queue: SimpleQueue[Case | None] = SimpleQueue()
    for case in cases:
        if case not in {result.case for result in results}:
            queue.put(case)
    for _ in workers:
        queue.put(None)
    lock = Lock()

    def work(states: States) -> None:
        for case in iter(queue.get, None):
            result = run_case(states, case)
            with lock, path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(result) | {"output": result.output[-3000:] if result.problems else ""}))
                file.write("\n")
                results.append(result)
            for problem in result.problems[:5]:
                print(f"{case.fault}, {case.target} {case.number} {case.folder}, {result.at}: {problem}", flush=True)

    with ThreadPoolExecutor(len(workers)) as pool:
        list(pool.map(work, workers))
    return [result for result in results if result.case in cases]


def kill_table(results: Sequence[Result], steps: Steps) -> str:
    """Kills by target."""
    lines = [
        "| killed | calls | different steps | kills | of these within a write | as undisturbed | seconds to recover |"
    ]
    lines.append("|---|---|---|---|---|---|---|")
    for target in steps:
        rows = [r for r in results if (r.case.fault, r.case.target) == (KILL, target) and r.at]
        good = sum(not r.problems for r in rows)
        torn = sum(r.case.torn for r in rows)
        seconds = f"{median(r.seconds for r in rows):.0f}" if rows else ""
        lines.append(
            f"| {target} | {len(steps[target])} | {len(steps_of(steps[target]))} | {len(rows)} | {torn} | {good} "
            f"| {seconds} |"
        )
    return "\n".join(lines)


def fault_table(results: Sequence[Result]) -> str:
    """Full disks and read-only folders by stage and folder."""
    lines = [
        "| fault | stage | cases | met a write | a message, and as undisturbed afterwards |",
        "|---|---|---|---|---|",
    ]
    rows = sorted((r for r in results if r.case.fault != KILL), key=_place)
    for (fault, folder, stage), found in groupby(rows, key=_place):
        group = list(found)
        name = f"`{folder}` {fault}" if folder else fault
        met, good = sum(bool(r.at) for r in group), sum(not r.problems for r in group)
        lines.append(f"| {name} | {STAGES[stage]} | {len(group)} | {met} | {good} |")
    return "\n".join(lines)


def _place(result: Result) -> tuple[str, str, int]:
    return result.case.fault, result.case.folder, STAGES.index(result.case.target)


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--sizes", type=int, default=30, help="of full disks")
    parser.add_argument("--no-read-only", action="store_true", help="leave the read-only folders out")
    parser.add_argument("--stages", default="", help=f"comma-separated; all are {', '.join(TARGETS)}")
    parser.add_argument("--workers", type=int, choices=range(1, 10), default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--folder", type=Path, help="for projects and results; a temporary one if left out")
    args = parser.parse_args()
    args.targets = [name.strip() for name in args.stages.split(",")] if args.stages else list(TARGETS)
    if unknown := set(args.targets) - set(TARGETS):
        parser.error(f"unknown stages: {', '.join(sorted(unknown))}")
    return args


def main() -> None:
    args = parsed()
    folder = (args.folder or Path(tempfile.mkdtemp(prefix="crash-"))).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    if why := why_unavailable(folder):
        sys.exit(f"error: {why}")
    workers = [States(folder / f"worker{number}") for number in range(args.workers)]
    workers[0].make()
    for other in workers[1:]:
        workers[0].copy_to(other)
    steps = counted(workers[0], args.targets, folder / "calls.json")
    random = Random(args.seed)
    cases = kills(steps, args.kills, random) + full_disks(steps, args.sizes, random)
    cases += [] if args.no_read_only else read_only(args.targets)
    random.shuffle(cases)  # what is done so far is then a sample of all
    results = run_all(cases, workers, folder / "results.jsonl")
    wrong = sum(bool(result.problems) for result in results)
    tables = f"{kill_table(results, steps)}\n\n{fault_table(results)}\n\n{wrong} of {len(results)} wrong"
    (folder / "tables.md").write_text(tables + "\n", encoding="utf-8")
    print(tables)
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
