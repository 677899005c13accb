"""Files that name pictures and their labels, in all layouts: well-formed at first, then broken."""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from tests.fuzz.cases import Trouble, one, upto
from tests.fuzz.pictures import png
from tests.fuzz.trees import TEXTS, mutated, written

PICTURES = ("0.png", "1.png", "a/2.png", "train/3.png", "é.png")
ODD_PATHS = one(
    *("./0.png", "a\\2.png", "own/0.png", "../own/1.png", "/0.png", "C:\\0.png", "0.PNG", "E\u0301.png", "a" * 300, "")
)
PATHS = st.one_of(one(*PICTURES), one(*PICTURES), ODD_PATHS)
LABELS = st.one_of(one("ab", "234", "2345b"), one(*TEXTS), st.text(max_size=8))
CELLS = st.one_of(PATHS, LABELS, LABELS)
ENCODINGS = one("utf-8-sig", "utf-16", "latin-1", "utf-7", "utf-32")
HEADERS = one(
    *(
        ("file_name", "text"),
        ("file_name", "text"),
        ("image_path", "plate_text", "x"),
        ("text", "file_name"),
        (),
        ("",),
    ),
    *(("file_name", "file_name"), ("0.png", "ab"), ("a" * 200_000, "text")),
    ("file_name", "text", "annotation_id", "lead_time"),
)
ADDRESSES = one(
    *("http://[/{}", "s3://b/{}?x=%00", "/data/local-files/?d=a/{}", "{}", "..\\\\{}", "data:image/png;base64,{}"),
    *("//x:99999/{}", "{}#", ""),
)
DELIMITERS = one(",", ",", "\t", ";", "|", "\x00")
QUOTES = one("", "", '"', "'", '""')
ENDS = one("\n", "\r\n", "\r", "\u2028", "\n\n")
SPLITS = one("train", "val", "test", "Train ", "none", "")
ROWS = one(0, 1, 2, 3, 4)
RESPECTS = ("form", "values", "encoding", "bytes", "layout")
Files = dict[str, bytes]


def _label(trouble: Trouble) -> str:
    return str(trouble.rare("values", 2, LABELS, trouble.draw(one("ab", "234", "2345b"))))


def _encoded(trouble: Trouble, text: str) -> bytes:
    return text.encode(trouble.rare("encoding", 2, ENCODINGS, "utf-8"), "replace")


def _separated(trouble: Trouble) -> Files:
    """A CSV or TSV table."""
    draw, rare = trouble.draw, trouble.rare
    name = draw(one("labels.csv", "labels.csv", "labels.tsv", "metadata.csv", "train.csv"))
    header = rare("form", 2, HEADERS, ("file_name", "text", "split"))
    delimiter, end = rare("form", 3, DELIMITERS, "\t" if name.endswith("tsv") else ","), rare("form", 3, ENDS, "\n")
    rows, quote = [list(header)], rare("form", 3, QUOTES, "")
    for number in range(draw(ROWS)):
        cells = (PICTURES[number], _label(trouble), draw(SPLITS), "x")[: len(header)]
        rows.append([rare("values", 6, CELLS, cell) for cell in cells][: rare("form", 12, upto(3), 4)])
    text = end.join(delimiter.join(f"{quote}{cell}{quote}" for cell in row) for row in rows)
    return {name: _encoded(trouble, text)}


def _tree(trouble: Trouble, tree: Any) -> Any:
    return mutated(trouble.draw, tree) if trouble.kind in ("form", "all") else tree


def _records(trouble: Trouble) -> Files:
    """A table in JSON or JSON Lines."""
    draw = trouble.draw
    rows = [{"file_name": PICTURES[n], "text": _label(trouble), "split": draw(SPLITS)} for n in range(draw(ROWS))]
    rows = _tree(trouble, rows)
    name = draw(one("labels.json", "labels.jsonl", "metadata.jsonl", "labels.ndjson"))
    if name == "labels.json" or not isinstance(rows, list):
        return {name: _encoded(trouble, written(rows))}
    return {name: _encoded(trouble, trouble.rare("form", 3, ENDS, "\n").join(map(written, rows)))}


def _task(trouble: Trouble, number: int) -> dict[str, Any]:
    """A task in a JSON export of Label Studio."""
    area = {"type": "textarea", "from_name": "text", "to_name": "image", "value": {"text": [_label(trouble)]}}
    annotations = [{"id": number, "was_cancelled": False, "ground_truth": False, "result": [area]}]
    return {"id": number, "data": {"image": _address(trouble, number)}, "annotations": annotations}


def _record(trouble: Trouble, number: int) -> dict[str, Any]:
    """The same in its short form."""
    named = {"id": number, "image": _address(trouble, number), "text": _label(trouble)}
    return named | {"annotation_id": 1, "lead_time": 0.5}


def _address(trouble: Trouble, number: int) -> str:
    return str(trouble.rare("values", 3, ADDRESSES, "/data/upload/1/0123abcd-{}")).format(PICTURES[number])


def _label_studio(trouble: Trouble) -> Files:
    item = trouble.draw(one(_task, _task, _record))
    tasks = [item(trouble, number) for number in range(trouble.draw(ROWS))]
    return {"export.json": _encoded(trouble, written(_tree(trouble, tasks)))}


def _ppocrlabel(trouble: Trouble) -> Files:
    lines = []
    for number in range(trouble.draw(ROWS)):
        boxes = [{"transcription": _label(trouble), "points": [[0, 0], [24, 0], [24, 12], [0, 12]], "difficult": False}]
        lines.append(f"own/{PICTURES[number]}\t{written(_tree(trouble, boxes))}")
    return {"Label.txt": _encoded(trouble, trouble.rare("form", 3, ENDS, "\n").join(lines))}


def _lists(trouble: Trouble) -> Files:
    """The lists of PaddleOCR, of PPOCRLabel's crops, and of MJSynth."""
    name = trouble.draw(one("rec_gt.txt", "train.txt", "annotation_train.txt"))
    named = [trouble.rare("values", 3, PATHS, PICTURES[number]) for number in range(trouble.draw(ROWS))]
    named *= trouble.rare("values", 10, one(2, 2000), 1)
    if name == "annotation_train.txt":
        lines, others = (
            [f"./a_{_label(trouble)}_7.png {number}" for number in range(len(named))],
            ("a_ab_7.png", "a_234_7.png"),
        )
    else:
        lines, others = [f"{path}\t{_label(trouble)}" for path in named], ("crop_img/9.png",)
    return {name: _encoded(trouble, trouble.rare("form", 3, ENDS, "\n").join(lines))} | {
        other: png(9) for other in others
    }


def _samples(trouble: Trouble) -> Files:
    """A picture and a text or a JSON file for each key, as WebDataset has them."""
    files, draw = {}, trouble.draw
    for number in range(draw(ROWS)):
        key = trouble.rare("form", 4, one("k.x", "", "é", "a b"), draw(one("k", "a/k", "train-000/k"))) + str(number)
        files[f"{key}.png"] = png(number)
        if draw(upto(1)):
            files[f"{key}.txt"] = _encoded(trouble, _label(trouble))
        else:
            files[f"{key}.json"] = _encoded(trouble, written(_tree(trouble, {"text": _label(trouble), "id": number})))
    return files


MAKERS: dict[str, tuple[Callable[[Trouble], Files], ...]] = {
    "table": (_separated, _records), "label_studio": (_label_studio,), "ppocrlabel": (_ppocrlabel,),
    "paddleocr": (_lists,), "webdataset": (_samples,),
}  # fmt: skip
MADE = one("table", "table", "label_studio", "ppocrlabel", "paddleocr", "webdataset")
LAYOUTS, COLUMNS = (
    one("table", "paddleocr", "mjsynth", "ppocrlabel", "label_studio", "webdataset"),
    one("text", "label", "x", "é", "a\x00"),
)
SPLICED = (b'{"file_name": "0.png"}', b"0.png\tab\n", b'"a,""b', b'[[[[{"a":')


@st.composite
def listings(draw: st.DrawFn) -> tuple[Files, str, str]:
    """The files of a source, the layout in which it is read, and fetch.text_column."""
    kind, trouble = draw(MADE), Trouble(draw, *RESPECTS)
    files = draw(one(*MAKERS[kind]))(trouble)
    for name in list(files):
        if not name.endswith(".png"):
            files[name] = trouble.broken("bytes", files[name], SPLICED)
    if kind != "webdataset":
        files |= {name: png(shade) for shade, name in enumerate(PICTURES)}
    layout = "mjsynth" if "annotation_train.txt" in files else kind
    return files, trouble.rare("layout", 2, LAYOUTS, layout), trouble.rare("layout", 2, COLUMNS, "")
