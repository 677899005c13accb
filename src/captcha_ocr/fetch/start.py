"""Copies the network that `train.pretrained` names to data/start/, so that DVC trains again when it is another one.

DVC knows no dependency whose path is a parameter. A file is copied when its content has changed. What an alias of the
registry points at is asked for once: where it moves, as it does when the fit becomes champion, the copy stays.
"""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

from captcha_ocr.artifacts.start import NETWORK, WEIGHTS, Start
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.files import replacing, sha256_of
from captcha_ocr.base.root import project_root
from captcha_ocr.fetch.outputs import check_place

REGISTERED = "models:/"
RECORD = "run.json"  # which `train` writes beside a network
KEY = "train.pretrained"

Found = tuple[Start, bytes]  # what it is, and the content of the file


def _kept(folder: Path, source: str) -> Start | None:
    """What `folder` holds, if it is of this source and whole."""
    try:
        start = Start.read_from(folder)
        is_whole = not start.file or sha256_of(folder / start.file) == start.sha256
    except (CaptchaOcrError, OSError):  # not there, or not as this version writes it: it is made again
        return None
    return start if start.source == source and is_whole else None


def _about(network: Path, digest: str) -> dict[str, str]:
    """Alphabet and architecture, as the record beside the network tells them."""
    record = network.with_name(RECORD)
    try:
        content = json.loads(record.read_bytes())
        about = {key: str(content[key]) for key in ("alphabet", "architecture")}
        recorded = content.get("network_sha256", digest)  # an earlier version did not note it
    except FileNotFoundError:
        raise CaptchaOcrError(
            f"{KEY} = {network}: there is no {RECORD} beside it, which names its symbols: copy the whole folder models/"
        ) from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CaptchaOcrError(f"{record} is no record of a fit ({error!r}): copy it again") from None
    if recorded != digest:
        raise CaptchaOcrError(f"{record} is of another network than {network}: copy both from the same folder")
    return about


def _from_file(source: str) -> Found:
    """Reads a .keras file, the folder that holds it, or a file of weights; raises CaptchaOcrError if it is neither."""
    check_place(source, KEY, "copy it to a folder of its own, as start, and name that")
    path = project_root() / source
    path = path / "model.keras" if path.is_dir() else path
    if path.suffix not in (".keras", ".npz"):
        raise CaptchaOcrError(f"{KEY} = {source!r}: name a .keras file, the folder that holds it, or an .npz file")
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise CaptchaOcrError(
            f"{KEY} = {source!r}: there is no {path}: name a file, a version such as models:/NAME@champion, true or "
            "false"
        ) from None
    digest = hashlib.sha256(content).hexdigest()
    if path.suffix == ".npz":
        return Start(source=source, file=WEIGHTS, sha256=digest), content
    return Start(source=source, file=NETWORK, sha256=digest, **_about(path, digest)), content


def locate_start(pretrained: bool | str | None, folder: Path, registered: Callable[[str], Found]) -> Start:
    """Brings `folder` up to date with the parameter train.pretrained; it is not touched where it is so already.

    `registered` takes a network out of MLflow's registry. Raises CaptchaOcrError as it does, and where a file is
    missing, of another kind, or where stages write.
    """
    source = pretrained if isinstance(pretrained, str) else ""
    kept = _kept(folder, source)
    if kept and (not source or source.startswith(REGISTERED)):
        return kept
    if not source:
        start, content = Start(), b""
    else:
        start, content = registered(source) if source.startswith(REGISTERED) else _from_file(source)
    if start != kept:
        with replacing(folder) as draft:
            draft.mkdir()
            start.write_to(draft)
            if start.file:
                (draft / start.file).write_bytes(content)
    return start
