"""The policy: what it asks for, read and checked as strictly as code."""

from __future__ import annotations

from reglint.policy.errors import PolicyError, Problem
from reglint.policy.load import DEFAULT, discover, from_mapping, load
from reglint.policy.numbers import Number
from reglint.policy.policy import Policy, Verify
from reglint.policy.requirement import Requirement, Violation

__all__ = [
    "DEFAULT",
    "Number",
    "Policy",
    "PolicyError",
    "Problem",
    "Requirement",
    "Verify",
    "Violation",
    "discover",
    "from_mapping",
    "load",
]
