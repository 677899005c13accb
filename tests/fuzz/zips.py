"""Builds zips field by field, so that each may lie."""

import bz2
import lzma
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from hypothesis import strategies as st

from tests.fuzz.cases import WIDE_EDGES, Trouble, one
from tests.fuzz.members import CONTENTS, HOSTILE, NAMES


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


def _headers(member: Member, packed: bytes, offset: int) -> tuple[bytes, bytes]:
    """The header in front of a member, and its line in the directory at the end."""
    told = {
        "flags": member.flags, "method": member.method, "crc": zlib.crc32(member.content), "packed": len(packed),
        "size": len(member.content), "name": len(member.name), "offset": offset,
    } | member.lies  # fmt: skip
    short = {key: told[key] & 0xFFFF for key in ("flags", "method", "name")}
    long = {key: told[key] & 0xFFFFFFFF for key in ("crc", "packed", "size", "offset")}
    both = struct.pack(
        "<HHHHHIIIHH", 20, short["flags"], short["method"], 0, 0x21, long["crc"], long["packed"], long["size"],
        short["name"], len(member.extra),
    )  # fmt: skip
    more = struct.pack("<HHHII", 0, 0, 0, member.attributes, long["offset"])
    named = member.name + member.extra
    return b"PK\3\4" + both + named, b"PK\1\2\x14\3" + both + more + named


def zip_of(members: Sequence[Member], count: int | None = None, comment: bytes = b"") -> bytes:
    """A zip; `count` is what its directory says of their number."""
    body, directory = bytearray(), bytearray()
    for member in members:
        packed = _packed(member)
        header, line = _headers(member, packed, len(body))
        body += header + packed
        directory += line
    number = (len(members) if count is None else count) & 0xFFFF
    end = struct.pack("<HHHHIIH", 0, 0, number, number, len(directory), len(body), len(comment))
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
        rare("names", 6, ODD_BYTES, name.encode("utf-8", "surrogatepass"))[:0xFFFF],
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
