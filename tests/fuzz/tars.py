"""Builds tars field by field, so that each may lie, and packs them."""

import bz2
import gzip
import lzma
import struct
import tarfile

from hypothesis import strategies as st

from tests.fuzz.cases import WIDE_EDGES, Trouble, one, upto
from tests.fuzz.members import CONTENTS, HOSTILE, NAMES

KINDS = one(*(bytes([kind]) for kind in range(0x30, 0x38)), b"L", b"K", b"x", b"g", b"S", b"D", b"V", b"\0", b"\xff")
LINKS = one("", "../x", "/etc/passwd", "0.png")
FORMS = one(tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT)
SPARSE = ("major", "minor", "map", "size", "name", "realsize", "numblocks", "offset")
KEYS = ("path", "linkpath", "size", "mtime", "uid", "hdrcharset", *(f"GNU.sparse.{key}" for key in SPARSE))
PAX = st.dictionaries(
    st.sampled_from(KEYS),
    st.one_of(one("", "1", "0", "-1", "1e999", "../x", "0,512,9", "9" * 20), st.text(max_size=5)),
    max_size=3,
)


def _entry(trouble: Trouble, name: str) -> bytes:
    """A file in a tar: header and content."""
    draw, rare = trouble.draw, trouble.rare
    content, info = draw(CONTENTS), tarfile.TarInfo(rare("names", 2, HOSTILE, name))
    info.size = rare("fields", 6, one(*WIDE_EDGES), len(content))
    info.type, info.linkname = rare("fields", 3, KINDS, b"0"), draw(LINKS)
    info.pax_headers = rare("headers", 2, PAX, {})
    try:
        return info.tobuf(draw(FORMS), "utf-8", "surrogateescape") + content + bytes(-len(content) % 512)
    except (ValueError, struct.error):  # it does not fit into this form
        return b""


def _checksummed(content: bytes) -> bytes:
    """A tar whose first header was changed, with the right checksum again."""
    if len(content) < 512:
        return content
    head = bytearray(content[:512])
    head[148:156] = b" " * 8
    head[148:156] = b"%06o\0 " % sum(head)
    return bytes(head) + content[512:]


def _tar(trouble: Trouble) -> bytes:
    """A tar with hostile names, kinds, sizes and extended headers, sometimes broken afterwards."""
    draw = trouble.draw
    whole = b"".join(_entry(trouble, name) for name in draw(NAMES)) + bytes(1024)
    content = trouble.broken("bytes", whole, [whole])
    return _checksummed(content) if draw(upto(1)) else content


def _gzip(content: bytes) -> bytes:
    return gzip.compress(content, 1, mtime=0)


def _xz(content: bytes) -> bytes:
    return lzma.compress(content, preset=0)


def _bzip2(content: bytes) -> bytes:
    return bz2.compress(content, 1)


PACKERS = {".tar": bytes, ".tar.gz": _gzip, ".tgz": _gzip, ".tar.bz2": _bzip2, ".tar.xz": _xz}
ENDINGS = one(*PACKERS)
TROUBLES = ("names", "headers", "fields", "bytes", "packed")


@st.composite
def tars(draw: st.DrawFn) -> tuple[str, bytes]:
    """A tar, packed or not, by the ending of its name and its bytes."""
    ending, trouble = draw(ENDINGS), Trouble(draw, *TROUBLES)
    content = PACKERS[trouble.rare("packed", 4, ENDINGS, ending)](_tar(trouble))
    return ending, content if ending == ".tar" else trouble.broken("packed", content)
