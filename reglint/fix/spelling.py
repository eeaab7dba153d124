"""How this file would write a regularizer: as it already does, or with the names that it has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import libcst as cst

from reglint.fix.fix import NotFixable
from reglint.fix.habit import CLASSES, is_for
from reglint.fix.imports import callee_roots, import_edits
from reglint.fix.visible import is_set, is_visible
from reglint.keras.names import is_defined, keras_name
from reglint.keras.weights import weight_use
from reglint.resolve.nodes import dotted_name
from reglint.resolve.values import Constant, Expression, External, Place, Unknown, Value, options_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reglint.files.edit import Edit
    from reglint.fix.habit import Habit
    from reglint.keras.module import KerasModule
    from reglint.keras.penalty import Penalty
    from reglint.keras.sites import Site
    from reglint.policy.numbers import Number
    from reglint.rules.rule import Change


@dataclass(frozen=True, slots=True)
class Spelling:
    """An expression that makes a regularizer, and the import edits that it needs.

    ``factors`` are its strengths as they are written, by the name of the penalty (``l2``); none where it is a name.
    """

    text: str
    imports: tuple[Edit, ...] = ()
    factors: tuple[tuple[str, str], ...] = ()


def spell(module: KerasModule, change: Change, penalty: Penalty, habit: Habit) -> Spelling | NotFixable:
    """Write ``penalty`` (of the kind l1, l2 or l1_l2) with the numbers of the change's requirement."""
    site, kind = change.site, penalty.kind
    argument = change.use.weight.argument
    for name in habit.shared:
        if is_for(name, argument) and _is_penalty(module, change, name, penalty):
            return Spelling(name)
    names = (CLASSES[kind], kind) if habit.classes else (kind, CLASSES[kind])
    factors = tuple(_factors(module, change, kind, habit))
    arguments = _arguments(factors, habit.keywords.get(kind))
    roots = callee_roots(module, site)
    others: dict[str, set[str] | None] = {}
    for name in names:
        for spelled in _spellings(module, site, name, habit):
            if spelled not in others:
                others[spelled] = _roots(module, site, spelled, f"regularizers.{name}")
                if others[spelled] == roots:
                    return Spelling(f"{spelled}({arguments})", (), factors)
    found = import_edits(module, site, names, habit.bound)
    if isinstance(found, NotFixable) or not found.branches:
        # Of a layer that can come from several Kerases, the one that an import would also be from is good enough.
        for spelled, its in others.items():
            if its is not None and its <= roots and (site.via == "injected" or site.name.root in its):
                return Spelling(f"{spelled}({arguments})", (), factors)
    if isinstance(found, NotFixable):
        return found
    return Spelling(f"{found.spelled}({arguments})", found.edits, factors)


def _factors(module: KerasModule, change: Change, kind: str, habit: Habit) -> Iterator[tuple[str, str]]:
    """The strengths of the regularizer: the policy's numbers, or constants that hold them already."""

    def factor(number: Number, other: str) -> str:
        for name in habit.factors:
            if (
                other not in name.lower()
                and is_for(name, change.use.weight.argument)
                and all(_is_number(value, number) for value in _values(module, change.site, name))
            ):
                return name
        return number_text(number, habit)

    requirement = change.requirement
    if kind in ("l1", "l1_l2"):
        yield "l1", factor(requirement.l1.written, "l2")
    if kind in ("l2", "l1_l2"):
        yield "l2", factor(requirement.l2.written, "l1")


def _arguments(factors: Sequence[tuple[str, str]], keyword: str | None) -> str:
    """The strengths as the arguments of a regularizer; ``keyword`` is that of one that has only one."""
    if len(factors) > 1:
        return ", ".join(f"{name}={text}" for name, text in factors)
    ((_, text),) = factors
    return f"{keyword}={text}" if keyword else text


def number_text(number: Number, habit: Habit) -> str:
    """A number as it is written in code, where formatters have ``1e-4`` for ``1E-4``.

    As the policy writes it; one that is not from there as the file does.
    """
    text = str(number).lower()
    return habit.numbers.get(number.value, text) if number.computed else text


def _is_number(value: Value, number: Number) -> bool:
    return isinstance(value, Constant) and type(value.value) in (int, float) and value.value == number.value


def _is_penalty(module: KerasModule, change: Change, name: str, penalty: Penalty) -> bool:
    """Whether what ``name`` stands for at the site regularizes as ``penalty`` does."""
    weight, generation = change.use.weight, change.site.generation
    uses = [
        weight_use(weight, value, None, module.resolver, generation)
        for value in _values(module, change.site, name)
    ]
    return all(use.state == "set" and use.penalty == penalty for use in uses)


def _roots(module: KerasModule, site: Site, spelled: str, path: str) -> set[str] | None:
    """Of which Kerases ``spelled``, at the site, is the object ``path``; None if it is or may be something else."""
    roots: set[str] | None = None
    for value in _values(module, site, spelled):
        found = set()
        for option in options_of(value):
            if not isinstance(option, External) or not is_defined(option.name):
                return None
            name = keras_name(option.name)
            if name is None or name.path != path:
                return None
            found.add(name.root)
        if roots is not None and found != roots:
            return None
        roots = found
    return roots


def _values(module: KerasModule, site: Site, spelled: str) -> Iterator[Value]:
    """What an expression of dotted names means at each place where it must mean the same for use at the site."""
    expression = cst.parse_expression(spelled)
    name = spelled.partition(".")[0]
    for place in _places(module, site, name):
        if is_visible(name, place, dotted_name(site.call.func)) and is_set(spelled, place):
            yield module.resolver.value(Expression(expression, place))
        else:
            yield Unknown(f'"{name}" may not be bound')


def _places(module: KerasModule, site: Site, name: str) -> Iterator[Place]:
    """Where ``name`` must mean the same for use at the site: there, and where the function around it is defined.

    The function may be called right after that, before a later import: often so in a notebook.
    """
    yield site.place
    scope, order, path = site.place.scope, site.place.order, site.place.path
    while scope.parent is not None:
        if name in scope.bindings:
            return
        scope, order, path = scope.parent, scope.order, scope.path
    outside = Place(scope, order, path)
    if not isinstance(module.resolver.value(Expression(site.call.func, outside)), Unknown):
        yield outside


def _spellings(module: KerasModule, site: Site, name: str, habit: Habit) -> Iterator[str]:
    """The ways in which this file could write the regularizer ``name``, the one to prefer first.

    As it writes others; the name alone; below the module that the site itself takes its layer from; by what else is
    imported for regularizers; below any other module of Keras.
    """
    for prefix in habit.prefixes:
        yield f"{prefix}.{name}"
    yield name
    callee = (dotted_name(site.call.func) or "").split(".")
    for end in range(len(callee) - 1, 0, -1):
        for _, spelled in _below(".".join(callee[:end]), name, module, site):
            yield spelled
    yield f"regularizers.{name}"
    found = [
        pair for one in (*habit.modules, *_local_imports(site)) for pair in _below(one, name, module, site)
    ]
    for _, spelled in sorted(found, key=lambda pair: pair[0]):
        yield spelled


def _local_imports(site: Site) -> Iterator[str]:
    """The names that are imported in the functions around a site."""
    scope = site.place.scope
    while scope.parent is not None:
        yield from scope.imported
        scope = scope.parent


def _below(spelled: str, name: str, module: KerasModule, site: Site) -> Iterator[tuple[int, str]]:
    """The ways from the object ``spelled`` to the regularizer ``name``, with how many steps they are."""
    value = module.resolver.value(Expression(cst.parse_expression(spelled), site.place))
    for option in options_of(value):
        if not isinstance(option, External):
            continue
        found = keras_name(option.name)
        if found is None:
            below = site.name.root.removeprefix(option.name)
            # TensorFlow has no attribute `python`: what is inside can be imported only.
            if site.name.root.startswith(option.name + ".") and not f"{below}.".startswith(".python."):
                yield 3, f"{spelled}{below}.regularizers.{name}"
        elif found.path == f"regularizers.{name}":
            yield 0, spelled
        elif found.path == "regularizers":
            yield 1, f"{spelled}.{name}"
        elif found.path == "":
            yield 2, f"{spelled}.regularizers.{name}"
