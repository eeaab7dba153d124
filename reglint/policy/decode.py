"""From what a policy file says to the `Policy` that it means."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import msgspec
from msgspec import UNSET

from reglint.policy import form
from reglint.policy.check import sound
from reglint.policy.errors import PolicyError, nearest
from reglint.policy.layers import is_glob, known, matching, settable, specificity
from reglint.policy.numbers import requirement
from reglint.policy.policy import Level, Policy, Verify

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from reglint.policy.errors import KeyPath
    from reglint.policy.requirement import Requirement
    from reglint.policy.source import Source

_BUILDER = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*(\.[^\W\d]\w*)*")


def decode(source: Source, name: str, path: Path | None) -> Policy:
    """The policy of a file that people know as ``name``.

    Raises:
        PolicyError: with everything that is wrong, in the order of the file.
    """
    entries = sound(source, form.File)
    file = msgspec.convert({} if entries is UNSET else entries, form.File)
    levels = (*_layers(source, file), Level(None, _weights(source, file.weights, ("weights",))))
    policy = Policy(name, path, file.keras, levels, _verify(source, file.verify))
    if source.problems:
        raise PolicyError(sorted(source.problems, key=lambda problem: (problem.line, problem.column)))
    return policy


def _layers(source: Source, file: form.File) -> Iterator[Level]:
    """The tables for some layers: the most specific first, of equals the later one."""
    for pattern in sorted(file.layers, key=specificity)[::-1]:
        key = ("layers", pattern)
        requirements = _weights(source, file.layers[pattern], key)
        names = matching(pattern)
        if names:
            roles = settable(names)
            for role in (role for role in requirements if role not in roles):
                who = "no layer that it matches has" if is_glob(pattern) else f"{pattern} does not have"
                hint = f"the keys there are {', '.join(roles)}" if roles else None
                source.report((*key, role), f"{source.place((*key, role))}: {who} such a weight", hint)
        else:
            quoted = json.dumps(pattern, ensure_ascii=False)
            message = (
                f"no Keras layer matches {quoted}" if is_glob(pattern) else f"{quoted} is no Keras layer"
            )
            close = nearest(re.sub(r"\W", "", pattern), known())
            source.report(key, message, f'did you mean "{close}"?' if close else None)
        yield Level(names, requirements)


def _weights(source: Source, weights: form.Weights, key: KeyPath) -> dict[str, Requirement]:
    given = {role: getattr(weights, role) for role in weights.__struct_fields__}
    return {
        role: requirement(source, asked, (*key, role)) for role, asked in given.items() if asked is not UNSET
    }


def _verify(source: Source, verify: form.Verify) -> Verify:
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
    # Not resolved: the python of a virtual environment is a link to one that is outside of it.
    python = None if verify.python is UNSET else source.path.absolute().parent / verify.python
    return Verify(python, verify.timeout, verify.memory_mib, verify.builders)
