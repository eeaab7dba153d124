"""Reviews an observed model: which penalty each weight carries, and whether that is what the policy asks for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import TYPE_CHECKING, Any

from reglint.keras.penalty import Penalty
from reglint.policy.requirement import OPTIONAL
from reglint.verify.judge import close, own_entries, tolerance_for
from reglint.verify.observed import layers_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from reglint.policy.policy import Policy
    from reglint.policy.requirement import Requirement
    from reglint.verify.observed import Observation, ObservedLayer

OTHER = Penalty(other="neither L1 nor L2")
"""A penalty whose gradient is that of no strengths."""

_DIGITS = 7
"""More than a measurement is good to."""


@dataclass(frozen=True, slots=True)
class WeightReview:
    """One weight, what ``model.losses`` has on it, and what is wrong with that."""

    layer: str
    """The name of its layer."""
    layer_class: str
    weight: str
    """The full name: ``sequential/dense/kernel``."""
    role: str | None
    shape: tuple[int, ...]
    trainable: bool
    penalty: Penalty | None
    """As measured; None where it could not be told, for the reason that ``problem`` or ``note`` gives."""
    value: float
    """What all penalties on it add to the loss, for the known values that the weights had."""
    asked: Requirement | None
    """What the policy asks for; None where that could not be told, and for weights that no policy can name."""
    problem: str | None = None
    note: str | None = None
    """Why a weight that lacks what the policy asks for counts as right."""
    file: str | None = None
    line: int | None = None
    """Where the layer was made, as far as it is known."""

    @property
    def parameters(self) -> int:
        """How many numbers it holds."""
        return prod(self.shape)


@dataclass(frozen=True)
class ModelReview:
    """One model, weight by weight."""

    name: str
    model_class: str
    weights: tuple[WeightReview, ...]

    @property
    def problems(self) -> tuple[WeightReview, ...]:
        """The weights that do not carry what the policy asks for."""
        return tuple(weight for weight in self.weights if weight.problem is not None)

    @cached_property
    def penalty(self) -> float:
        """The sum of all penalties on weights."""
        return sum(weight.value for weight in self.weights)

    @property
    def parameters(self) -> int:
        """The trainable parameters."""
        return sum(weight.parameters for weight in self.weights if weight.trainable)

    @property
    def penalized(self) -> int:
        """The trainable parameters that carry a penalty."""
        return sum(weight.parameters for weight in self.weights if weight.trainable and weight.value)

    @property
    def coverage(self) -> float:
        """The share of trainable parameters that carry a penalty."""
        return self.penalized / self.parameters if self.parameters else 0.0


@dataclass(frozen=True, slots=True)
class _Carried:
    """What a weight carries."""

    penalty: Penalty | None
    value: float = 0.0
    wrong: str | None = None
    tolerances: tuple[float, float] = (0.0, 0.0)
    """The shares of the strengths to which they are measured."""


def review(observation: Observation, policy: Policy, path: Path | None = None) -> ModelReview:
    """Judges what ``worker.observe.observe`` saw. ``path`` is the file that the model comes from, if any."""
    carried = [_carried(number, observation) for number in range(len(observation["weights"]))]
    weights = []
    for layer in layers_of(observation, policy, path):
        for role in filter(None, layer.weights.values()):
            penalties = {carried[number].penalty for number, each in layer.weights.items() if each == role}
            layer.penalties[role] = penalties.pop() if len(penalties) == 1 else None
        weights += [
            _review(number, role, layer, observation, carried[number], policy)
            for number, role in layer.weights.items()
        ]
    return ModelReview(observation["name"], observation["class"], tuple(weights))


def _carried(number: int, observation: Observation) -> _Carried:
    """The penalty on a weight: at most one entry of ``model.losses``, that depends on this weight and no other."""
    losses, weight = observation["losses"], observation["weights"][number]
    tolerance = tolerance_for(weight["dtype"])
    fits = {each["entry"]: each for each in observation["penalties"] if each["weight"] == number}
    own = own_entries(observation, number)
    joint = [entry for entry, fit in fits.items() if entry not in own and fit["error"] <= tolerance]
    value = sum(losses[entry]["value"] or 0.0 for entry in own)
    if not own and not joint:
        return _Carried(Penalty())
    if len(own) + len(joint) > 1:
        values = ", ".join(f"{losses[entry]['value']:.6g}" for entry in own)
        shared = f"{', ' if own else ''}{len(joint)} with other weights" if joint else ""
        return _Carried(
            None, value, f"it is penalized {len(own) + len(joint)} times in model.losses ({values}{shared})"
        )
    if joint:
        several = len(losses[joint[0]]["depends"])
        reason = f"its only penalty is in an entry of model.losses that depends on {several} weights"
        return _Carried(None, _value(fits[joint[0]], observation), reason)
    fit = fits[own[0]]
    if fit["error"] > tolerance:
        return _Carried(OTHER, value)
    l1, l2 = (_shortest(fit[part], doubt) for part, doubt in _parts(fit))
    penalty = Penalty(l1, l2)
    expected = _value(fit, observation)
    if not close(losses[own[0]]["value"], expected, tolerance):
        reason = f"its entry of model.losses is {value:.6g}, and its slope that of {penalty}, which is {expected:.6g}"
        return _Carried(None, value, reason)
    l1, l2 = (
        max(tolerance, doubt / abs(fit[part])) if fit[part] else tolerance for part, doubt in _parts(fit)
    )
    return _Carried(penalty, value, tolerances=(l1, l2))


def _parts(fit: dict[str, Any]) -> tuple[tuple[str, float], tuple[str, float]]:
    """The strengths of a fit, each with its doubt."""
    return ("l1", fit["doubt"][0]), ("l2", fit["doubt"][1])


def _value(fit: dict[str, Any], observation: Observation) -> float:
    """What a penalty adds to the loss, computed in float64."""
    sums = observation["sums"][str(fit["weight"])]
    return float(fit["l1"] * sums["absolute"] + fit["l2"] * sums["squares"])


def _review(
    number: int,
    role: str | None,
    layer: ObservedLayer,
    observation: Observation,
    carried: _Carried,
    policy: Policy,
) -> WeightReview:
    weight = observation["weights"][number]
    asked = policy.requirement(layer, role) if role is not None else None
    problem = note = None
    if role is not None:
        problem = _problem(asked, carried, layer)
    if problem is not None and not weight["trainable"]:
        problem, note = None, "frozen: nothing trains it, so that no penalty could act on it"
    file, line = layer.record["made"] or (None, None)
    return WeightReview(
        layer.record["name"],
        _class_name(layer.record),
        weight["name"],
        role,
        tuple(weight["shape"]),
        weight["trainable"],
        carried.penalty,
        carried.value,
        asked,
        problem,
        note,
        file,
        line,
    )


def _problem(asked: Requirement | None, carried: _Carried, layer: ObservedLayer) -> str | None:
    """What is wrong with a weight that a policy can name."""
    if asked is None:
        hint = "" if layer.path is not None else ", such as which file makes the layer"
        return f"what the policy asks for depends on something that is not known here{hint}"
    if asked.kinds == OPTIONAL and carried.penalty is None:
        return None
    wanted = f"the policy asks for {asked} ({asked.where})"
    if carried.wrong is not None:
        return f"{carried.wrong}; {wanted}"
    assert carried.penalty is not None
    match asked.violation(carried.penalty, carried.tolerances):
        case None:
            return None
        case "missing":
            return f"it has no penalty in model.losses; {wanted}"
        case _:
            is_other = carried.penalty.kind == "other"
            found = f"a penalty that is {carried.penalty}" if is_other else str(carried.penalty)
            return f"its penalty in model.losses is {found}; {wanted}"


def _class_name(record: Mapping[str, Any]) -> str:
    return str(record["class"]).rpartition(".")[2]


def _shortest(strength: float, doubt: float) -> float:
    """The number with the fewest digits that a measured strength can be."""
    shorter = (float(f"{strength:.{digits}g}") for digits in range(1, _DIGITS))
    fine = tolerance_for("float32") / 5
    return next((each for each in shorter if close(each, strength, fine, doubt)), strength)
