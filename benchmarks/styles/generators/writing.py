"""What the scripts of this folder share: seeded randomness, and a folder of pictures with labels.csv.

    cd benchmarks && ENVIRONMENT/bin/python -m styles.generators.NAME FOLDER COUNT SEED [FONT ...]

Each module runs in an environment of its own (../environments.py), which has Pillow and the generator, and nothing of
this project.
"""

import csv
import random
import secrets
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

# Letters and digits without those that many fonts draw alike: 0 and O, 1, I and l.
UPPER = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LOWER = "abcdefghijkmnpqrstuvwxyz"

Draw = Callable[[], tuple[Any, str]]  # a picture of Pillow, and the text on it


def seed_everything(seed: int) -> None:
    """Seeds `random`, and lets `secrets` take its numbers from there, so that a seed gives the same pictures again."""
    random.seed(seed)
    for name, seeded in (("choice", random.choice), ("randbelow", random.randrange), ("randbits", random.getrandbits)):
        setattr(secrets, name, seeded)


def text(symbols: str, shortest: int, longest: int) -> str:
    """A text of random symbols and length."""
    return "".join(random.choices(symbols, k=random.randint(shortest, longest)))


def write(drawer: Callable[[Sequence[str]], Draw], ending: str = ".png", **saving: Any) -> None:
    """Writes as many pictures as the command line asks for; `drawer` gets the fonts that it names."""
    folder, count, seed, *fonts = sys.argv[1:]
    seed_everything(int(seed))
    draw = drawer(fonts)
    with (Path(folder) / "labels.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["file", "text"])
        for number in range(int(count)):
            picture, label = draw()
            picture.save(Path(folder) / f"{number:05}{ending}", **saving)
            table.writerow([f"{number:05}{ending}", label])
