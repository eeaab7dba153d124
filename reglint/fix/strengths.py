"""Another strength for a regularizer that is there: its numbers change, and all else that is written stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import libcst as cst

from reglint.fix.fix import Setting
from reglint.keras.names import keras_name
from reglint.keras.penalty import strengths_of
from reglint.keras.weights import weight_use
from reglint.resolve.nodes import children
from reglint.resolve.values import Expression, External, options_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from reglint.keras.module import KerasModule
    from reglint.resolve.values import Value
    from reglint.rules.rule import Change


class Renumbered(NamedTuple):
    """What gives a regularizer other strengths, and how it is written then."""

    settings: tuple[Setting, ...]
    text: str


def renumbered(
    written: Expression, change: Change, module: KerasModule, texts: Mapping[str, str]
) -> Renumbered | None:
    """How the call that makes a regularizer gets the strengths that are asked for, by its numbers alone.

    ``texts`` are the strengths by their names: ``l2``. None where numbers are not all that has to change: the
    regularizer is of another kind, its strength stands elsewhere or is left out beside others.
    """
    call, resolver = written.node, module.resolver
    if not isinstance(call, cst.Call):
        return None
    parameters = _parameters(resolver.value(Expression(call.func, written.place)))
    use = weight_use(change.use.weight, resolver.value(written), None, resolver, change.site.generation)
    if not parameters or use.penalty is None or any(each.star for each in call.args):
        return None
    asked = change.requirement.penalty(use.penalty)
    if asked.kind != use.penalty.kind:
        return None
    given = {
        parameters[place] if each.keyword is None else each.keyword.value: each
        for place, each in enumerate(call.args)
    }
    source = module.index.text.value
    if not given and len(parameters) == 1:
        function = module.exact_span(call.func)
        text = f"{source[function.start : function.end]}({texts[parameters[0]]})"
        return Renumbered((Setting(call, None, text),), text)
    old, new = ({"l1": each.l1, "l2": each.l2} for each in (use.penalty, asked))
    settings = {}
    for parameter in parameters:
        if old[parameter] == new[parameter]:
            continue
        its = given.get(parameter) or (given.get("l") if len(parameters) == 1 else None)
        if its is None or any(True for _ in names_in(its.value)):
            return None
        settings[its] = Setting(its.value, None, texts[parameter])
    if not settings:
        return None
    return Renumbered(tuple(settings.values()), _text(call, settings, module))


def _parameters(callee: Value) -> tuple[str, ...]:
    """The strengths that a regularizer of Keras takes, whichever of several it is; none where they differ."""
    found = set()
    for option in options_of(callee):
        name = keras_name(option.name) if isinstance(option, External) else None
        found.add(strengths_of(name.last) if name is not None and name.module == "regularizers" else ())
    return found.pop() if len(found) == 1 else ()


def _text(call: cst.Call, settings: Mapping[cst.Arg, Setting], module: KerasModule) -> str:
    """A call on one line, with the values that are set."""

    def code(node: cst.BaseExpression) -> str:
        return cst.Module([]).code_for_node(module.twin(node))

    arguments = [
        (f"{each.keyword.value}=" if each.keyword is not None else "")
        + (str(settings[each].value) if each in settings else code(each.value))
        for each in call.args
    ]
    return f"{code(call.func)}({', '.join(arguments)})"


def names_in(node: cst.CSTNode) -> Iterator[cst.BaseExpression]:
    """The names and attributes in an expression, and the calls without arguments."""
    pending = [node]
    while pending:
        each = pending.pop()
        if isinstance(each, (cst.Name, cst.Attribute)) or (isinstance(each, cst.Call) and not each.args):
            yield each
        elif isinstance(each, cst.Call):
            pending += (argument.value for argument in each.args)
        else:
            pending += children(each)
