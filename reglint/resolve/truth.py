"""Whether a test holds, where that can be told from the code."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

import libcst as cst

from reglint.resolve.values import (
    Collection,
    Constant,
    Definition,
    Expression,
    External,
    Instance,
    Mapping,
    Missing,
    Parameter,
    Partial,
    Place,
    ProjectModule,
    Value,
    options_of,
    place_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from reglint.resolve.evaluate import Resolver
    from reglint.resolve.scopes import BranchPath, ModuleIndex
    from reglint.resolve.values import Frame

_COMPARED: dict[type[cst.CSTNode], Callable[[Any, Any], bool]] = {
    cst.Equal: operator.eq,
    cst.NotEqual: operator.ne,
    cst.LessThan: operator.lt,
    cst.LessThanEqual: operator.le,
    cst.GreaterThan: operator.gt,
    cst.GreaterThanEqual: operator.ge,
}


def truth(test: cst.BaseExpression, place: Place, resolver: Resolver) -> bool | None:
    """Whether ``test`` is true where it stands; None where that is not known."""
    if not resolver.decides:
        return None
    match test:
        case cst.UnaryOperation(operator=cst.Not(), expression=inner):
            found = truth(inner, place, resolver)
            return None if found is None else not found
        case cst.BooleanOperation(left=left, operator=between, right=right):
            # "or" is decided by a side that is true, "and" by one that is false.
            decides = isinstance(between, cst.Or)
            sides = [truth(side, place, resolver) for side in (left, right)]
            if decides in sides:
                return decides
            return None if None in sides else not decides
        case cst.Comparison(left=left, comparisons=[comparison]):
            return _compared(left, comparison, place, resolver)
        case cst.Call(func=cst.Name("isinstance") as asked, args=[cst.Arg(left), cst.Arg(right)]):
            if resolver.value(Expression(asked, place)) == External("builtins.isinstance"):
                return _is_one_of(left, right, place, resolver)
    return _agreed([_is_true(option) for option in _settled(test, place, resolver)])


def runs(
    path: BranchPath, place: BranchPath, index: ModuleIndex, frame: Frame | None, resolver: Resolver
) -> bool | None:
    """Whether the arms that lead to ``path``, those around ``place`` aside, are taken; None where that is not known."""
    answers: list[bool | None] = []
    for step in path:
        if step in place:
            continue
        branch, arm = step
        test = index.branches[branch].test
        if test is None:
            answers.append(None)
            continue
        found = truth(test.node, place_of(test, frame), resolver)
        answers.append(None if found is None else found is (arm == 0))
    if False in answers:
        return False
    return None if None in answers else True


def _compared(
    left: cst.BaseExpression, comparison: cst.ComparisonTarget, place: Place, resolver: Resolver
) -> bool | None:
    ours, theirs = (_settled(side, place, resolver) for side in (left, comparison.comparator))
    if isinstance(comparison.operator, (cst.Is, cst.IsNot)) and theirs == (Constant(None),):
        found = _agreed([_is_none(option, resolver) for option in ours])
        return found if found is None or isinstance(comparison.operator, cst.Is) else not found
    if isinstance(comparison.operator, (cst.In, cst.NotIn)):
        inside = isinstance(comparison.operator, cst.In)
        found = _agreed([_is_in(one, other, resolver) for one in ours for other in theirs])
        return None if found is None else found is inside
    compare = _COMPARED.get(type(comparison.operator))
    if compare is None:
        return None
    answers: list[bool | None] = []
    for one in ours:
        for other in theirs:
            if not (isinstance(one, Constant) and isinstance(other, Constant)):
                return None
            try:
                answers.append(compare(one.value, other.value))
            except TypeError:
                return None
    return _agreed(answers)


def _is_one_of(
    asked: cst.BaseExpression, kinds: cst.BaseExpression, place: Place, resolver: Resolver
) -> bool | None:
    """``isinstance(asked, kinds)``, where these are built-in types.

    What callers pass is not looked for: there are many such tests, and few of them are about regularizers.
    """
    held = resolver.value(Expression(kinds, place))
    each = [resolver.value(item) for item in held.items] if isinstance(held, Collection) else [held]
    names = {kind.name for kind in each if isinstance(kind, External)}
    if len(names) < len(each) or not names <= _TYPES.keys():
        return None
    types = tuple(_TYPES[name] for name in names)
    value = resolver.result(resolver.value(Expression(asked, place)))
    return _agreed([_is_of(option, types) for option in options_of(value)])


def _is_of(value: Value, types: tuple[type, ...]) -> bool | None:
    match value:
        case Constant(constant):
            return isinstance(constant, types)
        case Mapping():
            return dict in types
        case Collection():
            return None if {list, tuple, set} & set(types) else False
        case Definition() | Partial() | ProjectModule():
            return False
    return None


_TYPES: dict[str, type] = {
    f"builtins.{kind.__name__}": kind
    for kind in (str, bytes, int, float, complex, bool, dict, list, tuple, set)
}


def _is_in(value: Value, holder: Value, resolver: Resolver) -> bool | None:
    match value, holder:
        case Constant(str(text)), Constant(str(whole)):
            return text in whole
        case Constant(key), Mapping(entries, unread, passed_on):
            entry = dict(entries).get(key)
            if entry is not None:
                return _is_there(entry)
            return None if unread is not None or passed_on else False
        case Constant(constant), Collection(items, unread):
            held = [resolver.value(item) for item in items]
            if any(isinstance(each, Constant) and each.value == constant for each in held):
                return True
            known = unread is None and all(isinstance(each, Constant) for each in held)
            return False if known else None
    return None


def _settled(node: cst.BaseExpression, place: Place, resolver: Resolver) -> tuple[Value, ...]:
    return options_of(resolver.settled(resolver.value(Expression(node, place)), uncalled=True))


def _agreed(answers: list[bool | None]) -> bool | None:
    return answers[0] if answers and all(answer is answers[0] for answer in answers) else None


def _is_there(entry: Expression) -> bool | None:
    """Whether an entry of a dict is in it; None where it may be."""
    options = () if entry.known is None else options_of(entry.known)
    if options == (Missing(),):
        return False
    open_ones = (isinstance(option, Parameter) and option.default == Missing() for option in options)
    return None if Missing() in options or any(open_ones) else True


def _is_true(value: Value) -> bool | None:
    match value:
        case Constant(constant):
            return bool(constant)
        case Definition() | Partial() | ProjectModule():
            return True
        case Collection(items, None):
            return bool(items)
        case Mapping(entries, None, ()):
            there = [_is_there(entry) for _, entry in entries]
            return True if True in there else None if None in there else False
    return None


def _is_none(value: Value, resolver: Resolver) -> bool | None:
    match value:
        case Constant(constant):
            return constant is None
        case Definition() | Partial() | ProjectModule() | Mapping() | Collection():
            return False
        case Instance(Definition(cst.ClassDef())):
            return False
        case Instance(External(dotted)) if resolver.externals.makes_objects(dotted):
            return False
    return None
