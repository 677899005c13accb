"""Sends the epochs of a fit to the store. Training never waits for it, and continues where it is gone."""

import logging
import time
from collections.abc import Sequence
from queue import SimpleQueue
from threading import Thread

from mlflow import MlflowClient
from mlflow.entities import Metric
from mlflow.system_metrics.system_metrics_monitor import SystemMetricsMonitor

from captcha_ocr.artifacts.history import Epoch
from captcha_ocr.tracking.server_errors import address, reason

SAMPLING_SECONDS = 1  # of the system metrics
RETRY_SECONDS = 10
LAST_SECONDS = 10  # how long the end of training waits for epochs that are under way


def as_metrics(epoch: Epoch, milliseconds: int) -> list[Metric]:
    """The epoch's metrics with the epoch as step, logged at `milliseconds` since 1970."""
    return [Metric(name, value, milliseconds, epoch.epoch) for name, value in epoch.metrics().items()]


def send_missing(client: MlflowClient, run_id: str, history: Sequence[Epoch]) -> int:
    """Logs what the run lacks of `history`, as of the time that each epoch ended; returns how many epochs that were."""
    started = client.get_run(run_id).info.start_time
    metrics = [metric for row in history for metric in as_metrics(row, started + round(1000 * row.seconds))]
    there = {(name, m.step) for name in {m.key for m in metrics} for m in client.get_metric_history(run_id, name)}
    missing = [metric for metric in metrics if (metric.key, metric.step) not in there]
    client.log_batch(run_id, metrics=missing)
    return len({metric.step for metric in missing})


class EpochLog:
    """Sends epochs and the machine's load to a run, from threads of their own.

    A store that does not answer is announced once, and asked again with an epoch from time to time. What has not
    arrived by the end is in history.csv, from which `completed_run` takes it.
    """

    def __init__(self, client: MlflowClient, run_id: str) -> None:
        self.run_id = run_id
        self._client = client
        self._added: SimpleQueue[list[Metric] | None] = SimpleQueue()
        self._waiting: list[Metric] = []
        self._away, self._next_try = False, 0.0
        logging.getLogger("mlflow.system_metrics").setLevel(logging.CRITICAL)  # the announcement says it already
        self._watch_the_machine()
        self._thread = Thread(target=self._work, daemon=True)
        self._thread.start()

    def add(self, epoch: Epoch) -> None:
        """To be sent; returns at once."""
        self._added.put(as_metrics(epoch, time.time_ns() // 1_000_000))

    def close(self, status: str) -> None:
        """Ends the run with `status` where all has arrived; else it stays open for `completed_run`."""
        self._added.put(None)
        self._thread.join(0 if self._away else LAST_SECONDS)
        if self._thread.is_alive() or self._waiting:
            self._announce(f"within {LAST_SECONDS} s")
            return
        try:
            self._monitor.finish()
            self._client.set_terminated(self.run_id, status)
        except Exception as error:  # the fit has ended well, whatever became of its run
            self._announce(reason(error))

    def _watch_the_machine(self) -> None:
        self._monitor = SystemMetricsMonitor(self.run_id, SAMPLING_SECONDS, resume_logging=True)
        self._monitor.start()

    def _work(self) -> None:
        for metrics in iter(self._added.get, None):
            self._waiting += metrics
            if time.monotonic() >= self._next_try:
                self._send()

    def _send(self) -> None:
        try:
            self._client.log_batch(self.run_id, metrics=self._waiting)
        except Exception as error:  # whatever it is, a fit continues
            self._announce(reason(error))
            self._next_try = time.monotonic() + RETRY_SECONDS
            return
        self._waiting = []
        if self._away:
            self._away = False
            print(f"MLflow at {address()} answers again, and has all epochs so far", flush=True)
            self._monitor.finish()
            self._watch_the_machine()

    def _announce(self, why: str) -> None:
        """Once for each time that the store is away."""
        if not self._away:
            print(
                f"MLflow at {address()} does not answer ({why}): training continues; what the run lacks is kept in "
                "files and sent later",
                flush=True,
            )
        self._away = True
