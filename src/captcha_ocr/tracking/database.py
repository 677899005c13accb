"""The SQLite file of MLflow's store: it appears whole or not at all, and is checked before MLflow opens it.

MLflow itself creates and migrates its tables in hundreds of steps, and cannot open what a kill leaves in between.
"""

import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy
from alembic.script import ScriptDirectory
from filelock import FileLock, Timeout
from mlflow.exceptions import MlflowException
from mlflow.store.db import utils
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore
from sqlalchemy.exc import SQLAlchemyError

from captcha_ocr.base.drafts import sweep_drafts
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.files import replacing
from captcha_ocr.base.system_errors import clear_system_errors, sqlite_remedy

PATIENCE, WAIT = 2, 60  # seconds until a wait for a locked file is announced, and then until it ends with an error
MAKING = 600  # seconds that another process may take to make or migrate the file
AWAY = "move it away, and the next run makes a new one; or restore a backup of it"


def database_uri(file: Path) -> str:
    """The URI by which MLflow opens a SQLite file.

    SQLAlchemy takes ? and % for its own, and MLflow does not, so no URI of a path that holds one suits both. The URI is
    then relative to the working folder. Raises CaptchaOcrError if that path holds one, too.
    """
    path = str(file.absolute())
    if {"?", "%"}.isdisjoint(path):
        return f"sqlite:///{path}"
    relative = os.path.relpath(path)
    if not {"?", "%"}.isdisjoint(relative):
        raise CaptchaOcrError(f"{path}: MLflow opens no SQLite file with ? or % in its path: rename the folder")
    return f"sqlite:///{relative}"


@contextmanager
def _unprotected() -> Iterator[None]:
    """Within the block, SQLite writes fast, and a kill may damage a file: a draft is thrown away then."""

    def set_pragmas(connection: Any, _: object) -> None:
        connection.executescript("PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY")

    sqlalchemy.event.listen(sqlalchemy.Engine, "connect", set_pragmas)
    try:
        yield
    finally:
        sqlalchemy.event.remove(sqlalchemy.Engine, "connect", set_pragmas)


def _execute(file: Path, *statements: str) -> list[Any]:
    """What the last of some SQL statements gives; none of them is committed.

    A file that another process holds is waited for, with a word.
    """
    uri = f"{file.absolute().as_uri()}?mode=rw"  # never makes the file
    for patience, is_last in ((PATIENCE, False), (WAIT, True)):
        try:
            with closing(sqlite3.connect(uri, uri=True, timeout=patience)) as connection:
                return [connection.execute(statement).fetchall() for statement in statements][-1]
        except sqlite3.OperationalError as error:
            if is_last or error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            print(f"{file} is locked by another process: waiting up to {WAIT} s", file=sys.stderr, flush=True)
    raise AssertionError


def _version(file: Path) -> str:
    """The version of the tables; raises sqlite3.Error if the file holds no tables of MLflow, or none that are whole."""
    rows = _execute(file, "SELECT version_num FROM alembic_version")
    if len(rows) != 1:
        raise sqlite3.DatabaseError(f"{len(rows)} versions of its tables")
    return str(rows[0][0])


def _make(file: Path) -> None:
    with replacing(file, durable=True) as draft, _unprotected():
        uri = database_uri(draft)
        try:
            SqlAlchemyStore(uri, (file.parent / "artifacts").absolute().as_uri())
        finally:  # MLflow keeps connections by their URI, and the draft is gone soon
            if engine := SqlAlchemyStore._engine_map.pop(uri, None):
                engine.dispose()


def _migrate(file: Path) -> None:
    """Brings the tables of an older MLflow up to date in a copy, which then replaces the file."""
    print(f"{file} was made by an older MLflow: bringing its tables up to date", file=sys.stderr, flush=True)
    with (
        closing(sqlite3.connect(file, timeout=WAIT)) as present,
        replacing(file, durable=True) as draft,
        _unprotected(),
    ):
        present.execute("PRAGMA journal_mode = DELETE")  # no second file of changes remains beside it
        present.execute("BEGIN IMMEDIATE")  # no other process writes to it meanwhile
        with closing(sqlite3.connect(file)) as reader, closing(sqlite3.connect(draft)) as copy:
            reader.backup(copy)  # which would wait for ever for a connection that is about to write
        shutil.copymode(file, draft)
        engine = sqlalchemy.create_engine(database_uri(draft))
        utils._upgrade_db(engine)
        engine.dispose()


def _make_or_migrate(file: Path) -> None:
    if not file.exists():
        _make(file)
        return
    scripts = ScriptDirectory.from_config(utils._get_alembic_config(""))
    version, newest = _version(file), scripts.get_current_head()
    if version == newest:  # another process has been faster
        return
    if version not in {script.revision for script in scripts.walk_revisions()}:
        raise CaptchaOcrError(
            f"{file} was made by a newer MLflow (its tables have the version {version}): install that, or move the "
            "file away, and the next run makes a new one"
        )
    try:
        _migrate(file)
    except (SQLAlchemyError, MlflowException) as error:
        reason = str(error).splitlines()[0]
        raise CaptchaOcrError(f"the tables of {file} cannot be brought up to date ({reason}): {AWAY}") from error


@contextmanager
def _one_maker(file: Path) -> Iterator[None]:
    """Holds the lock under which the file is made and migrated."""
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        held = FileLock(file.with_name(f"{file.name}.lock")).acquire(timeout=MAKING)
    except Timeout:
        raise CaptchaOcrError(f"another process has been making {file} for {MAKING} s: end it") from None
    with held:
        sweep_drafts(file.parent)
        yield


@contextmanager
def _clear_errors(file: Path) -> Iterator[None]:
    with clear_system_errors():
        try:
            yield
        except sqlite3.Error as error:
            if remedy := sqlite_remedy(error):
                raise CaptchaOcrError(f"{file}: {error}: {remedy}") from None
            raise CaptchaOcrError(f"{file} is no complete store of MLflow ({error}): {AWAY}") from None


@cache
def ready_database(file: Path) -> None:
    """Makes the SQLite file of a store if it is not there, and brings the tables of an older MLflow up to date.

    A kill leaves the file as it was, or whole. Several processes may call this at once. Raises CaptchaOcrError, and
    leaves the file as it is, if it is damaged, was made by a newer MLflow, is locked, or cannot be read or written.
    """
    with _clear_errors(file):
        if not file.exists() or _version(file) != utils._get_latest_schema_revision():
            with _one_maker(file):
                _make_or_migrate(file)


def check_writable(file: Path) -> None:
    """Raises CaptchaOcrError if nothing can be written to a SQLite file: it is locked, or may only be read."""
    with _clear_errors(file):
        _execute(
            file, "BEGIN IMMEDIATE", "PRAGMA user_version = 1"
        )  # on a file that may only be read, the former passes
