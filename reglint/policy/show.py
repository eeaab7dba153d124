"""A policy as one TOML text, with a comment on each line about where it comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reglint.policy.source import dotted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from reglint.policy.level import Level
    from reglint.policy.policy import Policy
    from reglint.policy.requirement import Asked

_TABLES = ("per-file-ignores", "custom_layers", "verify")


def show(policy: Policy, path: Path | None = None) -> Iterator[str]:
    """The lines of a TOML text that means what the policy does, for the file ``path`` if one is given.

    Overrides for other files are left out then. Numbers are in the unit that they were written in.
    """
    yield f"# {policy.source}" if path is None else f"# {policy.source}, for {path}"
    for key, origin in policy.origins.items():
        if key[0] == "extend-exclude":
            continue
        if len(key) == 1:
            yield _line(dotted(key), origin.source.toml(origin.key), str(origin))
    added = [origin for key, origin in policy.origins.items() if key[0] == "extend-exclude"]
    if added:
        yield "extend-exclude = ["
        for origin in added:
            for number in range(len(origin.source.value(origin.key))):
                pattern = origin.source.toml((*origin.key, number))
                yield f"  {pattern},  # {origin}"
        yield "]"
    # Those that decide last come first, as in a policy file, where the later of equals decides.
    for level in reversed(policy.levels):
        if level.weights and (
            path is None or level.conditions.files is None or level.conditions.files.match(path)
        ):
            yield ""
            yield from _level(level)
    for table in _TABLES:
        entries = {key: origin for key, origin in policy.origins.items() if key[0] == table and len(key) > 1}
        if entries:
            yield ""
            yield f"[{table}]"
        for key, origin in entries.items():
            yield _line(dotted(key[1:]), origin.source.toml(origin.key), str(origin))


def _level(level: Level) -> Iterator[str]:
    """One table of requirements."""
    first = next(origin for asked in level.weights.values() if (origin := asked.origin) is not None)
    if level.override:
        table = first.key[:2]
        yield "[[overrides]]"
        for name in first.source.value(table):
            if name != "weights":
                value = first.source.toml((*table, name))
                yield _line(name, value, str(first.at((*table, name))))
    else:
        yield f"[{dotted(first.key[:-1])}]"
    for role, asked in level.weights.items():
        key = ("weights", role) if level.override else (role,)
        yield _line(dotted(key), *_entry(asked))


def _entry(asked: Asked) -> tuple[str, str]:
    """What a policy asks of a weight, as it was written, and where; with its unit, where the file has one."""
    origin = asked.origin
    assert origin is not None
    source, key = origin.source, origin.key
    value, unit = source.value(key), source.value(()).get("unit", "keras")
    text = source.toml(key)
    if unit == "keras" or not isinstance(value, dict) or "unit" in value or not _has_l2_numbers(asked, value):
        return text, str(origin)
    return f'{text.removesuffix(" }")}, unit = "{unit}" }}', f"{origin} (in Keras {asked})"


def _has_l2_numbers(asked: Asked, value: dict[str, object]) -> bool:
    kinds = getattr(asked, "kinds", ())
    return bool({"l2", "l1_l2"}.intersection(kinds)) and not {"strength", "min", "max", "fix"}.isdisjoint(
        value
    )


def _line(key: str, value: str, comment: str) -> str:
    return f"{key} = {value}  # {comment}"
