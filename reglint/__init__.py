"""reglint: a linter and auto-fixer for regularization in Keras code that proves each fix in ``model.losses``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reglint.testing import assert_regularized

__all__ = ["__version__", "assert_regularized"]

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """What people's tests use is imported when it is used, since `reglint check` must start fast."""
    if name != "assert_regularized":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from reglint.testing import assert_regularized

    return assert_regularized
