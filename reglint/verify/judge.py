"""Decides from two measurements, of the unfixed and of the fixed source, whether a penalty is proven."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from reglint.verify.proof import WeightProof

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reglint.keras.penalty import Penalty
    from reglint.verify.proof import Target

Measurement: TypeAlias = "dict[str, Any]"
"""What ``worker.measure.measure`` returns."""

_TOLERANCE = 1e-4
"""Relative: float32 sums of a hundred million squares are good to about 1e-5, strengths differ by more."""

_COARSE = 2e-2
"""Relative, for weights of 16 bits."""

_NOISE = 1e-5
"""The rounding of an output, as a share of the largest one."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """``proven`` with its penalties, ``refuted`` (the model shows that it is not so), or ``open``."""

    outcome: Literal["proven", "refuted", "open"]
    reason: str | None = None
    penalties: tuple[WeightProof, ...] = ()
    in_own_model: bool = False
    """Whether user code made a model that holds the layer, not only what was wrapped into one."""
    bound: str | None = None
    """The name that such a model has in its module."""


def judge(
    index: int, target: Target, before: Sequence[Measurement], after: Sequence[Measurement], generation: int
) -> Verdict:
    """Judges a target by the models that hold its layers; each list has the models in the same order."""
    holding = [number for number, model in enumerate(after) if index in model["holds"]]
    if not holding:
        return Verdict("open", "no layer made here is in the model")
    stray = [name for number, name in after[0]["stray"] if number == index]
    if stray:
        return Verdict("open", f"the layer `{stray[0]}` made here is in no model")
    if len(before) != len(after):
        return Verdict("refuted", "the fixed source builds another number of models than the unfixed one")
    penalties: list[WeightProof] = []
    had_all = set(target.in_part)
    for number in holding:
        reason = _other_weights(before[number], after[number])
        if reason is not None:
            return Verdict("refuted", reason)
        for role, _ in target.weights:
            if not any(record["role"] == role for record in _of(after[number], index)):
                return Verdict("refuted", f"the layer has no {role} weight")
        for record in _of(after[number], index):
            outcome = _weight(record, target, before[number], after[number], generation)
            if isinstance(outcome, str):
                return Verdict("refuted", outcome)
            if outcome not in penalties:
                penalties.append(outcome)
            if not _had(record, target, before[number], after[number]):
                had_all.discard(record["role"])
        reason = _other_difference(before[number], after[number])
        if reason is not None:
            return Verdict("refuted", reason)
    if had_all:
        return Verdict("open", "all layers made here have their penalty in the unfixed source as well")
    own = [after[number] for number in holding if not after[number]["wrapped"]]
    bound = own[0]["bound"] if own else None
    return Verdict("proven", penalties=tuple(penalties), in_own_model=bool(own), bound=bound)


def _of(model: Measurement, index: int) -> list[dict[str, Any]]:
    return [record for record in model["penalized"] if record["target"] == index]


def _weight(
    record: dict[str, Any], target: Target, before: Measurement, after: Measurement, generation: int
) -> WeightProof | str:
    """The proof for one weight, or why there is none."""
    number = record["weight"]
    name, _, dtype = after["weights"][number]
    penalty = dict(target.weights)[record["role"]]
    expected = _expected(record, penalty)
    tolerance = tolerance_for(dtype)
    errors = dict(record["entries"])
    own = {entry: after["losses"][entry]["value"] for entry in own_entries(after, number)}
    if penalty.kind == "none":
        return f"`{name}` still carries a penalty" if own else WeightProof(name, record["role"], 0.0, 0.0)
    matching = [entry for entry, value in own.items() if close(value, expected, tolerance)]
    if not own:
        if not record["trainable"] and generation == 3:
            return f"`{name}` is frozen (trainable=False): Keras 3 leaves its penalty out of the loss"
        return f"no entry of model.losses is a penalty on `{name}`" + _constant(after, expected, tolerance)
    if record["role"] not in target.in_part and _had(record, target, before, after):
        return f"the unfixed source already has this penalty on `{name}`"
    if len(matching) > 1 or len(own) > 1:
        values = ", ".join(f"{value:.6g}" for value in own.values())
        return f"`{name}` is penalized {len(own)} times (by {values}), expected once by {expected:.6g}"
    if not matching:
        value = next(iter(own.values()))
        return f"the penalty on `{name}` is {value:.6g} in model.losses, expected {expected:.6g}"
    if record["times"] > 1:
        return f"`{name}` is penalized once more by an entry of model.losses that the model's own code adds"
    if errors.get(matching[0], math.inf) > tolerance:
        return f"the gradient of the penalty on `{name}` is not that of {penalty}"
    return WeightProof(name, record["role"], expected, own[matching[0]])


def _expected(record: dict[str, Any], penalty: Penalty) -> float:
    absolute, squares = float(record["absolute"]), float(record["squares"])
    return (penalty.l1 or 0.0) * absolute + (penalty.l2 or 0.0) * squares


def _had(record: dict[str, Any], target: Target, before: Measurement, after: Measurement) -> bool:
    """Whether a weight carries what is expected in the unfixed source, too."""
    number = record["weight"]
    expected = _expected(record, dict(target.weights)[record["role"]])
    tolerance = tolerance_for(after["weights"][number][2])
    had = [before["losses"][entry]["value"] for entry in own_entries(before, number)]
    return any(close(value, expected, tolerance) for value in had)


def tolerance_for(dtype: str) -> float:
    """How far, relatively, a penalty on weights of a dtype may be from what is expected."""
    return _COARSE if "16" in dtype else _TOLERANCE


def own_entries(model: Measurement, weight: int) -> list[int]:
    """The losses that depend on this weight and on no other."""
    return [number for number, loss in enumerate(model["losses"]) if loss["depends"] == [weight]]


def _constant(model: Measurement, expected: float, tolerance: float) -> str:
    same = [loss for loss in model["losses"] if loss["value"] is not None and not loss["depends"]]
    if any(close(loss["value"], expected, tolerance) for loss in same):
        return " (an entry of that value is there, and it is a constant: no weight moves)"
    return ""


def _other_weights(before: Measurement, after: Measurement) -> str | None:
    """Whether a fix changed which weights there are, which have the same numbers only if it did not."""
    return None if before["weights"] == after["weights"] else "the fix changes the weights or their shapes"


def _other_difference(before: Measurement, after: Measurement) -> str | None:
    """What else the fix changed in a model, or None."""
    for old, new in zip(before["layers"], after["layers"], strict=False):
        is_known = bool(old[2] and new[2])
        if old[:2] != new[:2] or (is_known and old[2] != new[2]):
            return f"the fix changes the layer `{old[1]}`"
    if len(before["layers"]) != len(after["layers"]):
        return "the fix changes the number of layers"
    fixed = {record["weight"] for record in after["penalized"]}
    if not _same_losses(_others(before, fixed), _others(after, fixed)):
        return "the fix changes other losses of the model"
    if not _same_outputs(before["outputs"], after["outputs"]):
        return "the fix changes the model's outputs"
    return None


def _others(model: Measurement, fixed: set[int]) -> list[dict[str, Any]]:
    """The losses that are not a penalty on one of the weights in question."""
    return [
        loss for loss in model["losses"] if not (len(loss["depends"]) == 1 and loss["depends"][0] in fixed)
    ]


def _same_losses(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> bool:
    dependent = [Counter(tuple(loss["depends"]) for loss in losses) for losses in (before, after)]
    old, new = (
        sorted(loss["value"] for loss in losses if loss["value"] is not None) for losses in (before, after)
    )
    return dependent[0] == dependent[1] and len(old) == len(new) and all(map(_same, old, new))


def _same(old: float, new: float) -> bool:
    return close(old, new, _TOLERANCE)


def _same_outputs(before: list[list[float]] | None, after: list[list[float]] | None) -> bool:
    if before is None or after is None:
        return before is after
    return [len(output) for output in before] == [len(output) for output in after] and all(
        close(old, new, _TOLERANCE, noise)
        for ours, theirs in zip(before, after, strict=True)
        for noise in [_NOISE * max(map(abs, ours), default=0.0)]
        for old, new in zip(ours, theirs, strict=True)
    )


def close(value: float | None, expected: float, tolerance: float, noise: float = 0.0) -> bool:
    """Whether a measured value is the expected one; ``noise`` is an absolute difference that says nothing."""
    if value is None:
        return False
    if math.isnan(value) and math.isnan(expected):
        return True
    return math.isclose(value, expected, rel_tol=tolerance, abs_tol=noise)
