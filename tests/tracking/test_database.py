"""The store's SQLite file: how it is made, migrated and checked. Kills at each step: benchmarks/crash.py."""

import resource
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import mlflow
import pytest
import sqlalchemy
from alembic import command
from alembic.script import ScriptDirectory
from mlflow import MlflowClient
from mlflow.store.db import utils
from mlflow.store.tracking.dbmodels.initial_models import Base
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.tracking import database
from captcha_ocr.tracking.server_errors import clear_server_errors
from captcha_ocr.tracking.store import open_store
from tests.permissions import read_only
from tests.stores import DATABASE, empty_store, local_store

ready = database.ready_database.__wrapped__  # as in a new process


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A store without runs."""
    empty_store(tmp_path)
    return tmp_path / DATABASE


def sql(file: Path, *statements: str) -> list[tuple[object, ...]]:
    """What the last of some SQL statements gives."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        return [connection.execute(statement).fetchall() for statement in statements][-1]


def test_the_file_is_there_only_when_it_is_complete(tmp_path: Path) -> None:
    """And what a killed process has left is swept up."""
    file, seen = tmp_path / "mlruns" / DATABASE, []
    file.parent.mkdir()
    (file.parent / f".draft-{2**22 + 1}-{DATABASE}").write_bytes(b"half")

    def look(*_: object) -> None:
        seen.append(file.exists())

    sqlalchemy.event.listen(sqlalchemy.Engine, "before_cursor_execute", look)
    try:
        ready(file)
    finally:
        sqlalchemy.event.remove(sqlalchemy.Engine, "before_cursor_execute", look)
    assert len(seen) > 100  # a kill at any of these leaves no file
    assert not any(seen)
    assert sorted(path.name for path in file.parent.iterdir()) == [DATABASE, f"{DATABASE}.lock"]
    assert [e.name for e in MlflowClient(f"sqlite:///{file}").search_experiments()] == ["Default"]


def test_several_first_starts_at_once_make_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, made = tmp_path / "mlruns" / DATABASE, []
    make = database._make
    monkeypatch.setattr(database, "_make", lambda path: (made.append(path), make(path)))
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(ready, [file] * 4)) == [None] * 4
    assert made == [file]


def half_made(file: Path) -> None:
    """What a kill of MLflow's own first start leaves."""
    file.unlink()
    engine = sqlalchemy.create_engine(f"sqlite:///{file}")
    Base.metadata.create_all(engine)
    engine.dispose()


DAMAGE: dict[str, tuple[Callable[[Path], object], str]] = {
    "empty": (lambda file: file.write_bytes(b""), "no complete store"),
    "truncated": (lambda file: file.write_bytes(file.read_bytes()[:200_000]), "malformed"),
    "zeroed": (lambda file: file.write_bytes(bytes(100_000)), "not a database"),
    "another file": (lambda file: file.write_text("file,text\n" * 1000), "not a database"),
    "half made": (half_made, "no complete store"),
    "half migrated": (lambda file: sql(file, "DELETE FROM alembic_version"), "no complete store"),
    "newer": (lambda file: sql(file, "UPDATE alembic_version SET version_num = 'f00'"), "by a newer MLflow .*f00"),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_file_that_cannot_be_used_is_named_with_the_remedy_and_left_alone(kind: str, file: Path) -> None:
    damage, said = DAMAGE[kind]
    damage(file)
    before = file.read_bytes()
    with pytest.raises(CaptchaOcrError, match=rf"{DATABASE}.*{said}.*move .*away") as raised:
        ready(file)
    assert "\n" not in str(raised.value)
    assert file.read_bytes() == before


def revisions() -> list[str]:
    """The versions of MLflow's tables, the newest first."""
    scripts = ScriptDirectory.from_config(utils._get_alembic_config(""))
    return [script.revision for script in scripts.walk_revisions()]


def make_older(file: Path) -> None:
    """A store whose tables are some versions old."""
    with database._unprotected():
        engine = sqlalchemy.create_engine(f"sqlite:///{file}")
        Base.metadata.create_all(engine)
        config = utils._get_alembic_config(f"sqlite:///{file}")
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, revisions()[8])
        engine.dispose()


def test_the_store_of_an_older_mlflow_is_migrated_and_keeps_what_it_holds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / DATABASE
    make_older(file)
    sql(file, "INSERT INTO experiments (name, lifecycle_stage) VALUES ('kept', 'active')")
    ready(file)
    assert "older MLflow" in capsys.readouterr().err
    assert sql(file, "SELECT version_num FROM alembic_version") == [(revisions()[0],)]
    assert sql(file, "SELECT name FROM experiments") == [("kept",)]


def test_a_migration_that_fails_leaves_the_file_as_it_was(file: Path) -> None:
    sql(file, f"UPDATE alembic_version SET version_num = '{revisions()[8]}'")  # its tables are there already
    before = file.read_bytes()
    with pytest.raises(CaptchaOcrError, match=r"cannot be brought up to date .*: move it away"):
        ready(file)
    assert file.read_bytes() == before
    assert not list(file.parent.glob(".draft-*"))


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "PATIENCE", 0.1)
    monkeypatch.setattr(database, "WAIT", 0.3)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("use", [ready, database.check_writable])
def test_a_locked_file_is_waited_for_with_a_word_and_then_an_error(
    use: Callable[[Path], None], file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(CaptchaOcrError, match=rf"{DATABASE}: database is locked: another process writes to it"):
            use(file)
    assert "is locked by another process: waiting" in capsys.readouterr().err
    use(file)


def test_a_full_disk_leaves_no_file(tmp_path: Path) -> None:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, limits[1]))
    try:
        with pytest.raises(CaptchaOcrError, match="free space"):
            ready(tmp_path / DATABASE)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert [path.name for path in tmp_path.iterdir()] == [f"{DATABASE}.lock"]
    ready(tmp_path / DATABASE)


def test_a_folder_that_cannot_be_written_to_is_named_within_seconds(file: Path) -> None:
    started = time.monotonic()
    with read_only(file.parent):
        ready(file)  # reading needs no permission
        with pytest.raises(CaptchaOcrError, match=r"permit this user"):
            database.check_writable(file)
        with pytest.raises(CaptchaOcrError, match=r"other.db.lock: Permission denied: permit this user"):
            ready(file.with_name("other.db"))
    assert time.monotonic() - started < 10  # and not the 100 seconds for which MLflow would try


@pytest.fixture
def odd_project(tmp_path: Path) -> Iterator[Path]:
    """A project in a folder whose name has a meaning in URIs and for shells, with a store."""
    folder = tmp_path / "a b$5'\"#%41?ü=1&"
    folder.mkdir()
    with local_store(folder):
        yield folder
    SqlAlchemyStore._engine_map.pop(f"sqlite:///mlruns/{DATABASE}").dispose()  # relative: another folder's for others


def test_runs_and_their_files_are_kept_in_a_checkout_with_an_odd_path(odd_project: Path) -> None:
    experiment = open_store("readers")
    run_id = MlflowClient().create_run(experiment).info.run_id
    MlflowClient().log_text(run_id, "hi", "files/a.txt")
    assert mlflow.artifacts.load_text(f"runs:/{run_id}/files/a.txt") == "hi"
    assert sql(odd_project / "mlruns" / DATABASE, "SELECT count(*) FROM runs") == [(1,)]
    assert (odd_project / "mlruns" / "artifacts" / run_id / "artifacts" / "files" / "a.txt").read_text() == "hi"
    assert [path.name for path in odd_project.parent.iterdir()] == [odd_project.name]


def test_damage_that_shows_later_is_said_in_one_line(file: Path, tmp_path: Path) -> None:
    client = MlflowClient(f"sqlite:///{file}")
    client.search_experiments()
    shutil.copy(file, tmp_path / "kept.db")
    file.write_bytes(bytes(100_000))

    @clear_server_errors()
    def use() -> None:
        client.create_experiment("new")

    with pytest.raises(CaptchaOcrError, match=r"MLflow store at .*(malformed|not a database).*move it away"):
        use()
