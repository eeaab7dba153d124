"""What names mean: through scopes, branches, calls and the imports of the project."""

from __future__ import annotations

import builtins
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from reglint.resolve.bind import is_decorated, passed
from reglint.resolve.changes import Span, is_changeable
from reglint.resolve.paths import package_of
from reglint.resolve.reaching import END, reaching
from reglint.resolve.scopes import Binding, ModuleIndex, Scope, every_parameter
from reglint.resolve.truth import runs
from reglint.resolve.values import (
    Arguments,
    Collection,
    Constant,
    Definition,
    Expression,
    External,
    Instance,
    Missing,
    Parameter,
    Place,
    ProjectModule,
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
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from reglint.resolve.evaluate import Resolver
    from reglint.resolve.scopes import BranchPath
    from reglint.resolve.values import Frame

_IMPORTS = b"import_module("
_TAKES_OVER = (_IMPORTS, b"setattr(", b"sys.modules[__name__]")
"""What stands in a package that takes the names of a module over as its own."""


class Names:
    """Looks names up for a resolver."""

    def __init__(self, resolver: Resolver) -> None:
        self.resolver = resolver
        self._imports: dict[Binding, Value] = {}
        self._members: set[tuple[ModuleIndex, str]] = set()
        self._held: dict[object, Expression] = {}

    def value(self, name: str, place: Place, contents: bool = False) -> Value:
        """What a name means at a place; with ``contents``, what a call of a project function returns."""
        for scope, order, path, at_end in self._scopes(name, place):
            if at_end:
                return self._at_end(scope, name, place.frame)
            value, certain = self._reached(name, Place(scope, order, path, place.frame), contents)
            if certain or scope.kind == "function" or (value is not None and scope.parent is None):
                return value or Unknown(f'nothing is bound to "{name}" here')
        return self._star(name, place.scope.index.top) or _builtin(name)

    def bindings(self, name: str, place: Place) -> list[Binding]:
        """The bindings of a name that a place can see; none where only a star import or Python itself has it."""
        for scope, order, path, _ in self._scopes(name, place):
            found, certain = reaching(scope.bindings.get(name, []), order, path, scope.index)
            if len(found) > 1:
                found = self._run(found, order, path, scope.index, place.frame)
            if certain or found or scope.kind == "function":
                return found
        return []

    def _scopes(self, name: str, place: Place) -> Iterator[tuple[Scope, int, BranchPath, bool]]:
        """The scopes that may bind a name for a place, innermost first, each with what the place sees of it.

        True: it is another one than where the name stands (``global``, ``nonlocal``), and what holds at its end.
        """
        scope, order, path = place.scope, place.order, place.path
        innermost = True
        while True:
            owner = scope.owner(name)
            if owner is not scope:
                yield owner, END, (), True
                return
            if name in scope.bindings and (innermost or scope.kind != "class"):
                yield scope, order, path, False
            if scope.parent is None:
                return
            # A function runs later, when everything around it is bound, also what follows its class.
            order = END if END in (order, scope.order) or scope.kind == "function" else scope.order
            path = scope.path
            innermost = innermost and scope.kind == "comprehension"
            scope = scope.parent

    def member(self, index: ModuleIndex, name: str) -> Value | None:
        """What a module of the project binds ``name`` to at its end; None if it does not.

        Nor does it where the question comes back to it in a circle of imports: Python has no answer there either.
        """
        key = (index, name)
        if key in self._members:
            return None
        self._members.add(key)
        try:
            if name in index.top.bindings:
                return self._at_end(index.top, name, None)
            found = self._star(name, index.top) or self._worked_out(name, index)
            return found or self._taken_over(name, index.path)
        finally:
            self._members.discard(key)

    def _worked_out(self, name: str, index: ModuleIndex) -> Value | None:
        """What the ``__getattr__`` of a module returns for a name; None where it has none or says nothing."""
        if "__getattr__" not in index.top.bindings or name == "__getattr__":
            return None
        place = Place(index.top, END, ())
        arguments = Arguments((held(Constant(name), place),))
        call = held(Unknown("an attribute that is worked out"), place)
        value = self.resolver.result(
            self.resolver.call(self._at_end(index.top, "__getattr__", None), arguments, call)
        )
        return None if any(isinstance(option, Unknown) for option in options_of(value)) else value

    def _taken_over(self, name: str, package: Path) -> Value | None:
        """What one of the modules in a package has, which is chosen at run time and whose names the package takes.

        This is how packages have several backends: ``setattr(sys.modules[__name__], name, getattr(module, name))``.
        """
        project = self.resolver.project
        data = project.data(package)
        if package.name != "__init__.py" or not all(word in data for word in _TAKES_OVER):
            return None
        inside = (project.inside(package, each.stem) for each in sorted(package.parent.iterdir()))
        values = [self.exported(module, name) for module in inside if module is not None]
        known: list[Value] = [
            value for value in values if value is not None and not isinstance(value, Unknown)
        ]
        return choice(known) if known else None

    def class_attribute(self, owner: Definition, name: str) -> Value | None:
        """What the body of a class binds ``name`` to."""
        return self._at_end(owner.scope, name, owner.frame) if name in owner.scope.bindings else None

    def bound(self, bindings: Iterable[Binding], frame: Frame | None, contents: bool = False) -> Value:
        """The value that is one of those of ``bindings``."""
        return choice([self._binding_value(binding, frame, contents) for binding in bindings])

    def module(self, dotted: str, importer: Path) -> External | ProjectModule:
        """The module of an absolute dotted name, as the file ``importer`` would find it."""
        externals, project = self.resolver.externals, self.resolver.project
        if externals.is_external(dotted.split(".")[0]):
            return External(dotted)
        path = project.find(dotted, importer) if dotted else None
        return External(dotted) if path is None else ProjectModule(path, dotted)

    def relative_module(self, name: str, package: Value | None, index: ModuleIndex) -> Value | None:
        """The module of a name with leading dots, seen from a package; None where the package is not known."""
        inner = name.lstrip(".")
        level = len(name) - len(inner)
        match package:
            case Constant(str(around)):
                parts = around.split(".")
                return self.module(
                    ".".join([*parts[: len(parts) - level + 1], inner]).rstrip("."), index.path
                )
            case External("builtins.__package__" | "builtins.__name__"):
                found = self.resolver.project.beside(index.path, level, inner)
                return ProjectModule(found, inner) if found is not None else None
        return None

    def of_module(self, module: ProjectModule, name: str) -> Value:
        """What ``module.name`` means: what the module binds, or else the module of that name inside of it."""
        value = self.exported(module.path, name)
        if value is not None and not isinstance(value, Unknown):
            return value
        inside = self.resolver.project.inside(module.path, name)
        if inside is not None:
            return ProjectModule(inside, f"{module.name}.{name}")
        if module.path.suffix == "":
            return External(f"{module.name}.{name}")  # a folder that only shares the name of what is imported
        return value or Unknown(f'"{module.name}" has no "{name}" that could be read')

    def exported(self, path: Path, name: str) -> Value | None:
        """What the module in ``path`` binds ``name`` to; None if it does not.

        As much as can be is told without parsing, which costs more than all else.
        """
        project = self.resolver.project
        if path.suffix == "":
            return None
        if not project.is_parsed(path):
            data = project.data(path)
            elsewhere = any(word in data for word in (b"*", b"__getattr__", _IMPORTS))
            mentioned = name.encode() in data or elsewhere
            if name.isascii() and not mentioned:
                return None
            if self._cannot_matter(path, name):
                return Unknown(f'"{name}" is a function of a module that has no word of Keras')
        index = project.module(path)
        if index is None:
            return Unknown(f'"{path.name}" could not be parsed')
        return self.member(index, name)

    def _at_end(self, scope: Scope, name: str, frame: Frame | None) -> Value:
        found, _ = reaching(scope.bindings.get(name, []), END, (), scope.index)
        if not found:
            return Unknown(f'nothing is bound to "{name}"')
        value = self.bound(reversed(found), frame)
        return self._changed(value, name, found, Place(scope, END, (), frame))

    def _changed(
        self, value: Value, name: str, bindings: Sequence[Binding], place: Place, contents: bool = False
    ) -> Value:
        """What a name holds at a place, after the changes in place that were made to what it was bound to."""
        if not contents and name not in place.scope.mutations and not is_changeable(value):
            return value
        span = Span(place.scope, min(binding.order for binding in bindings), place, bindings[0].path)
        return self.resolver.changes.to_name(value, name, bindings, span)

    def _reached(self, name: str, place: Place, contents: bool) -> tuple[Value | None, bool]:
        scope, order, path, frame = place.scope, place.order, place.path, place.frame
        bindings = scope.bindings[name]
        if scope.kind == "comprehension":
            item = _of_iteration(name, scope, frame)
            return (self.resolver.value(item) if item is not None else self.bound(bindings, frame)), True
        if frame is not None and frame.assumed and frame.scope is scope and name in frame.assumed:
            return self.resolver.value(frame.assumed[name]), True
        found, certain = reaching(bindings, order, path, scope.index)
        if not found:
            return None, False
        if len(found) > 1:
            found = self._run(found, order, path, scope.index, frame)
        value = self.bound(reversed(found), frame, contents)
        return self._changed(value, name, found, place, contents), certain

    def _run(
        self, found: list[Binding], order: int, path: BranchPath, index: ModuleIndex, frame: Frame | None
    ) -> list[Binding]:
        """Of the bindings that a place can see, latest first, those that the tests on the way let it see."""
        kept: list[Binding] = []
        for binding in found:
            taken = runs(binding.path, path, index, frame, self.resolver)
            if taken is not False:
                kept.append(binding)
            if taken and binding.order < order and not binding.deferred:
                break
        return kept or found

    def _star(self, name: str, scope: Scope) -> Value | None:
        """The value of a name that only ``from module import *`` can have bound."""
        unread: Unknown | None = None
        for binding in reversed(scope.bindings.get("*", [])):
            module = self._module_of(binding)
            if name.startswith("_") and isinstance(module, External):
                continue
            if isinstance(module, External) and self.resolver.externals.exports(module.name, name):
                return External(f"{module.name}.{name}")
            if isinstance(module, ProjectModule) and self._is_public(module.path, name):
                value = self.exported(module.path, name)
                if value is not None and not isinstance(value, Unknown):
                    return value
                unread = unread or value
        return unread

    def _is_public(self, path: Path, name: str) -> bool:
        """Whether ``import *`` takes a name from the file ``path``: by its ``__all__``, or else by the underscore."""
        by_default = not name.startswith("_")
        data = self.resolver.project.data(path) if path.suffix else b""
        if b"__all__" not in data:
            return by_default
        index = self.resolver.project.module(path)
        if index is None or "__all__" not in index.top.bindings:
            return by_default
        listed = self.value("__all__", Place(index.top, END, ()), contents=True)
        if not isinstance(listed, Collection) or listed.unread is not None:
            return by_default
        names = [self.resolver.value(item) for item in listed.items]
        return Constant(name) in names if all(isinstance(each, Constant) for each in names) else by_default

    def _binding_value(self, binding: Binding, frame: Frame | None, contents: bool) -> Value:
        if binding.scope.kind == "module":
            frame = None
        match binding.kind:
            case "import":
                known = self._imports.get(binding)
                if known is None:
                    known = self._imported(binding)
                    if not self._members or not isinstance(known, Unknown):
                        self._imports[binding] = known
                return known
            case "parameter":
                return self._parameter(binding, frame, contents)
            case "function" | "class" if binding.node is not None:
                assert isinstance(binding.node, (cst.FunctionDef, cst.ClassDef))
                return Definition(binding.node, binding.scope.index.scopes[binding.node], frame)
            case "assign" | "augment" | "iterate" if isinstance(binding.node, cst.BaseExpression):
                place = place_of(binding, frame)
                value = self.resolver.value(Expression(binding.node, place))
                if binding.kind != "iterate":
                    return self._handed_in(binding, value) or self._unpacked(value, binding.unpack)
                unseen = Unknown(f'the loop variable "{binding.name}" takes values that are not in the code')
                over = [
                    self.resolver.containers.items(option, place)
                    for option in options_of(self.resolver.result(value))
                ]
                items = [item for one in over if one is not None for item in one.items]
                values = [self._unpacked(self.resolver.value(item), binding.unpack) for item in items]
                certain = all(one is not None and one.unread is None for one in over)
                return choice(values if certain else [*values, unseen])
            case _:
                return Unknown(f'what "{binding.name}" holds is worked out at run time')

    def _handed_in(self, binding: Binding, value: Value) -> Value | None:
        """``layers`` of ``backend, layers = get_submodules(kwargs)``, where the function is not in the project."""
        module = self.resolver.externals.injected(binding.name)
        if module is None or not binding.unpack:
            return None
        known = isinstance(value, Instance) and isinstance(value.maker, External)
        return External(module, injected=True) if known else None

    def _unpacked(self, value: Value, unpack: tuple[int, ...]) -> Value:
        for position in unpack:
            value = self.resolver.result(value)
            if not isinstance(value, Collection) or position >= len(value.items):
                return value if isinstance(value, Unknown) else Unknown("it is unpacked from a value")
            value = self.resolver.value(value.items[position])
        return value

    def _parameter(self, binding: Binding, frame: Frame | None, contents: bool) -> Value:
        scope, parameter = binding.scope, binding.node
        assert isinstance(parameter, cst.Param)
        assert isinstance(scope.node, (cst.FunctionDef, cst.Lambda))
        assert scope.parent is not None
        while frame is not None and frame.scope is not scope:
            frame = frame.outer
        around = scope.parent.node
        receives = next(every_parameter(scope.node.params)) is parameter and not is_decorated(
            scope.node, "staticmethod"
        )
        if isinstance(around, cst.ClassDef) and receives and (frame is None or frame.receiver is not None):
            owner = Definition(around, scope.parent)
            if frame is not None and frame.receiver is not None:
                return frame.receiver
            return owner if is_decorated(scope.node, "classmethod") else Instance(owner, Arguments())
        default = None
        if parameter.default is not None:
            default = Expression(parameter.default, Place(scope.parent, scope.order, scope.path))
        if frame is not None:
            found = passed(scope.node, frame.arguments, binding.name, frame.receiver is not None)
            read = self.resolver.contents if contents else self.resolver.value
            value = read(found) if isinstance(found, Expression) else found
            if value is not None and default is not None:
                value = choice([self.or_default(option, default) for option in options_of(value)])
            return given(value, self.resolver.value(default) if default is not None else None)
        return Parameter(Definition(scope.node, scope), binding.name, default, str(parameter.star or ""))

    def or_default(self, value: Value, default: Expression) -> Value:
        """The same value, with ``default`` where those who decide it leave it out."""
        if not isinstance(value, Parameter) or value.star:
            return value
        if isinstance(value.default, Missing):
            return replace(value, default=default)
        if isinstance(value.default, Expression) and isinstance(value.default.known, Parameter):
            inner = self.or_default(value.default.known, default)
            if inner is not value.default.known:
                # One and the same for equal ones: what is settled of a parameter is remembered by its default.
                key = identity(inner)
                return replace(value, default=self._held.setdefault(key, held(inner, value.default.place)))
        return value

    def _module_of(self, binding: Binding) -> External | ProjectModule:
        """The module that an import takes its names from."""
        imported, path = binding.imported, binding.scope.index.path
        assert imported is not None
        if not imported.level:
            return self.module(imported.module, path)
        package = package_of(path)
        around = package[: max(0, len(package) - (imported.level - 1))]
        name = ".".join((*around, imported.module)).strip(".")
        if around and self.resolver.externals.is_external(around[0]):
            return External(name)
        # Also outside of packages: a script that is run as a part of one has the same files around it.
        found = self.resolver.project.beside(path, imported.level, imported.module)
        return External(f".{name}") if found is None else ProjectModule(found, name)

    def _cannot_matter(self, path: Path, name: str) -> bool:
        """Whether a module defines a function by this name and knows nothing of Keras.

        Such a function neither makes what is looked for nor returns it.
        """
        return (
            not self.resolver.may_matter(path)
            and not self.resolver.externals.may_return(self.resolver.project.data(path))
            and re.search(rb"^def %s\b" % name.encode(), self.resolver.project.data(path), re.M) is not None
        )

    def _imported(self, binding: Binding) -> Value:
        imported = binding.imported
        assert imported is not None
        index = binding.scope.index
        dotted = imported.module
        if imported.name is None:
            return self.module(dotted if imported.whole else dotted.split(".")[0], index.path)
        module = self._module_of(binding)
        if isinstance(module, External):
            return self._of_outside(module.name, imported.name)
        assert isinstance(module, ProjectModule)
        value = self.of_module(module, imported.name)
        if isinstance(value, Unknown) and not imported.level:
            # Which folder Python looks in first depends on how it is started.
            others = self.resolver.project.candidates(dotted, index.path)[1:]
            found = (self.of_module(ProjectModule(path, dotted), imported.name) for path in others)
            value = next((other for other in found if not isinstance(other, (Unknown, External))), value)
        return value

    def _of_outside(self, module: str, name: str) -> External:
        """What ``from module import name`` binds, where the module is not in the project."""
        externals = self.resolver.externals
        passed_on = None if externals.is_external(module.partition(".")[0]) else externals.passed_on(name)
        if passed_on is not None:
            return External(passed_on, injected=True)
        return External(f"{module}.{name}" if module else name)


def _builtin(name: str) -> Value:
    if hasattr(builtins, name):
        return External(f"builtins.{name}")
    return Unknown(f'the name "{name}" is not defined in this file')


def _of_iteration(name: str, scope: Scope, frame: Frame | None) -> Expression | None:
    """The item that a comprehension's variable is, where one iteration of it is read by itself."""
    while frame is not None and frame.scope is not scope:
        frame = frame.outer
    return frame.arguments.keyword(name) if frame is not None else None
