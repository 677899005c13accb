"""Recognisers that read without training: ddddocr, and that of rapidocr (PP-OCRv6 small) on whole pictures."""

import time
from collections.abc import Callable
from pathlib import Path

from .exchange import Answer, Task, answer_task

Read = Callable[[str], str]  # from the path of a picture to its text


def ddddocr_reader() -> Read:
    import ddddocr  # type: ignore[import-not-found]  # in this contender's environment alone

    reader = ddddocr.DdddOcr(show_ad=False)
    return lambda path: str(reader.classification(Path(path).read_bytes()))


def rapidocr_reader() -> Read:
    from rapidocr import RapidOCR

    reader = RapidOCR(params={"Global.log_level": "critical"})
    # Neither looks for lines nor turns the picture: a whole picture is one line of text here.
    whole = {"use_det": False, "use_cls": False, "use_rec": True, "text_score": 0.0}
    return lambda path: reader(path, **whole).txts[0]


READERS = {"ddddocr": ddddocr_reader, "rapidocr": rapidocr_reader}


def contender(task: Task, folder: Path) -> Answer:
    """Reads the judged pictures, one a call."""
    read = READERS[task.settings["reader"]]()
    started = time.perf_counter()
    texts = [read(path) for path in task.judged]
    return Answer(texts=texts, seconds=time.perf_counter() - started)


if __name__ == "__main__":
    answer_task(contender)
