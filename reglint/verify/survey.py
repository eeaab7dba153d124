"""Surveys a module: the models, functions and classes in it that exercise the calls in question."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from reglint.verify import effects, guesses, names
from reglint.verify.arguments import arguments, is_generator
from reglint.verify.branches import Branches
from reglint.verify.documented import Documentation, settings_in
from reglint.verify.objects import Module, Objects
from reglint.verify.slicing import Slicer
from reglint.verify.source import parse_expression
from reglint.verify.uses import constructor

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from reglint.verify.slicing import Leaf
    from reglint.verify.source import Source

_MODEL_CLASSES = frozenset(["Model", "Sequential", "Functional"])
_LAYER_CLASSES = frozenset(["Layer", "Wrapper", "AbstractRNNCell"])
_SINGLE_MODELS = 6
"""Module-level models that are tried one by one if building all of them together fails."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something in the file that can be built.

    ``names`` are what the slice must keep, ``models`` the numbers of module-level models in ``Side.models``.
    ``covers`` are the targets that building it may exercise. ``training``: it does more than building a
    model.
    """

    kind: Literal["module", "call", "helper"]
    label: str
    names: tuple[str, ...]
    models: tuple[int, ...]
    covers: frozenset[int]
    shapes: tuple[tuple[int, ...], ...] = ()
    """The made-up shapes of a sample to try."""
    expression: str | None = None
    guessed: int = 0
    """How many arguments are made up."""
    optional: bool = False
    """Whether arguments are left out that others may give."""
    training: bool = False
    exact: bool = False
    model: bool = False
    """Whether the code says that a model comes out of it."""
    entry: str = ""
    """What is called, by the name that ``[verify] builders`` has for it: ``build``, ``Net``, ``Net.build``."""

    def rank(self, covered: int) -> tuple[bool, bool, bool, int, bool]:
        """Sorts candidates, the most promising first; ``covered`` counts the targets that are still open."""
        return (not self.exact, not self.model, self.training, -covered, self.guessed > 0)


class Side:
    """The unfixed or the fixed source, sliced for candidates."""

    def __init__(self, source: Source, calls: Mapping[int, ast.expr]) -> None:
        self.source = source
        self.slicer = Slicer(source, calls)

    @cached_property
    def models(self) -> list[Leaf]:
        """The top-level statements that make a model, or call what makes one."""
        makers = _MODEL_CLASSES | {
            name for name, leaf in self.slicer.definitions.items() if self.makes_model(leaf.node)
        }
        return [
            leaf
            for leaf in self.slicer.leaves
            if isinstance(leaf.node, (ast.Assign, ast.AnnAssign))
            and any(names.last(call.func) in makers for call in names.calls(leaf.node))
        ]

    def makes_model(self, node: ast.stmt) -> bool:
        """Whether a definition makes a model, or calls what makes one."""
        reached = [node, *self.slicer.reached(names.reads(node))]
        if isinstance(node, ast.ClassDef) and is_a(node, _MODEL_CLASSES, self.slicer):
            return True
        return any(names.last(call.func) in _MODEL_CLASSES for each in reached for call in names.calls(each))

    def text(self, candidate: Candidate, wanted: Iterable[str] = ()) -> str:
        """The slice for a candidate, instrumented; it defines the names ``wanted`` too."""
        seeds = [self.models[number] for number in candidate.models]
        return self.slicer.text(self.slicer.closure(seeds, {*candidate.names, *wanted}))

    def text_for_names(self, wanted: Iterable[str]) -> str:
        """The slice that defines some names."""
        return self.slicer.text(self.slicer.closure([], wanted))

    def public(self) -> set[str]:
        """The names that importing the module binds."""
        return {name for leaf in self.slicer.leaves if not is_main(leaf) for name in leaf.binds}


class Survey:
    """What can be built in one module. ``module`` is its dotted name; ``builders`` as in ``Settings``.

    ``root`` is the folder that the project is imported from. With ``every``, what exercises no target is listed as
    well.
    """

    def __init__(
        self,
        side: Side,
        module: str,
        builders: Mapping[str, Mapping[str, Any]],
        root: Path | None = None,
        *,
        every: bool = False,
    ) -> None:
        self._side = side
        self._slicer = side.slicer
        self._module_name = module
        self._builders = builders
        self._every = every
        self._objects = Objects(Module(root, module, side.source.tree)) if root is not None else None

    def candidates(self) -> list[Candidate]:
        """Everything that may exercise a target, in the order of the source, module-level models first."""
        return [each for each in [*self._modules(), *self._definitions()] if each.covers or self._every]

    def variants(self, calls: Mapping[int, ast.AST], beyond: Mapping[str, ast.stmt]) -> Iterator[Candidate]:
        """The functions and classes with arguments that lead into the branches which the ``calls`` stand in.

        ``beyond`` are definitions in another file, by the names that this one has for them.
        """
        own = self._slicer.defined
        branches = Branches({**beyond, **own})
        for name, node in own.items():
            is_function = isinstance(node, ast.FunctionDef) and not is_generator(node)
            if self._given(name) is not None or not (is_function or isinstance(node, ast.ClassDef)):
                continue
            groups: dict[tuple[tuple[str, str], ...], set[int]] = {}
            for index, call in calls.items():
                wanted = tuple(sorted(branches.values(call, node).items()))
                if wanted:
                    groups.setdefault(wanted, set()).add(index)
            for values, covers in groups.items():
                for made in self._variants_of(node, dict(values), frozenset(covers)):
                    # Where the calls stand in another file, what a method covers are uses of it.
                    yield replace(made, covers=frozenset(covers if beyond else made.covers & covers))

    def _variants_of(
        self, node: ast.stmt, values: Mapping[str, str], covers: frozenset[int]
    ) -> Iterator[Candidate]:
        """Calling a function or class with these arguments, or the methods of a class that is called so."""
        if isinstance(node, ast.FunctionDef):
            yield self._function(node.name, node, values, covers)
        elif isinstance(node, ast.ClassDef):
            yield from (each for each in self._class(node, values) if each.covers)

    def _is_layer(self, node: ast.ClassDef) -> bool:
        """Whether a class is called on tensors and is no model."""
        if is_a(node, _MODEL_CLASSES, self._slicer):
            return False
        has_call = any(isinstance(each, ast.FunctionDef) and each.name == "call" for each in node.body)
        return has_call or is_a(node, _LAYER_CLASSES, self._slicer)

    def named(self, entry: str) -> Candidate | None:
        """Calling a name of the module, wherever it is defined, with the arguments that the settings state."""
        if entry.partition(".")[0] not in self._side.public():
            return None
        given = ", ".join(f"{name}={value}" for name, value in (self._given(entry) or {}).items())
        call = f"{entry}({given})"
        return Candidate(
            "call",
            call,
            (entry.partition(".")[0],),
            (),
            frozenset(),
            guesses.shapes_for(""),
            call,
            entry=entry,
        )

    def _modules(self) -> Iterator[Candidate]:
        slicer = self._slicer
        found = []
        for number, leaf in enumerate(self._side.models):
            kept = slicer.closure([leaf])
            covers = slicer.inside(each.node for each in kept)
            if covers or self._every:
                training = any(
                    effects.is_training(each.node) for each in kept if each in slicer.definitions.values()
                )
                found.append((number, leaf, covers, training))
        together = [each for each in found if not each[3]]
        if len(together) > 1:
            covers = frozenset().union(*(each[2] for each in together))
            yield self._module([each[0] for each in together], [each[1] for each in together], covers, False)
        for number, leaf, covers, training in found[:_SINGLE_MODELS]:
            yield self._module([number], [leaf], covers, training)

    def _module(
        self, numbers: list[int], leaves: list[Leaf], covers: frozenset[int], training: bool
    ) -> Candidate:
        bound = [name for leaf in leaves for name in sorted(leaf.binds)][:3]
        code = self._slicer.text(self._slicer.closure(leaves))
        label = f"{', '.join(dict.fromkeys(bound))} (module level)"
        return Candidate(
            "module",
            label,
            (),
            tuple(numbers),
            covers,
            guesses.shapes_for(code),
            training=training,
            model=True,
        )

    def _definitions(self) -> Iterator[Candidate]:
        for name, leaf in self._slicer.definitions.items():
            if isinstance(leaf.node, ast.FunctionDef) and not is_generator(leaf.node):
                yield self._function(name, leaf.node)
            elif isinstance(leaf.node, ast.ClassDef):
                yield from self._class(leaf.node)
            if not self._every and self._given(name) is None:
                yield from self._examples(leaf.node)

    def _examples(self, node: ast.stmt) -> Iterator[Candidate]:
        """Calling a function or class as the examples in its documentation do."""
        function = constructor(node) if isinstance(node, ast.ClassDef) else node
        covers = self._slicer.inside([node, *self._slicer.reached(names.reads(node))])
        if not covers or not isinstance(function, ast.FunctionDef) or is_generator(function):
            return
        for given in self._documentation(node).examples(function, method=function is not node):
            yield from self._variants_of(node, given, covers)

    def _function(
        self,
        name: str,
        node: ast.FunctionDef,
        wanted: Mapping[str, str] | None = None,
        covers: frozenset[int] | None = None,
    ) -> Candidate:
        reached = self._slicer.reached([name])
        made = self._call(name, name, node, reached, name, covers=covers, wanted=wanted)
        return replace(made, model=self._side.makes_model(node))

    def _call(
        self,
        name: str,
        callee: str,
        function: ast.FunctionDef | None,
        reached: list[ast.stmt],
        entry: str,
        *,
        method: bool = False,
        owner: ast.ClassDef | None = None,
        covers: frozenset[int] | None = None,
        wanted: Mapping[str, str] | None = None,
    ) -> Candidate:
        """Calling ``callee``, which needs the definition of ``name`` and runs the code ``reached``.

        ``wanted`` are arguments that go before defaults and guesses.
        """
        covers = self._slicer.inside(reached) if covers is None else covers
        if not covers and not self._every:
            return Candidate("call", callee, (), (), covers)
        given = self._given(entry)
        stated = wanted if given is None else given
        documentation = self._documentation(owner if callee == name and owner is not None else function)
        made = arguments(function, self._slicer.defined, stated, method, owner, documentation, self._objects)
        return Candidate(
            "helper" if made.tensors else "call",
            f"{callee}({made.text})",
            (name, *sorted(names.reads(parse_expression(f"f({made.text})")) & self._known)),
            (),
            covers,
            guesses.shapes_for("\n".join(map(ast.unparse, reached))),
            f"{callee}({made.text})",
            made.guessed + len(wanted or ()),
            made.optional,
            any(map(effects.is_training, reached)),
            given is not None,
            entry=entry,
        )

    @cached_property
    def _known(self) -> set[str]:
        return self._side.public()

    @cached_property
    def _settings(self) -> list[dict[str, ast.expr]]:
        return list(settings_in(leaf.node for leaf in self._slicer.leaves))

    def _documentation(self, node: ast.stmt | None) -> Documentation:
        return Documentation(node, self._known, self._module_name.partition(".")[0], self._settings)

    def _given(self, function: str) -> Mapping[str, str] | None:
        """The arguments that the settings state for a function of this module, as Python text."""
        for name, given in self._builders.items():
            module, _, builder = name.partition(":")
            if builder == function and f".{self._module_name}".endswith(f".{module}"):
                return {parameter: repr(value) for parameter, value in given.items()}
        return None

    def _class(self, node: ast.ClassDef, wanted: Mapping[str, str] | None = None) -> Iterator[Candidate]:
        """Making an object of a class, with the arguments ``wanted``, and calling its methods that make a model."""
        reached = self._slicer.reached([node.name])
        methods = {each.name: each for each in node.body if isinstance(each, ast.FunctionDef)}
        made = self._call(
            node.name,
            node.name,
            methods.get("__init__"),
            reached,
            node.name,
            method=True,
            owner=node,
            wanted=wanted,
        )
        if is_a(node, _MODEL_CLASSES, self._slicer):
            yield replace(made, model=True)
            return
        if self._is_layer(node):
            yield replace(made, kind="helper")
            return
        at_once = self._covered(methods, "__init__")
        yield replace(made, covers=at_once)
        constructor = made.expression
        makes_one = any(self._side.makes_model(methods[each]) for each in _called(methods, "__init__"))
        for name, method in methods.items():
            covers = self._covered(methods, name) - at_once
            if at_once and not makes_one and self._side.makes_model(method):
                covers |= at_once  # What the constructor keeps becomes a part of the model here.
            if name.startswith("__") or not (covers or self._every):
                continue
            decorators = {names.last(each) for each in method.decorator_list}
            callee = f"{node.name if decorators & {'staticmethod', 'classmethod'} else constructor}.{name}"
            made = self._call(
                node.name,
                callee,
                method,
                [method],
                f"{node.name}.{name}",
                method="staticmethod" not in decorators,
                owner=node,
                covers=covers,
            )
            yield replace(made, model=self._side.makes_model(method))

    def _covered(self, methods: Mapping[str, ast.FunctionDef], start: str) -> frozenset[int]:
        """The targets that a method exercises.

        By way of ``self.other_method`` and functions of the module.
        """
        bodies = [methods[name] for name in sorted(_called(methods, start))]
        outside = self._slicer.reached(name for body in bodies for name in names.reads(body))
        return self._slicer.inside([*bodies, *outside])


def _called(methods: Mapping[str, ast.FunctionDef], start: str) -> set[str]:
    """A method and those that it reaches by way of ``self.other_method``."""
    waiting, seen = [start], set()
    while waiting:
        name = waiting.pop()
        if name in methods and name not in seen:
            seen.add(name)
            waiting += [each.attr for each in ast.walk(methods[name]) if isinstance(each, ast.Attribute)]
    return seen


def is_a(node: ast.ClassDef, classes: frozenset[str], slicer: Slicer) -> bool:
    """Whether a class derives from one of the named Keras classes, by way of classes of the module."""
    seen: set[str] = set()
    waiting = [names.last(base) for base in node.bases]
    while waiting:
        base = waiting.pop()
        if base in classes:
            return True
        leaf = slicer.definitions.get(base)
        if leaf is not None and base not in seen and isinstance(leaf.node, ast.ClassDef):
            seen.add(base)
            waiting += [names.last(each) for each in leaf.node.bases]
    return False


def is_main(leaf: Leaf) -> bool:
    """Whether a statement stands under ``if __name__ == "__main__"``."""
    return any(
        isinstance(parent, ast.If) and "__name__" in names.reads(parent.test) for parent in leaf.parents
    )
