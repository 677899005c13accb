"""What all sections of params.yaml have in common."""

from collections.abc import Mapping
from typing import Annotated, Any, Optional

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model
from pydantic.fields import FieldInfo

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


def complaints(error: ValidationError) -> str:
    """One line for each wrong key: its name, its value and the rule."""
    lines = [f"  {'.'.join(map(str, e['loc']))} = {e['input']!r}: {e['msg']}" for e in error.errors()]
    return "\n".join(lines)
