"""The form of the policy file: its tables, their keys, and the type of each value.

A description is what an error says was expected. The same types can generate the JSON Schema of the file.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field

Require = Literal["l1", "l2", "l1_l2", "any", "none", "optional", "forbidden", "same-as-kernel"]
Unit = Literal["keras", "weight-decay"]

_REQUIRE = '"l1", "l2", "l1_l2", "any", "none", "optional", "forbidden" or "same-as-kernel"'
_KINDS = '"l1", "l2", "l1_l2" or "none"'
_UNIT = '"keras" or "weight-decay"'

Kind = Annotated[Literal["l1", "l2", "l1_l2", "none"], Meta(description=_KINDS)]
Kinds = Annotated[list[Kind], Meta(min_length=1)]
Number = Annotated[float | UnsetType, Meta(description="a number")]


class Written(Struct, frozen=True, forbid_unknown_fields=True):
    """The penalty that a fix writes: an L1 part, an L2 part, or both."""

    l1: Number = UNSET
    l2: Number = UNSET


class Weight(Struct, frozen=True, forbid_unknown_fields=True):
    """What is asked of one weight role."""

    require: Annotated[
        Require | Kinds, Meta(description=f"{_REQUIRE}, or several kinds of penalty in brackets")
    ]
    strength: Annotated[float | tuple[float, float] | UnsetType, Meta(description="a number or [l1, l2]")] = (
        UNSET
    )
    min: Number = UNSET
    max: Number = UNSET
    unit: Annotated[Unit | UnsetType, Meta(description=_UNIT)] = UNSET
    fix: Annotated[Written | UnsetType, Meta(description="a table with l1, l2 or both")] = UNSET


Entry = Require | Kinds | Weight
Role = Annotated[Entry | UnsetType, Meta(description=f"{_REQUIRE}, several kinds in brackets, or a table")]


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


Text = Annotated[str, Meta(min_length=1, description="a text that is not empty")]
Patterns = Annotated[list[Text], Meta(min_length=1)]
Codes = list[Annotated[str, Meta(min_length=1, description="the code of a rule or its beginning")]]


class Override(Struct, frozen=True, forbid_unknown_fields=True):
    """What is asked of some layers, in place of what ``[weights]`` and ``[layers]`` say; all conditions must hold."""

    files: Annotated[
        Patterns | UnsetType, Meta(description="an array of patterns for files, as .gitignore has them")
    ] = UNSET
    layers: Annotated[Patterns | UnsetType, Meta(description="an array of layer names or globs")] = UNSET
    names: Annotated[Patterns | UnsetType, Meta(description="an array of globs for the name= of layers")] = (
        UNSET
    )
    activations: Annotated[
        Patterns | UnsetType, Meta(description="an array of globs for the activation= of layers")
    ] = UNSET
    output: Annotated[
        bool | UnsetType, Meta(description="true for the output layers of models, false for the others")
    ] = UNSET
    classes: Annotated[
        Patterns | UnsetType, Meta(description="an array of globs for classes of the project")
    ] = UNSET
    weights: Weights = field(default_factory=Weights)


Argument = Annotated[str | UnsetType, Meta(description="the name of an argument")]


class CustomLayer(Struct, frozen=True, forbid_unknown_fields=True):
    """The arguments that regularize the weights of a layer class, by weight role."""

    kernel: Argument = UNSET
    bias: Argument = UNSET
    recurrent: Argument = UNSET
    depthwise: Argument = UNSET
    pointwise: Argument = UNSET
    embeddings: Argument = UNSET
    gamma: Argument = UNSET
    beta: Argument = UNSET
    alpha: Argument = UNSET
    activity: Argument = UNSET


class File(Struct, frozen=True, forbid_unknown_fields=True):
    """A policy file, or the ``[tool.reglint]`` table of a ``pyproject.toml``."""

    extends: Annotated[
        Text | list[Text] | UnsetType,
        Meta(description="a preset or the path of a policy file, or an array of them"),
    ] = UNSET
    keras: Annotated[Literal["auto"] | Literal[2, 3], Meta(description='"auto", 2 or 3')] = "auto"
    unit: Annotated[Unit, Meta(description=_UNIT)] = "keras"
    consistency: Annotated[
        Literal["model", "file", "project", "off"],
        Meta(description='"model", "file", "project" or "off"'),
    ] = "off"
    select: Annotated[Codes, Meta(description="an array of rule codes or their beginnings")] = field(
        default_factory=lambda: ["REG"]
    )
    ignore: Annotated[Codes, Meta(description="an array of rule codes or their beginnings")] = field(
        default_factory=list
    )
    per_file_ignores: Annotated[
        dict[str, Annotated[Codes, Meta(description="an array of rule codes or their beginnings")]],
        Meta(description="a table of rule codes by file pattern"),
    ] = field(name="per-file-ignores", default_factory=dict)
    exclude: Annotated[
        list[Text] | UnsetType, Meta(description="an array of patterns for files, as .gitignore has them")
    ] = UNSET
    extend_exclude: Annotated[
        list[Text], Meta(description="an array of patterns for files, as .gitignore has them")
    ] = field(name="extend-exclude", default_factory=list)
    force_exclude: Annotated[bool, Meta(description="true or false")] = field(
        name="force-exclude", default=False
    )
    weights: Weights = field(default_factory=Weights)
    layers: dict[str, Weights] = field(default_factory=dict)
    overrides: Annotated[list[Override], Meta(description="an array of tables")] = field(default_factory=list)
    custom_layers: dict[str, CustomLayer] = field(default_factory=dict)
    verify: Verify = field(default_factory=Verify)
