"""The exported file in other languages: a browser and Node.js give the strings that Python gives."""

import contextlib
import shutil
import subprocess
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import onnx
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from captcha_ocr.pictures.input_size import InputSize
from captcha_ocr.recognizer import Recognizer
from tests.exported import INPUT_SIZE, exported, noise, untrained
from tests.modules import ROOT
from tests.packed import unpacked
from tests.telemetry import FILES, SWITCH, left_behind, unguarded

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(shutil.which("npm") is None, reason="needs Node.js with npm")
NPM = ("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline")


MODELS = {"model.onnx": INPUT_SIZE, "padded.onnx": InputSize(64, 32, channels=3, fit="pad", lines=2)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two models and pictures: noise in several modes and sizes."""
    folder = tmp_path_factory.mktemp("consumers")
    for name, input_size in MODELS.items():
        onnx.save(exported(untrained(input_size), input_size), folder / name)
    grey = [Image.fromarray(pixels[:, :, 0]) for pixels in noise(4)]
    grey[1] = grey[1].convert("RGB")
    grey[2] = grey[2].convert("RGBA").resize((90, 33))
    grey[3] = grey[3].quantize(8)
    grey += [grey[2].resize((20, 60)), Image.fromarray(noise(1, InputSize(300, 24, channels=3))[0])]
    for i, picture in enumerate(grey):
        picture.save(folder / f"{i}.png")
    return folder


def pictures(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.png"))


def texts(model: Path, files: list[Path]) -> list[str]:
    return [reading.text for reading in Recognizer.load(model).read(files)]


def run(*words: str | Path, cwd: Path, env: dict[str, str] | None = None) -> str:
    done = subprocess.run(words, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """examples/node with its packages."""
    example = tmp_path_factory.mktemp("example") / "node"
    shutil.copytree(ROOT / "examples" / "node", example, ignore=shutil.ignore_patterns("node_modules"))
    run(*NPM, cwd=example)
    return example


@pytest.mark.parametrize(
    ("model", "variables", "left"),
    [("model.onnx", {}, []), ("padded.onnx", {SWITCH: "0"}, FILES)],
    ids=["by itself", "if it may"],
)
def test_node_reads_what_python_reads_and_sends_events_only_where_the_user_lets_it(
    model: str, variables: dict[str, str], left: list[str], example: Path, folder: Path, tmp_path: Path
) -> None:
    environment = unguarded(tmp_path, **variables)
    said = run("node", "read.mjs", folder / model, *pictures(folder), cwd=example, env=environment)
    assert [line.split("\t")[1] for line in said.splitlines()] == texts(folder / model, pictures(folder))
    assert left_behind(tmp_path) == left


@pytest.fixture(scope="module")
def site(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page as built from the small model."""
    web = tmp_path_factory.mktemp("site") / "web"
    shutil.copytree(ROOT / "web", web, ignore=shutil.ignore_patterns("node_modules", "dist"))
    run(*NPM, cwd=web)
    run("node", "build.mjs", folder / "model.onnx", cwd=web)
    return web / "dist"


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nothing: failures show in the page."""


@contextlib.contextmanager
def served(site: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


def rows(page: Page, count: int) -> list[str]:
    """The texts of the table, once it has `count` rows."""
    expect(page.locator("#readings tr")).to_have_count(count, timeout=30_000)
    return page.locator("#readings .text").all_inner_texts()


def ready(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.get_by_role("status")).to_have_text("Ready", timeout=30_000)


@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")
def test_the_page_reads_what_python_reads_without_the_network(folder: Path, site: Path, browser: Browser) -> None:
    """Also after the server is gone, and nothing is asked of any other host."""
    context = browser.new_context()
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    with served(site) as address:
        ready(page, address)
        page.evaluate("navigator.serviceWorker.ready")
        page.locator("#files").set_input_files(pictures(folder))
        wanted = [text or "∅" for text in texts(folder / "model.onnx", pictures(folder))]
        assert rows(page, len(wanted)) == wanted
    assert all(url.startswith((address, "blob:")) for url in asked)
    context.set_offline(True)
    ready(page, address)
    page.locator("#files").set_input_files(pictures(folder)[:2])
    assert rows(page, 2) == wanted[:2]
    context.close()


@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")
def test_the_page_says_which_file_is_no_picture_and_reads_the_others(
    folder: Path, site: Path, browser: Browser
) -> None:
    page = browser.new_page()
    with served(site) as address:
        ready(page, address)
        broken = {"name": "broken.png", "mimeType": "image/png", "buffer": b"no picture"}
        page.locator("#files").set_input_files(broken)
        expect(page.locator("#readings .failed")).to_contain_text("broken.png cannot be read")
        page.locator("#files").set_input_files(pictures(folder)[0])
        assert len(rows(page, 2)) == 1
        expect(page.get_by_role("status")).to_have_text("1 read, 1 could not be")
        page.close()


@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")
def test_the_page_says_where_the_model_is_missing(site: Path, browser: Browser, tmp_path: Path) -> None:
    shutil.copytree(site, tmp_path / "site", ignore=shutil.ignore_patterns("model.onnx", "worker.js"))
    page = browser.new_page()
    with served(tmp_path / "site") as address:
        page.goto(address)
        expect(page.get_by_role("status")).to_contain_text("The model cannot be loaded: model.onnx: 404")
    page.close()


@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")
def test_the_page_pads_sees_colours_and_reads_two_lines_as_python_does(
    folder: Path, browser: Browser, site: Path, tmp_path: Path
) -> None:
    shutil.copytree(site, tmp_path / "site")
    shutil.copy(folder / "padded.onnx", tmp_path / "site" / "model.onnx")
    page = browser.new_page()
    with served(tmp_path / "site") as address:
        ready(page, address)
        page.locator("#files").set_input_files(pictures(folder))
        wanted = [text or "∅" for text in texts(folder / "padded.onnx", pictures(folder))]
        assert rows(page, len(wanted)) == wanted
    page.close()


@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")
@pytest.mark.skipif(
    not (ROOT / "models" / "model.onnx").exists() or not (ROOT / "data" / "pictures").exists(),
    reason="needs `make repro`",
)
def test_the_page_reads_the_pipeline_s_pictures_with_its_model(browser: Browser, site: Path, tmp_path: Path) -> None:
    """Real captchas where the archive is at hand, else the rendered ones."""
    model = ROOT / "models" / "model.onnx"
    shutil.copytree(site, tmp_path / "site")
    shutil.copy(model, tmp_path / "site" / "model.onnx")
    files = unpacked(ROOT / "data" / "pictures", tmp_path / "pictures", 40)
    page = browser.new_page()
    with served(tmp_path / "site") as address:
        ready(page, address)
        page.locator("#files").set_input_files(files)
        assert rows(page, 40) == texts(model, files)
    page.close()
