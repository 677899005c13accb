"""Rendered pictures at the network's input size, kept in files, so that several fits can share them.

    python pretraining/pictures.py --count 250000

A chunk of pictures is a file of its own. Chunks lie in a folder whose name is a digest of all that they depend on.
"""

import argparse
import hashlib
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from captcha_ocr import pretraining
from captcha_ocr.base.files import replacing
from captcha_ocr.pictures.input_size import InputSize
from captcha_ocr.pictures.preprocessing import to_input
from captcha_ocr.pretraining.fonts import FOLDER, INDEX, read_faces
from captcha_ocr.pretraining.rendering import render_batch

CHUNK = 4096  # pictures
INPUT = InputSize(width=160, height=48, channels=3, fit="pad")
CACHE = Path(".cache/pretraining")


class Chunk(NamedTuple):
    """Pictures, uint8 [N, H, W, 3], and their texts."""

    pictures: NDArray[np.uint8]
    texts: list[str]


def render_chunk(count: int, seed: int, fonts: Path) -> Chunk:
    """`count` pictures at the input size."""
    pictures, texts = render_batch(count, seed, read_faces(fonts))
    return Chunk(np.stack([to_input(picture, INPUT) for picture in pictures]), texts)


def cache_folder(cache: Path, fonts: Path) -> Path:
    """Where the pictures of this renderer, of these fonts and of this input size lie."""
    digest = hashlib.sha256(f"{INPUT} {CHUNK}".encode())
    for file in (*sorted(Path(pretraining.__path__[0]).glob("*.py")), fonts / INDEX):
        digest.update(file.read_bytes())
    return cache / digest.hexdigest()[:12]


def read_chunk(folder: Path, number: int) -> Chunk | None:
    """A chunk that has been rendered, or None."""
    file = folder / f"{number:05}.npz"
    if not file.exists():
        return None
    with np.load(file) as stored:
        return Chunk(stored["pictures"], str(stored["texts"]).split("\n"))


def _store(job: tuple[Path, int, Path]) -> int:
    folder, number, fonts = job
    chunk = render_chunk(CHUNK, number, fonts)
    with replacing(folder / f"{number:05}.npz") as draft, draft.open("wb") as file:
        np.savez(file, pictures=chunk.pictures, texts=np.array("\n".join(chunk.texts)))
    return number


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=250_000, help="of pictures; whole chunks are rendered")
    parser.add_argument("--fonts", type=Path, default=FOLDER)
    parser.add_argument("--cache", type=Path, default=CACHE)
    parser.add_argument("--processes", type=int, default=1)
    args = parser.parse_args()
    folder = cache_folder(args.cache, args.fonts)
    folder.mkdir(parents=True, exist_ok=True)
    wanted = range(-(-args.count // CHUNK))
    jobs = [(folder, number, args.fonts) for number in wanted if not (folder / f"{number:05}.npz").exists()]
    with get_context("spawn").Pool(args.processes) as pool:
        for number in pool.imap(_store, jobs):
            print(f"{number + 1} of {len(wanted)} chunks of {CHUNK:,} pictures", flush=True)


if __name__ == "__main__":
    main()
