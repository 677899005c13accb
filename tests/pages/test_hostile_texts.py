"""Each kind of page in a browser, with hostile texts wherever data have texts: no script of theirs runs."""

import re
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import uvicorn
from dvc_render.html import render_html
from dvc_render.vega import VegaRenderer
from PIL import Image
from playwright.sync_api import Browser, sync_playwright
from playwright.sync_api import Page as Browsed

from captcha_ocr.artifacts.manifest import Manifest
from captcha_ocr.compare.pairwise import Comparison, Misreading, Side, as_html
from captcha_ocr.compare.plots_page import restrict
from captcha_ocr.labelling.pictures import FolderPictures
from captcha_ocr.labelling.reading import Guess
from captcha_ocr.labelling.server import About, build_app, listen
from captcha_ocr.labelling.session import Session
from captcha_ocr.labelling.table import LabelTable
from captcha_ocr.overview.histograms import Bar, Histogram
from captcha_ocr.overview.notes import Note
from captcha_ocr.overview.page import Gallery as Pictures
from captcha_ocr.overview.page import Group, Page, PreparedRow, Shown, SymbolRow
from captcha_ocr.pages.data_uris import data_uri
from captcha_ocr.params.params import load_params
from captcha_ocr.pictures.input_size import InputSize
from captcha_ocr.report.document import Document, Gallery, Reading, Section, Table, Text
from captcha_ocr.report.render import as_page
from captcha_ocr.scoring.metrics import Proportion
from captcha_ocr.scoring.paired import Paired
from captcha_ocr.validate.validation import validate_manifest
from tests.hostile import EVERYTHING, HOSTILE
from tests.modules import ROOT
from tests.packed import packed, png

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")

MARKUP, PICTURE = HOSTILE["markup"], png(Image.new("L", (8, 4)))
TEXTS = [
    *(HOSTILE[name] for name in ("markup", "end of a script", "end of a style", "attribute", "comment", "order")),
    EVERYTHING,
]
INJECTED = "<img src=x onerror=alert(1)><script>alert(2)</script><svg onload=alert(3)>"


def report_page(folder: Path) -> Path:
    rows = [(text, text, text) for text in TEXTS]
    readings = [Reading(text, PICTURE, text, other, 0.5) for text in TEXTS for other in (text, "a")]
    blocks = [*map(Text, TEXTS), Table(("", MARKUP, MARKUP), rows), Table(("", ""), rows, folded=MARKUP)]
    sections = [Section(text, [*blocks, Gallery(readings, "", MARKUP)]) for text in (MARKUP, EVERYTHING)]
    page = as_page(Document(EVERYTHING, EVERYTHING, EVERYTHING, sections))
    return written(folder / "report.html", page)


def dataset_page(folder: Path) -> Path:
    shown = [Shown(text, text, text, text, text, data_uri("png", PICTURE)) for text in TEXTS]
    symbols = [SymbolRow(text, text, 1, 0.5, text) for text in TEXTS]
    group = Group(EVERYTHING, True, shown)
    page = Page(
        warning=EVERYTHING,
        facts=[(text, text) for text in TEXTS],
        notes=[Note(text, text) for text in TEXTS],
        galleries=[Pictures(MARKUP, EVERYTHING, shown)],
        histograms=[Histogram(MARKUP, "1", MARKUP, "2", {"train": [Bar(MARKUP, 1, 0.5)]})],
        modes=[(MARKUP, MARKUP)],
        symbols=symbols,
        rare_symbols=symbols,
        symbol_count=9,
        alike=[group],
        duplicates=[group],
        duplicate_groups=1,
        prepared=[PreparedRow(row, row.uri, [row.uri]) for row in shown],
        input_size=InputSize(8, 4),
        augmentation=1.0,
    )
    return written(folder / "dataset.html", page.as_html())


def comparison_page(folder: Path) -> Path:
    side = Side(EVERYTHING, Proportion(2, 1, 0.5, 0.1, 0.9), 0.5)
    rows = [Misreading(text, text, text) for text in TEXTS]
    parameters = [(text, text, text) for text in TEXTS]
    comparison = Comparison((side, side), Paired(1, 0, 1, 0), EVERYTHING, parameters, (rows, rows))
    shards = packed(folder / "pictures", dict.fromkeys(TEXTS, (PICTURE, None, None)))
    return written(folder / "versus.html", as_html(comparison, shards))


def data_docs(folder: Path) -> Path:
    empty = {"given_split": "", "mode": "L", "bytes": 1, "error": "", "dark": 0.5, "contrast": 99.0, "joined_ink": 0.5}
    manifest = Manifest.from_rows(
        {"file": f"{text}.png", "label": text, "width": 8, "height": 4, "sha256": text, "pixels_sha256": "a"}
        | {"phash": "0" * 64}
        | empty
        for text in TEXTS
    )
    params = load_params(ROOT / "params.yaml")
    validate_manifest(manifest, params.validate_, params.text, 5, InputSize(8, 4), folder / "docs")
    (page,) = (folder / "docs" / "validations" / "pictures").rglob("*.html")
    return page


def plots_page(folder: Path) -> Path:
    points = [{"x": text, "y": text, "rev": text} for text in TEXTS]
    plots = [VegaRenderer([point], f"p{number}", x="x", y="y") for number, point in enumerate(points)]
    page = Path(render_html(plots, folder / "plots.html"))
    restrict(page)
    return page


def written(path: Path, page: str) -> Path:
    path.write_text(page, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


class Opened:
    """A page in the browser: its dialogs, each of which a script has opened; what it says; where it loads from."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.dialogs: list[str] = []
        self.refused: list[str] = []
        self.hosts: set[str] = set()
        page = browser.new_page()
        page.on("dialog", lambda dialog: (self.dialogs.append(dialog.message), dialog.dismiss()))
        page.on("console", lambda said: self.refused.append(said.text) if "Content Security" in said.text else None)
        page.route(re.compile("^https:"), lambda route: (self.hosts.add(route.request.url), route.abort()))
        page.goto(address, wait_until="load")
        page.evaluate("document.querySelectorAll('details').forEach((part) => (part.open = true))")
        for element in page.locator("[onmouseover]").all():
            element.dispatch_event("mouseover")
        page.wait_for_timeout(100)
        self.said = page.inner_text("body")
        self.foreign = page.locator("img[src=x], svg[onload], [onmouseover]").count()
        page.close()


PAGES = [report_page, dataset_page, comparison_page, data_docs, plots_page]


@pytest.fixture(scope="module", params=PAGES, ids=lambda page: page.__name__)
def path(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    make: Callable[[Path], Path] = request.param
    return make(tmp_path_factory.mktemp("page"))


def test_no_text_of_the_data_runs_as_a_script(browser: Browser, path: Path) -> None:
    opened = Opened(browser, path.as_uri())
    assert opened.dialogs == []
    if path.name != "plots.html":  # where DVC writes texts into its page as they are, and the policy alone stops them
        assert opened.refused == []
        assert opened.foreign == 0
        assert MARKUP in opened.said
    if path.name in ("report.html", "dataset.html", "versus.html"):
        assert opened.hosts == set()


def test_the_policy_alone_stops_what_would_get_into_the_page(browser: Browser, path: Path) -> None:
    page = path.read_text(encoding="utf-8").replace("</body>", f"{INJECTED}</body>")
    assert Opened(browser, written(path.with_name("injected.html"), page).as_uri()).dialogs == []
    unguarded = re.sub('<meta http-equiv="Content-Security-Policy"[^>]*>', "", page)
    assert len(Opened(browser, written(path.with_name("unguarded.html"), unguarded).as_uri()).dialogs) >= 3


@pytest.fixture
def labelling(tmp_path: Path) -> Iterator[str]:
    """The address of a labelling page whose pictures have hostile names and readings."""
    (tmp_path / "a.png").write_bytes(PICTURE)
    count = len(TEXTS)
    pictures = FolderPictures(tmp_path, tmp_path, (tmp_path / "a.png",) * count, tuple(TEXTS))
    with LabelTable(tmp_path / "labels.csv") as table, listen(0) as listener:
        session = Session(pictures, table)
        session.take_all([{n: Guess(text, 0.5, n, text) for n, text in enumerate(TEXTS)}])
        app = build_app(session, About(EVERYTHING, "a", EVERYTHING, EVERYTHING), "token")
        # Its logging configuration would close what absl, which Keras brings, writes to: pytest's own file.
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/token/"
        server.should_exit = True
        thread.join()


def test_names_and_readings_are_text_on_the_labelling_page(browser: Browser, labelling: str) -> None:
    page = browser.new_page()
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.goto(labelling)
    for text in TEXTS:
        wait_for(page, "#file", lambda said, text=text: said == text)
        page.keyboard.press("ArrowDown")
    wait_for(page, "#picture", lambda said: said.startswith("All pictures"))
    assert EVERYTHING in (page.text_content("#about") or "")
    assert dialogs == []
    page.close()


def wait_for(page: Browsed, selector: str, holds: Callable[[str], bool]) -> None:
    """Until the text of an element is as wanted. Playwright's own waiting evaluates code, which the policy forbids."""
    for _ in range(200):
        if holds(page.text_content(selector) or ""):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"{selector} says {page.text_content(selector)!r}")
