"""Builds zips and tars field by field, so that each may lie."""

import bz2
import gzip
import lzma
import struct
import tarfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from hypothesis import strategies as st

from tests.fuzz.cases import WIDE_EDGES, Trouble, one, rare, upto
from tests.fuzz.pictures import png

# Names as strangers write them: ways out of the folder, what other systems forbid, and what no terminal likes.
PLAIN = st.builds("{}{}.png".format, one("", "a/", "train/", "a/b/"), one(*"0123456789abcdefgh"))
HOSTILE = st.one_of(
    one(
        "../x.png", "/etc/x.png", "a/../../x.png", "C:\\x.png", "a\\..\\x.png", "./a.png", "a//b.png", "a/./b.png",
        "a/", "", ".",
        "..", "a", "a/b/c/d.png", "x" * 255 + ".png", "é" * 200 + ".png", "a" * 70_000 + ".png", "a/" * 3000 + "x.png",
        "con.png", "a\x00b.png", "a\nb.png", "\x1b[2Ja.png", "\u202egnp.a", "a\u2028b.png", "\ud800.png",
        "e\u0301.png", "é.png",
        "<img src=x onerror=alert(1)>.png", "$1_2_3$.png", "`x`.png", "=1+1.png", "-rf.png", ".DS_Store",
        "__MACOSX/a.png",
        "README.md", "a.txt", "labels.csv", "data.mdb", "a.parquet", "a.tar", "metadata.jsonl", "Label.txt",
        "rec_gt.txt"
    ),
    st.text(max_size=12).map(lambda text: f"{text}.png"),
)  # fmt: skip
NAMES = st.lists(PLAIN, max_size=4, unique=True)
CONTENTS = st.sampled_from((png(0), png(1), b"", b"text", bytes(200_000), b"file_name,text\n0.png,ab\n"))


@dataclass
class Member:
    """An entry of a zip. `lies` are fields of its headers that are not as they should be."""

    name: bytes
    content: bytes
    method: int = 8
    flags: int = 0x800
    attributes: int = 0
    extra: bytes = b""
    lies: dict[str, int] = field(default_factory=dict)


def _packed(member: Member) -> bytes:
    if member.method == 8:
        packer = zlib.compressobj(6, wbits=-15)
        return packer.compress(member.content) + packer.flush()
    if member.method == 12:
        return bz2.compress(member.content)
    if member.method == 14:
        body = lzma.compress(member.content, lzma.FORMAT_RAW, filters=[{"id": lzma.FILTER_LZMA1}])
        return struct.pack("<BBH", 9, 4, 5) + b"\x5d\0\0\x80\0" + body
    return member.content


def zip_of(members: Sequence[Member], count: int | None = None, comment: bytes = b"") -> bytes:
    """A zip; `count` is what its directory says of their number."""
    body, directory = bytearray(), bytearray()
    for member in members:
        packed, name = _packed(member), member.name[:0xFFFF]
        fields = {
            "crc": zlib.crc32(member.content), "packed": len(packed), "size": len(member.content), "offset": len(body),
            "flags": member.flags, "method": member.method, "attributes": member.attributes, "name": len(name),
        }  # fmt: skip
        told = {
            key: value & (0xFFFF if key in ("flags", "method", "name") else 0xFFFFFFFF)
            for key, value in (fields | member.lies).items()
        }
        middle = (
            told["flags"],
            told["method"],
            0,
            0x21,
            told["crc"],
            told["packed"],
            told["size"],
            told["name"],
            len(member.extra),
        )
        body += b"PK\3\4" + struct.pack("<HHHHHIIIHH", 20, *middle) + name + member.extra + packed
        directory += b"PK\1\2" + struct.pack(
            "<HHHHHHIIIHHHHHII", 0x314, 20, *middle, 0, 0, 0, told["attributes"], told["offset"]
        )
        directory += name + member.extra
    number = len(members) if count is None else count
    end = struct.pack("<HHHHIIH", 0, 0, number & 0xFFFF, number & 0xFFFF, len(directory), len(body), len(comment))
    return bytes(body + directory + b"PK\5\6" + end + comment)


LIES = st.dictionaries(
    st.sampled_from(("crc", "packed", "size", "offset", "name", "method", "flags")),
    st.sampled_from(WIDE_EDGES),
    max_size=2,
)
METHODS, FLAGS = one(0, 0, 1, 9, 12, 14, 93, 99), one(0, 1, 0x801, 0x808, 0x841, 0xFFFF)
MODES = one(0o120777, 0o010644, 0o020644, 0o040755, 0o104755, 0o177777)
ODD_BYTES = st.binary(max_size=20)


def _member(trouble: Trouble, name: str) -> Member:
    rare = trouble.rare
    name = rare("names", 2, HOSTILE, name)
    return Member(
        rare("names", 6, ODD_BYTES, name.encode("utf-8", "surrogatepass")),
        trouble.draw(CONTENTS),
        rare("methods", 2, METHODS, 8),
        rare("fields", 6, FLAGS, 0x800),
        rare("fields", 6, MODES, 0o100644) << 16,
        rare("fields", 6, ODD_BYTES, b""),
        rare("fields", 3, LIES, {}),
    )


@st.composite
def zips(draw: st.DrawFn) -> bytes:
    """Zips with hostile names, kinds, sizes, methods and flags, some of them broken afterwards."""
    trouble = Trouble(draw, "names", "methods", "fields", "bytes")
    members = [_member(trouble, name) for name in draw(NAMES)]
    count = trouble.rare("fields", 8, one(0, 1, 0xFFFF, 70_000), None)
    whole = zip_of(members, count, trouble.rare("fields", 8, ODD_BYTES, b""))
    return trouble.broken("bytes", whole, [whole])


KINDS = one(*(bytes([kind]) for kind in range(0x30, 0x38)), b"L", b"K", b"x", b"g", b"S", b"D", b"V", b"\0", b"\xff")
LINKS, FORMS = (
    one("", "../x", "/etc/passwd", "0.png"),
    one(tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT),
)
SPARSE = ("major", "minor", "map", "size", "name", "realsize", "numblocks", "offset")
PAX = st.dictionaries(
    st.sampled_from(("path", "linkpath", "size", "mtime", "uid", "hdrcharset",
        *(f"GNU.sparse.{key}" for key in SPARSE))),
    st.one_of(st.sampled_from(("", "1", "0", "-1", "1e999", "../x", "0,512,9", "9" * 20)), st.text(max_size=5)),
    max_size=3,
)  # fmt: skip


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
ZIP_NAMES = one("own.tar", "own.tgz", "own", "own.csv", "own.mdb", "own.parquet")
ZIPS = zips()


@st.composite
def archives(draw: st.DrawFn) -> tuple[str, bytes]:
    """An archive by its file's name and its bytes, which need not be of the kind that the name tells."""
    if draw(upto(1)):
        return rare(draw, 15, ZIP_NAMES, "own.zip"), draw(ZIPS)
    ending, trouble = draw(ENDINGS), Trouble(draw, "names", "headers", "fields", "bytes", "packed")
    content = PACKERS[trouble.rare("packed", 4, ENDINGS, ending)](_tar(trouble))
    return f"own{ending}", content if ending == ".tar" else trouble.broken("packed", content)
