"""The value lattice: what an expression can mean.

``Unknown`` is an answer: it carries the reason, and no rule speaks about it. Values that hold expressions are equal
only to themselves, since what they hold can lead back to them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeAlias

import libcst as cst

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping as Mapping_
    from pathlib import Path

    from reglint.resolve.scopes import BranchPath, Scope


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One call of a project function: what its parameters are bound to while its body is read.

    ``outer`` is the frame of the call around it, in whose terms nested functions may speak.
    """

    scope: Scope
    arguments: Arguments
    receiver: Value | None
    """What ``self`` or ``cls`` is, where the function is called as a method."""
    outer: Frame | None
    assumed: Mapping_[str, Expression] | None = None
    """What loop variables of the function are, where one iteration is read by itself."""
    caller: Frame | None = None
    """The call in which the call itself stands, where that is followed."""

    @property
    def depth(self) -> int:
        """How many calls this one is inside of."""
        return 0 if self.outer is None else self.outer.depth + 1


class Place(NamedTuple):
    """Where an expression stands: what its names mean depends on it."""

    scope: Scope
    order: int
    path: BranchPath
    frame: Frame | None = None


class Recorded(Protocol):
    """What the walk over a module took note of, with where it stands: a call, a binding, a change, a test."""

    @property
    def scope(self) -> Scope: ...

    @property
    def order(self) -> int: ...

    @property
    def path(self) -> BranchPath: ...


def place_of(recorded: Recorded, frame: Frame | None = None) -> Place:
    """Where something that the walk recorded stands, in the terms of a call if ``frame`` is one."""
    return Place(recorded.scope, recorded.order, recorded.path, frame)


class Expression(NamedTuple):
    """An expression and its place: a value not yet worked out."""

    node: cst.BaseExpression
    place: Place
    known: Value | None = None
    """What it means, where the node does not say it."""


@dataclass(frozen=True, slots=True, eq=False)
class Arguments:
    """The arguments of a call, with those of the partials that it goes through.

    ``unread`` is the reason why there may be more (a ``*`` or ``**`` splat that could not be read), else None. Those
    that are listed are certain, whatever the others are.
    """

    positional: tuple[Expression, ...] = ()
    keywords: tuple[tuple[str, Expression], ...] = ()
    unread: str | None = None
    passed_on: tuple[Holder, ...] = ()
    """The parameters that are splatted: what they hold is for the callers of their function to say."""
    rest: Parameter | None = None
    """The ``*`` parameter whose items follow those of ``positional``, where that is all that is ``unread``."""

    def after_self(self) -> Arguments:
        """The arguments without the first one, which is the object itself."""
        rest = self.rest if self.positional else None
        return Arguments(self.positional[1:], self.keywords, self.unread, self.passed_on, rest)

    def keyword(self, name: str) -> Expression | None:
        """The argument passed as ``name=``."""
        return dict(self.keywords).get(name)


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nothing is known, and why: ``the parameter "units" has no default``."""

    reason: str


@dataclass(frozen=True, slots=True)
class Missing:
    """No argument is passed."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal, or an expression of literals: a string, number, boolean or None."""

    value: str | bytes | int | float | complex | bool | None


@dataclass(frozen=True, slots=True)
class Text:
    """A string of which only parts are known: ``("Conv", None, "D")`` for ``f"Conv{n}D"``."""

    parts: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class External:
    """An object of a module outside the project, by the dotted name that reached it: ``tensorflow.keras.layers``.

    ``injected``: not imported, but handed in at run time under a name that says what it is (``kwargs["layers"]``).
    """

    name: str
    injected: bool = False


@dataclass(frozen=True, slots=True)
class ProjectModule:
    """A module of the project by its file, or a folder without ``__init__.py``; parsed when its names are asked for."""

    path: Path
    name: str
    """Its absolute dotted name."""


@dataclass(frozen=True, slots=True)
class Definition:
    """A class, function or lambda of the project."""

    node: cst.ClassDef | cst.FunctionDef | cst.Lambda
    scope: Scope
    """The scope that the definition opens."""
    frame: Frame | None = None
    """The call in which it was defined."""
    receiver: Value | None = None
    """For a method, the object or class that it was taken from."""


@dataclass(frozen=True, slots=True, eq=False)
class Instance:
    """What calling ``maker`` with ``arguments`` returns."""

    maker: Value
    arguments: Arguments
    call: Expression | None = None
    """The call, or None for the ``self`` of a method."""


@dataclass(frozen=True, slots=True, eq=False)
class Partial:
    """``functools.partial(function, ...)``."""

    function: Value
    arguments: Arguments


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a project function; ``default`` is None where it has none, ``star`` is ``*`` or ``**``.

    Also an entry of its ``**`` parameter, which callers pass in the same way; ``Missing`` where it need not be there.
    An entry of a dict that is a parameter has that as its ``holder``; so has an item of a ``*`` parameter, whose
    ``name`` is its index.
    """

    function: Definition
    name: str
    default: Expression | Missing | None
    star: str = ""
    holder: Holder | None = None

    @property
    def is_passed(self) -> bool:
        """Whether calls pass it as an argument, and not inside of one."""
        return self.holder is None or (isinstance(self.holder, Parameter) and self.holder.star == "*")


@dataclass(frozen=True, slots=True, eq=False)
class Collection:
    """A tuple or list; ``unread`` is the reason why there may be more than the items it starts with, else None."""

    items: tuple[Expression, ...] = ()
    unread: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Mapping:
    """A dict with constant keys.

    ``unread`` is the reason why it may have more entries, else None. What one of them may override is not certain, and
    not among ``entries``.
    """

    entries: tuple[tuple[object, Expression], ...]
    unread: str | None = None
    passed_on: tuple[Holder, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several values, in the order of the source."""

    options: tuple[Value, ...]


Holder: TypeAlias = Parameter | Choice
"""What holds entries that callers pass: a parameter that is a dict, or that or another dict."""

Value: TypeAlias = (
    Unknown
    | Missing
    | Constant
    | Text
    | External
    | ProjectModule
    | Definition
    | Instance
    | Partial
    | Parameter
    | Collection
    | Mapping
    | Choice
)


def choice(options: list[Value]) -> Value:
    """The value that is one of ``options``: flat, without repetitions."""
    if len(options) == 1:
        return options[0]
    flat: dict[object, Value] = {}
    for option in options:
        for value in option.options if isinstance(option, Choice) else (option,):
            flat.setdefault(identity(value), value)
    if not flat:
        return Unknown("nothing is bound to it here")
    first = next(iter(flat.values()))
    return first if len(flat) == 1 else Choice(tuple(flat.values()))


def identity(value: Value) -> object:
    """What two values have in common if they are the same one; comparing them whole would go through all they hold."""
    match value:
        case Constant(constant):
            return type(constant), constant
        case External() | Unknown() | Missing():
            return value
        case Definition(node, frame=frame, receiver=receiver):
            return id(node), id(frame), id(receiver.node if isinstance(receiver, Definition) else receiver)
        case Parameter(function, name, default, star, holder):
            return (
                id(function.node),
                name,
                star,
                id(default.node) if isinstance(default, Expression) else default,
                identity(holder) if holder is not None else None,
            )
    return id(value)


def options_of(value: Value) -> tuple[Value, ...]:
    """The values that ``value`` can be."""
    return value.options if isinstance(value, Choice) else (value,)


def given(argument: Value | None, default: Value | None) -> Value:
    """What a parameter is bound to: what is passed for it, and its default where nothing may be."""
    default = default or Unknown("an argument that is missing")
    if argument is None:
        return default
    if not any(isinstance(option, Missing) for option in options_of(argument)):
        return argument
    return choice([default if isinstance(option, Missing) else option for option in options_of(argument)])


def held(value: Value, place: Place) -> Expression:
    """An expression that means a value which is written nowhere as such: an entry of a dict that was put together."""
    return Expression(cst.Ellipsis(), place, value)


def merged(parts: Iterable[Mapping]) -> Mapping:
    """The dict with the entries of all ``parts``: a later one wins, and what is unknown may override earlier ones."""
    entries: dict[object, Expression] = {}
    unread: str | None = None
    passed_on: tuple[Holder, ...] = ()
    for part in parts:
        if part.unread is not None:
            entries.clear()
            unread = unread or part.unread
        entries = {key: overridden(key, entry, part.passed_on) for key, entry in entries.items()}
        entries.update(part.entries)
        passed_on += part.passed_on
    return Mapping(tuple(entries.items()), unread, passed_on)


def overridden(key: object, entry: Expression, by: tuple[Holder, ...]) -> Expression:
    """An argument where it is followed by what callers pass on: theirs if they pass it, or else itself."""
    for holder in by:
        entry = held(entry_of(holder, str(key), entry), entry.place)
    return entry


def entry_of(holder: Holder, key: str, default: Expression | Value | None) -> Parameter:
    """An entry of what callers pass; ``default`` is what it is where they do not pass it."""
    function = _function_of(holder)
    if default is not None and not isinstance(default, (Expression, Missing)):
        default = held(default, Place(function.scope, 0, ()))
    by_keyword = isinstance(holder, Parameter) and holder.star == "**"
    return Parameter(function, key, default, "", None if by_keyword else holder)


def item_of(rest: Parameter, index: int, default: Expression | Value | None) -> Parameter:
    """An item of what callers pass for a ``*`` parameter; ``default`` is what it is where they pass fewer."""
    if default is not None and not isinstance(default, (Expression, Missing)):
        default = held(default, Place(rest.function.scope, 0, ()))
    return Parameter(rest.function, str(index), default, "", rest)


def _function_of(holder: Holder) -> Definition:
    """The function whose callers say what a holder is: of several the first."""
    if isinstance(holder, Parameter):
        return holder.function
    open_ones = [
        each
        for option in holder.options
        for each in ((option,) if isinstance(option, Parameter) else getattr(option, "passed_on", ()))
    ]
    return _function_of(open_ones[0])
