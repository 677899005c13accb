"""Sends the epochs of a fit to MLflow's store in the background. Training continues while the store does not answer."""

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

SAMPLING_SECONDS = 1  # between two samples of the system metrics
RETRY_SECONDS = 10  # between two attempts to reach a store that does not answer
CLOSE_SECONDS = 10  # how long the end of training waits for epochs that are still being sent


def as_metrics(epoch: Epoch, milliseconds: int) -> list[Metric]:
    """The metrics of an epoch, with its number as step and `milliseconds` since 1970 as time."""
    return [Metric(name, value, milliseconds, epoch.epoch) for name, value in epoch.metrics().items()]


def send_missing(client: MlflowClient, run_id: str, history: Sequence[Epoch]) -> int:
    """Logs those metrics of `history` that the run lacks, with the time at which each epoch ended.

    Returns the number of epochs that had missing metrics.
    """
    started = client.get_run(run_id).info.start_time
    metrics = [metric for row in history for metric in as_metrics(row, started + round(1000 * row.seconds))]
    names = {metric.key for metric in metrics}
    logged = {(name, metric.step) for name in names for metric in client.get_metric_history(run_id, name)}
    missing = [metric for metric in metrics if (metric.key, metric.step) not in logged]
    client.log_batch(run_id, metrics=missing)
    return len({metric.step for metric in missing})


class EpochLog:
    """Sends epochs and system metrics to a run, from background threads.

    If the store stops answering, one message is printed. Unsent epochs are then sent together with a later one, at most
    every RETRY_SECONDS. Epochs that are still unsent at the end are in history.csv, from which `completed_run` sends
    them.
    """

    def __init__(self, client: MlflowClient, run_id: str) -> None:
        self.run_id = run_id
        self._client = client
        self._queue: SimpleQueue[list[Metric] | None] = SimpleQueue()
        self._unsent: list[Metric] = []
        self._unreachable, self._next_attempt = False, 0.0
        logging.getLogger("mlflow.system_metrics").setLevel(logging.CRITICAL)  # _announce reports it already
        self._start_monitor()
        self._thread = Thread(target=self._send_queued, daemon=True)
        self._thread.start()

    def add(self, epoch: Epoch) -> None:
        """Queues an epoch to be sent; returns at once."""
        self._queue.put(as_metrics(epoch, time.time_ns() // 1_000_000))

    def close(self, status: str) -> None:
        """Ends the run with `status` if all epochs have been sent. Otherwise the run stays open for `completed_run`."""
        self._queue.put(None)
        self._thread.join(0 if self._unreachable else CLOSE_SECONDS)
        if self._thread.is_alive() or self._unsent:
            self._announce(f"within {CLOSE_SECONDS} s")
            return
        try:
            self._monitor.finish()
            self._client.set_terminated(self.run_id, status)
        except Exception as error:  # the fit succeeded, so no error of the store may fail it
            self._announce(reason(error))

    def _start_monitor(self) -> None:
        self._monitor = SystemMetricsMonitor(self.run_id, SAMPLING_SECONDS, resume_logging=True)
        self._monitor.start()

    def _send_queued(self) -> None:
        for metrics in iter(self._queue.get, None):
            self._unsent += metrics
            if time.monotonic() >= self._next_attempt:
                self._send()

    def _send(self) -> None:
        try:
            self._client.log_batch(self.run_id, metrics=self._unsent)
        except Exception as error:  # no error of the store may end a fit
            self._announce(reason(error))
            self._next_attempt = time.monotonic() + RETRY_SECONDS
            return
        self._unsent = []
        if self._unreachable:
            self._unreachable = False
            print(f"MLflow at {address()} answers again and has received all epochs so far", flush=True)
            self._monitor.finish()
            self._start_monitor()

    def _announce(self, why: str) -> None:
        """Prints a message, unless the store was unreachable already."""
        if not self._unreachable:
            print(
                f"MLflow at {address()} does not answer ({why}): training continues; the epochs are kept in files and "
                "sent later",
                flush=True,
            )
        self._unreachable = True
