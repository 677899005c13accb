"""What a project's folder holds, without what differs between two undisturbed pipeline runs: ids, clocks, timings."""

import csv
import hashlib
import io
import json
import re
import sqlite3
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import onnx
import yaml

# Not compared: what no stage changes, what Python compiles, notes with process ids and times, and what is DVC's own.
LEFT_OUT = {".git", "src", "pictures", "__pycache__", "locks", "written.jsonl"}
LEFT_OUT_OF_DVC = {"cache", "tmp"}
TEMPORARY = re.compile(r"\.[\w-]{22}\.tmp")  # what a killed `dvc` leaves of a file that it was copying
IDS = re.compile(
    r"[0-9a-f]{64}|[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"  # of runs, models and files
    r"|sha256-[\w+/]{43}=|\d{10}\.\d{3,}"  # of a script in a page that holds a time; seconds since 1970
    r"|\d{8}T\d{6}\.\d+Z|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.\d]*([+-]\d\d:?\d\d|Z)?"  # times
)
TIMED_LINES = re.compile(r"\d ms\b|fitted in|model_size_bytes|utc_time_created|\d\d:\d\d:\d\d")
TIMED_KEYS = {"seconds", "p50_ms", "p95_ms", "pictures_per_second", "images_per_second", "bytes"}
CLOCKS = re.compile("time")  # columns of the store
MEASURED = re.compile(r"system/|.*(seconds|_ms|per_second|bytes)|\d*dvc_lock")  # keys in the store

Content = Counter[str]


def _without_timings(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_timings(item) for key, item in value.items() if key not in TIMED_KEYS}
    return [_without_timings(item) for item in value] if isinstance(value, list) else value


def _text(content: bytes) -> str:
    lines = content.decode(errors="replace").splitlines()
    return IDS.sub("ID", "\n".join(line for line in lines if not TIMED_LINES.search(line)))


def _table(content: bytes) -> str:
    rows = csv.DictReader(io.StringIO(content.decode()))
    return json.dumps([{key: value for key, value in row.items() if key not in TIMED_KEYS} for row in rows])


def _network(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        return hashlib.sha256(archive.read("model.weights.h5")).hexdigest()


def _onnx(path: Path) -> str:
    """The operators and the weights: the names between them count up, and the metadata have the run's id."""
    graph = onnx.load(path).graph
    weights = b"".join(sorted(tensor.raw_data for tensor in graph.initializer))
    return " ".join(node.op_type for node in graph.node) + hashlib.sha256(weights).hexdigest()


def _comparable(path: Path) -> str:
    """The content of a file, as a text that two undisturbed runs share."""
    if path.suffix == ".keras":
        return _network(path)
    if path.suffix == ".onnx":
        return _onnx(path)
    content = path.read_bytes()
    if path.suffix == ".json":
        return IDS.sub("ID", json.dumps(_without_timings(json.loads(content)), sort_keys=True))
    if path.suffix == ".csv":
        return _table(content)
    if path.name == "dvc.lock":
        return json.dumps({name: sorted(stage) for name, stage in yaml.safe_load(content)["stages"].items()})
    if path.suffix in (".png", ".parquet", ".otf", ".gif", ".ico"):
        return content.hex()
    return _text(content)


def of_file(path: Path) -> str:
    """A digest of what is comparable in a file; `damaged` if the file is not whole."""
    try:
        return hashlib.sha256(_comparable(path).encode()).hexdigest()[:12]
    except Exception as error:  # whatever a reader of half a file raises
        return f"damaged ({type(error).__name__})"


def _files(folder: Path, root: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        name = path.name
        if name in LEFT_OUT or TEMPORARY.fullmatch(name) or (folder == root / ".dvc" and name in LEFT_OUT_OF_DVC):
            continue
        if path.is_dir():
            yield from _files(path, root)
        else:
            yield path


def _rows(store: Path) -> Iterator[str]:
    """All rows of the store, without ids, clocks and measurements of the machine."""
    with closing(sqlite3.connect(f"{store.as_uri()}?mode=ro", uri=True)) as database:
        tables = [name for (name,) in database.execute("select name from sqlite_master where type = 'table'")]
        for table in tables:
            rows = database.execute(f"select * from {table}")
            names = [column[0] for column in rows.description]
            for row in rows:
                if not any(MEASURED.match(str(value)) for value in row):
                    kept = [value for name, value in zip(names, row, strict=True) if not CLOCKS.search(name)]
                    yield f"{table} {IDS.sub('ID', str(kept))}"


def store_content(store: Path) -> Content:
    """The rows of MLflow's SQLite file."""
    try:
        return Counter(f"{store.name}: {row}" for row in _rows(store))
    except sqlite3.Error as error:
        return Counter([f"{store.name}: damaged ({error})"])


def content(project: Path) -> Content:
    """All that the folder of a project holds: each file by its path and digest, and each row of MLflow's store."""
    found: Content = Counter()
    for path in _files(project, project):
        if path.name == "mlflow.db":
            found += store_content(path)
        else:
            found[f"{IDS.sub('ID', str(path.relative_to(project)))} {of_file(path)}"] += 1
    return found


def differences(found: Content, expected: Content) -> list[str]:
    """What is in only one of them, or another number of times."""
    extra, missing = found - expected, expected - found
    return [f"extra: {item}" for item in sorted(extra)] + [f"missing: {item}" for item in sorted(missing)]
