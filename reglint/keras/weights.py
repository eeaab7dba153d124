"""What regularizes a weight of a layer: from the value of an argument to a penalty."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import libcst as cst

from reglint.keras import penalty as penalties
from reglint.keras.names import keras_name
from reglint.keras.penalty import Penalty
from reglint.resolve.always import is_always_made
from reglint.resolve.undecided import of_users, undecided
from reglint.resolve.values import (
    Constant,
    Definition,
    Expression,
    External,
    Instance,
    Mapping,
    Missing,
    Parameter,
    Unknown,
    Value,
    choice,
    held,
    identity,
    options_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from collections.abc import Mapping as Mapping_

    from reglint.keras.catalog import Generation, Weight
    from reglint.resolve.evaluate import Resolver

State = Literal["set", "absent", "none", "passed", "unknown"]


@dataclass(frozen=True, slots=True)
class WeightUse:
    """What regularizes one weight of a constructed layer.

    ``set``: by ``penalty``. ``absent``: no argument. ``none``: the argument is None. ``passed``: the argument is a
    parameter of a function, or depends on one, and the callers decide: those outside of the project, or several in
    it that pass different things. ``unknown``: it could not be read, for ``reason``.
    """

    weight: Weight
    state: State
    penalty: Penalty | None = None
    reason: str | None = None
    argument: Expression | None = None
    made: Expression | None = None
    """The call that makes the regularizer, wherever it stands."""
    certain: bool = True
    """Whether the layer is certain to have the weight; if not, this is what regularizes it where it has it."""
    only_in_keras_2: bool = False
    """Whether it is ``unknown`` only because Keras 3 does not take what is written, and Keras 2 does."""
    by_callers: tuple[WeightUse, ...] = ()
    """What callers in the project make of it, where they differ and each is known, and each constructs the layer.

    The state is then ``passed``, or ``set`` without a known strength where they pass no more than that.
    """


def weight_use(
    weight: Weight, value: Value, argument: Expression | None, resolver: Resolver, generation: Generation
) -> WeightUse:
    """What regularizes a weight, by the value that its argument has (``Missing`` where there is none)."""
    given = _given(resolver.result(value), resolver)
    by_strength = [
        _read(made, weight, argument, resolver, generation) for made in _of_each_strength(given, resolver)
    ]
    if by_strength and all(each.state == "set" for each in by_strength):
        return replace(_read(given, weight, argument, resolver, generation), by_callers=tuple(by_strength))
    options = options_of(resolver.settled(given, uncalled=True))
    uses = [_read(_given(option, resolver), weight, argument, resolver, generation) for option in options]
    use = one_of(uses)
    if use.state != "unknown":
        return use
    if not all(each.state in _KNOWN for each in uses):
        parameter = of_users(_read_through(argument, resolver), resolver) if argument is not None else None
        return replace(use, state="passed", reason=_decides(parameter)) if parameter is not None else use
    if isinstance(given, Parameter):
        if _only_callers_choose(given, resolver):
            by_callers = tuple({(each.state, each.penalty): each for each in uses}.values())
            return replace(use, state="passed", reason=_decides(given), by_callers=by_callers)
        says = {
            identity(option): (each.state, each.penalty) for option, each in zip(options, uses, strict=True)
        }
        if _callers_differ(given, says, resolver):
            return replace(use, state="passed", reason=_decides(given))
    if argument is not None:
        parameter = undecided(_read_through(argument, resolver), resolver)
        if parameter is not None:
            return WeightUse(weight, "passed", reason=_decides(parameter), argument=argument)
    return use


def _read_through(argument: Expression, resolver: Resolver) -> Expression:
    """The same argument, with ``regularizers.get(x)`` replaced by ``x``."""
    match argument.node:
        case cst.Call(func=func, args=[cst.Arg(value=value, star="")]) if argument.known is None:
            callee = resolver.value(Expression(func, argument.place))
            if isinstance(callee, External) and _regularizer(callee.name) in ("get", "deserialize"):
                return Expression(value, argument.place)
    return argument


def _decides(parameter: Parameter) -> str:
    """That callers outside of the project decide, and by what."""
    holder = parameter.holder
    shown = f"*{holder.name}" if isinstance(holder, Parameter) and holder.star == "*" else parameter.name
    return f'the parameter "{shown}" decides it'


_KNOWN: tuple[State, ...] = ("set", "absent", "none")
_LONGEST_WAY = 5
"""Through how many functions a parameter is followed to its callers."""


def _of_each_strength(made: Value, resolver: Resolver) -> Iterator[Instance]:
    """A regularizer with each of the strengths that callers pass; none where they pass one, or it is not known."""
    match made:
        case Instance(External(dotted), passed) if _regularizer(dotted) and passed.unread is None:
            factors = [*passed.positional, *dict(passed.keywords).values()]
            values = [(each, resolver.value(each)) for each in factors]
            open_ones = [(each, value) for each, value in values if isinstance(value, Parameter)]
            if len(open_ones) != 1:
                return
            ((factor, parameter),) = open_ones
            options = options_of(resolver.settled(parameter))
            if (
                len(options) < 2
                or not all(isinstance(each, Constant) for each in options)
                or not _only_callers_choose(parameter, resolver)
            ):
                return
            for strength in options:
                its = held(strength, factor.place)
                positional = tuple(its if each is factor else each for each in passed.positional)
                keywords = tuple((name, its if each is factor else each) for name, each in passed.keywords)
                yield replace(made, arguments=replace(passed, positional=positional, keywords=keywords))


def _only_callers_choose(parameter: Parameter, resolver: Resolver, steps: int = 0) -> bool:
    """Whether each caller passes one thing for a parameter, so that no branch decides what it is.

    Callers that pass on what they are given do so whatever that is.
    """
    if parameter.star or parameter.holder is not None or steps > _LONGEST_WAY:
        return False
    passed_on = False
    for value in _each_passed(parameter, resolver):
        options = () if value is None else options_of(value)
        if len(options) != 1:
            return False
        if isinstance(options[0], Parameter):
            passed_on = True
            if not _only_callers_choose(options[0], resolver, steps + 1):
                return False
    return not passed_on or all(map(is_always_made, resolver.callers.of(parameter.function).records))


def _callers_differ(
    parameter: Parameter, says: Mapping_[object, object], resolver: Resolver, steps: int = 0
) -> bool:
    """Whether callers pass different things for a parameter; ``says`` is what each thing comes to."""
    if not parameter.is_passed:
        return False
    found: set[frozenset[object]] = set()
    for each in _each_passed(parameter, resolver, uncalled=True):
        value = Missing() if each is None else each
        if (
            isinstance(value, Parameter)
            and steps < _LONGEST_WAY
            and _callers_differ(value, says, resolver, steps + 1)
        ):
            return True
        options = map(identity, options_of(resolver.settled(value, uncalled=True)))
        found.add(frozenset(says.get(option, option) for option in options))
    return len(found) > 1


def _each_passed(
    parameter: Parameter, resolver: Resolver, *, uncalled: bool = False
) -> Iterator[Value | None]:
    """What each call in the project gives a parameter, be it its default; None where it has none."""
    for passed in resolver.callers.passing(parameter, uncalled=uncalled):
        each = parameter.default if passed is None else passed
        value = resolver.value(each) if isinstance(each, Expression) else each
        yield None if value is None else _given(resolver.result(value), resolver)


def one_of(uses: Sequence[WeightUse]) -> WeightUse:
    """What is known of a weight that one of several regularizers is for."""
    use = uses[0]
    if any((other.state, other.penalty) != (use.state, use.penalty) for other in uses):
        open_ones = [other for other in uses if other.state == "passed"]
        if open_ones and all(other.state != "unknown" for other in uses):
            use = open_ones[0]  # some callers are of the project, and others decide as well
        elif all(other.state in ("absent", "none") for other in uses):
            use = next(other for other in uses if other.state == "none")  # no penalty, however it is said
        else:
            unread = (other.reason for other in uses if other.state == "unknown")
            use = WeightUse(
                use.weight, "unknown", reason=next(unread, "it is one of several"), argument=use.argument
            )
    return use if all(other.certain for other in uses) else replace(use, certain=False)


def _given(value: Value, resolver: Resolver) -> Value:
    """The same value, with ``regularizers.get(x)`` replaced by ``x``, and a call of a parameter by what that makes."""
    match value:
        case Instance(External(dotted), passed) if (
            _regularizer(dotted) in ("get", "deserialize") and passed.positional
        ):
            return resolver.result(resolver.value(passed.positional[0]))
        case Instance(Parameter(star="") as maker, passed, Expression() as call):
            makers = options_of(resolver.settled(maker, uncalled=True))
            made = [
                each if isinstance(each, Parameter) else resolver.call(each, passed, call)
                for each in makers
                if each != Constant(None)
            ]
            return resolver.result(choice(made)) if made else value
        case _:
            return value


def _read(
    value: Value,
    weight: Weight,
    argument: Expression | None,
    resolver: Resolver,
    generation: Generation,
) -> WeightUse:
    """The regularizer that an argument's value is."""

    def unknown(reason: str) -> WeightUse:
        return WeightUse(weight, "unknown", reason=reason, argument=argument)

    read: Penalty | penalties.InvalidPenalty | None
    match value:
        case Missing():
            return WeightUse(weight, "absent")
        case Parameter(star=""):
            # Nobody in the project calls the function: what it is given is for its users to say.
            return WeightUse(weight, "passed", reason=_decides(value), argument=argument)
        case Constant(None):
            return WeightUse(weight, "none", argument=argument)
        case Constant(str(text)):
            read = penalties.from_string(text, generation)
        case Constant(other):
            return unknown(f"{other!r} is no regularizer")
        case Instance(External(dotted), passed) if _regularizer(dotted):
            if passed.unread is not None:
                return unknown(passed.unread)
            positional = [_strength(resolver.settled(resolver.value(factor))) for factor in passed.positional]
            keywords = {
                name: _strength(resolver.settled(resolver.value(factor))) for name, factor in passed.keywords
            }
            read = penalties.read(_regularizer(dotted), positional, keywords, generation)
        case External(dotted) if _regularizer(dotted):
            read = penalties.from_class(_regularizer(dotted), generation)
        case Mapping(entries, None, ()) if "class_name" in dict(entries):
            found = _from_config(value, resolver, generation)
            if isinstance(found, str):
                return unknown(found)
            read = found
        case Instance(Definition(cst.ClassDef() as made)):
            read = Penalty(other=made.name.value)
        case Definition(cst.FunctionDef() as function):
            read = Penalty(other=function.name.value)
        case Definition(cst.Lambda()):
            read = Penalty(other="a lambda")
        case Unknown(reason):
            return unknown(reason)
        case _:
            return unknown("its value is worked out at run time")
    if isinstance(read, Penalty):
        call = value.call if isinstance(value, Instance) else None
        return WeightUse(weight, "set", penalty=read, argument=argument, made=call)
    if read is None:
        return unknown("it is no regularizer that reglint knows")
    return replace(unknown(read.reason), only_in_keras_2=read.only_in_keras_2)


def _from_config(
    written: Mapping, resolver: Resolver, generation: Generation
) -> Penalty | penalties.InvalidPenalty | str | None:
    """The penalty of ``{"class_name": "L2", "config": {"l2": 0.01}}``, or why it is not known."""
    entries = {key: resolver.result(resolver.value(entry)) for key, entry in written.entries}
    match entries.get("class_name"), entries.get("config"):
        case Constant(str(name)), Mapping(factors, None, ()):
            config = {str(key): _strength(resolver.settled(resolver.value(entry))) for key, entry in factors}
            return penalties.from_config(name, config, generation)
    return "a configuration whose contents could not be read"


def _regularizer(dotted: str) -> str:
    """``l2`` for a regularizer of Keras, else an empty string."""
    name = keras_name(dotted)
    return name.last if name is not None and name.module == "regularizers" else ""


def _strength(value: Value) -> penalties.Factor:
    """The constant that a factor is; None where it is not known."""
    if isinstance(value, Constant):
        return penalties.NONE if value.value is None else value.value
    return None
