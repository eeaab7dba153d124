"""Where the value of an argument is decided: the defaults and arguments that come in through parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reglint.resolve.values import Expression, Parameter, options_of

if TYPE_CHECKING:
    from reglint.resolve.evaluate import Resolver

_LONGEST_WAY = 5
"""Through how many functions a value is followed back."""
_MOST_PLACES = 10


def decided(expression: Expression, resolver: Resolver) -> tuple[Expression, ...]:
    """The expressions, elsewhere, that the value of ``expression`` comes from; none where it is not a parameter."""
    found: dict[int, Expression] = {}
    pending = [(expression, 0)]
    seen: set[int] = set()
    while pending:
        at, depth = pending.pop(0)
        parameters = [
            option
            for option in options_of(resolver.value(at))
            if isinstance(option, Parameter) and not option.star
        ]
        if not parameters or depth > _LONGEST_WAY:
            if depth and at.known is None:  # what is known of itself is written nowhere
                found.setdefault(id(at.node), at)
            continue
        for parameter in parameters:
            for origin in _origins(parameter, resolver):
                if id(origin.node) not in seen:
                    seen.add(id(origin.node))
                    pending.append((origin, depth + 1))
    return tuple(found.values())[:_MOST_PLACES]


def _origins(parameter: Parameter, resolver: Resolver) -> list[Expression]:
    """What the calls pass for a parameter, or its default."""
    default = [parameter.default] if isinstance(parameter.default, Expression) else []
    given = resolver.callers.passing(parameter)
    if not given:
        return default
    found: list[Expression] = []
    for each in given:
        found += [each] if isinstance(each, Expression) else default if each is None else []
    return found
