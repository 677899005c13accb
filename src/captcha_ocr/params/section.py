"""What all sections of params.yaml have in common."""

from typing import Annotated, Any, Optional

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

Share = Annotated[float, Field(ge=0, le=1)]


class Section(BaseModel):
    """Frozen, no unknown key, no nan or infinity."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def optional(section: type[Section]) -> Any:
    """A section of the same keys and rules, all of which must be there and may be null: left to somebody else."""
    fields: dict[str, Any] = {
        name: (Annotated[Optional[field.annotation], Field(), *field.metadata], ...)  # noqa: UP045  # not a hint
        for name, field in section.model_fields.items()
    }
    return create_model(f"Optional{section.__name__}", __base__=Section, **fields)


def complaints(error: ValidationError) -> str:
    """One line for each wrong key: its name, its value and the rule."""
    lines = [f"  {'.'.join(map(str, e['loc']))} = {e['input']!r}: {e['msg']}" for e in error.errors()]
    return "\n".join(lines)
