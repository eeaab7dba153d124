"""The shortest rules that explain most of what the weights of one role have.

What rules cost is counted in weights: each entry of the policy counts as one, each weight that breaks what is asked of
it as one, and one that has a penalty of which nothing or not all is said as one or a half.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reglint.infer.ask import NO_PENALTY, NOTHING, WEIGHT, Ask, conceivable, is_most, most, permitted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from reglint.infer.scope import Scope, Weight

_ENTRY = WEIGHT
_GAIN = 2 * WEIGHT
"""What an exception must explain, at the least, to be worth a table."""
_PRACTICE = 3
"""Fewer weights than these below a path do not show how it is done there."""
_LACKING = 5
"""The same where none of them has a penalty, and all may have been forgotten."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What is asked of the weights of one role: of all of them, and of those in some scopes."""

    base: Ask | None
    """None: what is asked of the kernel there."""
    exceptions: Mapping[Scope, Ask]
    kernel: Rules | None = None

    def scope(self, weight: Weight) -> Scope | None:
        """The scope that decides about a weight, of those that have an entry of their own."""
        holding = [scope for scope in self.exceptions if scope.holds(weight)]
        own = max(holding, key=lambda scope: scope.narrowness, default=None)
        above = None if self.kernel is None or own is None else self.kernel.scope(weight)
        # A table that sets the kernel decides about this weight too, unless it says otherwise.
        return None if own and above and above.narrowness > own.narrowness else own

    def ask(self, weight: Weight) -> Ask:
        """What is asked of a weight."""
        scope = self.scope(weight)
        if scope is not None:
            return self.exceptions[scope]
        if self.base is not None:
            return self.base
        return NOTHING if self.kernel is None else self.kernel.ask(weight)


def explain(weights: Sequence[Weight], kernel: Rules | None = None) -> Rules:
    """The rules for the weights of one role; with ``kernel`` one that follows the rules of kernels unless it is set."""
    found = [_with_exceptions(Rules(base, {}, kernel), weights) for base in _bases(weights, kernel)]
    rules = min(
        (rules for rules in found if _holds_mostly(rules, weights)),
        key=lambda rules: (_cost(rules, weights) + _ENTRY * _entries(rules), -len(_left(rules, weights))),
        default=Rules(NOTHING, {}),
    )
    if rules.base != NOTHING:
        return rules
    return replace(rules, base=permitted([weight.observed.found for weight in _left(rules, weights)]))


def _bases(weights: Sequence[Weight], kernel: Rules | None) -> Iterator[Ask | None]:
    """What may be asked of all of them, the better first."""
    found = [weight.observed.found for weight in weights]
    every = most(found)
    required = every if every is not None and every.requires else None
    if kernel is not None:
        yield None
    if required is not None:
        yield required
    yield from dict.fromkeys(ask for ask in conceivable(found) if ask != required)
    if required is None and kernel is None:
        yield NOTHING
    elif required is None and kernel and any(kernel.ask(weight) != NOTHING for weight in weights):
        yield NO_PENALTY if every == NO_PENALTY else NOTHING


def _holds_mostly(rules: Rules, weights: Sequence[Weight]) -> bool:
    """Whether most of the weights that are no exceptions have a penalty, most of these what is asked of all.

    And no exception has more of them.
    """
    if rules.base is None or not rules.base.requires:
        return True
    left = [weight.observed.found for weight in _left(rules, weights)]
    having = [penalty for penalty in left if penalty.kind != "none"]
    count = sum(map(rules.base.allows, having))
    exceptions = Counter(scope for weight in weights if (scope := rules.scope(weight)) is not None)
    mostly = is_most(len(having), len(left)) and is_most(count, len(having))
    return mostly and count >= max(exceptions.values(), default=0)


def _left(rules: Rules, weights: Sequence[Weight]) -> list[Weight]:
    """The weights that are no exceptions."""
    return [weight for weight in weights if rules.scope(weight) is None]


def _with_exceptions(rules: Rules, weights: Sequence[Weight]) -> Rules:
    """The same with each exception that explains enough, the one that explains most first."""
    while _cost(rules, weights) >= _GAIN:
        best, gain = rules, _GAIN - 1
        for scope, ask in _candidates(rules, weights):
            tried = replace(rules, exceptions={**rules.exceptions, scope: ask})
            concerned = [weight for weight in weights if scope.holds(weight) is not False]
            more = _cost(rules, concerned) - _cost(tried, concerned)
            if more > gain:
                best, gain = tried, more
        if best is rules:
            break
        rules = best
    return rules


def _candidates(rules: Rules, weights: Iterable[Weight]) -> Iterator[tuple[Scope, Ask]]:
    """The scopes that may have an entry, each with what most of the weights have that it would decide about."""
    members: dict[Scope, list[Weight]] = defaultdict(list)
    count = 0
    for weight in weights:
        count += 1
        decided = rules.scope(weight)
        for scope in weight.scopes():
            if decided is None or scope.rank > decided.rank:
                members[scope].append(weight)
    for scope in sorted(members, key=lambda scope: scope.order):
        inside = members[scope]
        if len(inside) == count or any(scope == other or scope.overlaps(other) for other in rules.exceptions):
            continue
        ask = most([weight.observed.found for weight in inside])
        if ask is None or (scope.path and not _is_practice(scope, ask, inside)):
            continue
        if ask.requires or rules.base != NOTHING:
            yield scope, ask


def _is_practice(scope: Scope, ask: Ask, inside: Sequence[Weight]) -> bool:
    """Whether what is below a path is meant to differ, as a penalty is that is written."""
    if ask.requires:
        return len(inside) >= _PRACTICE
    return ask == NO_PENALTY and scope.path.endswith("/") and len(inside) >= _LACKING


def _cost(rules: Rules, weights: Iterable[Weight]) -> int:
    total = 0
    for weight in weights:
        asked = rules.ask(weight)
        total += asked.cost(weight.observed.found)
        if any(ask != asked and scope.holds(weight) is None for scope, ask in rules.exceptions.items()):
            # It is not known which of the two is asked of it, so it is not judged.
            total += WEIGHT // 2
    return total


def _entries(rules: Rules) -> int:
    return len(rules.exceptions) + (rules.base is not None)
