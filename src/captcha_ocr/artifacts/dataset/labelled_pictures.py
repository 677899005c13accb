"""Pictures of the data set with their labels: what a fit learns from, and what a model is judged on."""

from collections.abc import Iterator
from dataclasses import dataclass

from captcha_ocr.artifacts.dataset.picture_shards import Picture, PictureShards


@dataclass(frozen=True)
class LabelledPictures:
    """Names and labels of pictures in the same order, which is that of the shards: sorted by name.

    The pictures themselves are read from the shards when they are needed.
    """

    shards: PictureShards
    names: list[str]
    labels: list[str]

    def __len__(self) -> int:
        return len(self.names)

    def head(self, count: int) -> "LabelledPictures":
        """The first `count` pictures."""
        return LabelledPictures(self.shards, self.names[:count], self.labels[:count])

    def pictures(self) -> Iterator[Picture]:
        """The pictures in order. Only a row group of them is in memory at a time."""
        return self.shards.chosen(self.names)

    def contents(self) -> Iterator[bytes]:
        """The bytes of the picture files, in order."""
        return (picture.content for picture in self.pictures())
