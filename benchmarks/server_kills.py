"""Kills the tracking server (kill -9) at a random epoch of a fit, again and again: does the run end complete?

    python -m benchmarks.server_kills             # twenty times, some 20 minutes on two cores
    python -m benchmarks.server_kills --times 4 --seed 7 --epochs 30

On the tests' small project, against `mlflow server` on PostgreSQL. Each time the fit continues and ends without the
server; then that is started again, and by turns `captcha-ocr sync` or `dvc repro` completes the run. It must be
FINISHED, and its metrics must be those of history.csv, each step once. Prints a table; exit code 1 if one is not
complete.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

from mlflow import MlflowClient

from captcha_ocr.artifacts.history import History
from captcha_ocr.artifacts.paths import RECORD, REPORTS
from captcha_ocr.artifacts.run_record import RunRecord
from captcha_ocr.tracking.epochs import as_metrics
from tests.conftest import Project, small_project
from tests.servers import TrackingServer, postgres, postgres_programs, tracking_server

WAYS = (("captcha-ocr", "sync"), ("dvc", "repro"))


@dataclass(frozen=True)
class Kill:
    """One killed server: at which epoch of how many, how many the run had then, and whether it came to hold all."""

    epoch: int
    epochs: int
    arrived: int
    way: str
    complete: bool


@contextmanager
def team() -> Iterator[tuple[Project, TrackingServer]]:
    """A project whose pictures are split, and the server that it logs to."""
    programs = postgres_programs()
    if programs is None:
        sys.exit("error: PostgreSQL is not installed here (Debian: apt install postgresql)")
    with tempfile.TemporaryDirectory(prefix="server-kills-") as name:
        folders = [Path(name, part) for part in ("project", "home", "server")]
        for folder in folders:
            folder.mkdir()
        project = small_project(folders[0], folders[1])
        with postgres(programs) as database, tracking_server(folders[2], database) as server:
            project.environment.update(server.client)
            project.run("dvc", "repro", "split")
            yield project, server


def fit_and_kill(project: Project, server: TrackingServer, epoch: int) -> None:
    """The stage `train`; its server dies when it has told of `epoch`."""
    process = subprocess.Popen(
        ["dvc", "repro", "train"], cwd=project.folder, env=project.environment, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith(f"epoch {epoch:3}"):
            server.kill()
    if process.wait():
        raise SystemExit("training ended with the server")


def is_complete(client: MlflowClient, run_id: str, history: Path) -> bool:
    """FINISHED, and each metric of history.csv is there once."""
    wanted = {(m.key, m.step): m.value for row in History.read(history).epochs() for m in as_metrics(row, 0)}
    logged = [m for name in {key for key, _ in wanted} for m in client.get_metric_history(run_id, name)]
    once = len(logged) == len(wanted) and {(m.key, m.step): m.value for m in logged} == wanted
    return once and client.get_run(run_id).info.status == "FINISHED"


def killed_once(project: Project, server: TrackingServer, number: int, epoch: int, epochs: int) -> Kill:
    """A fit of its own seed, from which the server is taken away, and the run completed."""
    project.set_parameter("train.seed", number)
    fit_and_kill(project, server, epoch)
    server.start()
    client, run_id = MlflowClient(server.uri), RunRecord.read(project.folder / RECORD).run_id
    arrived = len(client.get_metric_history(run_id, "val_cer"))
    way = WAYS[number % len(WAYS)]
    project.run(*way)
    complete = is_complete(client, run_id, project.folder / REPORTS / History.file_name)
    return Kill(epoch, epochs, arrived, " ".join(way), complete)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0, help="of the epochs at which it is killed")
    parser.add_argument("--epochs", type=int, default=12, help="of each fit")
    args = parser.parse_args()
    random, started = Random(args.seed), time.monotonic()
    kills: list[Kill] = []
    print("| kill | at epoch | epochs there | completed by | complete |\n|---|---|---|---|---|")
    with team() as (project, server):
        os.environ.update(server.client)
        project.set_parameter("train.epochs", args.epochs)
        for number in range(args.times):
            kill = killed_once(project, server, number, random.randint(1, args.epochs), args.epochs)
            kills.append(kill)
            done = "yes" if kill.complete else "NO"
            print(
                f"| {number + 1} | {kill.epoch} of {kill.epochs} | {kill.arrived} | `{kill.way}` | {done} |", flush=True
            )
    complete = sum(kill.complete for kill in kills)
    print(f"{complete} of {len(kills)} complete, in {time.monotonic() - started:.0f} s")
    sys.exit(complete != len(kills))


if __name__ == "__main__":
    main()
