"""The pytest plugin: the fixture ``assert_regularized``, and where its policy is.

pytest imports this in every project in which reglint is installed: nothing heavy may be imported here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import pytest

if TYPE_CHECKING:
    import os

    from reglint.testing import PolicyLike

_INI = "reglint_policy"


class AssertRegularized(Protocol):
    """What the fixture is: ``reglint.assert_regularized``, with the policy of the project."""

    def __call__(
        self, model: Any, policy: PolicyLike = None, *, file: str | os.PathLike[str] | None = None
    ) -> None: ...


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the setting for the policy."""
    parser.addini(
        _INI,
        "The policy file of the fixture assert_regularized, relative to this file. "
        "By default the one that applies in pytest's root folder.",
    )


@pytest.fixture(scope="session")
def assert_regularized(pytestconfig: pytest.Config) -> AssertRegularized:
    """Fails unless every weight of a built Keras model carries the penalty that the policy asks for.

    As ``reglint.assert_regularized``; without a policy it takes that of the setting ``reglint_policy``, or else the
    one that applies in pytest's root folder.
    """
    from reglint.testing import as_policy
    from reglint.testing import assert_regularized as check

    def assert_regularized(
        model: Any, policy: PolicyLike = None, *, file: str | os.PathLike[str] | None = None
    ) -> None:
        __tracebackhide__ = True
        if policy is None:
            named = pytestconfig.getini(_INI)
            folder = pytestconfig.inipath.parent if pytestconfig.inipath else pytestconfig.rootpath
            policy = as_policy(folder / named if named else None, pytestconfig.rootpath)
        check(model, policy, file=file)

    return assert_regularized
