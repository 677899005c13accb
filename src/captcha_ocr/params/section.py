"""What all sections of params.yaml have in common."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Optional

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

Share = Annotated[float, Field(ge=0, le=1)]


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


def _complaint(error: ErrorDetails, section: type[Section]) -> str:
    keys = error["loc"]
    name = ".".join(map(str, keys))
    if error["type"] == "missing":
        return f"{name} is missing ({_innermost(section, keys)})"
    if error["type"] == "value_error":  # of this project's own rules, which name the values that they refuse
        return f"{name}: {error['msg'].removeprefix('Value error, ')}"
    return f"{name} = {error['input']!r}: {error['msg']}"


def complaints(error: ValidationError, section: type[Section]) -> str:
    """One line for each key of `section` that is missing, or whose value breaks a rule, which is named."""
    return "\n".join(f"  {_complaint(details, section)}" for details in error.errors())
