"""Pictures with their labels."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class LabelledPictures:
    """Paths of pictures, and their labels in the same order."""

    paths: list[Path]
    labels: list[str]

    @property
    def names(self) -> list[str]:
        """The file names, without the folder."""
        return [path.name for path in self.paths]

    def __len__(self) -> int:
        return len(self.paths)
