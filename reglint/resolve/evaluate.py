"""From expressions to values."""

from __future__ import annotations

import ast
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Protocol, TypeAlias, TypeGuard

import libcst as cst

from reglint.resolve.bind import is_decorated, keeps, merge, super_calls
from reglint.resolve.callers import Callers
from reglint.resolve.changes import Changes, is_changeable, may_be_dict
from reglint.resolve.constants import (
    STRING_METHODS,
    calculated,
    formatted,
    names_like,
    text_method,
)
from reglint.resolve.containers import METHODS, UNREADABLE_SPLAT, Containers
from reglint.resolve.kept import kept_argument
from reglint.resolve.library import is_lazy_loader, module_of, returned
from reglint.resolve.names import Names
from reglint.resolve.nodes import last_name
from reglint.resolve.outside import Outside
from reglint.resolve.reaching import END, reaching
from reglint.resolve.records import field
from reglint.resolve.scopes import first_parameter
from reglint.resolve.settings import Settings
from reglint.resolve.truth import runs, truth
from reglint.resolve.values import (
    Arguments,
    Choice,
    Collection,
    Constant,
    Definition,
    Expression,
    External,
    Frame,
    Holder,
    Instance,
    Missing,
    Parameter,
    Partial,
    Place,
    ProjectModule,
    Text,
    Unknown,
    Value,
    choice,
    given,
    held,
    identity,
    options_of,
    place_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from reglint.resolve.project import Project
    from reglint.resolve.scopes import Scope

_DEEPEST = 60
"""How many expressions may be in work at a time."""
_MOST_CALLS = 1_000
"""How many calls of project functions are followed for one file; of the largest packages the most is below 200."""
_LONGEST_CHAIN = 5
"""How many times a call may return another call, and an argument be passed on, before it is given up."""
_MOST_IN_ARGUMENTS = 1
"""How many times a call of a function may stand in the arguments of another call of it."""
_MOST_OPTIONS = 100
"""How many different things callers may pass for one parameter."""


_NOWHERE = 1 << 60


_Key: TypeAlias = "tuple[int, Frame | None]"


class Externals(Protocol):
    """What is known of the modules outside the project."""

    def is_external(self, root: str) -> bool:
        """Whether a top-level module name is never a file of the project."""

    def may_matter(self, data: bytes) -> bool:
        """Whether a file with these bytes can hold anything that is looked for."""

    def may_return(self, data: bytes) -> bool:
        """Whether a function in a file with these bytes can get what is looked for, though the file does not matter."""

    def exports(self, module: str, name: str) -> bool:
        """Whether ``from module import *`` binds ``name``."""

    def injected(self, key: str) -> str | None:
        """The module that a run-time value stored under ``key`` stands for: ``keras.layers`` for ``layers``."""

    def passed_on(self, name: str) -> str | None:
        """What a module outside the project binds ``name`` to, if it is known of every one: ``keras`` for ``keras``."""

    def attributes(self, module: str) -> Sequence[str]:
        """The names in a module outside the project that a computed name can be."""

    def makes_objects(self, maker: str) -> bool:
        """Whether a call of ``maker`` always returns an object, never None."""

    @property
    def describing(self) -> Sequence[str]:
        """The class methods that make an object of what another method says of one: ``from_config``."""

    def described_by(self, method: str) -> str | None:
        """The method that says of an object what the class method ``method`` makes one of; None for another method."""

    def only_reads(self, method: str) -> bool:
        """Whether those who call a method by this name leave the dict that it returns as it is."""

    def is_sought(self, name: str) -> bool:
        """Whether ``name`` is that of a module, class or function that is looked for."""

    def imports(self, function: str) -> bool:
        """Whether a function outside the project imports what it is called with the names of."""

    def imported(self, names: Sequence[str]) -> str | Sequence[str]:
        """What such a function returns, which is called with the names of a module and of what is in it.

        That is one dotted name, or several where several are asked for.
        """

    def keeps(self, base: str, attribute: str) -> tuple[str, int | None] | None:
        """The parameter, with its position, of the constructor of ``base`` that it keeps as an attribute of its object.

        Where nothing is passed for it the attribute is None.
        """

    def stands_for(self, maker: str, name: str) -> str | None:
        """What ``name`` is of an instance of the class ``maker``, where that stands for a module."""


class Resolver:
    """Says what expressions mean, across the files of a project. One resolver reads one file."""

    def __init__(self, project: Project, externals: Externals, *, decides: bool = True) -> None:
        self.project = project
        self.decides = decides
        """Whether it works out which tests hold.

        If not, each branch is possible: a value may be one of more things, and is found sooner."""
        self.externals = externals
        self.names = Names(self)
        self.containers = Containers(self)
        self.changes = Changes(self)
        self._known: dict[_Key, tuple[Value, Expression]] = {}
        self._on_circles: dict[_Key, tuple[Value, Expression, int]] = {}
        """What is on a circle that is not closed yet, with the place in ``_active`` of what it comes back to."""
        self._active: dict[_Key, int] = {}
        """The expressions in work, with their places in the order in which they were begun."""
        self._back_to = _NOWHERE
        """The first place in ``_active`` that what is in work comes back to."""
        self._results: dict[Instance, Value] = {}
        self._frames: dict[tuple[int, Scope], tuple[Instance, Frame]] = {}
        self._followed: list[cst.CSTNode] = []
        self.callers = Callers(self)
        self.settings = Settings(self)
        self.outside = Outside(self)
        self._settling = 0
        self._unfinished: dict[object, tuple[Value, Parameter]] = {}
        self._settlings: dict[object, tuple[Value, Parameter]] = {}
        self._circles = 0

    @cached_property
    def undeciding(self) -> Resolver:
        """One that reads the same, and takes each branch as possible."""
        return Resolver(self.project, self.externals, decides=False)

    def may_matter(self, path: Path) -> bool:
        """Whether a file of the project can hold anything that is looked for, by its bytes."""
        return self.project.may_matter(path, self.externals)

    def value(self, expression: Expression) -> Value:
        """What an expression means where it stands."""
        if expression.known is not None:
            return expression.known
        # A node stands in one place, so it and the frame say all; the expression is kept, so that its id stays its own.
        key = (id(expression.node), expression.place.frame)
        known = self._known.get(key)
        if known is not None:
            return known[0]
        on_circle = self._on_circles.get(key)
        if on_circle is not None:
            self._back_to = min(self._back_to, on_circle[2])
            return on_circle[0]
        if key in self._active:
            self._back_to = min(self._back_to, self._active[key])
            return Unknown("it is defined by itself")
        if len(self._active) > _DEEPEST:
            self._back_to = 0  # it can be worked out from any other place
            return Unknown("it is nested too deeply")
        here = self._active[key] = len(self._active)
        outer, self._back_to = self._back_to, _NOWHERE
        circles = len(self._on_circles)
        try:
            value = self._evaluate(expression.node, expression.place)
        finally:
            del self._active[key]
            back_to, self._back_to = self._back_to, min(outer, self._back_to)
        if back_to < here:
            # What is found on a circle is no answer to those who do not come by it.
            self._on_circles[key] = value, expression, back_to
            return value
        self._back_to = outer
        while len(self._on_circles) > circles:
            self._on_circles.popitem()
        self._known[key] = value, expression
        return value

    def contents(self, expression: Expression) -> Value:
        """The same as ``result`` of ``value``, for a dict or list whose contents matter."""
        value = self.value(expression)
        found = self.result(value)
        if expression.known is None and ((found is not value and is_changeable(found)) or may_be_dict(found)):
            match expression.node:
                case cst.Name(value=name):
                    return self.names.value(name, expression.place, contents=True)
                case cst.Attribute(attr=cst.Name(value=name)):
                    return self.changes.to_attribute(found, name, expression.place, contents=True)
        return found

    def arguments(self, call: cst.Call, place: Place) -> Arguments:
        """The arguments of a call, splats unpacked."""
        positional: list[Expression] = []
        keywords: dict[str, Expression] = {}
        unread: str | None = None
        displaced = False
        passed_on: tuple[Holder, ...] = ()
        rest: Parameter | None = None
        for argument in call.args:
            expression = Expression(argument.value, place)
            if argument.keyword is not None:
                _pass(keywords, argument.keyword.value, expression)
            elif argument.star == "":
                rest = None
                if not displaced:
                    positional.append(expression)
            else:
                value = self.contents(expression)
                first: Parameter | None = None
                items = self.containers.items(value, place) if argument.star == "*" else None
                mapping = self.containers.mapping(value, place) if argument.star == "**" else None
                more: str | None = None
                if items is not None:
                    positional.extend(items.items if not displaced else ())
                    more = items.unread
                elif mapping is not None:
                    # What is unread cannot override these: a keyword that is passed twice is an error.
                    for key, entry in mapping.entries:
                        _pass(keywords, str(key), entry)
                    more = mapping.unread
                    passed_on += mapping.passed_on
                elif isinstance(value, Parameter) and value.star == argument.star:
                    more = f'what callers pass on in "{value.star}{value.name}"'
                    first = value if unread is None else None
                else:
                    more = UNREADABLE_SPLAT
                displaced = displaced or (argument.star == "*" and more is not None)
                if argument.star == "*" or more is not None:
                    rest = first
                unread = unread or more
        return Arguments(tuple(positional), tuple(keywords.items()), unread, passed_on, rest)

    def call(self, callee: Value, arguments: Arguments, expression: Expression) -> Value:
        """What calling ``callee`` makes; a call of a project function is not followed until ``result`` asks."""
        match callee:
            case External() | Definition(cst.ClassDef()) if is_lazy_loader(arguments):
                return module_of(arguments, self, expression.place) or Instance(callee, arguments, expression)
            case External(name):
                found = returned(name, self, arguments, expression.place)
                if found is None and self.externals.imports(name):
                    found = self._imported(arguments, expression)
                if found is not None:
                    return found
            case Instance(External(name)) if name.rpartition(".")[2][:1].islower() and _is_at_once(
                expression
            ):
                return self._decorated(arguments) or Instance(callee, arguments, expression)
            case Partial(function, bound):
                made = options_of(self.result(function))
                return choice([self.call(each, merge(bound, arguments), expression) for each in made])
            case Unknown():
                return callee
        return Instance(callee, arguments, expression)

    def _decorated(self, arguments: Arguments) -> Value | None:
        """The class that a decorator from outside the project is called with by hand, as the one below ``@`` is."""
        match arguments:
            case Arguments([argument], (), None, (), None):
                options = options_of(self.result(self.value(argument)))
                return choice(list(options)) if all(map(self._is_class, options)) else None
        return None

    def _is_class(self, value: Value) -> bool:
        match value:
            case Definition(cst.ClassDef()):
                return True
            case External(name):
                last = name.rpartition(".")[2]
                return last[:1].isupper() and self.externals.is_sought(last)
            case Partial(function):
                return self._is_class(function)
        return False

    def _imported(self, arguments: Arguments, call: Expression) -> Value | None:
        names = [self.value(argument) for argument in arguments.positional]
        texts = [each.value for each in names if isinstance(each, Constant) and isinstance(each.value, str)]
        if len(texts) != len(names) or arguments.keywords or arguments.unread is not None:
            return None
        found = self.externals.imported(texts)
        if isinstance(found, str):
            return External(found, injected=True)
        return Collection(tuple(held(External(each, injected=True), call.place) for each in found))

    def result(self, value: Value) -> Value:
        """The same value, with calls of project functions replaced by what they return."""
        return self._result(value, 0, {})

    def _result(self, value: Value, depth: int, known: dict[tuple[int, int], tuple[Value, Value]]) -> Value:
        """The same; ``known`` is what came of what functions returned on the way: they often return each other."""
        options = options_of(value)
        if not any(_is_followed(option) for option in options):
            return value
        if depth > _LONGEST_CHAIN:
            return Unknown("calls that go on too long to follow")
        key = (id(value), depth)
        if key not in known:
            found = [
                self._result(self._returned(option), depth + 1, known) if _is_followed(option) else option
                for option in options
            ]
            known[key] = choice(found), value  # the value is kept, so that its id stays its own
        return known[key][0]

    def _returned(self, called: Value) -> Value:
        assert isinstance(called, Instance)
        known = self._results.get(called)
        if known is not None:
            return known
        function = called.maker
        assert isinstance(function, Definition)
        scope = function.scope
        if scope.node in self._followed and not self._is_argument(called, scope):
            return Unknown("it calls itself")
        if len(self._results) > _MOST_CALLS:
            return Unknown("too many calls to follow")
        self._followed.append(scope.node)
        try:
            frame = Frame(scope, called.arguments, function.receiver, function.frame, caller=_around(called))
            values: list[Value] = []
            for node, order, path in scope.returns:
                taken = runs(path, (), scope.index, frame, self)
                if node is not None and taken is not False:
                    values.append(self.value(Expression(node, Place(scope, order, path, frame))))
                if taken:
                    break
        finally:
            self._followed.pop()
        value = self._yielded(scope, frame) or (choice(values) if values else Constant(None))
        self._results[called] = value
        receiver, method_node = function.receiver, function.node
        generic = receiver if isinstance(receiver, Instance) and receiver.call is None else None
        if not scope.returns and isinstance(receiver, Definition):
            generic = Instance(receiver, Arguments())  # a class method that subclasses are to have
        if generic is not None and isinstance(method_node, cst.FunctionDef) and _is_plain(value):
            # The object can be of a subclass that has its own method.
            for instance, method in self._replacing(generic, method_node.name.value):
                if isinstance(method, Definition) and isinstance(method.node, cst.FunctionDef):
                    owner = instance.maker if is_decorated(method.node, "classmethod") else instance
                    bound = Definition(method.node, method.scope, method.frame, owner)
                    value = choice([value, self.result(Instance(bound, called.arguments))])
        self._results[called] = value
        return value

    def _is_argument(self, called: Instance, function: Scope) -> bool:
        """Whether a call of a function that is followed is one of its arguments, as in ``f(f(x))``, and not its own.

        That is asked only of functions that make what is looked for: others are called in each other's arguments far
        more often, and to no use.
        """
        if (
            called.call is None
            or self._followed.count(function.node) > _MOST_IN_ARGUMENTS
            or not any(self.externals.is_sought(last_name(record.node.func)) for record in function.calls)
        ):
            return False
        scope: Scope | None = called.call.place.scope
        while scope is not None and scope is not function:
            scope = scope.parent
        frame = _around(called)
        while frame is not None and frame.scope is not function:
            frame = frame.caller or frame.outer
        return scope is None and frame is None

    def _yielded(self, scope: Scope, frame: Frame) -> Value | None:
        """What iterating over a call of a generator gives; None for another function."""
        if not scope.yields:
            return None
        items = [
            Expression(node, Place(scope, order, path, frame))
            for node, order, path in scope.yields
            if node is not None and not path
        ]
        known = len(items) == len(scope.yields) and not any(path for _, _, path in scope.returns)
        return (
            Collection(tuple(items), None)
            if known
            else Unknown("a generator that does not give all in one go")
        )

    @contextmanager
    def elsewhere(self) -> Iterator[None]:
        """Read code that has nothing to do with the calls that are followed at present: these may stand in it too."""
        followed, self._followed = self._followed, []
        try:
            yield
        finally:
            self._followed = followed

    def attribute(self, base: Value, name: str) -> Value:
        """What ``base.name`` means."""
        match base:
            case External():
                return External(f"{base.name}.{name}", base.injected)
            case ProjectModule():
                return self.names.of_module(base, name)
            case Definition(cst.ClassDef()):
                return self._or_set(self._class_attribute(base, name, base), base, name)
            case Instance(Definition(cst.ClassDef()) as owner):
                return self._instance_attribute(base, owner, name)
            case Instance(Instance()):
                return field(base, name, self) or Unknown(f'the attribute "{name}" of a value')
            case Instance(Definition()):
                return self._attributes(self.result(base), name)
            case Instance(External(maker)):
                stands_for = self.externals.stands_for(maker, name)
                if stands_for is not None:
                    return External(stands_for, injected=True)
                return field(base, name, self) or Unknown(f'the attribute "{name}" of a value')
            case Parameter(star="") if self.externals.is_sought(name):
                given_in = [
                    each for each in options_of(self.settled(base)) if not isinstance(each, Parameter)
                ]
                return choice([self.attribute(each, name) for each in _not_none(tuple(given_in))])
            case Constant() if name == "value":
                return base  # constants have none, so that it is the member of an enumeration
            case Unknown():
                return base
        return Unknown(f'the attribute "{name}" of a value')

    def constructed(self, instance: Instance) -> list[tuple[Value, Arguments]]:
        """The base classes of the project class that an instance is of, each with the arguments it is built with."""
        owner = instance.maker
        assert isinstance(owner, Definition)
        assert isinstance(owner.node, cst.ClassDef)
        bases = self.bases(owner)
        init = self.names.class_attribute(owner, "__init__")
        if not (isinstance(init, Definition) and isinstance(init.node, cst.FunctionDef)):
            return [(base, instance.arguments) for base in bases]
        frame = Frame(init.scope, instance.arguments, instance, init.frame)
        return [(base, arguments) for arguments in self.handed_up(init.scope, frame) for base in bases]

    def handed_up(self, init: Scope, frame: Frame | None = None) -> list[Arguments]:
        """What each call of a base class's ``__init__`` in an ``__init__`` passes besides the object itself."""
        found: list[Arguments] = []
        for record, with_self in super_calls(init):
            arguments = self.arguments(record.node, place_of(record, frame))
            found.append(arguments.after_self() if with_self else arguments)
        return found

    def settled(
        self, value: Value, *, uncalled: bool = False, contents: bool = False, depth: int = 0
    ) -> Value:
        """The same value, with parameters replaced by what the calls in the project pass.

        Where a function is called nowhere they are their defaults, or with ``uncalled`` stay parameters. ``contents``:
        what dicts hold matters.
        """
        value = self.result(value)
        options = options_of(value)
        if depth > _LONGEST_CHAIN or not any(map(_is_open, options)):
            return value
        settled: list[Value] = []
        for option in options:
            if _is_open(option):
                settled += options_of(self._settled(option, uncalled, contents, depth))
            else:
                settled.append(option)
        if settled or self._settling:
            return choice(settled) if settled else Choice(())
        return Unknown("only the function itself passes it")

    def _settled(self, parameter: Parameter, uncalled: bool, contents: bool, depth: int) -> Value:
        key = (identity(parameter), uncalled, contents)
        known = self._settlings.get(key) or self._unfinished.get(key)
        if known is not None:
            self._circles += key in self._unfinished
            return known[0]
        # What a function passes to itself is no news; what is found on a circle is for those on it to put together.
        self._unfinished[key] = Choice(()), parameter
        circles = self._circles
        self._settling += 1
        found = [
            option
            if option is parameter
            else self._settled_argument(option, parameter, uncalled, contents, depth + 1)
            for option in self._passed(parameter, uncalled, contents)
        ]
        self._settling -= 1
        value = choice(found) if any(map(options_of, found)) else Choice(())
        if len(options_of(value)) > _MOST_OPTIONS:
            value = Unknown("callers pass too many different things")
        self._unfinished[key] = value, parameter
        if circles == self._circles or not self._settling:
            self._settlings[key] = value, parameter
        if not self._settling:
            self._unfinished.clear()
        return value

    def _settled_argument(
        self, value: Value, parameter: Parameter, uncalled: bool, contents: bool, depth: int
    ) -> Value:
        """What a call passes, or the default where it turns out that it passes nothing."""
        value = self.settled(value, uncalled=uncalled, contents=contents, depth=depth)
        if isinstance(parameter.default, Expression) and Missing() in options_of(value):
            default = self.value(parameter.default)
            value = given(value, self.settled(default, uncalled=uncalled, contents=contents, depth=depth))
        return value

    def _passed(self, parameter: Parameter, uncalled: bool, contents: bool) -> list[Value]:
        """What the calls pass for a parameter; where there are none, its default or the parameter itself."""
        read = self.contents if contents else self.value
        written = parameter.default
        default = read(written) if isinstance(written, Expression) else written
        if contents and isinstance(written, Expression):
            default = self._until_later(written)  # it is one dict for all calls
        if contents and keeps(parameter.function):
            read = self._until_later
        values = [
            given(read(found) if isinstance(found, Expression) else found, default)
            for found in self.callers.passing(parameter, uncalled=uncalled)
        ]
        hidden = self.callers.of(parameter.function).hidden if parameter.is_passed else None
        if hidden is not None:
            values.append(Unknown(hidden))
        if not values and parameter.is_passed:
            undecided = default or Unknown(f'the callers decide "{parameter.name}"')
            values.append(parameter if uncalled else undecided)
        return values

    def _until_later(self, expression: Expression) -> Value:
        """What a name holds where it stands, or after everything that is done to it later in its scope."""
        now = self.contents(expression)
        if not isinstance(expression.node, cst.Name):
            return now
        later = expression.place._replace(order=END)
        return choice([now, self.names.value(expression.node.value, later, contents=True)])

    def named_attribute(self, base: Value, name: Value) -> Value | None:
        """``getattr(base, name)``, where enough is known of the name."""
        found: list[Value] = []
        for option in options_of(self.settled(name)):
            match option, base:
                case Constant(str(text)), _:
                    found.append(self._attributes(base, text))
                case Text(), External(module):
                    names = names_like(option, self.externals.attributes(module))
                    found += [External(f"{module}.{each}", base.injected) for each in names]
                case _:
                    return None
        return choice(found)

    # Expressions

    def _evaluate(self, node: cst.BaseExpression, place: Place) -> Value:
        match node:
            case cst.Name(value="True" | "False" | "None"):
                return Constant({"True": True, "False": False, "None": None}[node.value])
            case cst.Name():
                return self.names.value(node.value, place)
            case cst.Attribute():
                name = node.attr.value
                base = self.value(Expression(node.value, place))
                value = self._set_before(node, base, place) or self._attributes(base, name)
                return self.changes.to_attribute(value, name, place)
            case cst.Call():
                return self._call(node, place)
            case cst.Integer() | cst.Float() | cst.Imaginary() | cst.SimpleString():
                return Constant(ast.literal_eval(node.value))
            case cst.ConcatenatedString():
                text = node.evaluated_value
                return Constant(text) if text is not None else Unknown("a formatted string")
            case cst.FormattedString():
                return formatted(node, place, self)
            case cst.Comparison() | cst.UnaryOperation(operator=cst.Not()):
                found = truth(node, place, self)
                return Unknown("the result of a comparison") if found is None else Constant(found)
            case cst.Tuple() | cst.List() | cst.Set():
                return self.containers.list_(node, place)
            case cst.Dict():
                return self.containers.dict_(node, place)
            case cst.DictComp() | cst.ListComp() | cst.SetComp() | cst.GeneratorExp():
                return self.containers.comprehension(node, place)
            case cst.IfExp():
                arms = {True: (node.body,), False: (node.orelse,), None: (node.body, node.orelse)}
                taken = arms[truth(node.test, place, self)]
                return choice([self.value(Expression(arm, place)) for arm in taken])
            case cst.BooleanOperation():
                first = truth(node.left, place, self)
                if first is not None:
                    ends = first is isinstance(node.operator, cst.Or)
                    return self.value(Expression(node.left if ends else node.right, place))
                return choice([self.value(Expression(side, place)) for side in (node.left, node.right)])
            case cst.NamedExpr():
                return self.value(Expression(node.value, place))
            case cst.Lambda():
                return Definition(node, place.scope.index.scopes[node], place.frame)
            case cst.UnaryOperation() | cst.BinaryOperation():
                return self._operation(node, place)
            case cst.Subscript():
                return self.containers.subscript(node, place)
        return Unknown(f"the value of {_kind(node)} is worked out at run time")

    def _attributes(self, base: Value, name: str) -> Value:
        return choice([self.attribute(option, name) for option in _not_none(options_of(base))])

    def bases(self, owner: Definition) -> list[Value]:
        """The base classes of a project class."""
        around = owner.scope.parent
        assert isinstance(owner.node, cst.ClassDef)
        assert around is not None
        place = Place(around, owner.scope.order, owner.scope.path, owner.frame)
        written = [Expression(base.value, place) for base in owner.node.bases if not base.star]
        values = [self.result(self.value(base)) for base in written]
        return [option for value in values for option in options_of(value)]

    def lineage(self, owner: Definition) -> Iterator[Definition]:
        """A project class and the project classes above it, nearest first."""
        pending, seen = [owner], set()
        while pending:
            found = pending.pop(0)
            if found.node not in seen:
                seen.add(found.node)
                yield found
                pending += [
                    base
                    for base in self.bases(found)
                    if isinstance(base, Definition) and isinstance(base.node, cst.ClassDef)
                ]

    def _class_attribute(self, owner: Definition, name: str, receiver: Value) -> Value:
        values = (self.names.class_attribute(ancestor, name) for ancestor in self.lineage(owner))
        value = next((value for value in values if value is not None), None)
        if value is None:
            return _not_set(name)
        if isinstance(value, Definition) and isinstance(value.node, cst.FunctionDef):
            return self._method(value, owner, receiver)
        return value

    def _method(self, function: Definition, owner: Definition, receiver: Value) -> Value:
        node = function.node
        assert isinstance(node, cst.FunctionDef)
        if is_decorated(node, "staticmethod"):
            return function
        if is_decorated(node, "classmethod"):
            return Definition(node, function.scope, function.frame, owner)
        if isinstance(receiver, Definition):
            return function
        bound = Definition(node, function.scope, function.frame, receiver)
        return Instance(bound, Arguments()) if is_decorated(node, "property") else bound

    def _instance_attribute(self, instance: Instance, owner: Definition, name: str) -> Value:
        if name == "__class__":
            return owner
        bindings = next(
            (found for up in self.lineage(owner) if (found := up.scope.self_attributes.get(name))), None
        )
        computed = self.settings.values(instance, self.lineage(owner), name)
        if not bindings:
            value = field(instance, name, self) or self._class_attribute(owner, name, instance)
            if value == _not_set(name):
                value = kept_argument(instance, name, self) or value
            if computed:
                return choice([*computed, *([] if isinstance(value, Unknown) else [value])])
            return self._or_replaced(value, instance, name)
        values = computed
        for binding in bindings:
            values.append(self.names.bound([binding], self.making(binding.scope, instance)))
        return self._or_replaced(choice(values), instance, name)

    def _set_before(self, node: cst.Attribute, base: Value, place: Place) -> Value | None:
        """What a method has set an attribute of its own object to, where it alone sets it, more than once."""
        scope, around = place.scope, place.scope.parent
        bindings = around.self_attributes.get(node.attr.value, []) if around is not None else []
        if len(bindings) < 2 or any(binding.scope is not scope for binding in bindings):
            return None
        own = isinstance(scope.node, cst.FunctionDef) and first_parameter(scope.node)
        if not isinstance(node.value, cst.Name) or node.value.value != own or len(scope.bindings[own]) != 1:
            return None
        if not isinstance(base, Instance) or not isinstance(base.maker, Definition):
            return None
        # Whether a test on the way holds is not asked: attributes of classes without Keras come here too.
        found, certain = reaching(bindings, place.order, place.path, scope.index)
        if not certain or self.settings.values(base, self.lineage(base.maker), node.attr.value):
            return None
        return self._or_replaced(self.names.bound(found[::-1], place.frame), base, node.attr.value)

    def making(self, scope: Scope, instance: Instance) -> Frame | None:
        """The call of a constructor, where the method ``scope`` is one and it is known which call makes the object.

        There is one for each instance, so that ``self.x = f(self.x)`` is seen to go in circles.
        """
        node = scope.node
        if instance.call is None or not isinstance(node, cst.FunctionDef) or node.name.value != "__init__":
            return None
        made = Frame(scope, instance.arguments, instance, None)
        return self._frames.setdefault((id(instance), scope), (instance, made))[1]

    def _or_replaced(self, value: Value, instance: Instance, name: str) -> Value:
        """The value of an attribute of ``self``, or what subclasses have in its place.

        Only constants are looked up again: that is what classes are made to differ in, and a look at all subclasses is
        too slow for every layer that is kept on ``self``.
        """
        value = self._or_set(value, instance.maker, name)
        if instance.call is not None or not _is_plain(value):
            return value
        return choice([value, *(found for _, found in self._replacing(instance, name))])

    def _or_set(self, value: Value, owner: Value, name: str) -> Value:
        """The value of an attribute, or what it is set to from outside of its class."""
        assert isinstance(owner, Definition)
        is_set = value != _not_set(name)
        if is_set and not _is_plain(value) and not may_be_dict(value):
            return value
        others = self.outside.values(owner, name)
        return choice([*([value] if is_set or not others else []), *others])

    def _own_attribute(self, instance: Instance, name: str) -> Value:
        """What the very class of an instance says of an attribute."""
        owner = instance.maker
        assert isinstance(owner, Definition)
        bindings = owner.scope.self_attributes.get(name)
        if bindings:
            return self.names.bound(bindings, None)
        return self.names.class_attribute(owner, name) or _not_set(name)

    def _replacing(self, instance: Instance, name: str) -> Iterator[tuple[Instance, Value]]:
        """Instances of the subclasses in the project that have an attribute or method of their own by this name."""
        owner = instance.maker
        assert isinstance(owner, Definition)
        for sub in self.callers.all_subclasses(owner):
            if name in sub.scope.self_attributes or name in sub.scope.bindings:
                other = Instance(sub, Arguments())
                yield other, self._own_attribute(other, name)

    def _call(self, node: cst.Call, place: Place) -> Value:
        callee = self.result(self.value(Expression(node.func, place)))
        if isinstance(callee, Unknown):
            return self._lookup_call(node, place) or callee
        arguments = self.arguments(node, place)
        expression = Expression(node, place)
        return choice([self.call(option, arguments, expression) for option in _not_none(options_of(callee))])

    def _lookup_call(self, node: cst.Call, place: Place) -> Value | None:
        """A call of a method of a dict, list or string."""
        if not isinstance(node.func, cst.Attribute):
            return None
        name = node.func.attr.value
        if name not in METHODS and name not in STRING_METHODS:
            return None
        base = self.contents(Expression(node.func.value, place))
        if name in STRING_METHODS:
            return text_method(self.settled(base), name, node, place, self)
        return self.containers.method(base, name, node, place)

    def _operation(self, node: cst.UnaryOperation | cst.BinaryOperation, place: Place) -> Value:
        sides = (node.expression,) if isinstance(node, cst.UnaryOperation) else (node.left, node.right)
        values = [self.settled(self.value(Expression(side, place))) for side in sides]
        if isinstance(node, cst.BinaryOperation):
            joined = self.containers.joined(values[0], values[1], node.operator, place)
            if joined is not None:
                return joined
        return calculated(node, values, self)


def _pass(keywords: dict[str, Expression], name: str, argument: Expression) -> None:
    """Add an argument to those of a call. One that is there already makes the call fail, so that nothing is known."""
    twice = name in keywords
    keywords[name] = held(Unknown(f'"{name}" is passed twice'), argument.place) if twice else argument


def _not_none(options: tuple[Value, ...]) -> list[Value]:
    """None has no attributes and cannot be called: where that is done, the value is one of the others."""
    rest = [option for option in options if option != Constant(None)]
    return rest or [Unknown("it is None")]


def _not_set(name: str) -> Unknown:
    return Unknown(f'the attribute "{name}" is not set in its class')


def _is_followed(value: Value) -> bool:
    """Whether a value is a call of a project function."""
    match value:
        case Instance(Definition(cst.FunctionDef() | cst.Lambda())):
            return True
        case _:
            return False


def _around(called: Instance) -> Frame | None:
    """The call that is followed where another call stands."""
    return called.call.place.frame if called.call is not None else None


def _is_at_once(call: Expression) -> bool:
    """Whether what is called is what another call returns: ``register("name")(Class)``."""
    return isinstance(call.node, cst.Call) and isinstance(call.node.func, cst.Call)


def _is_plain(value: Value) -> bool:
    """Whether a value is a constant, or one of several."""
    return all(isinstance(option, Constant) for option in options_of(value))


def _is_open(value: Value) -> TypeGuard[Parameter]:
    """Whether a value is for callers to decide."""
    return isinstance(value, Parameter) and not value.star


def _kind(node: cst.CSTNode) -> str:
    words = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in type(node).__name__)
    return f"this{words}"
