"""What a consumer of an exported file installs: the package as built, onnxruntime, numpy and Pillow."""

import os
import subprocess
import sys
import venv
from importlib import metadata
from pathlib import Path

import onnx
from PIL import Image

from tests.exported import exported, noise, untrained
from tests.modules import ROOT

ALLOWED = ("numpy", "onnxruntime", "pillow")


def _link(package: str, site: Path) -> None:
    """The installed package, with those of its requirements that it cannot be imported without, into `site`."""
    for file in metadata.files(package) or []:
        top = Path(str(file)).parts[0]
        source = Path(str(metadata.distribution(package).locate_file(top))).resolve()
        if top not in ("..", "__pycache__") and not (site / top).exists():
            (site / top).symlink_to(source)


def _wheel(folder: Path) -> Path:
    """The one that `make release` is about to publish, or one built here."""
    if given := os.environ.get("WHEEL"):
        return ROOT / given
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", str(folder)]
    subprocess.run([*build, str(ROOT)], check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


def test_reading_needs_onnxruntime_numpy_and_pillow_only(tmp_path: Path) -> None:
    """In an environment that has nothing else: the wheel is installed without its dependencies."""
    environment = tmp_path / "environment"
    venv.create(environment, with_pip=False)
    (site,) = (environment / "lib").glob("python*/site-packages")
    for package in ALLOWED:
        _link(package, site)
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(site)]
    install.append(str(_wheel(tmp_path)))
    subprocess.run(install, check=True, capture_output=True)
    onnx.save(exported(untrained()), tmp_path / "model.onnx")
    Image.fromarray(noise(1)[0, :, :, 0]).save(tmp_path / "a.png")
    code = (
        "import sys\n"
        "from captcha_ocr import Constraint, Recognizer\n"
        "r = Recognizer.load('model.onnx')\n"
        "print(r.read('a.png').text, r.read('a.png', constraint=Constraint.exact_length(2)).text)\n"
        "print(sorted({m.split('.')[0] for m in sys.modules} & {'keras', 'onnx', 'pandas', 'pydantic', 'yaml'}))\n"
    )
    python = environment / "bin" / "python"
    done = subprocess.run([python, "-I", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    texts, heavy = done.stdout.splitlines()
    assert len(texts.split()[-1]) == 2
    assert heavy == "[]"
    command = [python, "-I", "-m", "captcha_ocr.cli.main", "read", "a.png", "--model", "model.onnx"]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout.startswith(
        "a.png\t"
    )
    refused = subprocess.run(
        [*command[:-1], "models:/captcha-ocr@champion"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert "mlflow is not installed" in refused.stderr
