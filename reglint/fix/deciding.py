"""Where a finding is mended: the places that decide what its layer gets, the best first.

Most layers are mended in their own call. A value that comes from elsewhere, such as a partial, a dict behind ``**``, a
base class's ``__init__``, the default of a parameter or a constant, is changed there, once for all that it reaches.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import libcst as cst

from reglint.fix.arguments import key_of
from reglint.fix.fix import NotFixable, Setting
from reglint.fix.spelling import number_text, spell
from reglint.fix.strengths import names_in, renumbered
from reglint.fix.users import class_use, place_name
from reglint.keras.names import keras_name
from reglint.keras.penalty import Penalty
from reglint.keras.traits import NO_PENALTY
from reglint.keras.weights import weight_use
from reglint.resolve.bind import super_calls
from reglint.resolve.nodes import last_name
from reglint.resolve.origins import Named, Returned, Untraceable, origins
from reglint.resolve.values import (
    Constant,
    Definition,
    Expression,
    External,
    Mapping,
    Partial,
    Place,
    options_of,
    place_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reglint.files.edit import Edit
    from reglint.fix.habit import Habit
    from reglint.fix.strengths import Renumbered
    from reglint.keras.module import KerasModule
    from reglint.keras.sites import Site
    from reglint.resolve.origins import Holder, Origin
    from reglint.resolve.values import Parameter
    from reglint.rules.rule import Change

_PASSING = ("get", "deserialize")
"""The functions of ``keras.regularizers`` that return a regularizer as it is given."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """One way to mend a finding.

    ``shared``: the place may decide more than this, so that who uses it has to be known: whoever reads one of
    ``holders`` other than by the nodes ``reads``. ``tried``: whether it does what it should is tried first.
    """

    settings: tuple[Setting, ...]
    text: str
    imports: tuple[Edit, ...] = ()
    holders: tuple[Holder, ...] = ()
    reads: tuple[cst.CSTNode, ...] = ()
    tried: bool = True
    where: str | None = None
    """Where the change is made, if that is not the call."""
    default_of: Parameter | None = None


def proposals(change: Change, module: KerasModule, habit: Habit) -> Iterator[Proposal | NotFixable]:
    """The ways to mend a finding, the best first, and at the end why there is none."""
    return _Deciding(change, module, habit).all()


@dataclass(frozen=True, slots=True)
class _Written:
    """A regularizer as text, None for none at all."""

    value: str | None
    imports: tuple[Edit, ...]
    factors: tuple[tuple[str, str], ...] = ()
    """Its strengths as they are written, by the name of the penalty; none where it is a name."""


class _Deciding:
    def __init__(self, change: Change, module: KerasModule, habit: Habit) -> None:
        self.change = change
        self.module = module
        self.habit = habit
        self.site: Site = change.site
        self.argument = change.use.weight.argument
        self.made = change.site.alternatives[0]
        self.reason: str | None = None
        self._dicts: list[cst.Dict] = []
        """Those that are splatted into the call."""

    def all(self) -> Iterator[Proposal | NotFixable]:
        """The proposals, and at last why no other one is left: empty where that is for who refused them to say."""
        if self.change.requirement.not_written is not None:
            yield NotFixable(self.change.requirement.not_written)
            return
        present = self.change.use.state in ("set", "none")
        for one in self._of_what_is_there() if present else self._of_what_is_missing():
            if isinstance(one, NotFixable):
                self.reason = self.reason or one.reason
            else:
                yield one
        yield NotFixable(self.reason or "")

    # An argument that is passed already

    def _of_what_is_there(self) -> Iterator[Proposal | NotFixable]:
        argument = self.change.use.argument
        if argument is None:
            yield NotFixable(f'a class sets "{self.argument}" itself; change it there')
            return
        own = next((each for each in self.site.call.args if each.value is argument.node), None)
        holders: tuple[Holder, ...] = ()
        reads: tuple[cst.CSTNode, ...] = ()
        try:
            if own is None:
                holders, reads = self._containers()
            found = self._wrong(self._origins(argument))
            reads = (*reads, *self._other_layers())
            parameter = found[0].parameter if len(found) == 1 else None
        except Untraceable as error:
            yield NotFixable(str(error))
            found, parameter = (), error.parameter
        try:
            strengths = [(each, self._origins(each)) for each in self._strengths(found)]
        except Untraceable as error:
            yield NotFixable(str(error))
            return
        reason = self._why_not_the_class() if own is None else None
        if reason is not None:
            yield NotFixable(reason)
        elif self._is_of_the_kind() and len(strengths) == 1 == len(found) and _are_numbers(strengths[0][1]):
            yield self._other_number(strengths[0][1], found, holders, reads)
            if not self._is_constant(strengths[0][1]):
                return
        elif not all(self._is_constant(numbers) for _, numbers in strengths):
            yield NotFixable("its strength is worked out from what callers or objects say; change it there")
            return
        if own is not None and self._is_written_in(own.value, found):
            yield self._renumbered(own, found[0]) or self._in_call(own)
            return
        if found and reason is None:
            yield self._other_value(found, holders, reads)
        if own is not None and self._is_constant(found):
            yield self._in_call(own)
        elif own is None and (self.site.via == "partial" or self.made.lineage):
            yield self._at_call(parameter)

    def _wrong(self, found: tuple[Origin, ...]) -> tuple[Origin, ...]:
        """Those of the places that have what the policy does not allow, where callers differ."""
        weight, resolver = self.change.use.weight, self.module.resolver
        if len(found) == 1 or not self._is_for_some():
            return found
        return tuple(
            origin
            for origin in found
            if self._breaks(
                weight_use(
                    weight, resolver.value(origin.expression), None, resolver, self.site.generation
                ).penalty
            )
        )

    def _is_for_some(self) -> bool:
        """Whether callers differ, so that others of them have what they should."""
        role = self.change.use.weight.role
        return bool(next(use for use in self.site.weights if use.weight.role == role).by_callers)

    def _wrong_numbers(self, found: tuple[Origin, ...]) -> tuple[Origin, ...]:
        """Those of the places that hold another strength than the policy allows, where callers differ."""
        if not self._is_for_some():
            return found
        kind, resolver = self.change.requirement.penalty(self.change.use.penalty).kind, self.module.resolver
        values = [(origin, resolver.value(origin.expression)) for origin in found]
        return tuple(
            origin
            for origin, value in values
            if isinstance(value, Constant)
            and isinstance(value.value, (int, float))
            and self._breaks(Penalty(l1=value.value) if kind == "l1" else Penalty(l2=value.value))
        )

    def _breaks(self, penalty: Penalty | None) -> bool:
        return self.change.requirement.violation(penalty or NO_PENALTY) is not None

    def _is_written_in(self, value: cst.BaseExpression, found: tuple[Origin, ...]) -> bool:
        """Whether an argument is the regularizer as such, perhaps inside ``regularizers.get(...)``."""
        if len(found) != 1 or found[0].holders:
            return False
        return found[0].expression.node is value or isinstance(value, cst.Call)

    def _strengths(self, found: tuple[Origin, ...]) -> Iterator[Expression]:
        """The names in the strengths of the regularizer, which another regularizer in its place would not have."""
        several = [origin.expression for origin in found]
        for made in several if len(several) > 1 else [self.change.use.made] * len(several):
            if made is None or not isinstance(made.node, cst.Call) or self._is_forbidden():
                continue
            for each in made.node.args:
                yield from (Expression(node, made.place) for node in names_in(each.value))

    def _is_forbidden(self) -> bool:
        return self.change.requirement.penalty(self.change.use.penalty).kind == "none"

    def _is_of_the_kind(self) -> bool:
        """Whether the regularizer is right but for its strength, which is its only argument."""
        made, kind = self.change.use.made, self.change.requirement.penalty(self.change.use.penalty).kind
        return (
            made is not None
            and isinstance(made.node, cst.Call)
            and len(made.node.args) == 1
            and isinstance(made.node.args[0].value, (cst.Name, cst.Attribute))
            and kind in ("l1", "l2")
            and last_name(made.node.func).lower() == kind
        )

    def _other_number(
        self,
        numbers: tuple[Origin, ...],
        found: tuple[Origin, ...],
        holders: tuple[Holder, ...],
        reads: tuple[cst.CSTNode, ...],
    ) -> Proposal:
        """Change the number alone, where it is decided; ``found`` is where the regularizer is."""
        requirement = self.change.requirement
        penalty = requirement.penalty(self.change.use.penalty)
        text = number_text((requirement.l1 if penalty.kind == "l1" else requirement.l2).written, self.habit)
        numbers = self._wrong_numbers(numbers)
        settings = tuple(Setting(origin.expression.node, None, text) for origin in numbers)
        return self._replacing(numbers, settings, text, (), *self._shared((*numbers, *found), holders, reads))

    def _other_value(
        self, found: tuple[Origin, ...], holders: tuple[Holder, ...], reads: tuple[cst.CSTNode, ...]
    ) -> Proposal | NotFixable:
        """Change what is written wherever the value comes from."""
        settings: list[Setting] = []
        imports: tuple[Edit, ...] = ()
        text: str | None = None
        for origin in found:
            written = self._spelled(self._class_expression(), origin.expression.place)
            numbers = self._other_strengths(origin, written)
            if numbers is not None:
                settings += numbers.settings
                text = numbers.text
                continue
            if isinstance(written, NotFixable):
                return written
            text = written.value
            owner = self._holding(origin.expression.node) if text is None else None
            if owner is not None:
                settings.append(Setting(owner, self.argument, None))
            else:
                settings.append(Setting(origin.expression.node, None, text or "None"))
            imports += written.imports
        return self._replacing(found, tuple(settings), text, imports, *self._shared(found, holders, reads))

    def _other_strengths(self, origin: Origin, written: _Written | NotFixable) -> Renumbered | None:
        """Change the numbers alone of a regularizer that is of the right kind, unless there is a name for it."""
        requirement = self.change.requirement
        if isinstance(written, NotFixable):
            texts = {
                "l1": number_text(requirement.l1.written, self.habit),
                "l2": number_text(requirement.l2.written, self.habit),
            }
        else:
            texts = dict(written.factors)
        return renumbered(origin.expression, self.change, self.module, texts) if texts else None

    def _shared(
        self, found: tuple[Origin, ...], holders: tuple[Holder, ...], reads: tuple[cst.CSTNode, ...]
    ) -> tuple[tuple[Holder, ...], tuple[cst.CSTNode, ...]]:
        return (
            (*holders, *(holder for origin in found for holder in origin.holders)),
            (*reads, *(read for origin in found for read in origin.reads)),
        )

    def _other_layers(self) -> Iterator[cst.CSTNode]:
        """What layers of Keras get as the same argument, by its name or in a dict.

        Another value of it does no more to them than is tried, also where they have no such weight.
        """
        for site in self.module.sites:
            uses = [use for use in site.weights if use.weight.argument == self.argument]
            if any(use.state in ("unknown", "passed") for use in uses) or any(
                made.lineage for made in site.alternatives
            ):
                continue
            for each in site.call.args:
                if each.star == "**" or (each.keyword is not None and each.keyword.value == self.argument):
                    yield each.value

    def _replacing(
        self,
        found: tuple[Origin, ...],
        settings: tuple[Setting, ...],
        text: str | None,
        imports: tuple[Edit, ...],
        holders: tuple[Holder, ...],
        reads: tuple[cst.CSTNode, ...],
    ) -> Proposal:
        default_of = next((origin.parameter for origin in found if origin.parameter is not None), None)
        names = [holder.name for holder in found[0].holders if not isinstance(holder, Returned)]
        where = ", ".join(self._where(origin) for origin in found)
        removed = all(setting.value is None for setting in settings)
        shown = _shown(
            names[-1] if names and not removed else self.argument, None if removed else text or "None"
        )
        return Proposal(settings, shown, imports, holders, reads, where=where, default_of=default_of)

    def _where(self, origin: Origin) -> str:
        place = place_name(origin.expression.node, self.module)
        if origin.parameter is not None:
            return f"in the default of `{origin.parameter.name}` on {place}"
        return f"in {place}" if place.startswith("cell") else f"on {place}"

    def _is_constant(self, found: tuple[Origin, ...]) -> bool:
        """Whether a value is a variable of its own: not what callers pass, nor what objects keep."""
        return bool(found) and all(
            isinstance(holder, Named) and holder.scope.bindings[holder.name][0].kind == "assign"
            for origin in found
            for holder in origin.holders
        )

    def _holding(self, value: cst.CSTNode) -> cst.Call | cst.Dict | None:
        """The call or dict that has an expression as the value of the argument."""
        for record in self.module.index.calls:
            for each in record.node.args:
                if each.value is value and each.keyword is not None and each.keyword.value == self.argument:
                    return record.node
        return next(
            (
                written
                for written in self._dicts
                for element in written.elements
                if element.value is value and key_of(element) == self.argument
            ),
            None,
        )

    # An argument that is not passed

    def _of_what_is_missing(self) -> Iterator[Proposal | NotFixable]:
        own = {each.keyword.value for each in self.site.call.args if each.keyword is not None}
        elsewhere_too = not own.issuperset(dict(self.made.arguments.keywords))
        if self.made.lineage:
            yield from self._in_class()
            yield self._at_call()
        elif self.site.via == "partial":
            yield from self._in_partial()
            yield self._at_call()
        elif elsewhere_too:
            yield from self._in_dict()
            yield self._at_call()
        else:
            yield self._at_call(tried=False)

    def _in_class(self) -> Iterator[Proposal | NotFixable]:
        """Where the class that has the Keras layer as its base calls that base's ``__init__``."""
        owner = self.made.lineage[-1]
        node = owner.node
        assert isinstance(node, cst.ClassDef)
        reason = self._why_not_the_class()
        if reason is not None:
            yield NotFixable(reason)
            return
        init = self.module.resolver.names.class_attribute(owner, "__init__")
        if not isinstance(init, Definition):
            yield NotFixable(f"`{node.name.value}` has no `__init__` that could pass a regularizer on")
            return
        calls = [record for record, _ in super_calls(init.scope)]
        if len(calls) != 1 or any(each.star == "**" for each in calls[0].node.args):
            yield NotFixable(f"`{node.name.value}` passes on what its callers give it")
            return
        base = next((each.value for each in node.bases if not each.star), self.site.call.func)
        written = self._spelled(base, place_of(calls[0]))
        if isinstance(written, NotFixable):
            yield written
            return
        where = f"in `{node.name.value}` on {place_name(calls[0].node, self.module)}"
        yield self._adding((calls[0].node,), written, where=where)

    def _why_not_the_class(self) -> str | None:
        """Why what the layer's class decides cannot be changed in the class, if the layer is of one of the project."""
        for each in self.made.lineage:
            assert isinstance(each.node, cst.ClassDef)
            name = each.node.name.value
            if each.scope.index is not self.module.index:
                return f"`{name}` is defined in {each.scope.index.path.name}; change it there"
            if (reason := class_use(each, self.module)) is not None:
                return reason
        return None

    def _in_partial(self) -> Iterator[Proposal | NotFixable]:
        try:
            holders, reads = self._callee()
            found = [origin.expression for origin in self._origins(self._func())]
        except Untraceable as error:
            yield NotFixable(str(error))
            return
        written = _Written(None, ())
        nodes = []
        for each in found:
            if not isinstance(each.node, cst.Call) or not self._is_partial(each) or not each.node.args:
                yield NotFixable("the partial is made in a way that could not be followed")
                return
            spelled = self._spelled(each.node.args[0].value, each.place)
            if isinstance(spelled, NotFixable):
                yield spelled
                return
            written = spelled
            nodes.append(each.node)
        where = ", ".join(f"in the partial on {place_name(node, self.module)}" for node in nodes)
        yield self._adding(tuple(nodes), written, holders, reads, where)

    def _in_dict(self) -> Iterator[Proposal | NotFixable]:
        splats = [each for each in self.site.call.args if each.star == "**"]
        if len(splats) != 1:
            yield NotFixable("arguments of this call are set in several dicts")
            return
        try:
            found = self._origins(Expression(splats[0].value, self.site.place))
        except Untraceable as error:
            yield NotFixable(str(error))
            return
        written = _Written(None, ())
        for origin in found:
            if not self._is_written_dict(origin.expression):
                yield NotFixable("the dict is made in a way that could not be followed")
                return
            spelled = self._spelled(self.site.call.func, origin.expression.place)
            if isinstance(spelled, NotFixable):
                yield spelled
                return
            written = spelled
        nodes = tuple(origin.expression.node for origin in found)
        where = ", ".join(f"in the dict on {place_name(node, self.module)}" for node in nodes)
        holders = tuple(holder for origin in found for holder in origin.holders)
        reads = tuple(read for origin in found for read in origin.reads)
        yield self._adding(nodes, written, holders, reads, where)

    def _is_written_dict(self, expression: Expression) -> bool:
        """Whether an entry can be added to an expression: ``{...}``, ``dict(...)``."""
        node = expression.node
        if isinstance(node, cst.Dict):
            return True
        return (
            isinstance(node, cst.Call)
            and self.module.resolver.value(Expression(node.func, expression.place))
            == External("builtins.dict")
            and isinstance(self.module.resolver.value(expression), Mapping)
        )

    def _adding(
        self,
        nodes: tuple[cst.BaseExpression, ...],
        written: _Written,
        holders: tuple[Holder, ...] = (),
        reads: tuple[cst.CSTNode, ...] = (),
        where: str | None = None,
    ) -> Proposal:
        settings = tuple(Setting(node, self.argument, written.value) for node in nodes)
        return Proposal(
            settings, _shown(self.argument, written.value), written.imports, holders, reads, where=where
        )

    # The layer's own call

    def _at_call(self, parameter: Parameter | None = None, *, tried: bool = True) -> Proposal | NotFixable:
        """Pass the regularizer in the call, by the name of ``parameter`` where its class has one for it."""
        name = self.argument if parameter is None else parameter.name
        written = self._spelled(self._class_expression(), self.site.place)
        if isinstance(written, NotFixable):
            return written
        setting = Setting(self.site.call, name, written.value)
        return Proposal((setting,), _shown(name, written.value), written.imports, tried=tried)

    def _renumbered(self, own: cst.Arg, origin: Origin) -> Proposal | None:
        """Change the numbers alone of a regularizer that is written in the call."""
        written = self._spelled(self._class_expression(), self.site.place)
        numbers = self._other_strengths(origin, written)
        if numbers is None:
            return None
        name = self.argument if own.keyword is None else own.keyword.value
        tried = bool(self.made.lineage) or own.value is not origin.expression.node
        return Proposal(numbers.settings, f"{name}={numbers.text}", tried=tried)

    def _in_call(self, own: cst.Arg) -> Proposal | NotFixable:
        if own.keyword is not None and own.keyword.value == self.argument:
            return self._at_call(tried=bool(self.made.lineage))
        written = self._spelled(self._class_expression(), self.site.place)
        if isinstance(written, NotFixable):
            return written
        value = written.value or "None"
        name = self.argument if own.keyword is None else own.keyword.value
        return Proposal((Setting(own.value, None, value),), f"{name}={value}", written.imports)

    # What stands between the call and its arguments

    def _containers(self) -> tuple[tuple[Holder, ...], tuple[cst.CSTNode, ...]]:
        """The names of the partial and of the dicts that the arguments of the call are in, and where it reads them."""
        holders, reads = self._callee() if self.site.via == "partial" else ((), ())
        for each in self.site.call.args:
            if each.star == "**":
                for origin in self._origins(Expression(each.value, self.site.place)):
                    holders += origin.holders
                    reads += origin.reads
                    if isinstance(origin.expression.node, cst.Dict):
                        self._dicts.append(origin.expression.node)
        return holders, reads

    def _callee(self) -> tuple[tuple[Holder, ...], tuple[cst.CSTNode, ...]]:
        """The names that a partial goes through.

        What its other calls make is known as well: that it stays as it is, is tried.
        """
        found = self._origins(self._func())
        return self._shared(found, (), tuple(site.call.func for site in self.module.sites))

    def _origins(self, expression: Expression) -> tuple[Origin, ...]:
        return origins(expression, self.module.resolver, self.module.index, _passes)

    def _func(self) -> Expression:
        return Expression(self.site.call.func, self.site.place)

    def _is_partial(self, expression: Expression) -> bool:
        return any(isinstance(each, Partial) for each in options_of(self.module.resolver.value(expression)))

    def _class_expression(self) -> cst.BaseExpression:
        """An expression that names the Keras layer, to see how this file says Keras."""
        if self.site.via == "partial":
            try:
                found = self._origins(self._func())
            except Untraceable:
                return self.site.call.func
            node = found[0].expression.node
            if isinstance(node, cst.Call) and node.args:
                return node.args[0].value
        if self.made.lineage and self.made.lineage[-1].scope.index is self.module.index:
            owner = self.made.lineage[-1].node
            assert isinstance(owner, cst.ClassDef)
            return next((each.value for each in owner.bases if not each.star), self.site.call.func)
        return self.site.call.func

    def _spelled(self, named: cst.BaseExpression, place: Place) -> _Written | NotFixable:
        """The regularizer as it is written at a place where the layer is called ``named``."""
        penalty = self.change.requirement.penalty(self.change.use.penalty)
        if penalty.kind == "none":
            return _Written(None, ())
        here = self.site
        if named is not here.call.func or place is not here.place:
            here = replace(here, call=cst.Call(func=named), place=place._replace(frame=None))
        spelling = spell(self.module, replace(self.change, site=here), penalty, self.habit)
        return (
            spelling
            if isinstance(spelling, NotFixable)
            else _Written(spelling.text, spelling.imports, spelling.factors)
        )


def _shown(name: str, value: str | None) -> str:
    return f"remove {name}" if value is None else f"{name}={value}"


def _are_numbers(origins: Sequence[Origin]) -> bool:
    """Whether all that is written in these places are numbers as such."""
    return not any(True for origin in origins for _ in names_in(origin.expression.node))


def _passes(dotted: str) -> bool:
    name = keras_name(dotted)
    return name is not None and name.module == "regularizers" and name.last in _PASSING
