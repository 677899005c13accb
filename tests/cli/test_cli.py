"""The command line on real processes, and what of it needs no process."""

import argparse
import csv
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import onnx
import pytest
from PIL import Image

from captcha_ocr.cli.main import TRAINING, main, modules_of
from captcha_ocr.recognizer import Recognizer
from tests.exported import exported, noise, untrained


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model, and a folder of five pictures with one file that is none."""
    folder = tmp_path_factory.mktemp("cli")
    onnx.save(exported(untrained()), folder / "model.onnx")
    (folder / "pictures" / "deep").mkdir(parents=True)
    for i, pixels in enumerate(noise(5)):
        below = folder / "pictures" / ("deep" if i == 4 else "")
        Image.fromarray(pixels[:, :, 0]).save(below / f"{i}.png")
    (folder / "pictures" / "broken.png").write_bytes(b"no picture")
    (folder / "pictures" / "notes.txt").write_text("not looked at")
    return folder


def read(
    folder: Path, *words: str, stdin: bytes = b"", encoding: str = "utf-8", model: Path | None = None
) -> subprocess.CompletedProcess[bytes]:
    file = str((model or folder) / "model.onnx")
    command = [sys.executable, "-m", "captcha_ocr.cli.main", "read", *words, "--model", file]
    environment = os.environ | {"PYTHONIOENCODING": encoding}
    return subprocess.run(command, input=stdin, capture_output=True, cwd=folder, env=environment, check=False)


def texts(folder: Path) -> dict[str, str]:
    recognizer = Recognizer.load(folder / "model.onnx")
    names = [f"pictures/{name}" for name in ("0.png", "1.png", "2.png", "3.png", "deep/4.png")]
    return {name: recognizer.read(folder / name).text for name in names}


def test_a_folder_is_read_in_order_and_what_is_no_picture_is_reported(folder: Path) -> None:
    done = read(folder, "pictures")
    assert done.returncode == 1
    lines = [line.split("\t") for line in done.stdout.decode().splitlines()]
    assert {name: text for name, text, _ in lines} == texts(folder)
    assert [name for name, *_ in lines] == sorted(texts(folder))
    assert done.stderr.decode().startswith("error: pictures/broken.png cannot be decoded")
    assert "notes.txt" not in done.stderr.decode()


def test_csv_and_json_hold_the_same_with_errors_in_their_place(folder: Path) -> None:
    words = ("pictures/1.png", "pictures/broken.png", "pictures/0.png")
    as_csv, as_json = read(folder, *words, "--csv"), read(folder, *words, "--json")
    assert as_csv.returncode == as_json.returncode == 1
    rows = list(csv.DictReader(io.StringIO(as_csv.stdout.decode())))
    objects = [json.loads(line) for line in as_json.stdout.decode().splitlines()]
    assert [row["path"] for row in rows] == [o["path"] for o in objects] == list(words)
    assert "cannot be decoded" in rows[1]["error"]
    assert rows[1]["error"] == objects[1]["error"]
    for row, found in ((rows[0], objects[0]), (rows[2], objects[2])):
        assert (row["text"], float(row["confidence"])) == (found["text"], found["confidence"])
        assert len(found["symbol_confidences"]) == len(found["text"])


def test_pictures_and_lists_come_from_standard_input(folder: Path) -> None:
    picture = (folder / "pictures" / "2.png").read_bytes()
    wanted = texts(folder)
    assert read(folder, "-", stdin=picture).stdout.decode().split("\t")[1] == wanted["pictures/2.png"]
    listed = read(folder, "--files-from", "-", stdin=b"pictures/3.png\n\npictures/0.png\n").stdout.decode().splitlines()
    assert [line.split("\t")[1] for line in listed] == [wanted["pictures/3.png"], wanted["pictures/0.png"]]


HOSTILE_NAMES = ["a\tb.png", "a\nb.png", "\x1b[2J.png", "=1+1.png", "\u202egnp.png", "\udcff.png", "é.png"]


@pytest.fixture(scope="module")
def hostile(folder: Path) -> Path:
    """A folder with a picture of each hostile name, and a file with a list of them."""
    (folder / "hostile").mkdir()
    for name in HOSTILE_NAMES:
        shutil.copy(folder / "pictures" / "0.png", folder / "hostile" / name)
    (folder / "names.txt").write_bytes(b"hostile/\xff.png\r\nhostile/\xc3\xa9.png\n")
    return folder


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_no_name_shifts_a_column_or_controls_the_terminal(hostile: Path, encoding: str) -> None:
    (text,) = {text for name, text in texts(hostile).items() if name == "pictures/0.png"}
    done = read(hostile, "hostile", "--files-from", "names.txt", encoding=encoding)
    assert (done.returncode, done.stderr) == (0, b"")
    rows = [line.split("\t") for line in done.stdout.decode(encoding).splitlines()]
    assert [row[1] for row in rows] == [text] * (len(HOSTILE_NAMES) + 2)
    shown = {r"hostile/a\tb.png", r"hostile/a\nb.png", r"hostile/\x1b[2J.png", r"hostile/\u202egnp.png"}
    assert shown | {r"hostile/\udcff.png"} <= {row[0] for row in rows}


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_json_holds_every_name_exactly(hostile: Path, encoding: str) -> None:
    done = read(hostile, "hostile", "--json", encoding=encoding)
    lines = done.stdout.decode(encoding).splitlines()
    assert {json.loads(line)["path"] for line in lines} == {f"hostile/{name}" for name in HOSTILE_NAMES}
    assert not {"\x1b", "\u202e"} & set("".join(lines))


def test_no_cell_of_csv_begins_a_formula(hostile: Path) -> None:
    done = read(hostile / "hostile", *HOSTILE_NAMES[3:4], "--csv", model=hostile)
    assert [row["path"] for row in csv.DictReader(io.StringIO(done.stdout.decode()))] == ["'=1+1.png"]


@pytest.fixture
def called(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """The exit code, output and errors of `captcha-ocr read` in this process."""

    def call(*words: str) -> tuple[int, str, str]:
        monkeypatch.chdir(folder)
        monkeypatch.setattr(sys, "argv", ["captcha-ocr", "read", *words, "--model", "model.onnx"])
        with pytest.raises(SystemExit) as ended:
            main()
        code, (out, err) = ended.value.code, capsys.readouterr()
        return (1, out, f"{err}{code}") if isinstance(code, str) else (int(code or 0), out, err)

    return call


def test_constraints_hold(called: Callable[..., tuple[int, str, str]]) -> None:
    code, out, _ = called("pictures/0.png", "pictures/1.png", "--alphabet", "b1", "--length", "2-3", "--json")
    found = [json.loads(line)["text"] for line in out.splitlines()]
    assert len(found) == 2
    assert all(set(text) <= set("b1") and 2 <= len(text) <= 3 for text in found)
    assert code == 0


def test_an_unsure_reading_is_marked_and_changes_the_exit_code(called: Callable[..., tuple[int, str, str]]) -> None:
    code, out, _ = called("pictures/0.png", "--min-confidence", "1")
    assert code == 3
    assert out.endswith("\tunsure\n")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ((), 1, "no picture was named"),
        (("pictures/deep/empty",), 1, "holds no picture"),
        (("--files-from", "missing.txt"), 1, "missing.txt cannot be read"),
        (("pictures/0.png", "--length", "five"), 2, "--length"),
        (("pictures/0.png", "--min-confidence", "2"), 2, "not between 0 and 1"),
        (("pictures/0.png", "--pattern", "["), 1, "pattern"),
        (("pictures/0.png", "--alphabet", "xyz"), 1, "the alphabet 'ab1' lacks"),
    ],
)
def test_a_wrong_command_line_is_explained(
    folder: Path, called: Callable[..., tuple[int, str, str]], words: tuple[str, ...], code: int, said: str
) -> None:
    (folder / "pictures" / "deep" / "empty").mkdir(exist_ok=True)
    found, _, err = called(*words)
    assert found == code
    assert said in err


def run_without_mlflow(code: str, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", f"import sys; sys.modules['mlflow'] = None; {code}", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_registered_model_needs_mlflow_and_a_file_does_not(folder: Path) -> None:
    code = "from captcha_ocr.cli.main import main; main()"
    picture = str(folder / "pictures" / "0.png")
    refused = run_without_mlflow(code, "read", picture, "--model", "models:/reader@champion")
    assert refused.returncode == 1
    assert refused.stderr == (
        "error: models:/reader@champion is in MLflow's registry, and mlflow is not installed: pip install "
        "'captcha-ocr[train]', or name a file\n"
    )
    assert run_without_mlflow(code, "read", picture, "--model", str(folder / "model.onnx")).returncode == 0


def test_all_names_of_the_package_but_the_registry_s_come_without_mlflow() -> None:
    done = run_without_mlflow("from captcha_ocr import *; print(Recognizer, Reading, Constraint, CaptchaOcrError)")
    assert done.returncode == 0, done.stderr


def test_a_command_waits_for_the_import_of_its_own_module_only() -> None:
    for module, names in TRAINING.items():
        commands = argparse.ArgumentParser().add_subparsers()
        import_module(f"captcha_ocr.cli.{module}").add_parser(commands)
        assert tuple(commands.choices) == names
        assert all(modules_of([name, "a"]) == [module] for name in names)
    assert modules_of(["read", "a.png"]) == []
    assert modules_of(["--help"]) == modules_of([]) == list(TRAINING)
