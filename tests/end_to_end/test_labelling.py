"""`captcha-ocr label` in a browser: captchas are labelled by key strokes, and the server is killed on the way."""

import csv
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from captcha_ocr.pretraining.rendering import render_batch
from tests.rendered import FACES

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
COUNT, KILLED_AFTER = 30, (10, 20)
expect.set_options(timeout=30_000)  # a busy machine may need long; nothing here is about speed
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser: Browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser.new_page()
        browser.close()


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> dict[Path, str]:
    """The paths of rendered captchas with their texts."""
    folder = tmp_path_factory.mktemp("labelling") / "pictures"
    folder.mkdir()
    pictures, texts = render_batch(COUNT, seed=1, fonts=FACES)
    paths = [folder / f"{number}.{'tif' if number % 10 == 0 else 'png'}" for number in range(COUNT)]
    for path, pixels in zip(paths, pictures, strict=True):
        Image.fromarray(pixels).save(path)
    return dict(zip(paths, texts, strict=True))


def start(folder: Path, *words: str) -> "subprocess.Popen[str]":
    """A server in the folder, with the model that users have who have trained none; its cache is in the folder."""
    command = [sys.executable, "-m", "captcha_ocr.cli.main", "label", "pictures", "--to", "labels.csv", "--no-browser"]
    environment = os.environ | {"XDG_CACHE_HOME": str(folder / "cache")}
    return subprocess.Popen([*command, *words], cwd=folder, env=environment, stdout=subprocess.PIPE, text=True)


def address(server: "subprocess.Popen[str]") -> str:
    assert server.stdout is not None
    return next(line.strip() for line in server.stdout if line.startswith("http"))


def table(folder: Path) -> dict[str, str]:
    with (folder / "labels.csv").open(newline="", encoding="utf-8") as file:
        return {row["file"]: row["text"] for row in csv.DictReader(file)}


def answer(page: Page, wanted: dict[str, str], wait: bool) -> str:
    """Accepts the reading where it is right and types the text where it is not; returns the file that was shown."""
    file = page.locator("#file").inner_text()
    if page.locator("#text").input_value() != wanted[file]:
        page.keyboard.type(wanted[file])
    page.keyboard.press("Enter")
    if wait:
        expect(page.locator("#file")).not_to_have_text(file)
    return file


def test_captchas_labelled_by_key_strokes_survive_a_server_that_is_killed_twice(
    page: Page, texts: dict[Path, str]
) -> None:
    folder = next(iter(texts)).parent.parent
    wanted = {path.relative_to(folder).as_posix(): text for path, text in texts.items()}
    seen: set[str] = set()  # with an answer that the page has gone on from
    for goal in (*KILLED_AFTER, COUNT):
        server = start(folder)
        page.goto(address(server))
        expect(page.locator("#picture img")).to_be_visible()
        assert page.locator("#done").inner_text().startswith(f"{len(table(folder)) if seen else 0} of {COUNT} ")
        while len(seen) < goal:
            file = answer(page, wanted, wait=True)
            assert file not in seen
            seen.add(file)
            assert table(folder)[file] == wanted[file]
        if goal < COUNT:
            file = answer(page, wanted, wait=False)
            server.kill()
            server.wait()
            seen |= {file} & set(table(folder))  # the kill may have come before or after this answer was on disk
            assert table(folder) == {name: wanted[name] for name in seen}
    expect(page.locator("#picture")).to_contain_text("All pictures have a label")
    assert table(folder) == wanted
    server.send_signal(2)
    said, _ = server.communicate(timeout=30)
    assert server.returncode == 0
    assert f"{COUNT} labelled in labels.csv, 0 without a label\nnext: captcha-ocr adopt labels.csv" in said


def test_keys_move_undo_and_restore_the_reading(page: Page, texts: dict[Path, str]) -> None:
    folder = next(iter(texts)).parent.parent
    (folder / "labels.csv").unlink()
    server = start(folder)
    page.goto(address(server))
    file, text, message = page.locator("#file"), page.locator("#text"), page.locator("#message")
    expect(page.locator("#picture img")).to_be_visible()
    first, reading = file.inner_text(), text.input_value()
    page.keyboard.press("ArrowDown")
    expect(file).not_to_have_text(first)
    page.keyboard.press("ArrowUp")
    expect(file).to_have_text(first)
    page.keyboard.type("é€")
    expect(page.locator("#warning")).to_contain_text("does not know é €")
    page.keyboard.press("Escape")
    expect(text).to_have_value(reading)
    page.keyboard.type("mine")
    page.keyboard.press("Enter")
    expect(file).not_to_have_text(first)
    assert table(folder) == {first: "mine"}
    page.keyboard.press("Control+z")
    expect(file).to_have_text(first)
    expect(text).to_have_value("mine")
    assert table(folder) == {}
    page.keyboard.press("Control+a")
    page.keyboard.press("Backspace")
    page.keyboard.press("Enter")
    expect(message).to_contain_text("an empty label is not stored")
    (folder / "labels.csv").write_text("file,text\n")
    page.keyboard.type("again")
    (folder / "labels.csv").write_text("file,text\npictures/1.png,theirs\n")
    page.keyboard.press("Enter")
    expect(message).to_contain_text("changed by another program")
    server.kill()
    page.keyboard.press("Enter")
    expect(message).to_contain_text("does not answer")
    assert table(folder) == {"pictures/1.png": "theirs"}
    server.wait()
