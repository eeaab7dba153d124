"""What people use in their own tests: does this built model carry the penalties that the policy asks for?"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from reglint.policy import Policy, discover, from_mapping, load

if TYPE_CHECKING:
    from reglint.verify.review import WeightReview

PolicyLike: TypeAlias = "str | os.PathLike[str] | Policy | Mapping[str, Any] | None"


def assert_regularized(
    model: Any, policy: PolicyLike = None, *, file: str | os.PathLike[str] | None = None
) -> None:
    """Fail unless every weight of a built Keras model carries the penalty that the policy asks for.

    Each weight that the policy names must have exactly one entry of ``model.losses`` which depends on it and on no
    other weight, whose gradient and value are those of a penalty that the policy allows. For this the weights get
    known values, and their own ones back. Weights that are not trainable are passed over.

    ``policy`` is the path of a policy file, a mapping with what such a file holds, or a ``Policy``; None looks for one
    as the command line does, from the current folder upward. ``file`` is the file that makes the model's layers, for
    a policy that asks for different things in different files.

    Raises:
        AssertionError: some weights do not; the message names each, what is asked and what is there.
        TypeError: ``model`` is no model of ``keras`` or ``tf_keras``.
        ValueError: the model has no weights yet, or Keras runs on a backend that has no gradients.
        reglint.policy.PolicyError: the policy cannot be read, or something in it is wrong.
    """
    __tracebackhide__ = True
    applied = as_policy(policy)
    if not hasattr(model, "losses") or not hasattr(model, "_flatten_layers"):
        raise TypeError(
            f"expected a model of keras or tf_keras, got {type(model).__module__}.{type(model).__name__}"
        )
    if not model.built or not model.weights:
        raise ValueError(
            f"the model `{model.name}` has no weights yet: build it first, by `model.build(shape)` or by calling it "
            "on a batch"
        )
    from reglint.verify.review import review
    from reglint.verify.worker.backends import NoGradients
    from reglint.verify.worker.observe import observe

    try:
        observation = observe(model)
    except NoGradients as error:
        raise ValueError(f"the model `{model.name}` cannot be checked: {error}") from None
    problems = review(observation, applied, None if file is None else Path(file)).problems
    if problems:
        raise AssertionError(_message(model.name, applied, problems))


def as_policy(policy: PolicyLike, start: Path | None = None) -> Policy:
    """The policy that is meant; None looks for it from ``start`` upward, by default the current folder.

    Raises:
        reglint.policy.PolicyError: it cannot be read, or something in it is wrong.
        TypeError: nothing of this type can be a policy.
    """
    if policy is None:
        return discover(start or Path())
    if isinstance(policy, Policy):
        return policy
    if isinstance(policy, Mapping):
        return from_mapping(policy)
    if isinstance(policy, (str, os.PathLike)):
        return load(Path(policy))
    raise TypeError(f"a policy is a path, a mapping or a Policy, not {type(policy).__name__}")


def _message(name: str, policy: Policy, problems: tuple[WeightReview, ...]) -> str:
    count = "1 weight does" if len(problems) == 1 else f"{len(problems)} weights do"
    lines = [f"{count} not carry what the policy asks for, in the model `{name}` (policy: {policy.source})"]
    lines += [
        f"  {problem.layer_class} `{problem.layer}`: {problem.weight}: {problem.problem}"
        for problem in problems
    ]
    return "\n".join(lines)
