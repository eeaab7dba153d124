"""How this file would write a regularizer: as it already does, or with the names that it has."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import libcst as cst

from reglint.fix.fix import NotFixable
from reglint.fix.imports import import_edit
from reglint.keras.names import is_defined, keras_name
from reglint.resolve.scopes import dotted_name
from reglint.resolve.values import Expression, External, Place, Unknown, options_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reglint.files.edit import Edit
    from reglint.keras.module import KerasModule
    from reglint.keras.names import KerasName
    from reglint.keras.sites import Site
    from reglint.policy.requirement import Requirement

_CLASSES = {"l1": "L1", "l2": "L2", "l1_l2": "L1L2"}


@dataclass(frozen=True, slots=True)
class Spelling:
    """An expression that makes a regularizer, and the import edits that it needs."""

    text: str
    imports: tuple[Edit, ...] = ()


@dataclass(frozen=True, slots=True)
class Habit:
    """How a file writes its regularizers: as classes or functions, and before them what (``tf.keras.regularizers``).

    ``modules`` are the names that stand for something imported anywhere at the module's level: there can be very many
    others, and each site asks for these.
    """

    classes: bool
    prefixes: tuple[str, ...]
    modules: tuple[str, ...]


def spell(
    module: KerasModule, site: Site, requirement: Requirement, kind: str, habit: Habit
) -> Spelling | NotFixable:
    """Write a regularizer of ``kind`` (l1, l2 or l1_l2) with the requirement's numbers, for use at ``site``."""
    names = (_CLASSES[kind], kind) if habit.classes else (kind, _CLASSES[kind])
    l1, l2 = requirement.l1.written, requirement.l2.written
    factors = {"l1": str(l1), "l2": str(l2), "l1_l2": f"l1={l1}, l2={l2}"}[kind]
    for name in names:
        for prefix in (*habit.prefixes, "", *_prefixes(module, site, habit)):
            spelled = f"{prefix}.{name}" if prefix else name
            if _means(module, site, spelled, f"regularizers.{name}"):
                return Spelling(f"{spelled}({factors})")
    found = import_edit(module, site, "regularizers")
    if isinstance(found, NotFixable):
        return found
    name = next(name for name in names if is_defined(f"{found.module}.{name}"))
    return Spelling(f"{found.name}.{name}({factors})", (found.edit,))


def habit_of(module: KerasModule) -> Habit:
    """How the regularizers that stand in a module are written, the most frequent way first."""
    prefixes: Counter[str] = Counter()
    classes = 0
    for record in module.index.calls:
        spelled = dotted_name(record.node.func)
        if spelled is None or spelled.rpartition(".")[2] not in (*_CLASSES, *_CLASSES.values()):
            continue
        prefix, _, name = spelled.rpartition(".")
        prefixes[prefix] += 1
        classes += 1 if name in _CLASSES.values() else -1
    written = tuple(prefix for prefix, _ in prefixes.most_common() if prefix)
    return Habit(classes > 0, written, tuple(_imported(module)))


def _imported(module: KerasModule) -> Iterator[str]:
    names = module.resolver.names
    for name, bindings in module.index.top.bindings.items():
        if name != "*" and any(
            isinstance(option, External)
            for binding in bindings
            for option in options_of(names.bound([binding], None))
        ):
            yield name


def _means(module: KerasModule, site: Site, spelled: str, path: str) -> bool:
    """Whether ``spelled``, at the site, is the object ``path`` of the Keras that the site's layer comes from."""
    expression = cst.parse_expression(spelled)
    for place in _places(module, site, spelled.partition(".")[0]):
        value = module.resolver.value(Expression(expression, place))
        if not isinstance(value, External) or not is_defined(value.name):
            return False
        name = keras_name(value.name)
        if name is None or name.path != path or name.root != site.name.root:
            return False
    return True


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


def _prefixes(module: KerasModule, site: Site, habit: Habit) -> Iterator[str]:
    """What module names this file has for Keras's regularizers, those of the site's own spelling first."""
    callee = dotted_name(site.call.func) or ""
    parts = callee.split(".")
    for end in range(len(parts) - 1, 0, -1):
        yield from _below(".".join(parts[:end]), module, site)
    for name in habit.modules:
        yield from _below(name, module, site)


def _below(spelled: str, module: KerasModule, site: Site) -> Iterator[str]:
    """The ways from the object ``spelled`` to the regularizers module."""
    value = module.resolver.value(Expression(cst.parse_expression(spelled), site.place))
    for option in options_of(value):
        if isinstance(option, External):
            name = keras_name(option.name)
            if name is not None:
                yield from _from_keras(spelled, name)
            elif site.name.root.startswith(option.name + "."):
                yield f"{spelled}{site.name.root.removeprefix(option.name)}.regularizers"


def _from_keras(spelled: str, name: KerasName) -> Iterator[str]:
    if name.path == "regularizers":
        yield spelled
    elif name.path == "":
        yield f"{spelled}.regularizers"
