"""Decodes Protocol Buffers strictly: a field that a message's layout lacks is an error, and not skipped.

https://protobuf.dev/programming-guides/encoding
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5  # wire types; groups, 3 and 4, are out of use
MAX_DEPTH: Final = 12  # messages inside one another: a subgraph adds three
MAX_FIELDS: Final = 2**18  # of all messages together: it bounds time and memory

Decoded = dict[str, list[Any]]  # the values of each field by its name; numbers that are packed are one value, bytes


class WireError(ValueError):
    """The bytes are no message of the layout. Its text says why, as a phrase."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a message: its wire type, the layout of a message inside, and whether it may occur repeatedly."""

    name: str
    wire: int
    layout: "Layout | None" = None
    repeated: bool = False


class Layout:
    """The fields that a message may have, by their numbers."""

    def __init__(self, name: str, fields: Mapping[int, Field]) -> None:
        self.name = name
        self.by_key: dict[int, Field] = {}
        for number, field in fields.items():
            self.by_key[number << 3 | field.wire] = field
            if field.repeated and field.wire != BYTES:  # numbers may also be packed into one value
                self.by_key[number << 3 | BYTES] = Field(field.name, BYTES, repeated=True)

    def add(self, number: int, field: Field) -> None:
        """Adds a field, for layouts that contain each other."""
        self.by_key[number << 3 | field.wire] = field


class _Decoder:
    def __init__(self, content: bytes) -> None:
        self.content, self.view, self.fields = content, memoryview(content), 0

    def varint(self, place: int, end: int) -> tuple[int, int]:
        """The number that begins at `place`, and the place after it."""
        if place < end and (byte := self.content[place]) < 128:  # most are short, and a file has thousands
            return byte, place + 1
        value = shift = 0
        while place < end and shift < 70:
            byte = self.content[place]
            place += 1
            value |= (byte & 127) << shift
            if byte < 128:
                return value, place
            shift += 7
        raise WireError("a number in it does not end")

    def span(self, wire: int, place: int, end: int) -> tuple[int, int]:
        """The first place of a value that is no number of the wire type VARINT, and the place after it."""
        size, start = self.varint(place, end) if wire == BYTES else (8 if wire == FIXED64 else 4, place)
        if size > end - start:
            raise WireError("it ends too early")
        return start, start + size

    def message(self, place: int, end: int, layout: Layout, depth: int) -> Decoded:
        if depth > MAX_DEPTH:
            raise WireError(f"its messages are nested deeper than {MAX_DEPTH}")
        found: Decoded = {}
        while place < end:
            key, place = self.varint(place, end)
            field = layout.by_key.get(key)
            if field is None:
                raise WireError(f"field {key >> 3} of {layout.name}, of wire type {key & 7}, is not allowed")
            self.fields += 1
            if self.fields > MAX_FIELDS:
                raise WireError(f"it has more than {MAX_FIELDS:,} fields")
            value: Any
            if field.wire == VARINT:
                value, place = self.varint(place, end)
            else:
                start, place = self.span(field.wire, place, end)
                inner = field.layout
                value = self.view[start:place] if inner is None else self.message(start, place, inner, depth + 1)
            values = found.setdefault(field.name, [])
            if values and not field.repeated:
                raise WireError(f"{layout.name}.{field.name} occurs twice")
            values.append(value)
        return found


def decode(content: bytes, layout: Layout) -> Decoded:
    """The fields of a message, and of the messages in it; raises WireError where it is not as `layout` says."""
    return _Decoder(content).message(0, len(content), layout, 1)


def varints(values: list[Any]) -> list[int]:
    """The numbers of a repeated field, whether each is a value or several are packed; raises WireError."""
    numbers = []
    for value in values:
        if isinstance(value, int):
            numbers.append(value)
            continue
        decoder, place = _Decoder(bytes(value)), 0
        while place < len(value):
            number, place = decoder.varint(place, len(value))
            numbers.append(number)
    return numbers
