"""What all sections of params.yaml have in common."""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Optional

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, create_model
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from captcha_ocr.base.errors import listed

Share = Annotated[float, Field(ge=0, le=1)]
Seed = Annotated[int, Field(ge=0, le=2**32 - 1)]  # what NumPy takes
COMPLAINTS = 20  # keys that a message names
LONGEST = 200  # characters of a wrong value in a message
# Control characters, halves of characters, line and paragraph separators: no symbol, name or path has them.
UNPRINTABLE = frozenset({"Cc", "Cs", "Zl", "Zp"})


def printable(text: str) -> str:
    """The text itself; raises ValueError if it holds what is UNPRINTABLE."""
    found = [symbol for symbol in text if unicodedata.category(symbol) in UNPRINTABLE]
    if found:
        raise ValueError(f"it holds {listed([f'U+{ord(symbol):04X}' for symbol in found])}, which cannot be printed")
    return text


Name = Annotated[str, Field(max_length=1000), AfterValidator(printable)]  # of a file, a column, a model …


class Section(BaseModel):
    """Frozen, no unknown key, no nan or infinity.

    The first line of a section's docstring, and the `description` of each key, are what params.yaml has as comments.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def optional(section: type[Section]) -> Any:
    """A section of the same keys and rules, all of which must be there and may be null."""
    fields: dict[str, Any] = {
        name: (
            Annotated[Optional[field.annotation], Field(description=field.description), *field.metadata],  # noqa: UP045  # not a hint
            ...,
        )
        for name, field in section.model_fields.items()
    }
    return create_model(f"Optional{section.__name__}", __base__=Section, **fields)


def keys_of(section: type[Section]) -> Mapping[str, FieldInfo]:
    """The fields of a section by the names that params.yaml has for them."""
    return {field.alias or name: field for name, field in section.model_fields.items()}


def as_section(field: FieldInfo) -> type[Section] | None:
    """The section that a field of `Params` holds, or None where it holds a value."""
    kind = field.annotation
    return kind if isinstance(kind, type) and issubclass(kind, Section) else None


def description(field: FieldInfo) -> str:
    """What a key means, in a line; of a section it is the first line of its docstring."""
    section = as_section(field)
    return (section.__doc__ or "").partition("\n")[0] if section else field.description or ""


def _innermost(section: type[Section], keys: Sequence[int | str]) -> str:
    """The description of the last of `keys` that is a field, on the way from `section` inwards."""
    field = keys_of(section)[str(keys[0])]
    inner = as_section(field)
    return _innermost(inner, keys[1:]) if inner and keys[1:] else description(field)


def _shown(value: object) -> str:
    """A wrong value for a message, which it does not fill."""
    try:
        text = repr(value)
    except ValueError:  # an integer of thousands of digits
        return "a number of thousands of digits"
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _complaint(error: ErrorDetails, section: type[Section]) -> str:
    keys = error["loc"]
    name = ".".join(_shown(key)[1:-1] if isinstance(key, str) and not key.isprintable() else f"{key}" for key in keys)
    if error["type"] == "missing":
        return f"{name} is missing ({_innermost(section, keys)})"
    if error["type"] == "value_error":  # of this project's own rules, which name the values that they refuse
        return f"{name}: {error['msg'].removeprefix('Value error, ')}"
    return f"{name} = {_shown(error['input'])}: {error['msg']}"


def complaints(error: ValidationError, section: type[Section]) -> str:
    """One line for each key of `section` that is missing, or whose value breaks a rule, which is named."""
    lines = [f"  {_complaint(details, section)}" for details in error.errors()]
    more = [f"  … ({len(lines)} in all)"] if len(lines) > COMPLAINTS else []
    return "\n".join(lines[:COMPLAINTS] + more)
