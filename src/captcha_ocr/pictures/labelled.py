"""Pictures together with what they say."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class LabelledPictures:
    """Paths and labels in the same order."""

    paths: list[Path]
    labels: list[str]

    @property
    def names(self) -> list[str]:
        """The files' names without their folder."""
        return [path.name for path in self.paths]

    def __len__(self) -> int:
        return len(self.paths)
