"""What the rules find in a module: those about single weights first, then those that compare weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reglint.rules.rule import all_rules

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from reglint.keras.module import KerasModule
    from reglint.policy.policy import Policy
    from reglint.rules.consistency import Spoken, Tally
    from reglint.rules.rule import Finding


def find(module: KerasModule, policy: Policy, project: Callable[[], Tally] = dict) -> list[Finding]:
    """What the rules that speak about a file find in it.

    ``project`` gives the penalties of all files of the run; it is asked only if the policy compares them.
    """
    from reglint.rules.reg204_inconsistent_regularizer import RULE

    selected = policy.rules.speaking(module.document.path)
    findings = _of_single_weights(module, policy, selected)
    if policy.consistency != "off" and RULE.code in selected:
        from reglint.rules.consistency import inconsistent

        of_all = project() if policy.consistency == "project" else {}
        findings += inconsistent(module, policy, _weights(findings), of_all)
    return findings


def tally(module: KerasModule, policy: Policy) -> Tally:
    """The penalties in a module that are compared with those of other files."""
    from reglint.rules.consistency import tally as counted

    selected = policy.rules.speaking(module.document.path)
    return counted(module, policy, _weights(_of_single_weights(module, policy, selected)))


def _of_single_weights(module: KerasModule, policy: Policy, selected: Collection[str]) -> list[Finding]:
    return [
        finding for rule in all_rules() if rule.code in selected for finding in rule.check(module, policy)
    ]


def _weights(findings: Collection[Finding]) -> Spoken:
    return {(finding.site.call, finding.weight.role) for finding in findings}
