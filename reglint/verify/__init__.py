"""Proves what is in ``model.losses``, after a fix or as things are: plans, builds in a worker process, judges."""

from __future__ import annotations

from reglint.verify.proof import (
    Grade,
    Job,
    Proof,
    Settings,
    Target,
    VerifierMissing,
    WeightProof,
    by_settings,
)
from reglint.verify.prove import examine, prove

__all__ = [
    "Grade",
    "Job",
    "Proof",
    "Settings",
    "Target",
    "VerifierMissing",
    "WeightProof",
    "by_settings",
    "examine",
    "prove",
]
