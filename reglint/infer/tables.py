"""From the rules of each role to the tables of one policy, as few as say the same."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reglint.infer.explain import explain
from reglint.infer.scope import EVERYTHING, Scope
from reglint.keras.catalog import KERNEL_LIKE, ROLES
from reglint.policy.layers import known

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from reglint.infer.ask import Ask
    from reglint.infer.explain import Rules
    from reglint.infer.scope import Weight

_SHORTEST = 3
"""Characters that a glob states at the least: ``Conv*``."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a table asks of one role, and the weights that it decides about."""

    ask: Ask
    weights: tuple[Weight, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One table: for everything, for ``layers`` (names and globs), for their outputs, or for what is at ``paths``."""

    entries: Mapping[str, Entry]
    layers: tuple[str, ...] = ()
    output: bool = False
    paths: tuple[str, ...] = ()
    stands_for: tuple[str, ...] = ()
    """The layers that a glob was made from."""


def rules_of(weights: Mapping[str, Sequence[Weight]]) -> dict[str, Rules]:
    """The rules for the known weights of each role."""
    rules: dict[str, Rules] = {}
    for role in ROLES:
        kernel = rules.get("kernel") if role in KERNEL_LIKE else None
        rules[role] = explain(weights.get(role, ()), kernel)
    return rules


def tables(rules: Mapping[str, Rules], weights: Mapping[str, Sequence[Weight]]) -> tuple[Table, ...]:
    """The tables that say what the rules do: first the one for everything, and the later the narrower."""
    by_scope: dict[Scope, dict[str, Entry]] = defaultdict(dict)
    for role, of_role in rules.items():
        asked = {EVERYTHING: of_role.base, **of_role.exceptions}
        decided: dict[Scope, list[Weight]] = defaultdict(list)
        for weight in weights.get(role, ()):
            decided[of_role.scope(weight) or EVERYTHING].append(weight)
        for scope, ask in asked.items():
            if ask is not None and (decided[scope] or scope != EVERYTHING):
                by_scope[scope][role] = Entry(ask, tuple(decided[scope]))
    _keep_apart(by_scope, rules, weights)
    everything = by_scope.pop(EVERYTHING, {})
    return (Table(_in_order(everything)), *_folded(by_scope, weights), *_overrides(by_scope))


def _keep_apart(
    by_scope: Mapping[Scope, dict[str, Entry]],
    rules: Mapping[str, Rules],
    weights: Mapping[str, Sequence[Weight]],
) -> None:
    """Say in each table that sets ``kernel`` what is asked of the weights that would follow it there and must not."""
    for scope, entries in by_scope.items():
        if scope == EVERYTHING or "kernel" not in entries:
            continue
        for role in KERNEL_LIKE:
            base = rules[role].base
            inside = [weight for weight in weights.get(role, ()) if scope.holds(weight) is not False]
            if role not in entries and inside and base is not None:
                entries[role] = Entry(base, tuple(w for w in inside if rules[role].scope(w) is None))


def _in_order(entries: Mapping[str, Entry]) -> dict[str, Entry]:
    return {role: entries[role] for role in ROLES if role in entries}


# Layers


def _folded(
    by_scope: Mapping[Scope, Mapping[str, Entry]], weights: Mapping[str, Sequence[Weight]]
) -> Iterator[Table]:
    """A table for each layer, and one for all that a glob stands for where they are asked the same."""
    left = {scope.layer: entries for scope, entries in by_scope.items() if scope.rank == 1}
    seen = [weight for of_role in weights.values() for weight in of_role if weight.layer not in left]
    while left:
        meant = {pattern: _alike(pattern, left, seen) for pattern in _patterns(sorted(left))}
        pattern = max(meant, key=lambda pattern: (len(meant[pattern]), len(pattern)))
        names = meant[pattern]
        first, *more = (left.pop(name) for name in names)
        entries = {
            role: Entry(entry.ask, (*entry.weights, *(w for each in more for w in each[role].weights)))
            for role, entry in first.items()
        }
        yield Table(_in_order(entries), (pattern,), stands_for=tuple(names))


def _alike(pattern: str, left: Mapping[str, Mapping[str, Entry]], seen: Iterable[Weight]) -> list[str]:
    """The layers of the tables that a pattern can take the place of; none if it would say what is not so."""
    matching = known().matching(pattern)
    names = sorted(matching.intersection(left))
    asks = [{role: entry.ask for role, entry in left[name].items()} for name in names]
    if any(each != asks[0] for each in asks):
        return []
    for weight in seen:
        # A weight of a layer without a table of its own; a glob would decide about it as well.
        role = weight.observed.role
        ask = asks[0].get(role) or (asks[0].get("kernel") if role in KERNEL_LIKE else None)
        if weight.layer in matching and ask is not None and not ask.allows(weight.observed.found):
            return []
    return names


def _patterns(names: Sequence[str]) -> Iterator[str]:
    """Each name, and the globs for what begins or ends with the same words."""
    yield from names
    for beginning in (True, False):
        for name in names:
            words = re.findall(r"\d+[A-Z]?(?![a-z])|[A-Z]+(?![a-z])|[A-Z][a-z]*|[^A-Z\d]+", name)
            for end in range(1, len(words)):
                stem = "".join(words[:end] if beginning else words[end:])
                if len(stem) >= _SHORTEST:
                    yield f"{stem}*" if beginning else f"*{stem}"


# Overrides


def _overrides(by_scope: Mapping[Scope, Mapping[str, Entry]]) -> Iterator[Table]:
    """A table for the output layers, and one for the paths, that are asked the same."""
    by_asks: dict[tuple[int, tuple[tuple[str, Ask], ...]], list[Scope]] = defaultdict(list)
    for scope in sorted(by_scope, key=lambda scope: (-scope.rank, scope.layer, scope.path)):
        if scope.rank > 1:
            asks = tuple((role, entry.ask) for role, entry in _in_order(by_scope[scope]).items())
            by_asks[scope.rank, asks].append(scope)
    for (_, asks), scopes in by_asks.items():
        entries = {
            role: Entry(ask, tuple(w for scope in scopes for w in by_scope[scope][role].weights))
            for role, ask in asks
        }
        layers = tuple(scope.layer for scope in scopes if scope.layer)
        paths = tuple(scope.path for scope in scopes if scope.path)
        yield Table(entries, layers, scopes[0].output, paths)
