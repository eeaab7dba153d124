"""Proves that a fix put its penalty into ``model.losses``: plans, builds in a worker process, judges."""

from __future__ import annotations

from reglint.verify.proof import Grade, Job, Proof, Settings, Target, VerifierMissing, WeightProof
from reglint.verify.prove import prove

__all__ = ["Grade", "Job", "Proof", "Settings", "Target", "VerifierMissing", "WeightProof", "prove"]
