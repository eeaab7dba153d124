"""The habits of a file: how its regularizers are written, where in a call, and which names it has for them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import libcst as cst

from reglint.keras.catalog import ROLES
from reglint.keras.names import keras_name
from reglint.resolve.nodes import dotted_name, last_name
from reglint.resolve.values import External, options_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from reglint.keras.module import KerasModule
    from reglint.resolve.scopes import CallRecord

CLASSES = {"l1": "L1", "l2": "L2", "l1_l2": "L1L2"}
"""The functions of ``keras.regularizers`` and the classes that they make."""

_KINDS = {**{name: name for name in CLASSES}, **{made: name for name, made in CLASSES.items()}}
_FACTOR = re.compile(r"(?i)weight_?decay|regulari|penalty|(?:^|_)(?:reg|l1|l2|wd)(?:_|$)")
"""In the names of constants that are factors of a regularizer though none of the file uses them yet."""


@dataclass(frozen=True, slots=True)
class Habit:
    """What the code of a module is used to. Names and spellings come the most frequent first."""

    classes: bool
    """Whether regularizers are written as classes (``L2``) and not as functions (``l2``)."""
    prefixes: tuple[str, ...]
    """What is written before their names: ``tf.keras.regularizers``."""
    keywords: Mapping[str, str]
    """By kind, the keyword that the only factor is passed by, where it is."""
    factors: tuple[str, ...]
    """The names that factors have: ``WEIGHT_DECAY``, ``config.decay``."""
    shared: tuple[str, ...]
    """The names of what is passed as a regularizer: ``REG``, ``self.regularizer``."""
    modules: tuple[str, ...]
    """The names of the module that stand for something imported: there can be very many others."""
    bound: frozenset[str]
    """Every name that is bound in the functions and classes around the layers."""
    numbers: Mapping[float, str]
    """How numbers are written that are factors."""
    later: frozenset[str]
    """The arguments that stand after regularizers: ``name``."""

    def without(self, names: Collection[str]) -> Habit:
        """The same without some of the names that factors and regularizers have."""
        return replace(
            self,
            factors=tuple(name for name in self.factors if name not in names),
            shared=tuple(name for name in self.shared if name not in names),
        )


def habit_of(module: KerasModule) -> Habit:
    """The habits that show in a module."""
    prefixes: Counter[str] = Counter()
    keywords: dict[str, Counter[str]] = defaultdict(Counter)
    factors: Counter[str] = Counter()
    shared: Counter[str] = Counter()
    others: set[str] = set()
    numbers: dict[float, str] = {}
    later: Counter[str] = Counter()
    classes = 0
    for record in module.index.calls:
        _count_order(record, later)
        kind = _KINDS.get(last_name(record.node.func))
        spelled = dotted_name(record.node.func) if kind is not None else None
        if kind is not None and spelled is not None:
            prefix, _, name = spelled.rpartition(".")
            prefixes[prefix] += 1
            classes += -1 if name == kind else 1
            keywords[kind][_keyword(record)] += 1
        for argument in record.node.args:
            if kind is not None and isinstance(argument.value, (cst.Float, cst.Integer)):
                numbers.setdefault(argument.value.evaluated_value, argument.value.value)
            written = dotted_name(argument.value)
            if written is None or written == "None":
                continue
            if kind is not None:
                factors[written] += 1
            elif argument.keyword is not None and is_regularizer(argument.keyword.value):
                shared[written] += 1
            else:
                others.add(written)
    named = [name for name in _single_values(module) if name not in others]
    return Habit(
        classes=classes > 0,
        prefixes=tuple(prefix for prefix, _ in prefixes.most_common() if prefix),
        keywords={kind: next(iter(found)) for kind, found in keywords.items() if len(found) == 1},
        factors=(
            *_by_number(factors),
            *(name for name in named if name not in factors and _FACTOR.search(name)),
        ),
        shared=(*_by_number(shared), *(name for name in _made(module) if name not in shared)),
        modules=tuple(_imported(module)),
        bound=frozenset(_bound(module)),
        numbers=numbers,
        later=frozenset(name for name, number in later.items() if number > 0),
    )


def is_regularizer(argument: str) -> bool:
    """Whether an argument regularizes a weight, by its name."""
    return argument.endswith("_regularizer")


def is_for(name: str, argument: str) -> bool:
    """Whether something of this name can be meant for ``argument``: ``BIAS_DECAY`` is not for a kernel."""
    role = argument.removesuffix("_regularizer")
    words = set(re.split(r"[_.\d]|(?<=[a-z])(?=[A-Z])", name.lower()))
    return role in words or not words.intersection(ROLES)


def _by_number(found: Counter[str]) -> Iterator[str]:
    return (name for name, _ in found.most_common())


def _keyword(record: CallRecord) -> str:
    """The keyword that the only argument of a call is passed by; empty where there is none."""
    match record.node.args:
        case [cst.Arg(keyword=cst.Name(name))]:
            return name
    return ""


def _count_order(record: CallRecord, later: Counter[str]) -> None:
    """Count for each keyword of a call how often it stands after all regularizers, less how often it stands before."""
    names = [argument.keyword.value for argument in record.node.args if argument.keyword is not None]
    places = [place for place, name in enumerate(names) if is_regularizer(name)]
    if not places:
        return
    for place, name in enumerate(names):
        if place not in places:
            later[name] += 1 if place > places[-1] else -1


def _single_values(module: KerasModule) -> Iterator[str]:
    """The names that the module binds once, to a number or to what it imports from elsewhere than Keras."""
    for name, bindings in module.index.top.bindings.items():
        if len(bindings) > 1:
            continue
        imported = bindings[0].imported
        if isinstance(bindings[0].node, (cst.Float, cst.Integer)) or (
            imported is not None and keras_name(imported.module) is None
        ):
            yield name


def _made(module: KerasModule) -> Iterator[str]:
    """The names that the module binds once, to a regularizer."""
    for name, bindings in module.index.top.bindings.items():
        match bindings:
            case [binding] if isinstance(binding.node, cst.Call) and not binding.unpack:
                if last_name(binding.node.func) in _KINDS:
                    yield name


def _imported(module: KerasModule) -> Iterator[str]:
    names = module.resolver.names
    for name, bindings in module.index.top.bindings.items():
        if name != "*" and any(
            isinstance(option, External)
            for binding in bindings
            for option in options_of(names.bound([binding], None))
        ):
            yield name


def _bound(module: KerasModule) -> Iterable[str]:
    scopes = {}
    for site in module.sites:
        scope = site.place.scope
        while scope.parent is not None and scope not in scopes:
            scopes[scope] = scope.bindings.keys()
            scope = scope.parent
    return (name for names in scopes.values() for name in names)
