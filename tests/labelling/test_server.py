"""The server answers the user's own browser, and nobody else."""

import threading
from collections.abc import Iterator

import pytest
import requests
import uvicorn
from PIL import Image

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.labelling.pictures import pictures_below
from captcha_ocr.labelling.reading import read_in_portions
from captcha_ocr.labelling.server import About, build_app, listen
from captcha_ocr.labelling.session import Session
from captcha_ocr.labelling.table import LabelTable

TOKEN = "a-token"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Of a server with one picture, without the token."""
    folder = tmp_path_factory.mktemp("labelling")
    Image.new("L", (8, 4)).save(folder / "<b>a.png")
    table = LabelTable(folder / "labels.csv")
    pictures = pictures_below(folder, table.path)
    session = Session(pictures, table)
    session.take_all(read_in_portions(session.unread, pictures, None))
    app = build_app(session, About("none", "", "pictures", "labels.csv"), TOKEN)
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
    with listen(0) as listener:
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join()


@pytest.mark.parametrize("method", ["GET", "PUT", "POST", "OPTIONS"])
@pytest.mark.parametrize("path", ["", "state", "a-tokem/state", "a-token2/items/0", "docs", "//"])
def test_a_request_without_the_token_is_refused(method: str, path: str, address: str) -> None:
    answer = requests.request(method, f"{address}/{path}", json={"text": "x"}, timeout=10)
    assert answer.status_code == 403
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_another_host_name_is_refused_even_with_the_token(address: str) -> None:
    for host in ("evil.example", "evil.example:80", "127.0.0.1.evil.example", ""):
        assert requests.get(f"{address}/{TOKEN}/", headers={"Host": host}, timeout=10).status_code == 400
    assert requests.get(f"{address}/{TOKEN}/", headers={"Host": "localhost:1"}, timeout=10).status_code == 200


@pytest.mark.parametrize("path", ["", "app.js", "state", "pictures/0", "pictures/7", "../../server.py"])
def test_every_answer_forbids_foreign_content_and_sharing(path: str, address: str) -> None:
    headers = requests.get(f"{address}/{TOKEN}/{path}", headers={"Origin": "http://evil.example"}, timeout=10).headers
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Origin" not in headers


def test_the_page_can_do_all_that_it_does(address: str) -> None:
    page = f"{address}/{TOKEN}"
    assert "<title>Labelling</title>" in requests.get(f"{page}/", timeout=10).text
    assert requests.get(f"{page}/state", timeout=10).json()["progress"]["pictures"] == 1
    item = requests.get(f"{page}/items/0", timeout=10).json()
    assert (item["kind"], item["file"], item["label"]) == ("picture", "<b>a.png", None)
    assert requests.get(f"{page}/pictures/{item['number']}", timeout=10).headers["Content-Type"] == "image/png"
    changed = requests.put(f"{page}/items/0", json={"text": " é "}, timeout=10).json()
    assert (changed["change"]["label"], changed["progress"]["labelled"]) == ("é", 1)
    undone = requests.post(f"{page}/undo", timeout=10).json()
    assert (undone["change"]["text"], undone["progress"]["labelled"]) == ("é", 0)
    refused = requests.put(f"{page}/items/0", json={"text": ""}, timeout=10)
    assert (refused.status_code, refused.headers["Content-Type"]) == (422, "text/plain; charset=utf-8")
    assert requests.get(f"{page}/items/1", timeout=10).json()["kind"] == "end"
    assert requests.post(f"{page}/again", timeout=10).json() == 1


def test_a_port_that_is_taken_is_named() -> None:
    with listen(0) as taken, pytest.raises(CaptchaOcrError, match="name another with --port"):
        listen(taken.getsockname()[1])
