"""The form of the policy file: its tables, their keys, and the type of each value.

A description is what an error says was expected. The same types can generate the JSON Schema of the file.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field

Require = Literal["l1", "l2", "l1_l2", "any", "none", "optional", "forbidden"]

_REQUIRE = '"l1", "l2", "l1_l2", "any", "none", "optional" or "forbidden"'

Number = Annotated[float | UnsetType, Meta(description="a number")]


class Weight(Struct, frozen=True, forbid_unknown_fields=True):
    """What is asked of one weight role."""

    require: Annotated[Require, Meta(description=_REQUIRE)]
    strength: Annotated[float | tuple[float, float] | UnsetType, Meta(description="a number or [l1, l2]")] = (
        UNSET
    )
    min: Number = UNSET
    max: Number = UNSET


Role = Annotated[Require | Weight | UnsetType, Meta(description=f"{_REQUIRE}, or a table")]


class Weights(Struct, frozen=True, forbid_unknown_fields=True):
    """What is asked, by weight role: the roles of ``reglint.keras.catalog.ROLES``."""

    kernel: Role = UNSET
    bias: Role = UNSET
    recurrent: Role = UNSET
    depthwise: Role = UNSET
    pointwise: Role = UNSET
    embeddings: Role = UNSET
    gamma: Role = UNSET
    beta: Role = UNSET
    alpha: Role = UNSET
    activity: Role = UNSET


class Verify(Struct, frozen=True, forbid_unknown_fields=True):
    """How fixes are proven."""

    python: Annotated[
        Annotated[str, Meta(min_length=1)] | UnsetType, Meta(description="the path of a Python interpreter")
    ] = UNSET
    timeout: Annotated[
        float, Meta(gt=0, le=86400, description="a number of seconds, more than 0, at most 86400")
    ] = 120.0
    memory_mib: Annotated[int, Meta(ge=1, le=2**24, description="a whole number of MiB, more than 0")] = 8192
    builders: dict[str, dict[str, Any]] = field(default_factory=dict)


class File(Struct, frozen=True, forbid_unknown_fields=True):
    """A policy file, or the ``[tool.reglint]`` table of a ``pyproject.toml``."""

    keras: Annotated[Literal["auto"] | Literal[2, 3], Meta(description='"auto", 2 or 3')] = "auto"
    weights: Weights = field(default_factory=Weights)
    layers: dict[str, Weights] = field(default_factory=dict)
    verify: Verify = field(default_factory=Verify)
