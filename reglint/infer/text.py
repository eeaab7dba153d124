"""A proposed policy as the text of its file, with what it was made from as comments."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING

from reglint.infer.ask import ENOUGH, NO_PENALTY, NOTHING, suggested
from reglint.keras.catalog import ROLES
from reglint.policy.source import dotted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from reglint.infer.observed import Observed
    from reglint.infer.tables import Entry, Table

_COLUMN = 48
"""Where the comment after an entry begins, if the entry is shorter."""


def lines_of(tables: Sequence[Table], observed: Sequence[Observed]) -> Iterator[str]:
    """The lines of the tables; ``observed`` are all weights, those that decided nothing among them."""
    by_role: dict[str, list[Observed]] = {role: [] for role in ROLES}
    for weight in observed:
        by_role[weight.role].append(weight)
    everything, *others = tables
    yield "[weights]"
    for role, weights in by_role.items():
        yield from _role(role, weights, everything.entries.get(role))
    for table in others:
        yield ""
        yield from _header(table)
        for role, entry in table.entries.items():
            key = ("weights", role) if table.output or table.paths else (role,)
            yield _line(dotted(key), entry, _counted(entry))


def _role(role: str, weights: Sequence[Observed], entry: Entry | None) -> Iterator[str]:
    """What is asked of a role everywhere, or why nothing is."""
    known = [weight for weight in weights if weight.state == "known"]
    having = sum(weight.found.kind != "none" for weight in known)
    undecided = _undecided(weights)
    if not weights or (role == "activity" and not having):
        return
    if not known:
        said = ""
    elif not having and (entry is None or entry.ask == NOTHING):
        said = f"none of {len(known)} has a penalty"
    elif len(known) < ENOUGH:
        said = f"{_found(known)}, too few to say"
    elif entry is None:
        said = f"follows kernel: {_found(known)}"
    else:
        yield _line(role, entry, "; ".join([_counted(entry), *undecided]))
        instead = suggested([weight.observed.found for weight in entry.weights])
        if entry.ask == NOTHING and instead is not None:
            yield f"#{f'{role} = {instead.toml}':{_COLUMN - 1}}  # in place of that: to ask all for it"
        return
    yield comment(f"{role}: {'; '.join([said, *undecided] if said else undecided)}")


def _undecided(weights: Iterable[Observed]) -> list[str]:
    """The weights that decided nothing, counted."""
    states: Counter[str] = Counter(weight.state for weight in weights)
    said = {"passed": "passed in", "unread": "not known", "suppressed": "suppressed by comments"}
    return [f"{states[state]} {words}" for state, words in said.items() if states[state]]


def _counted(entry: Entry) -> str:
    """How many of the weights have what is asked of them, and what they have."""
    weights = [weight.observed for weight in entry.weights]
    like = [weight for weight in weights if entry.ask.allows(weight.found)]
    unlike = [weight for weight in weights if not entry.ask.allows(weight.found)]
    said = f"{len(like)} of {len(weights)}"
    if entry.ask == NO_PENALTY:
        said += " without"
    elif not entry.ask.requires:
        said = _found(like)
    elif len({weight.found for weight in like}) > 1:
        said += f": {_found(like)}"
    return f"{said}; the others: {_found(unlike)}" if unlike else said


def _found(weights: Iterable[Observed]) -> str:
    """``4 l2(0.0001), 1 without``."""
    counts = Counter(
        "without" if weight.found.kind == "none" else str(weight.found).replace(" of strength ", " ")
        for weight in weights
    )
    ordered = sorted(counts.items(), key=lambda found: (-found[1], found[0]))
    return ", ".join(f"{count} {words}" for words, count in ordered)


def _header(table: Table) -> Iterator[str]:
    if not (table.output or table.paths):
        header = f"[{dotted(('layers', *table.layers))}]"
        yield f"{header}  # {', '.join(table.stands_for)}" if table.stands_for != table.layers else header
        return
    yield "[[overrides]]"
    if table.layers:
        yield f"layers = {_array(table.layers)}"
    if table.output:
        yield "output = true"
    if table.paths:
        yield f"files = {_array([pattern(path) for path in table.paths])}"


def _line(key: str, entry: Entry, said: str) -> str:
    return f"{f'{key} = {entry.ask.toml}':{_COLUMN}}  {comment(said)}"


def _array(texts: Sequence[str]) -> str:
    entries = [json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f") for text in texts]
    one = f"[{', '.join(entries)}]"
    return one if len(one) <= 100 else "[\n" + "".join(f"  {entry},\n" for entry in entries) + "]"


def pattern(path: str) -> str:
    """The pattern, as ``.gitignore`` has them, for just this file, or for what is in this folder."""
    escaped = re.sub(r"([\\*?\[])", r"\\\1", path)
    anchored = escaped if "/" in path and path[0] not in "!#" else f"/{escaped}"
    return f"{anchored}**" if path.endswith("/") else anchored


def comment(text: str) -> str:
    """A comment of one line, whatever stands in the text."""
    return "# " + "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
