"""Contact sheets of pictures whose labels are doubtful or have been judged."""

from matplotlib.figure import Figure

from captcha_ocr.artifacts.dataset.picture_shards import PictureShards
from captcha_ocr.crossval.files import DoubtfulLabels, JudgedLabels
from captcha_ocr.report.plots import WRONG, draw_sheet
from captcha_ocr.scoring.metrics import MISSING


def draw_doubtful(doubtful: DoubtfulLabels, shards: PictureShards) -> Figure:
    """A contact sheet: each picture with its label, the most frequent misreading, and how many seeds misread it."""
    titles = [
        f"{r.label}: {r.text or MISSING}  {r.misread} of {r.seeds}, {100 * r.confidence:.0f} %" for r in doubtful.rows()
    ]
    heading = f"label: misread as, by how many fits not trained on it, confidence; {WRONG}: by all of them"
    by_all = (doubtful.misread == doubtful.seeds).tolist()
    return draw_sheet(shards.in_order(doubtful.file.tolist()), titles, by_all, heading)


def draw_judged(judged: JudgedLabels, shards: PictureShards) -> Figure:
    """A contact sheet: each picture whose label was judged, with what people read and their verdict."""
    titles = [f"{r.label}: {r.seen or MISSING}  {r.verdict}" for r in judged.rows()]
    wrong = (judged.verdict == "wrong").tolist()
    heading = f"label: seen, verdict; {WRONG}: wrong label"
    return draw_sheet(shards.in_order(judged.file.tolist()), titles, wrong, heading)
