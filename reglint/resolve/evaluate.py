"""From expressions to values."""

from __future__ import annotations

import ast
import builtins
import operator
from typing import TYPE_CHECKING, Protocol

import libcst as cst

from reglint.resolve.project import Project, package_of
from reglint.resolve.reaching import END, reaching
from reglint.resolve.scopes import Binding, ModuleIndex, Mutation, Scope, every_parameter
from reglint.resolve.values import (
    Arguments,
    Collection,
    Constant,
    Definition,
    Expression,
    External,
    Instance,
    Mapping,
    Parameter,
    Partial,
    Place,
    ProjectModule,
    Unknown,
    Value,
    choice,
    options_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_DEEPEST = 60
_UNREADABLE_SPLAT = "a splat whose contents could not be read"


class Externals(Protocol):
    """What is known of the modules outside the project."""

    def is_external(self, root: str) -> bool:
        """Whether a top-level module name is never a file of the project."""

    def exports(self, module: str, name: str) -> bool:
        """Whether ``from module import *`` binds ``name``."""


class Resolver:
    """Says what expressions mean, across the files of a project."""

    def __init__(self, project: Project, externals: Externals) -> None:
        self.project = project
        self.externals = externals
        self._known: dict[Expression, Value] = {}
        self._active: set[Expression] = set()
        self._members: set[tuple[ModuleIndex, str]] = set()

    def value(self, expression: Expression) -> Value:
        """What an expression means where it stands."""
        known = self._known.get(expression)
        if known is not None:
            return known
        if expression in self._active:
            return Unknown("it is defined by itself")
        if len(self._active) > _DEEPEST:
            return Unknown("it is nested too deeply")
        self._active.add(expression)
        try:
            value = self._evaluate(expression.node, expression.place)
        finally:
            self._active.discard(expression)
        self._known[expression] = value
        return value

    def arguments(self, call: cst.Call, place: Place) -> Arguments:
        """The arguments of a call, splats unpacked."""
        positional: list[Expression] = []
        keywords: dict[str, Expression] = {}
        unread: str | None = None
        for argument in call.args:
            expression = Expression(argument.value, place)
            if argument.keyword is not None:
                keywords[argument.keyword.value] = expression
            elif argument.star == "":
                positional.append(expression)
            elif argument.star == "*":
                value = self.value(expression)
                if isinstance(value, Collection):
                    positional.extend(value.items)
                else:
                    unread = unread or _UNREADABLE_SPLAT
            else:
                value = self.value(expression)
                if isinstance(value, Mapping):
                    keywords.update((str(key), entry) for key, entry in value.entries)
                    unread = unread or value.unread
                else:
                    unread = unread or _UNREADABLE_SPLAT
        return Arguments(tuple(positional), tuple(keywords.items()), unread)

    def call(self, callee: Value, arguments: Arguments, expression: Expression) -> Value:
        """What calling ``callee`` returns."""
        match callee:
            case External("functools.partial") if arguments.positional:
                function = self.value(arguments.positional[0])
                rest = Arguments(arguments.positional[1:], arguments.keywords, arguments.unread)
                return choice([Partial(option, rest) for option in options_of(function)])
            case External("importlib.import_module") if len(arguments.positional) == 1:
                name = self.value(arguments.positional[0])
                if isinstance(name, Constant) and isinstance(name.value, str):
                    return self._module(name.value, expression.place.scope.index)
            case External("builtins.dict"):
                entries: dict[object, Expression] = {}
                unread = arguments.unread
                for positional in arguments.positional:
                    value = self.value(positional)
                    if not isinstance(value, Mapping):
                        return Instance(callee, arguments, expression)
                    entries.update(value.entries)
                    unread = unread or value.unread
                return Mapping(tuple({**entries, **dict(arguments.keywords)}.items()), unread)
            case Partial(function, bound):
                return self.call(function, merge(bound, arguments), expression)
            case Unknown():
                return callee
        return Instance(callee, arguments, expression)

    # Names

    def name(self, name: str, place: Place) -> Value:
        """What a name means at a place."""
        scope, order, path = place.scope, place.order, place.path
        innermost = True
        while True:
            owner = scope.owner(name)
            if owner is not scope:
                return self._bound(owner.bindings.get(name, []), name, owner, END, ())
            if name in scope.bindings and (innermost or scope.kind != "class"):
                value, certain = self._reached(name, scope, order, path)
                if certain or scope.kind == "function" or (value is not None and scope.parent is None):
                    return value or Unknown(f'nothing is bound to "{name}" here')
            if scope.parent is None:
                return self._star(name, scope) or self._builtin(name)
            order = END if scope.kind == "function" else scope.order
            path = scope.path
            innermost = innermost and scope.kind == "comprehension"
            scope = scope.parent

    def _reached(
        self, name: str, scope: Scope, order: int, path: tuple[tuple[int, int], ...]
    ) -> tuple[Value | None, bool]:
        bindings = scope.bindings[name]
        if scope.kind == "comprehension":
            return self._bound(bindings, name, scope, END, ()), True
        found, certain = reaching(bindings, order, path, scope.index)
        if not found:
            return None, False
        value = choice([self._binding_value(binding) for binding in reversed(found)])
        mutations = scope.mutations.get(name)
        if mutations and isinstance(value, Mapping):
            since = min(binding.order for binding in found)
            value = self._mutate(value, [m for m in mutations if since < m.order < order], path)
        return value, certain

    def _bound(
        self,
        bindings: list[Binding],
        name: str,
        scope: Scope,
        order: int,
        path: tuple[tuple[int, int], ...],
    ) -> Value:
        if scope.kind == "comprehension":
            return choice([self._binding_value(binding) for binding in bindings])
        found, _ = reaching(bindings, order, path, scope.index)
        if not found:
            return Unknown(f'nothing is bound to "{name}"')
        return choice([self._binding_value(binding) for binding in reversed(found)])

    def _mutate(
        self, value: Mapping, mutations: Iterable[Mutation], path: tuple[tuple[int, int], ...]
    ) -> Mapping:
        entries, unread = dict(value.entries), value.unread
        for mutation in mutations:
            place = Place(mutation.scope, mutation.order, mutation.path)
            certain = path[: len(mutation.path)] == mutation.path
            added: Value = Unknown("")
            if mutation.key is not None and mutation.value is not None:
                key = self.value(Expression(mutation.key, place))
                if isinstance(key, Constant):
                    added = Mapping(((key.value, Expression(mutation.value, place)),))
            elif mutation.value is not None:
                added = self.value(Expression(mutation.value, place))
            elif mutation.call is not None and _method(mutation.call) == "update":
                arguments = self.arguments(mutation.call, place)
                added = Mapping(tuple(arguments.keywords), arguments.unread)
                if arguments.positional:
                    first = self.value(arguments.positional[0])
                    added = (
                        Mapping((*first.entries, *arguments.keywords), first.unread or arguments.unread)
                        if isinstance(first, Mapping)
                        else Unknown("")
                    )
            if certain and isinstance(added, Mapping):
                entries.update(added.entries)
                unread = unread or added.unread
            else:
                unread = unread or "a dict that is changed before it is used"
        return Mapping(tuple(entries.items()), unread)

    def _star(self, name: str, scope: Scope) -> Value | None:
        """The value of a name that only ``from module import *`` can have bound."""
        if name.startswith("_"):
            return None
        for binding in reversed(scope.bindings.get("*", [])):
            assert binding.imported is not None
            module = self._module(self._absolute(binding, scope.index), scope.index)
            if isinstance(module, External) and self.externals.exports(module.name, name):
                return External(f"{module.name}.{name}")
            if isinstance(module, ProjectModule) and module.index is not scope.index:
                value = self.member(module.index, name)
                if value is not None:
                    return value
        return None

    def _builtin(self, name: str) -> Value:
        if hasattr(builtins, name):
            return External(f"builtins.{name}")
        return Unknown(f'the name "{name}" is not defined in this file')

    def _binding_value(self, binding: Binding) -> Value:
        place = Place(binding.scope, binding.order, binding.path)
        match binding.kind:
            case "import":
                return self._imported(binding)
            case "parameter":
                return self._parameter(binding)
            case "function" | "class":
                assert isinstance(binding.node, (cst.FunctionDef, cst.ClassDef))
                return Definition(binding.node, binding.scope.index.scopes[binding.node])
            case "assign" if isinstance(binding.node, cst.BaseExpression):
                value = self.value(Expression(binding.node, place))
                return self._unpacked(value, binding.unpack)
            case "iterate" if isinstance(binding.node, cst.BaseExpression):
                values = self.value(Expression(binding.node, place))
                if isinstance(values, Collection):
                    return choice(
                        [self._unpacked(self.value(item), binding.unpack) for item in values.items]
                    )
                return Unknown(f'the loop variable "{binding.name}" takes values that are not in the code')
            case _:
                return Unknown(f'what "{binding.name}" holds is worked out at run time')

    def _unpacked(self, value: Value, unpack: tuple[int, ...]) -> Value:
        for position in unpack:
            if not isinstance(value, Collection) or position >= len(value.items):
                return value if isinstance(value, Unknown) else Unknown("it is unpacked from a value")
            value = self.value(value.items[position])
        return value

    def _parameter(self, binding: Binding) -> Value:
        scope, parameter = binding.scope, binding.node
        assert isinstance(parameter, cst.Param)
        assert isinstance(scope.node, (cst.FunctionDef, cst.Lambda))
        function = Definition(scope.node, scope)
        if (
            scope.parent is not None
            and isinstance(scope.parent.node, cst.ClassDef)
            and next(every_parameter(scope.node.params)) is parameter
            and not _is_static(scope.node)
        ):
            owner = Definition(scope.parent.node, scope.parent)
            return owner if _decorated(scope.node, "classmethod") else Instance(owner, Arguments())
        if parameter.star:
            return Unknown(f'"{parameter.star}{binding.name}" is what the callers pass')
        default = None
        if parameter.default is not None:
            assert scope.parent is not None
            default = Expression(parameter.default, Place(scope.parent, scope.order, scope.path))
        return Parameter(function, binding.name, default)

    # Modules

    def _absolute(self, binding: Binding, index: ModuleIndex) -> str:
        imported = binding.imported
        assert imported is not None
        if not imported.level:
            return imported.module
        package = package_of(index.path)
        around = package[: len(package) - (imported.level - 1)]
        if around:
            return ".".join((*around, *imported.module.split("."))).rstrip(".")
        return imported.module

    def _imported(self, binding: Binding) -> Value:
        imported = binding.imported
        assert imported is not None
        index = binding.scope.index
        dotted = self._absolute(binding, index)
        if imported.name is None:
            return self._module(dotted if imported.whole else dotted.split(".")[0], index)
        module = self._module(dotted, index)
        if isinstance(module, ProjectModule):
            value = self.member(module.index, imported.name) if module.index is not index else None
            if value is not None and not isinstance(value, Unknown):
                return value
            submodule = self._module(f"{dotted}.{imported.name}", index)
            if isinstance(submodule, ProjectModule):
                return submodule
            return value or Unknown(f'"{dotted}" has no "{imported.name}" that could be read')
        if isinstance(module, External):
            return External(f"{module.name}.{imported.name}" if module.name else imported.name)
        return module

    def _module(self, dotted: str, importer: ModuleIndex) -> Value:
        if self.externals.is_external(dotted.split(".")[0]):
            return External(dotted)
        path = self.project.find(dotted, importer.path) if dotted else None
        if path is None:
            return External(dotted)
        index = self.project.module(path)
        if index is None:
            return Unknown(f'"{dotted}" could not be parsed')
        return ProjectModule(index)

    def member(self, index: ModuleIndex, name: str) -> Value | None:
        """What a module of the project binds ``name`` to at its end; None if it does not."""
        key = (index, name)
        if key in self._members:
            return Unknown("its imports go round in a circle")
        self._members.add(key)
        try:
            if name in index.top.bindings:
                return self._bound(index.top.bindings[name], name, index.top, END, ())
            return self._star(name, index.top)
        finally:
            self._members.discard(key)

    # Expressions

    def _evaluate(self, node: cst.BaseExpression, place: Place) -> Value:
        match node:
            case cst.Name(value="True" | "False" | "None"):
                return Constant({"True": True, "False": False, "None": None}[node.value])
            case cst.Name():
                return self.name(node.value, place)
            case cst.Attribute():
                base = self.value(Expression(node.value, place))
                return choice(
                    [self.attribute(option, node.attr.value) for option in _not_none(options_of(base))]
                )
            case cst.Call():
                callee = self.value(Expression(node.func, place))
                arguments = self.arguments(node, place)
                expression = Expression(node, place)
                return choice(
                    [self.call(option, arguments, expression) for option in _not_none(options_of(callee))]
                )
            case cst.Integer() | cst.Float() | cst.Imaginary() | cst.SimpleString():
                return Constant(ast.literal_eval(node.value))
            case cst.ConcatenatedString():
                text = node.evaluated_value
                return Constant(text) if text is not None else Unknown("a formatted string")
            case cst.Tuple() | cst.List():
                if any(isinstance(element, cst.StarredElement) for element in node.elements):
                    return Unknown("a list with a splat in it")
                return Collection(tuple(Expression(element.value, place) for element in node.elements))
            case cst.Dict():
                return self._dict(node, place)
            case cst.IfExp():
                return choice(
                    [self.value(Expression(arm, place)) for arm in (node.body, node.orelse)]
                )
            case cst.BooleanOperation():
                return choice(
                    [self.value(Expression(side, place)) for side in (node.left, node.right)]
                )
            case cst.NamedExpr():
                return self.value(Expression(node.value, place))
            case cst.Lambda():
                return Definition(node, place.scope.index.scopes[node])
            case cst.UnaryOperation() | cst.BinaryOperation():
                return self._operation(node, place)
            case cst.Subscript():
                return self._subscript(node, place)
        return Unknown(f"the value of {_kind(node)} is worked out at run time")

    def attribute(self, base: Value, name: str) -> Value:
        """What ``base.name`` means."""
        match base:
            case External():
                return External(f"{base.name}.{name}")
            case ProjectModule():
                value = self.member(base.index, name)
                if value is None and base.index.path.name == "__init__.py":
                    dotted = ".".join((*package_of(base.index.path), name))
                    submodule = self._module(dotted, base.index)
                    value = submodule if isinstance(submodule, ProjectModule) else None
                return value or Unknown(f'"{base.index.path.name}" binds no "{name}"')
            case Definition(cst.ClassDef()):
                return self._class_attribute(base, name)
            case Instance(Definition(cst.ClassDef()) as owner):
                bindings = owner.scope.self_attributes.get(name)
                if bindings:
                    return choice([self._binding_value(binding) for binding in bindings])
                return self._class_attribute(owner, name)
            case Unknown():
                return base
        return Unknown(f'the attribute "{name}" of a value')

    def _class_attribute(self, owner: Definition, name: str) -> Value:
        if name in owner.scope.bindings:
            return self._bound(owner.scope.bindings[name], name, owner.scope, END, ())
        return Unknown(f'the attribute "{name}" is not set in its class')

    def _dict(self, node: cst.Dict, place: Place) -> Value:
        entries: dict[object, Expression] = {}
        unread: str | None = None
        for element in node.elements:
            if isinstance(element, cst.StarredDictElement):
                inner = self.value(Expression(element.value, place))
                if isinstance(inner, Mapping):
                    entries.update(inner.entries)
                    unread = unread or inner.unread
                else:
                    unread = unread or _UNREADABLE_SPLAT
                continue
            assert isinstance(element, cst.DictElement)
            key = self.value(Expression(element.key, place))
            if isinstance(key, Constant):
                entries[key.value] = Expression(element.value, place)
            else:
                unread = unread or "a dict with keys that could not be read"
        return Mapping(tuple(entries.items()), unread)

    def _operation(self, node: cst.UnaryOperation | cst.BinaryOperation, place: Place) -> Value:
        sides = (
            (node.expression,) if isinstance(node, cst.UnaryOperation) else (node.left, node.right)
        )
        values = [self.value(Expression(side, place)) for side in sides]
        if isinstance(node.operator, cst.BitOr) and all(isinstance(value, Mapping) for value in values):
            left, right = values
            assert isinstance(left, Mapping)
            assert isinstance(right, Mapping)
            entries = {**dict(left.entries), **dict(right.entries)}
            return Mapping(tuple(entries.items()), left.unread or right.unread)
        apply = _OPERATORS.get(type(node.operator))
        numbers = [value.value for value in values if isinstance(value, Constant)]
        if apply is not None and len(numbers) == len(values) and all(map(_is_number, numbers)):
            try:
                return Constant(apply(*numbers))
            except (ArithmeticError, TypeError, ValueError):
                pass
        return Unknown("the result of a calculation")

    def _subscript(self, node: cst.Subscript, place: Place) -> Value:
        base = self.value(Expression(node.value, place))
        if len(node.slice) == 1 and isinstance(node.slice[0].slice, cst.Index):
            key = self.value(Expression(node.slice[0].slice.value, place))
            if isinstance(key, Constant):
                if isinstance(base, Mapping):
                    entry = dict(base.entries).get(key.value)
                    if entry is not None:
                        return self.value(entry)
                if (
                    isinstance(base, Collection)
                    and isinstance(key.value, int)
                    and -len(base.items) <= key.value < len(base.items)
                ):
                    return self.value(base.items[key.value])
        return Unknown("an entry that is chosen at run time")


def merge(bound: Arguments, passed: Arguments) -> Arguments:
    """The arguments of a call of a partial: those bound in it, then those passed; a passed keyword wins."""
    return Arguments(
        (*bound.positional, *passed.positional),
        tuple({**dict(bound.keywords), **dict(passed.keywords)}.items()),
        bound.unread or passed.unread,
    )


_OPERATORS: dict[type[cst.CSTNode], Callable[..., float | int | complex]] = {
    cst.Minus: operator.neg,
    cst.Plus: operator.pos,
    cst.Add: operator.add,
    cst.Subtract: operator.sub,
    cst.Multiply: operator.mul,
    cst.Divide: operator.truediv,
    cst.FloorDivide: operator.floordiv,
    cst.Modulo: operator.mod,
}


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _not_none(options: tuple[Value, ...]) -> list[Value]:
    """None has no attributes and cannot be called: where that is done, the value is one of the others."""
    rest = [option for option in options if option != Constant(None)]
    return rest or [Unknown("it is None")]


def _method(call: cst.Call) -> str:
    return call.func.attr.value if isinstance(call.func, cst.Attribute) else ""


def _decorated(function: cst.FunctionDef | cst.Lambda, name: str) -> bool:
    return isinstance(function, cst.FunctionDef) and any(
        isinstance(decorator.decorator, cst.Name) and decorator.decorator.value == name
        for decorator in function.decorators
    )


def _is_static(function: cst.FunctionDef | cst.Lambda) -> bool:
    return isinstance(function, cst.Lambda) or _decorated(function, "staticmethod")


def _kind(node: cst.CSTNode) -> str:
    words = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in type(node).__name__)
    return f"this{words}"
