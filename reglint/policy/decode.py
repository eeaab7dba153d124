"""From what policy files say to the `Policy` that they mean together."""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from msgspec import UNSET

from reglint.policy import form, selection
from reglint.policy.asked import asked
from reglint.policy.errors import PolicyError, nearest
from reglint.policy.extend import parts as parts_of
from reglint.policy.files import Files
from reglint.policy.globs import Globs, is_valid
from reglint.policy.layers import Known, is_glob, known
from reglint.policy.level import EVERY_LAYER, Conditions, Layers, Level, precedence
from reglint.policy.policy import Policy, Verify
from reglint.policy.source import Origin

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from reglint.keras.catalog import Layer
    from reglint.policy.errors import KeyPath
    from reglint.policy.extend import Part
    from reglint.policy.requirement import Asked
    from reglint.policy.source import Source

_BUILDER = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*(\.[^\W\d]\w*)*")
_DOTTED = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)+")


def decode(source: Source, name: str, path: Path | None) -> Policy:
    """The policy of a file that people know as ``name``, and of what it extends.

    Raises:
        PolicyError: with everything that is wrong, in the order of the files.
    """
    parts = parts_of(source)
    custom = {dotted: layer for part in parts for dotted, layer in _custom_layers(part)}
    layers = known().with_custom(custom.values())
    policy = Policy(
        name,
        path,
        _last(parts, "keras"),
        _levels(parts, layers),
        custom,
        _selection(parts),
        _files(parts),
        _verify(parts),
        _last(parts, "consistency"),
    )
    problems = [
        problem
        for part in parts
        for problem in sorted(part.source.problems, key=lambda problem: (problem.line, problem.column))
    ]
    if problems:
        raise PolicyError(problems)
    return replace(policy, origins=_origins(parts))


def _last(parts: Sequence[Part], name: str) -> Any:
    """A key of the top, of the last file that has it."""
    field = name.replace("-", "_")
    return next(
        (getattr(part.file, field) for part in reversed(parts) if part.has(name)), getattr(form.File(), field)
    )


def _origins(parts: Sequence[Part]) -> dict[KeyPath, Origin]:
    """Where the entries stand that are not about weights: those of the last file that has them."""
    found: dict[KeyPath, Origin] = {}
    for number, part in enumerate(parts):
        for name, value in part.source.value(()).items():
            if name in ("extends", "unit", "weights", "layers", "overrides"):
                continue
            if name == "extend-exclude":
                found[name, number] = Origin(part.source, (name,))  # every file adds to it
                continue
            keys: list[KeyPath] = [(name, key) for key in value] if isinstance(value, dict) else [(name,)]
            if name == "verify" and "builders" in value:
                keys.remove(("verify", "builders"))
                keys += [("verify", "builders", builder) for builder in value["builders"]]
            found.update({key: Origin(part.source, key) for key in keys})
    return found


# Requirements


def _levels(parts: Sequence[Part], layers: Known) -> tuple[Level, ...]:
    """The tables of requirements, those that decide first; tables of the same name are one, role by role."""
    weights: dict[str, Asked] = {}
    by_pattern: dict[str, dict[str, Asked]] = {}
    overrides: list[Level] = []
    for part in parts:
        weights.update(_weights(part, part.file.weights, ("weights",)))
        for pattern, entries in part.file.layers.items():
            key = ("layers", pattern)
            names = _matching(part.source, pattern, key, layers)
            if names:
                _check_roles(part.source, entries, key, pattern, layers.settable(names))
            # Moved to the end, where the later of two equally specific ones is.
            by_pattern[pattern] = by_pattern.pop(pattern, {}) | _weights(part, entries, key)
        overrides += [_override(part, number, layers) for number in range(len(part.file.overrides))]
    found = [Level(EVERY_LAYER, weights)]
    for pattern, asked_of_it in by_pattern.items():
        found.append(Level(Conditions(Layers((pattern,), layers.matching(pattern))), asked_of_it))
    return tuple(sorted([*found, *overrides], key=precedence)[::-1])


def _override(part: Part, number: int, layers: Known) -> Level:
    source, override, key = part.source, part.file.overrides[number], ("overrides", number)
    stated = [name for name in override.__struct_fields__ if name != "weights"]
    if not any(part.source.value(key).get(name) is not None for name in stated):
        source.report(key, f"{source.place(key)}: it does not say what it is for", f"add {_one_of(stated)}")
    if "weights" not in source.value(key):
        source.report(key, f'{source.place(key)}: "weights" is missing')

    def texts(name: str) -> tuple[str, ...] | None:
        patterns = getattr(override, name)
        return None if patterns is UNSET else tuple(patterns)

    patterns = texts("layers")
    named = [
        _matching(source, pattern, (*key, "layers", index), layers)
        for index, pattern in enumerate(patterns or ())
    ]
    files = texts("files")
    conditions = Conditions(
        layers=None if patterns is None else Layers(patterns, frozenset().union(*named)),
        files=None if files is None else _globs(source, files, (*key, "files")),
        names=texts("names"),
        classes=texts("classes"),
        activations=texts("activations"),
        output=None if override.output is UNSET else override.output,
    )
    return Level(conditions, _weights(part, override.weights, (*key, "weights")), override=True)


def _one_of(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} or {names[-1]}"


def _matching(source: Source, pattern: str, key: KeyPath, layers: Known) -> frozenset[str]:
    """The layers that a name or glob stands for; it is reported if there are none."""
    names = layers.matching(pattern)
    if not names:
        quoted = json.dumps(pattern, ensure_ascii=False)
        message = f"no Keras layer matches {quoted}" if is_glob(pattern) else f"{quoted} is no Keras layer"
        close = nearest(re.sub(r"\W", "", pattern), layers.by_name)
        source.report(key, message, f'did you mean "{close}"?' if close else None)
    return names


def _check_roles(
    source: Source, weights: form.Weights, key: KeyPath, pattern: str, roles: Sequence[str]
) -> None:
    """Report the roles that none of the layers of a ``[layers]`` table has; ``roles`` are those that they have."""
    who = "no layer that it matches has" if is_glob(pattern) else f"{pattern} does not have"
    for role, entry in _given(weights):
        place = source.place((*key, role))
        require = entry.require if isinstance(entry, form.Weight) else entry
        if role not in roles:
            hint = f"the keys there are {', '.join(roles)}" if roles else None
            source.report((*key, role), f"{place}: {who} such a weight", hint)
        elif require == "same-as-kernel" and "kernel" not in roles:
            source.report((*key, role), f"{place}: {who} a kernel")


def _weights(part: Part, weights: form.Weights, key: KeyPath) -> dict[str, Asked]:
    return {role: asked(part.source, entry, (*key, role), part.file.unit) for role, entry in _given(weights)}


def _given(weights: form.Weights) -> list[tuple[str, form.Entry]]:
    """The roles that a table speaks of, and what it says."""
    entries = ((role, getattr(weights, role)) for role in weights.__struct_fields__)
    return [(role, entry) for role, entry in entries if entry is not UNSET]


def _custom_layers(part: Part) -> Iterator[tuple[str, Layer]]:
    """The layers that a file makes known, by their dotted names."""
    from reglint.keras.catalog import Layer, Weight

    source = part.source
    for dotted, given in part.file.custom_layers.items():
        key = ("custom_layers", dotted)
        if not _DOTTED.fullmatch(dotted):
            source.report(
                key, f"{source.place(key)}: not the name of a class", 'write "package.module.Class"'
            )
        arguments = {role: getattr(given, role) for role in given.__struct_fields__}
        for role, argument in arguments.items():
            if argument is not UNSET and not argument.isidentifier():
                expected = f"expected the name of an argument, got {json.dumps(argument, ensure_ascii=False)}"
                source.report((*key, role), f"{source.place((*key, role))}: {expected}")
        if not source.value(key):
            hint = 'write which argument regularizes which weight: kernel = "kernel_regularizer"'
            source.report(key, f"{source.place(key)}: it has no weights", hint)
        weights = tuple(
            Weight(role, argument) for role, argument in arguments.items() if argument is not UNSET
        )
        yield dotted, Layer(dotted.rpartition(".")[2], (), weights)


# Rules and files


def _selection(parts: Sequence[Part]) -> selection.Selection:
    per_file: dict[str, tuple[Globs, tuple[str, ...]]] = {}
    for part in parts:
        for name in ("select", "ignore"):
            _check_codes(part.source, getattr(part.file, name), (name,))
        for pattern, codes in part.file.per_file_ignores.items():
            key = ("per-file-ignores", pattern)
            _check_codes(part.source, codes, key)
            per_file[pattern] = _globs(part.source, (pattern,), key), tuple(codes)
    return selection.Selection(
        tuple(_last(parts, "select")), tuple(_last(parts, "ignore")), tuple(per_file.values())
    )


def _check_codes(source: Source, codes: Sequence[str], key: KeyPath) -> None:
    for code in codes:
        wrong = selection.problem(code)
        if wrong is not None:
            source.report(key, f"{source.place(key)}: {wrong[0]}", wrong[1])


def _files(parts: Sequence[Part]) -> Files:
    """``exclude`` of the last file that has it, and every ``extend-exclude``."""
    own = [part for part in parts if part.file.exclude is not UNSET][-1:]
    patterns = [(part, "exclude", tuple(part.file.exclude)) for part in own if part.file.exclude is not UNSET]
    patterns += [(part, "extend-exclude", tuple(part.file.extend_exclude)) for part in parts]
    return Files(
        tuple(_globs(part.source, texts, (name,)) for part, name, texts in patterns if texts),
        default=not own,
        force=_last(parts, "force-exclude"),
    )


def _globs(source: Source, patterns: tuple[str, ...], key: KeyPath) -> Globs:
    for pattern in patterns:
        if not is_valid(pattern):
            quoted = json.dumps(pattern, ensure_ascii=False)
            source.report(key, f"{source.place(key)}: {quoted} is no pattern for files")
    return Globs(os.path.abspath(source.path.parent), patterns)


# Proofs


def _verify(parts: Sequence[Part]) -> Verify:
    default = form.Verify()
    given = {name: part for part in parts for name in default.__struct_fields__ if part.has("verify", name)}
    values = {name: getattr(part.file.verify, name) for name, part in given.items()}
    for part in parts:
        _check_builders(part.source, part.file.verify)
    python = None
    if values.get("python", UNSET) is not UNSET:
        # Not resolved: the python of a virtual environment is a link to one that is outside of it.
        python = given["python"].source.path.absolute().parent / values["python"]
    builders = {name: arguments for part in parts for name, arguments in part.file.verify.builders.items()}
    return Verify(
        python,
        values.get("timeout", default.timeout),
        values.get("memory_mib", default.memory_mib),
        builders,
    )


def _check_builders(source: Source, verify: form.Verify) -> None:
    for builder, arguments in verify.builders.items():
        key = ("verify", "builders", builder)
        if not _BUILDER.fullmatch(builder):
            source.report(
                key, f"{source.place(key)}: not the name of a function", 'write "package.module:function"'
            )
        try:
            json.dumps(arguments)
        except TypeError:
            source.report(key, f"{source.place(key)}: a date or time cannot be an argument")
