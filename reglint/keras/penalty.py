"""A regularizer as a value: what it adds to the loss for one weight."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reglint.keras.catalog import Generation


Kind: TypeAlias = Literal["none", "l1", "l2", "l1_l2", "other"]


@dataclass(frozen=True, slots=True)
class Penalty:
    """``l1 * sum(|w|) + l2 * sum(w ** 2)``, as Keras defines ``regularizers.L1L2``.

    A strength of None means that the code states a penalty of this kind whose strength could not be read; it
    counts as non-zero. ``other`` names a regularizer of another kind (``OrthogonalRegularizer``, a project's
    own class or function); its strengths are then 0.
    """

    l1: float | None = 0.0
    l2: float | None = 0.0
    other: str | None = None

    @property
    def kind(self) -> Kind:
        """``l1``, ``l2``, ``l1_l2``, ``none`` (both strengths are zero) or ``other``."""
        if self.other is not None:
            return "other"
        if self.l1 != 0 and self.l2 != 0:
            return "l1_l2"
        if self.l1 != 0:
            return "l1"
        return "l2" if self.l2 != 0 else "none"

    def __str__(self) -> str:
        """As a person would write it: ``l2(0.01)``, ``l1_l2(l1=0.005, l2=0.001)``."""
        match self.kind:
            case "other":
                return str(self.other)
            case "l1":
                return f"l1({_number(self.l1)})"
            case "l2":
                return f"l2({_number(self.l2)})"
            case "l1_l2":
                return f"l1_l2(l1={_number(self.l1)}, l2={_number(self.l2)})"
            case _:
                return "no penalty"


@dataclass(frozen=True, slots=True)
class InvalidPenalty:
    """A regularizer that Keras rejects, when the code that makes it or the layer that has it is run."""

    error: str
    """The exception that Keras raises: ``ValueError``, ``TypeError`` or ``OverflowError``."""
    reason: str
    only_in_keras_2: bool = False
    """Whether Keras 2 knows what it is called, or an argument of it, and Keras 3 does not."""


class _None(Enum):
    NONE = "None"


NONE: Final = _None.NONE
"""A factor that the code states as None; Keras reads it as no factor given, or as 0."""

Factor: TypeAlias = int | float | complex | str | bytes | _None | None
"""An argument of a regularizer's call: a constant, ``NONE``, or None where its value is not known."""

_PARAMETERS: dict[str, dict[str, float | str]] = {
    "L1": {"l1": 0.01},
    "L2": {"l2": 0.01},
    "L1L2": {"l1": 0.0, "l2": 0.0},
    "OrthogonalRegularizer": {"factor": 0.01, "mode": "rows"},
    "Regularizer": {},
}
"""The parameters of the classes, in order, with their defaults, which are the same in both generations."""

_FUNCTIONS = {"l1": "L1", "l2": "L2", "l1_l2": "L1L2", "orthogonal_regularizer": "OrthogonalRegularizer"}
"""The functions, which are other names of the classes: all but ``l1_l2`` in Keras 2."""

_L1_L2_IN_KERAS_2: dict[str, float | str] = {"l1": 0.01, "l2": 0.01}

_IN_KERAS_1 = {"l1l2": "l1_l2"}
"""The functions that had another name in Keras 1, whose arguments (``W_regularizer``) some Keras 2 took as well."""

_SNAKE_CASE_IN_KERAS_3 = {
    "l1": "L1",
    "l2": "L2",
    "l1l2": "L1L2",
    "orthogonal_regularizer": "OrthogonalRegularizer",
    "regularizer": "Regularizer",
}
"""The strings that Keras 3 knows beside the names of the classes; ``l1_l2`` is not one of them."""


def read(
    name: str,
    positional: Sequence[Factor],
    keywords: Mapping[str, Factor],
    generation: Generation,
) -> Penalty | InvalidPenalty | None:
    """The penalty of ``keras.regularizers.<name>(*positional, **keywords)``.

    ``name`` is that of the class or function (``L2``, ``l2``); the result is None if Keras has none of this
    name. What a call without a readable number adds is a penalty whose strength is None.
    """
    if name in _IN_KERAS_1:
        if generation == 3:
            return InvalidPenalty("AttributeError", f"Keras 3 has no regularizers.{name}", True)
        name = _IN_KERAS_1[name]
    kind = _FUNCTIONS.get(name, name)
    if kind not in _PARAMETERS:
        return None
    own_function = name == "l1_l2" and generation == 2
    defaults = _L1_L2_IN_KERAS_2 if own_function else _PARAMETERS[kind]
    given = _bind(name, tuple(defaults), positional, keywords, generation)
    if isinstance(given, InvalidPenalty):
        return given
    values: dict[str, Factor] = {**defaults, **given}
    if strengths_of(name):
        # The classes replace None by their own default; `l1_l2` of Keras 2 passes it on to L1L2.
        values = {key: _PARAMETERS[kind][key] if value is NONE else value for key, value in values.items()}
    strengths: dict[str, float | None] = {}
    for parameter, value in values.items():
        strength = _mode(value) if parameter == "mode" else _strength(parameter, value, generation)
        if isinstance(strength, InvalidPenalty):
            return strength
        strengths[parameter] = strength
    if kind == "OrthogonalRegularizer":
        return Penalty(other=kind)
    return Penalty(strengths.get("l1", 0.0), strengths.get("l2", 0.0))


def strengths_of(name: str) -> tuple[str, ...]:
    """The parameters of a regularizer that are strengths, in order: ``l1``, ``l2``; none of one that has no such."""
    kind = _FUNCTIONS.get(name, name)
    return tuple(_PARAMETERS[kind]) if kind in ("L1", "L2", "L1L2") else ()


def from_string(text: str, generation: Generation) -> Penalty | InvalidPenalty | None:
    """The penalty of ``kernel_regularizer="l2"``.

    None where it cannot be told: Keras 2 looks up any other name among the objects that the running program
    has registered. Keras 3 knows its own names only.
    """
    if generation == 3:
        name = _SNAKE_CASE_IN_KERAS_3.get(text, text)
        if name not in _PARAMETERS:
            older = isinstance(read(text, (), {}, 2), Penalty)
            return InvalidPenalty("ValueError", f'Keras 3 has no regularizer "{text}"', older)
        return read(name, (), {}, generation)
    return None if text in _IN_KERAS_1 else read(text, (), {}, generation)


def from_config(
    name: str, config: Mapping[str, Factor], generation: Generation
) -> Penalty | InvalidPenalty | None:
    """The penalty of ``{"class_name": name, "config": config}``, which may also name a function.

    None where it cannot be told, as for ``from_string``.
    """
    if generation == 3:
        name = _SNAKE_CASE_IN_KERAS_3.get(name, name)
        if name not in _PARAMETERS:
            older = isinstance(read(name, (), config, 2), Penalty)
            return InvalidPenalty("ValueError", f'Keras 3 has no regularizer "{name}"', older)
    return None if name in _IN_KERAS_1 else read(name, (), config, generation)


def from_class(name: str, generation: Generation) -> Penalty | InvalidPenalty | None:
    """The penalty of ``kernel_regularizer=regularizers.L2``: the class itself, or the function uncalled.

    None if Keras has none of this name. Keras 3 calls a class without arguments; Keras 2 calls it with the
    weight when the layer is built, and fails.
    """
    penalty = read(name, (), {}, generation)
    if generation == 3 or penalty is None:
        return penalty
    error = "TypeError" if name == "Regularizer" else "ValueError"
    return InvalidPenalty(error, f"Keras 2 takes regularizers.{name}() and not regularizers.{name} itself")


def _bind(
    name: str,
    parameters: tuple[str, ...],
    positional: Sequence[Factor],
    keywords: Mapping[str, Factor],
    generation: Generation,
) -> dict[str, Factor] | InvalidPenalty:
    """The arguments by parameter, as Python binds them."""
    if len(positional) > len(parameters):
        takes = f"at most {len(parameters)} positional argument{'' if len(parameters) == 1 else 's'}"
        return InvalidPenalty("TypeError", f"{name}() takes {takes} but {len(positional)} were given")
    given = dict(zip(parameters, positional, strict=False))
    renamed: dict[str, Factor] = {}
    for keyword, value in keywords.items():
        if keyword in given:
            return InvalidPenalty("TypeError", f'{name}() got multiple values for argument "{keyword}"')
        if keyword in parameters:
            given[keyword] = value
        elif keyword == "l" and _FUNCTIONS.get(name, name) in ("L1", "L2"):
            # The name that Keras 1 had for the factor; it wins over the factor given otherwise.
            renamed[parameters[0]] = value
        else:
            return InvalidPenalty("TypeError", f'{name}() has no argument "{keyword}" in Keras {generation}')
    if renamed and generation == 3:
        return InvalidPenalty("TypeError", f'{name}() has no argument "l" in Keras 3', True)
    return given | renamed


def _strength(parameter: str, value: Factor, generation: Generation) -> float | InvalidPenalty | None:
    """The factor as Keras reads it: a finite number, in Keras 3 not below zero."""
    if value is None:
        return None
    if not isinstance(value, (int, float)):
        shown = "None" if value is NONE else repr(value)
        return InvalidPenalty("ValueError", f"{parameter} must be a number, not {shown}")
    try:
        strength = float(value)
    except OverflowError:
        return InvalidPenalty("OverflowError", f"{parameter} is too large for a float")
    if not math.isfinite(strength):
        return InvalidPenalty("ValueError", f"{parameter} must be finite, not {strength}")
    if strength < 0 and generation == 3:
        return InvalidPenalty("ValueError", f"{parameter} must not be negative: {_number(strength)}")
    return strength


def _mode(value: Factor) -> InvalidPenalty | None:
    if value is None or value in ("rows", "columns"):
        return None
    shown = "None" if value is NONE else repr(value)
    return InvalidPenalty("ValueError", f'mode must be "rows" or "columns", not {shown}')


def _number(strength: float | None) -> str:
    return "?" if strength is None else f"{strength:.10g}"
