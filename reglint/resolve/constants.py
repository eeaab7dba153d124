"""Expressions of constants, worked out: calculations, comparisons, and strings that are put together."""

from __future__ import annotations

import operator
import re
import string
from functools import partial
from itertools import product
from typing import TYPE_CHECKING

import libcst as cst

from reglint.resolve.nodes import children
from reglint.resolve.values import (
    Collection,
    Constant,
    Expression,
    Place,
    Text,
    Unknown,
    Value,
    choice,
    options_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from reglint.resolve.evaluate import Resolver

_MOST_OPTIONS = 64
"""How many combinations of operands are worked out."""
_LONGEST = 10_000
"""How long a string may become, and how large the operands of ``**``."""
_CALCULATION = Unknown("the result of a calculation")

STRING_METHODS = frozenset(
    {
        *("format", "join", "upper", "lower", "title", "capitalize", "swapcase", "replace"),
        *("strip", "lstrip", "rstrip", "removeprefix", "removesuffix", "startswith", "endswith"),
    }
)
"""The methods of strings whose result is worked out."""


def combined(values: Sequence[Value], calculate: Callable[..., object]) -> Value | None:
    """What a function gives for constants, or for each combination of them; None where an operand is not constant."""
    options = [options_of(value) for value in values]
    constants: list[list[object]] = [
        [option.value for option in each if isinstance(option, Constant)] for each in options
    ]
    count = 1
    for known, each in zip(constants, options, strict=True):
        count *= len(known) if len(known) == len(each) else 0
    if not 0 < count <= _MOST_OPTIONS:
        return None
    results: list[Value] = []
    for operands in product(*constants):
        try:
            result = calculate(*operands)
        except (ArithmeticError, TypeError, ValueError, KeyError, IndexError):
            return None
        if result is not None and not isinstance(result, (str, bytes, int, float, complex)):
            return None
        results.append(Constant(result))
    return choice(results)


# Calculations


def calculated(
    node: cst.UnaryOperation | cst.BinaryOperation, values: Sequence[Value], resolver: Resolver
) -> Value:
    """The result of an operation on ``values``."""
    if isinstance(node.operator, cst.Modulo) and _is_some_text(values[0]):
        return _percent(values[0], values[1], resolver)
    if isinstance(node.operator, cst.Add) and any(map(_is_some_text, values)):
        return assembled(values)
    apply = _OPERATORS.get(type(node.operator))
    found = combined(values, apply) if apply is not None else None
    return _CALCULATION if found is None else found


def _is_some_text(value: Value) -> bool:
    return any(map(_is_text, options_of(value)))


def _power(base: float, exponent: float) -> object:
    if abs(base) > _LONGEST or abs(exponent) > 100:
        raise OverflowError
    return base**exponent


def _times(left: object, right: object) -> object:
    for text, number in ((left, right), (right, left)):
        if isinstance(text, (str, bytes)) and isinstance(number, int) and len(text) * number > _LONGEST:
            raise OverflowError
    return operator.mul(left, right)


_OPERATORS: dict[type[cst.CSTNode], Callable[..., object]] = {
    cst.Minus: operator.neg,
    cst.Plus: operator.pos,
    cst.Add: operator.add,
    cst.Subtract: operator.sub,
    cst.Multiply: _times,
    cst.Divide: operator.truediv,
    cst.FloorDivide: operator.floordiv,
    cst.Modulo: operator.mod,
    cst.Power: _power,
}


# Strings


def assembled(pieces: Iterable[Value]) -> Value:
    """The string made of ``pieces``, in which what is not a constant leaves a hole."""
    texts: list[tuple[str | None, ...]] = [()]
    for piece in pieces:
        ways = [_parts(option) for option in options_of(piece)]
        if None in {part for way in ways for part in way}:
            ways = [ways[0]] if len(ways) == 1 else [(None,)]
        if len(ways) * len(texts) > _MOST_OPTIONS:
            ways = [(None,)]
        texts = [_joined((*text, *way)) for text in texts for way in ways]
    return choice([_text(parts) for parts in texts])


def _parts(value: Value) -> tuple[str | None, ...]:
    match value:
        case Constant(held) if held is not None:
            return (str(held),)
        case Text(parts):
            return parts
    return (None,)


def _joined(parts: tuple[str | None, ...]) -> tuple[str | None, ...]:
    """The same parts, with those that are next to each other made one."""
    found: list[str | None] = []
    for part in parts:
        if part == "":
            continue
        if found and part is not None and found[-1] is not None:
            found[-1] += part
        elif not (found and part is None and found[-1] is None):
            found.append(part)
    return tuple(found)


def _text(parts: tuple[str | None, ...]) -> Value:
    if None not in parts:
        return Constant("".join(part for part in parts if part is not None))
    return Text(parts) if len(parts) > 1 else Unknown("a string that is put together at run time")


def formatted(node: cst.FormattedString, place: Place, resolver: Resolver) -> Value:
    """An f-string."""
    return assembled(_of_formatted(node, place, resolver))


def _of_formatted(node: cst.FormattedString, place: Place, resolver: Resolver) -> Iterator[Value]:
    unknown = Unknown("a part of a formatted string")
    for part in node.parts:
        if isinstance(part, cst.FormattedStringText):
            yield (
                Constant(part.value.replace("{{", "{").replace("}}", "}"))
                if "\\" not in part.value
                else unknown
            )
        elif (
            isinstance(part, cst.FormattedStringExpression)
            and part.conversion is None
            and part.format_spec is None
            and _is_plain(part.expression)
        ):
            yield resolver.settled(resolver.value(Expression(part.expression, place)))
        else:
            yield unknown


def _is_plain(node: cst.CSTNode) -> bool:
    """Whether an expression opens no scope: those in formatted strings are not indexed."""
    pending = [node]
    while pending:
        found = pending.pop()
        if isinstance(found, (cst.Lambda, cst.BaseComp)):
            return False
        pending.extend(children(found))
    return True


_PERCENT = re.compile(r"%(?:\((\w+)\))?([-+ #0]*\d*(?:\.\d+)?[a-zA-Z%])")


def _percent(template: Value, given: Value, resolver: Resolver) -> Value:
    """``template % given``."""
    values = list(map(resolver.value, given.items)) if isinstance(given, Collection) else [given]
    return choice([assembled(_filled(option, values, resolver)) for option in options_of(template)])


def _filled(template: Value, values: Sequence[Value], resolver: Resolver) -> Iterator[Value]:
    if not (isinstance(template, Constant) and isinstance(template.value, str)):
        yield Unknown("a string that is put together at run time")
        return
    rest, end = iter(values), 0
    for found in _PERCENT.finditer(template.value):
        yield Constant(template.value[end : found.start()])
        end = found.end()
        name, form = found.groups()
        if form == "%":
            yield Constant("%")
        elif name is None:
            value = resolver.settled(next(rest, _CALCULATION))
            yield combined([value], partial(operator.mod, f"%{form}")) or _CALCULATION
        else:
            yield _CALCULATION
    yield Constant(template.value[end:])


def text_method(base: Value, name: str, node: cst.Call, place: Place, resolver: Resolver) -> Value | None:
    """What a method of a string returns; None where it is no string that is known."""
    if not all(map(_is_text, options_of(base))) or any(argument.star for argument in node.args):
        return None
    values = [resolver.settled(resolver.value(Expression(argument.value, place))) for argument in node.args]
    keywords = [argument.keyword.value if argument.keyword is not None else None for argument in node.args]
    match name, values:
        case "format", _:
            given = dict(zip(keywords, values, strict=True))
            by_position = [value for keyword, value in zip(keywords, values, strict=True) if keyword is None]
            return choice([assembled(_of_format(option, by_position, given)) for option in options_of(base)])
        case "join", [Collection(items, None)] if isinstance(base, Constant):
            pieces = [piece for item in items for piece in (base, resolver.settled(resolver.value(item)))]
            return assembled(pieces[1:])
    if any(keywords) or name in ("format", "join"):
        return None
    return combined([base, *values], lambda text, *others: getattr(text, name)(*others))


def _of_format(
    template: Value, by_position: Sequence[Value], by_name: dict[str | None, Value]
) -> Iterator[Value]:
    if not (isinstance(template, Constant) and isinstance(template.value, str)):
        yield _CALCULATION
        return
    try:
        pieces = list(string.Formatter().parse(template.value))
    except ValueError:
        pieces = [("", "", "", None)]
    unnumbered = 0
    for literal, field, form, conversion in pieces:
        yield Constant(literal)
        if field is None:
            continue
        position = unnumbered if field == "" else int(field) if field.isdecimal() else None
        unnumbered += field == ""
        value = by_name.get(field, _CALCULATION)
        if position is not None:
            value = by_position[position] if position < len(by_position) else _CALCULATION
        filled = combined([value], partial(_format, form or "")) if not conversion else None
        yield filled or _CALCULATION


def _format(form: str, value: object) -> str:
    if len(form) > 8:
        raise OverflowError
    return format(value, form)


def _is_text(value: Value) -> bool:
    return isinstance(value, Text) or (isinstance(value, Constant) and isinstance(value.value, str))


def names_like(text: Text, names: Iterable[str]) -> list[str]:
    """The names that a string with holes can be, in their order.

    Where filling the holes with numbers gives names, those are meant: ``Conv{n}D`` is no ``ConvLSTM2D``.
    """
    candidates = list(names)
    for hole in (r"\d+", r"\w*"):
        pattern = re.compile("".join(hole if part is None else re.escape(part) for part in text.parts))
        found = [name for name in candidates if pattern.fullmatch(name)]
        if found:
            return found
    return []
