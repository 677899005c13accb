"""The files of a folder that holds nothing but tars: the files in them."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from captcha_ocr.fetch.containers.files import Budget, unpacked
from captcha_ocr.fetch.containers.names import is_document, wanted_names
from captcha_ocr.fetch.containers.tar import TAR_ENDINGS, TarFiles, open_tar
from captcha_ocr.params.params import FetchParams


def shards_among(names: Sequence[str]) -> list[str]:
    """The tars, if there is nothing else but documents; else none."""
    data = [name for name in names if not is_document(name)]
    return data if all(name.lower().endswith(TAR_ENDINGS) for name in data) else []


def shard_name(tar: str) -> str:
    """The path of a tar without its ending."""
    ending = next(ending for ending in TAR_ENDINGS if tar.lower().endswith(ending))
    return tar[: -len(ending)]


@dataclass
class _OpenTar:
    """One tar is open at a time: there may be more of them than a process may open files."""

    params: FetchParams
    stack: ExitStack
    path: Path | None = None
    files: TarFiles | None = None

    def at(self, path: Path) -> TarFiles:
        """The tar `path`, opened."""
        if self.files is None or self.path != path:
            self.stack.close()
            self.path, self.files = path, self.stack.enter_context(open_tar(path, self.params))
        return self.files


@dataclass(frozen=True)
class ShardFiles:
    """As `Files` describes it. A file is named after its tar: `train-0000/key.png` lies in train-0000.tar.

    Names are sorted, so that each tar is opened once by those who read in their order. members: the tar of each file,
    and the file's name there.
    """

    place: str
    names: list[str]
    members: dict[str, tuple[Path, str]]
    tar: _OpenTar
    folder: Path

    def size(self, name: str) -> int:
        path, member = self.members[name]
        return self.tar.at(path).size(member)

    def read(self, name: str) -> bytes:
        path, member = self.members[name]
        return self.tar.at(path).read(member)

    def local(self, name: str) -> Path:
        return unpacked(self.folder, name, lambda: self.read(name))


def _members(folder: Path, tars: Sequence[str], params: FetchParams) -> Iterator[tuple[str, tuple[Path, str]]]:
    """Each file of the tars by its name, with its tar and its name there."""
    budget = Budget(str(folder), params)
    for name in tars:
        with open_tar(folder / name, params) as tar:
            budget.spend(sum(tar.size(member) for member in tar.names), name)
            yield from ((f"{shard_name(name)}/{member}", (folder / name, member)) for member in tar.names)


@contextmanager
def open_shards(folder: Path, tars: Sequence[str], params: FetchParams) -> Iterator[ShardFiles]:
    """The files in `tars`, which are names below `folder`; raises CaptchaOcrError as `open_tar` does."""
    members = list(_members(folder, tars, params))
    names = wanted_names((name for name, _ in members), str(folder), params)
    with TemporaryDirectory() as unpacked, ExitStack() as stack:
        yield ShardFiles(str(folder), names, dict(members), _OpenTar(params, stack), Path(unpacked))
