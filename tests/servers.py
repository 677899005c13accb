"""A team's tracking server as docs/team.md starts it: PostgreSQL and MLflow, on free ports of this machine."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests
from tenacity import Retrying, retry_if_exception_type, retry_if_result, stop_after_delay, wait_fixed

from tests.modules import ROOT

USER, PASSWORD = "admin", "a long password"


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def postgres_programs() -> Path | None:
    """The folder of PostgreSQL's programs: the newest of Debian's, or that of the PATH."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    found = str(debian[-1]) if debian else shutil.which("initdb")
    return Path(found).parent if found else None


@contextmanager
def postgres(programs: Path) -> Iterator[dict[str, str]]:
    """The environment that leads to an empty database of a PostgreSQL that lives as long as the block."""
    # PostgreSQL refuses to run as root; and the folders of tests are closed to others.
    owner = "postgres" if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="postgres-", ignore_cleanup_errors=True) as name:
        if owner:
            shutil.chown(name, owner)
        data, port = f"{name}/data", str(free_port())
        create = [str(programs / "initdb"), "-D", data, "-U", "mlflow", "-A", "trust", "-E", "UTF8", "--no-sync"]
        subprocess.run(create, user=owner, cwd=name, check=True, capture_output=True)
        serve = [str(programs / "postgres"), "-D", data, "-p", port, "-k", "", "-h", "127.0.0.1", "-F"]
        process = subprocess.Popen(serve, user=owner, cwd=name, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            ready = [str(programs / "pg_isready"), "-h", "127.0.0.1", "-p", port]
            for attempt in Retrying(stop=stop_after_delay(60), wait=wait_fixed(0.1)):
                with attempt:
                    subprocess.run(ready, check=True, capture_output=True)
            yield {"PGHOST": "127.0.0.1", "PGPORT": port, "PGUSER": "mlflow", "PGDATABASE": "postgres"}
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=60)


@dataclass
class TrackingServer:
    """`mlflow server` over a database, which can be killed and started again."""

    folder: Path
    database: dict[str, str]
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def uri(self) -> str:
        """What MLFLOW_TRACKING_URI is set to."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def client(self) -> dict[str, str]:
        """The environment of whoever works with it."""
        return {
            "MLFLOW_TRACKING_URI": self.uri,
            "MLFLOW_TRACKING_USERNAME": USER,
            "MLFLOW_TRACKING_PASSWORD": PASSWORD,
        }

    def start(self) -> None:
        """Returns when it answers."""
        environment = {k: v for k, v in os.environ.items() if not k.startswith("MLFLOW_")} | self.database
        environment |= {
            "MLFLOW_BACKEND_STORE_URI": "postgresql+psycopg2://",
            "MLFLOW_AUTH_CONFIG_PATH": str(ROOT / "deploy" / "basic_auth.ini"),
            "MLFLOW_AUTH_ADMIN_USERNAME": USER,
            "MLFLOW_AUTH_ADMIN_PASSWORD": PASSWORD,
            "MLFLOW_FLASK_SERVER_SECRET_KEY": "of this server",
            "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
        }
        command = [sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(self.port)]
        command += ["--app-name", "basic-auth", "--artifacts-destination", str(self.folder / "artifacts")]
        command += ["--workers", "1"]
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=self.folder, env=environment, stdout=log, stderr=log, start_new_session=True
            )
        retrying = Retrying(
            stop=stop_after_delay(120),
            wait=wait_fixed(0.2),
            retry=retry_if_exception_type(OSError) | retry_if_result(lambda answer: answer.status_code != 200),
        )
        retrying(requests.get, f"{self.uri}/health", timeout=5)

    def kill(self) -> None:
        """kill -9, workers included."""
        if self.process:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(timeout=30)
            self.process = None


@contextmanager
def tracking_server(folder: Path, database: dict[str, str]) -> Iterator[TrackingServer]:
    """An MLflow server with basic authentication that lives as long as the block."""
    server = TrackingServer(folder, database, free_port())
    server.start()
    try:
        yield server
    finally:
        server.kill()
