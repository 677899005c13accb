"""data/start/: the network that `train.pretrained` names, as a copy, and start.json, which says what it is."""

from pathlib import Path

from captcha_ocr.artifacts.formats.json_file import JsonFile

FOLDER = Path("data/start")  # for programs that DVC does not start
NETWORK, WEIGHTS = "network.keras", "weights.npz"  # what a copy is called


class Start(JsonFile):
    """What the fit starts from.

    source: the file or the registered version, as train.pretrained names it; empty where it names none. file: the copy
    beside start.json, NETWORK or WEIGHTS. sha256: of the copy. version: of a registered one, by which an alias is
    pinned. alphabet, architecture: of a network; a file of weights says them itself.
    """

    file_name, written_by = "start.json", "locate"

    source: str = ""
    file: str = ""
    sha256: str = ""
    version: str | None = None
    alphabet: str | None = None
    architecture: str | None = None

    def __str__(self) -> str:
        return f"{self.source} (version {self.version})" if self.version else self.source
