"""What Keras calls the variables of each weight role."""

from __future__ import annotations

_VARIABLES: dict[str, frozenset[str]] = {
    "recurrent": frozenset({"recurrent_kernel"}),
    "depthwise": frozenset({"depthwise_kernel", "kernel"}),
    "pointwise": frozenset({"pointwise_kernel"}),
}
"""The names of the variables of a role, where they differ from the role's name."""


def is_of_role(variable: str, role: str) -> bool:
    """Whether a variable (``dense/kernel``) of a layer that has the role is a weight of it."""
    return variable.rsplit("/", 1)[-1] in _VARIABLES.get(role, (role,))
