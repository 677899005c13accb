"""How long a user waits for the next picture while labelling: `python benchmarks/labelling.py`.

Renders captchas, starts `captcha-ocr label` on them and labels in headless Chromium. The time runs from the key press
of Enter until the next picture has been painted; the answer is on disk in between. Two in three readings are accepted
as they are, and the others are typed. Needs Chromium on the path. Writes reports/benchmarks/labelling.json.
"""

import argparse
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

from captcha_ocr.artifacts.paths import REPORTS
from captcha_ocr.base.files import write_json
from captcha_ocr.pretraining.fonts import FOLDER, read_faces
from captcha_ocr.pretraining.rendering import render_batch

OUTPUT = REPORTS / "benchmarks" / "labelling.json"
# A macrotask behind an animation frame runs once that frame has been painted.
MEASURE = """
window.waits = [];
let pressed = 0;
addEventListener("keydown", (event) => { if (event.key === "Enter") pressed = performance.now(); }, true);
addEventListener("DOMContentLoaded", () => {
  const painted = () => { if (pressed) window.waits.push(performance.now() - pressed); pressed = 0; };
  new MutationObserver(() => requestAnimationFrame(() => setTimeout(painted)))
    .observe(document.getElementById("picture"), { childList: true });
});
"""


def render(folder: Path, count: int) -> dict[str, str]:
    """Captchas in a new folder, with the text of each by its path from the folder above."""
    folder.mkdir()
    pictures, texts = render_batch(count, seed=0, fonts=read_faces(FOLDER))
    for number, pixels in enumerate(pictures):
        Image.fromarray(pixels).save(folder / f"{number}.png")
    return {f"{folder.name}/{number}.png": text for number, text in enumerate(texts)}


@contextmanager
def labelling(folder: Path) -> Iterator[str]:
    """The address of `captcha-ocr label` on the captchas, with the weights that ship."""
    words = ("label", "pictures", "--to", "labels.csv", "--no-browser")
    command = [sys.executable, "-m", "captcha_ocr.cli.main", *words]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield next(line.strip() for line in process.stdout if line.startswith("http"))
    finally:
        process.terminate()
        process.wait()


def label(page: Page, texts: dict[str, str], count: int) -> None:
    """Gives `count` answers."""
    shown = page.locator("#file")
    for number in range(count):
        file = shown.inner_text()
        if number % 3 == 0:
            page.keyboard.type(texts[file])
        page.keyboard.press("Enter")
        expect(shown).not_to_have_text(file)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=int, default=10_000)
    parser.add_argument("--answers", type=int, default=300)
    args = parser.parse_args()
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    with TemporaryDirectory() as temporary, sync_playwright() as playwright:
        folder = Path(temporary)
        texts = render(folder / "pictures", args.pictures)
        page = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"]).new_page()
        page.add_init_script(MEASURE)
        with labelling(folder) as address:
            started = time.perf_counter()
            page.goto(address)
            page.locator("#picture img").wait_for()
            first = time.perf_counter() - started
            label(page, texts, args.answers)
            page.wait_for_timeout(200)
            waits = page.evaluate("window.waits")
    median, slow = np.percentile(waits, [50, 95]).round(1).tolist()
    found = {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "pictures": args.pictures,
        "answers": len(waits),
        "first_picture_ms": round(1000 * first, 1),
        "median_ms": median,
        "p95_ms": slow,
        "longest_ms": round(max(waits), 1),
    }
    write_json(OUTPUT, found)
    print(found)


if __name__ == "__main__":
    main()
