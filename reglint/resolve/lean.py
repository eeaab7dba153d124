"""libcst trees without white space and punctuation, made from ``ast`` ones.

What an expression means does not depend on how it is laid out, and most of what libcst's parser makes is layout: it
takes ten times as long as ``ast``. So the trees that are read are made here, of libcst's own nodes, with the nodes that
libcst would make in the same order; where it matters how something is written, as for a fix, ``twins_of`` finds the
node of libcst's own tree for one of these. What differs is the text of strings: it is that of their value, and strings
side by side are one. Formatted strings have the parts that ``ast`` gives them.
"""

from __future__ import annotations

import ast
import dataclasses
import re
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn, TypeAlias

import libcst as cst

from reglint.resolve.nodes import code_fields

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from reglint.files.text import Text

Range: TypeAlias = tuple[int, int, int, int]
"""Where a node starts and ends, in ``ast``'s terms: lines from 1, columns in bytes of UTF-8."""


class Lean(NamedTuple):
    """A tree, and where its calls and imports stand."""

    tree: cst.Module
    ranges: Mapping[cst.CSTNode, Range]


class UnusualError(Exception):
    """Something that is left to libcst's parser: so few modules have it that it is not worth a second way."""


def lean_tree(syntax: ast.Module, text: Text, lines: int = 0) -> Lean:
    """The libcst tree of a part of a module that ``ast`` has parsed; in ``text`` there are so many lines before it.

    Raises:
        UnusualError: it has something that only libcst's own parser is used for.
    """
    maker = _Maker(text, lines)
    try:
        return Lean(_module(maker.block(syntax.body)), maker.ranges)
    except RecursionError:
        raise UnusualError from None


def _constructor(kind: type[cst.CSTNode], *given: str) -> Callable[..., Any]:
    """What makes nodes of a kind from some of their fields; others that can hold code have their defaults.

    The constructors of libcst check what they are given, and make white space for each node. Going round them makes
    nodes in a fraction of the time. The fields of layout are not even set: who asks for one of them has the wrong tree.
    """
    defaults: dict[str, object] = {}
    for each in dataclasses.fields(kind):
        if each.name in given or each.name not in code_fields(kind):
            continue
        if each.default_factory is not dataclasses.MISSING:
            defaults[each.name] = each.default_factory()
        elif each.default is not dataclasses.MISSING:
            defaults[each.name] = each.default
    lines = [f"def make({', '.join(given)}):", " node = new(kind)"]
    lines += [f" put(node, {name!r}, {name})" for name in given]
    lines += [f" put(node, {name!r}, defaults[{name!r}])" for name in defaults]
    space: dict[str, Any] = {
        "new": object.__new__,
        "put": object.__setattr__,
        "kind": kind,
        "defaults": defaults,
    }
    exec("\n".join([*lines, " return node"]), space)  # as dataclasses makes an __init__
    made: Callable[..., Any] = space["make"]
    return made


_module = _constructor(cst.Module, "body")
_line = _constructor(cst.SimpleStatementLine, "body")
_suite = _constructor(cst.SimpleStatementSuite, "body")
_indented = _constructor(cst.IndentedBlock, "body")
_name = _constructor(cst.Name, "value")
_call = _constructor(cst.Call, "func", "args")
_arg = _constructor(cst.Arg, "value", "keyword", "star")
_attribute = _constructor(cst.Attribute, "value", "attr")
_string = _constructor(cst.SimpleString, "value")
_integer = _constructor(cst.Integer, "value")
_float = _constructor(cst.Float, "value")
_imaginary = _constructor(cst.Imaginary, "value")
_ellipsis = _constructor(cst.Ellipsis)
_formatted = _constructor(cst.FormattedString, "parts")
_formatted_text = _constructor(cst.FormattedStringText, "value")
_formatted_expression = _constructor(cst.FormattedStringExpression, "expression", "conversion", "format_spec")
_tuple = _constructor(cst.Tuple, "elements")
_list = _constructor(cst.List, "elements")
_set = _constructor(cst.Set, "elements")
_element = _constructor(cst.Element, "value")
_starred = _constructor(cst.StarredElement, "value")
_dict = _constructor(cst.Dict, "elements")
_entry = _constructor(cst.DictElement, "key", "value")
_starred_entry = _constructor(cst.StarredDictElement, "value")
_binary = _constructor(cst.BinaryOperation, "left", "operator", "right")
_boolean = _constructor(cst.BooleanOperation, "left", "operator", "right")
_unary = _constructor(cst.UnaryOperation, "operator", "expression")
_comparison = _constructor(cst.Comparison, "left", "comparisons")
_compared = _constructor(cst.ComparisonTarget, "operator", "comparator")
_if_expression = _constructor(cst.IfExp, "test", "body", "orelse")
_lambda = _constructor(cst.Lambda, "params", "body")
_subscript = _constructor(cst.Subscript, "value", "slice")
_subscript_element = _constructor(cst.SubscriptElement, "slice")
_index = _constructor(cst.Index, "value")
_slice = _constructor(cst.Slice, "lower", "upper", "step")
_walrus = _constructor(cst.NamedExpr, "target", "value")
_await = _constructor(cst.Await, "expression")
_yield = _constructor(cst.Yield, "value")
_from = _constructor(cst.From, "item")
_comp_for = _constructor(cst.CompFor, "target", "iter", "ifs", "inner_for_in", "asynchronous")
_comp_if = _constructor(cst.CompIf, "test")
_dict_comp = _constructor(cst.DictComp, "key", "value", "for_in")
_param = _constructor(cst.Param, "name", "annotation", "default", "star")
_param_star = _constructor(cst.ParamStar)
_parameters = _constructor(
    cst.Parameters,
    *("params", "star_arg", "kwonly_params", "star_kwarg", "posonly_params", "posonly_ind"),
)
_param_slash = _constructor(cst.ParamSlash)
_annotation = _constructor(cst.Annotation, "annotation")
_function = _constructor(cst.FunctionDef, "name", "params", "body", "decorators", "returns", "asynchronous")
_class = _constructor(cst.ClassDef, "name", "body", "bases", "keywords", "decorators")
_decorator = _constructor(cst.Decorator, "decorator")
_assign = _constructor(cst.Assign, "targets", "value")
_target = _constructor(cst.AssignTarget, "target")
_annotated = _constructor(cst.AnnAssign, "target", "annotation", "value")
_augmented = _constructor(cst.AugAssign, "target", "operator", "value")
_expression = _constructor(cst.Expr, "value")
_return = _constructor(cst.Return, "value")
_delete = _constructor(cst.Del, "target")
_raise = _constructor(cst.Raise, "exc", "cause")
_assert = _constructor(cst.Assert, "test", "msg")
_global = _constructor(cst.Global, "names")
_nonlocal = _constructor(cst.Nonlocal, "names")
_name_item = _constructor(cst.NameItem, "name")
_pass, _break, _continue = _constructor(cst.Pass), _constructor(cst.Break), _constructor(cst.Continue)
_import = _constructor(cst.Import, "names")
_import_from = _constructor(cst.ImportFrom, "module", "names", "relative")
_import_star = _constructor(cst.ImportStar)
_dot = _constructor(cst.Dot)
_alias = _constructor(cst.ImportAlias, "name", "asname")
_as_name = _constructor(cst.AsName, "name")
_if = _constructor(cst.If, "test", "body", "orelse")
_else = _constructor(cst.Else, "body")
_for = _constructor(cst.For, "target", "iter", "body", "orelse", "asynchronous")
_while = _constructor(cst.While, "test", "body", "orelse")
_with = _constructor(cst.With, "items", "body", "asynchronous")
_with_item = _constructor(cst.WithItem, "item", "asname")
_try = _constructor(cst.Try, "body", "handlers", "orelse", "finalbody")
_finally = _constructor(cst.Finally, "body")
_handler = _constructor(cst.ExceptHandler, "body", "type", "name")

_ASYNCHRONOUS = cst.Asynchronous()
_SIMPLE_COMPREHENSIONS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.ListComp: _constructor(cst.ListComp, "elt", "for_in"),
    ast.SetComp: _constructor(cst.SetComp, "elt", "for_in"),
    ast.GeneratorExp: _constructor(cst.GeneratorExp, "elt", "for_in"),
}
_BINARY: dict[type[ast.operator], tuple[Callable[[], Any], Callable[[], Any]]] = {
    operator: (_constructor(plain), _constructor(augmented))
    for operator, plain, augmented in (
        (ast.Add, cst.Add, cst.AddAssign),
        (ast.Sub, cst.Subtract, cst.SubtractAssign),
        (ast.Mult, cst.Multiply, cst.MultiplyAssign),
        (ast.MatMult, cst.MatrixMultiply, cst.MatrixMultiplyAssign),
        (ast.Div, cst.Divide, cst.DivideAssign),
        (ast.FloorDiv, cst.FloorDivide, cst.FloorDivideAssign),
        (ast.Mod, cst.Modulo, cst.ModuloAssign),
        (ast.Pow, cst.Power, cst.PowerAssign),
        (ast.LShift, cst.LeftShift, cst.LeftShiftAssign),
        (ast.RShift, cst.RightShift, cst.RightShiftAssign),
        (ast.BitAnd, cst.BitAnd, cst.BitAndAssign),
        (ast.BitOr, cst.BitOr, cst.BitOrAssign),
        (ast.BitXor, cst.BitXor, cst.BitXorAssign),
    )
}
_OTHER_OPERATORS: dict[type[ast.AST], Callable[[], Any]] = {
    operator: _constructor(kind)
    for operator, kind in (
        *((ast.And, cst.And), (ast.Or, cst.Or)),
        *((ast.Not, cst.Not), (ast.USub, cst.Minus), (ast.UAdd, cst.Plus), (ast.Invert, cst.BitInvert)),
        *((ast.Eq, cst.Equal), (ast.NotEq, cst.NotEqual), (ast.Is, cst.Is), (ast.IsNot, cst.IsNot)),
        *((ast.Lt, cst.LessThan), (ast.LtE, cst.LessThanEqual), (ast.In, cst.In), (ast.NotIn, cst.NotIn)),
        *((ast.Gt, cst.GreaterThan), (ast.GtE, cst.GreaterThanEqual)),
    )
}
_SMALL = (
    *(ast.Expr, ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Return, ast.Delete, ast.Raise, ast.Assert),
    *(ast.Global, ast.Nonlocal, ast.Pass, ast.Break, ast.Continue, ast.Import, ast.ImportFrom),
)
"""The statements that may share a line with others."""
_ENDS_JOINED = re.compile(r"\\\s*\Z")
_JOINED = re.compile(r"(?:[ \t\f;]|\\(?:\r\n|\r|\n))*")
_COMMENT = re.compile(r"#[^\r\n]*")
_INFINITE = {"inf": "1e999", "infj": "1e999j"}
"""Literals that are so large that their value is written in no other way."""


class _Maker:
    """Makes the nodes of one module."""

    def __init__(self, text: Text, lines: int) -> None:
        self.text, self.lines = text, lines
        self.ranges: dict[cst.CSTNode, Range] = {}
        self.in_strings = 0
        """How many formatted strings it is inside of."""
        self.expressions: dict[type[ast.AST], Callable[[Any], Any]] = {
            ast.Name: self.name,
            ast.Attribute: self.attribute,
            ast.Constant: self.constant,
            ast.Call: self.call,
            ast.Tuple: self.tuple_,
            ast.List: self.list_,
            ast.Set: self.set_,
            ast.Dict: self.dict_,
            ast.BinOp: self.binary,
            ast.BoolOp: self.boolean,
            ast.UnaryOp: self.unary,
            ast.Compare: self.comparison,
            ast.IfExp: self.if_expression,
            ast.Lambda: self.lambda_,
            ast.Subscript: self.subscript,
            ast.JoinedStr: self.formatted,
            ast.ListComp: self.comprehension,
            ast.SetComp: self.comprehension,
            ast.GeneratorExp: self.comprehension,
            ast.DictComp: self.dict_comprehension,
            ast.NamedExpr: self.walrus,
            ast.Await: self.await_,
            ast.Yield: self.yield_,
            ast.YieldFrom: self.yield_from,
        }
        self.statements: dict[type[ast.AST], Callable[[Any], Any]] = {
            ast.Expr: self.expression,
            ast.Assign: self.assign,
            ast.AnnAssign: self.annotated,
            ast.AugAssign: self.augmented,
            ast.Return: self.return_,
            ast.Delete: self.delete,
            ast.Raise: self.raise_,
            ast.Assert: self.assert_,
            ast.Global: self.global_,
            ast.Nonlocal: self.nonlocal_,
            ast.Pass: lambda _: _pass(),
            ast.Break: lambda _: _break(),
            ast.Continue: lambda _: _continue(),
            ast.Import: self.import_,
            ast.ImportFrom: self.import_from,
            ast.FunctionDef: self.function,
            ast.AsyncFunctionDef: self.function,
            ast.ClassDef: self.class_,
            ast.If: self.if_,
            ast.For: self.for_,
            ast.AsyncFor: self.for_,
            ast.While: self.while_,
            ast.With: self.with_,
            ast.AsyncWith: self.with_,
            ast.Try: self.try_,
        }

    def offset(self, line: int, column: int) -> int:
        """The offset in the whole text of a place in the part."""
        return self.text.offset(self.lines + line, column)

    # Blocks

    def block(self, body: Sequence[ast.stmt]) -> list[Any]:
        """Statements, those on one line as one."""
        made: list[Any] = []
        line: list[Any] = []
        before: ast.stmt | None = None
        for statement in body:
            kind = type(statement)
            make = self.statements.get(kind) or _unusual
            if kind in _SMALL:
                if before is None or not self._joined(before, statement):
                    line = []
                    made.append(_line(line))
                line.append(make(statement))
                before = statement
            else:
                made.append(make(statement))
                before = None
        return made

    def suite(self, body: Sequence[ast.stmt]) -> Any:
        """What is below a header: a block, or statements on the header's own line."""
        first = body[0]
        if type(first) in _SMALL:
            start = self.text.starts[self.lines + first.lineno - 1]
            before = self.text.value[start : self.offset(first.lineno, first.col_offset)]
            if before.strip():
                return _suite([self.statements[type(each)](each) for each in body])
            if _ENDS_JOINED.search(self.text.value, max(0, start - 3), start):
                _unusual(first)  # the line may be that of the header, or a comment may end in a backslash
        return _indented(self.block(body))

    def _joined(self, one: ast.stmt, other: ast.stmt) -> bool:
        """Whether two statements that follow one another have a semicolon between them, and not a line end."""
        assert one.end_lineno is not None
        assert one.end_col_offset is not None
        if one.end_lineno == other.lineno:
            return True
        start = self.text.starts[self.lines + one.end_lineno]
        if not _ENDS_JOINED.search(self.text.value, max(0, start - 3), start):
            return False
        end = self.offset(one.end_lineno, one.end_col_offset)
        joined = _JOINED.match(self.text.value, end)
        return joined is not None and joined.end() == self.offset(other.lineno, other.col_offset)

    def _else(self, body: Sequence[ast.stmt]) -> Any:
        return _else(self.suite(body)) if body else None

    # Expressions

    def make(self, node: ast.expr) -> Any:
        return (self.expressions.get(type(node)) or _unusual)(node)

    def optional(self, node: ast.expr | None) -> Any:
        return None if node is None else self.make(node)

    def located(self, made: Any, node: ast.expr | ast.stmt) -> Any:
        """Takes note of where a call or import stands."""
        self.ranges[made] = node.lineno, node.col_offset, node.end_lineno or 0, node.end_col_offset or 0
        return made

    def name(self, node: ast.Name) -> Any:
        return _name(node.id)

    def attribute(self, node: ast.Attribute) -> Any:
        value = node.value
        return _attribute(self.expressions.get(type(value), _unusual)(value), _name(node.attr))

    def constant(self, node: ast.Constant) -> Any:
        value = node.value
        if value is None or value is True or value is False:
            return _name(repr(value))
        kind = type(value)
        if kind is str or kind is bytes:
            return _string(repr(value))
        if value is ...:
            return _ellipsis()
        made = _integer if kind is int else _float if kind is float else _imaginary
        return made(self.number(node))

    def number(self, node: ast.Constant) -> str:
        """A number as it is written; in a formatted string, where it has no certain place, its value."""
        if self.in_strings:
            text = repr(node.value)
            return _INFINITE.get(text, text)
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        end = self.offset(node.end_lineno, node.end_col_offset)
        return self.text.value[self.offset(node.lineno, node.col_offset) : end]

    def call(self, node: ast.Call) -> Any:
        return self.located(_call(self.make(node.func), self.arguments(node.args, node.keywords)), node)

    def arguments(self, positional: Sequence[ast.expr], keywords: Sequence[ast.keyword]) -> list[Any]:
        given: Iterable[ast.expr | ast.keyword] = (*positional, *keywords)
        if positional and keywords and _start(positional[-1]) > _start(keywords[0]):
            given = sorted(given, key=_start)
        return [self.argument(each) for each in given]

    def argument(self, node: ast.expr | ast.keyword) -> Any:
        if type(node) is ast.keyword:
            if node.arg is None:
                return _arg(self.make(node.value), None, "**")
            return _arg(self.make(node.value), _name(node.arg), "")
        if type(node) is ast.Starred:
            return _arg(self.make(node.value), None, "*")
        return _arg(self.make(node), None, "")  # type: ignore[arg-type]

    def elements(self, nodes: Sequence[ast.expr]) -> list[Any]:
        return [
            _starred(self.make(each.value)) if type(each) is ast.Starred else _element(self.make(each))
            for each in nodes
        ]

    def tuple_(self, node: ast.Tuple) -> Any:
        return _tuple(self.elements(node.elts))

    def list_(self, node: ast.List) -> Any:
        return _list(self.elements(node.elts))

    def set_(self, node: ast.Set) -> Any:
        return _set(self.elements(node.elts))

    def dict_(self, node: ast.Dict) -> Any:
        return _dict(
            [
                _starred_entry(self.make(value)) if key is None else _entry(self.make(key), self.make(value))
                for key, value in zip(node.keys, node.values, strict=True)
            ]
        )

    def binary(self, node: ast.BinOp) -> Any:
        return _binary(self.make(node.left), _BINARY[type(node.op)][0](), self.make(node.right))

    def boolean(self, node: ast.BoolOp) -> Any:
        made = self.make(node.values[0])
        for value in node.values[1:]:
            made = _boolean(made, _OTHER_OPERATORS[type(node.op)](), self.make(value))
        return made

    def unary(self, node: ast.UnaryOp) -> Any:
        return _unary(_OTHER_OPERATORS[type(node.op)](), self.make(node.operand))

    def comparison(self, node: ast.Compare) -> Any:
        compared = [
            _compared(_OTHER_OPERATORS[type(operator)](), self.make(other))
            for operator, other in zip(node.ops, node.comparators, strict=True)
        ]
        return _comparison(self.make(node.left), compared)

    def if_expression(self, node: ast.IfExp) -> Any:
        return _if_expression(self.make(node.test), self.make(node.body), self.make(node.orelse))

    def lambda_(self, node: ast.Lambda) -> Any:
        return _lambda(self.parameters(node.args), self.make(node.body))

    def walrus(self, node: ast.NamedExpr) -> Any:
        return _walrus(self.make(node.target), self.make(node.value))

    def await_(self, node: ast.Await) -> Any:
        return _await(self.make(node.value))

    def yield_(self, node: ast.Yield) -> Any:
        return _yield(self.optional(node.value))

    def yield_from(self, node: ast.YieldFrom) -> Any:
        return _yield(_from(self.make(node.value)))

    def subscript(self, node: ast.Subscript) -> Any:
        inside = node.slice
        parts = inside.elts if isinstance(inside, ast.Tuple) and self._is_open(inside) else [inside]
        return _subscript(self.make(node.value), [_subscript_element(self.part(part)) for part in parts])

    def part(self, node: ast.expr) -> Any:
        if isinstance(node, ast.Slice):
            return _slice(self.optional(node.lower), self.optional(node.upper), self.optional(node.step))
        return _index(self.make(node))

    def _is_open(self, node: ast.Tuple) -> bool:
        """Whether the tuple between the brackets of a subscript has no parentheses of its own."""
        if not node.elts:
            return False
        if any(isinstance(each, ast.Slice) for each in node.elts):
            return True
        first = node.elts[0]
        assert first.end_lineno is not None
        assert first.end_col_offset is not None
        start, end = self.offset(node.lineno, node.col_offset), self.offset(first.lineno, first.col_offset)
        opened = _COMMENT.sub("", self.text.value[start:end]).count("(")
        after = self.offset(first.end_lineno, first.end_col_offset)
        following = node.elts[1] if len(node.elts) > 1 else None
        limit = (
            len(self.text.value) if following is None else self.offset(following.lineno, following.col_offset)
        )
        closed = _COMMENT.sub("", self.text.value[after:limit]).partition(",")[0].count(")")
        return opened == closed

    def formatted(self, node: ast.JoinedStr) -> Any:
        self.in_strings += 1
        made = _formatted([self.formatted_part(part) for part in node.values])
        self.in_strings -= 1
        return made

    def formatted_part(self, node: ast.expr) -> Any:
        if isinstance(node, ast.Constant):
            return _formatted_text(str(node.value).replace("{", "{{").replace("}", "}}"))
        if not isinstance(node, ast.FormattedValue):
            _unusual(node)
        shown = None if node.conversion == -1 else chr(node.conversion)
        below: list[ast.expr] | None = getattr(node.format_spec, "values", None)
        form = None if below is None else [self.formatted_part(each) for each in below]
        return _formatted_expression(self.make(node.value), shown, form)

    def generators(self, nodes: Sequence[ast.comprehension]) -> Any:
        made = None
        for node in reversed(nodes):
            ifs = [_comp_if(self.make(test)) for test in node.ifs]
            asynchronous = _ASYNCHRONOUS if node.is_async else None
            made = _comp_for(self.make(node.target), self.make(node.iter), ifs, made, asynchronous)
        return made

    def comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> Any:
        return _SIMPLE_COMPREHENSIONS[type(node)](self.make(node.elt), self.generators(node.generators))

    def dict_comprehension(self, node: ast.DictComp) -> Any:
        return _dict_comp(self.make(node.key), self.make(node.value), self.generators(node.generators))

    # Small statements

    def expression(self, node: ast.Expr) -> Any:
        return _expression(self.make(node.value))

    def assign(self, node: ast.Assign) -> Any:
        return _assign([_target(self.make(each)) for each in node.targets], self.make(node.value))

    def annotated(self, node: ast.AnnAssign) -> Any:
        annotation = _annotation(self.make(node.annotation))
        return _annotated(self.make(node.target), annotation, self.optional(node.value))

    def augmented(self, node: ast.AugAssign) -> Any:
        return _augmented(self.make(node.target), _BINARY[type(node.op)][1](), self.make(node.value))

    def return_(self, node: ast.Return) -> Any:
        return _return(self.optional(node.value))

    def delete(self, node: ast.Delete) -> Any:
        if len(node.targets) == 1:
            return _delete(self.make(node.targets[0]))
        return _delete(_tuple(self.elements(node.targets)))

    def raise_(self, node: ast.Raise) -> Any:
        cause = None if node.cause is None else _from(self.make(node.cause))
        return _raise(self.optional(node.exc), cause)

    def assert_(self, node: ast.Assert) -> Any:
        return _assert(self.make(node.test), self.optional(node.msg))

    def global_(self, node: ast.Global) -> Any:
        return _global([_name_item(_name(each)) for each in node.names])

    def nonlocal_(self, node: ast.Nonlocal) -> Any:
        return _nonlocal([_name_item(_name(each)) for each in node.names])

    def import_(self, node: ast.Import) -> Any:
        return self.located(_import([_imported(alias) for alias in node.names]), node)

    def import_from(self, node: ast.ImportFrom) -> Any:
        star = node.names[0].name == "*"
        names = _import_star() if star else [_imported(alias) for alias in node.names]
        module = None if node.module is None else _dotted(node.module)
        return self.located(_import_from(module, names, [_dot() for _ in range(node.level)]), node)

    # Compound statements

    def parameters(self, node: ast.arguments) -> Any:
        positional = [*node.posonlyargs, *node.args]
        defaults = [*[None] * (len(positional) - len(node.defaults)), *node.defaults]
        made = [self.parameter(*pair, "") for pair in zip(positional, defaults, strict=True)]
        keyword = [self.parameter(*pair, "") for pair in zip(node.kwonlyargs, node.kw_defaults, strict=True)]
        before = len(node.posonlyargs)
        star = _param_star() if keyword else cst.MaybeSentinel.DEFAULT
        return _parameters(
            made[before:],
            star if node.vararg is None else self.parameter(node.vararg, None, "*"),
            keyword,
            None if node.kwarg is None else self.parameter(node.kwarg, None, "**"),
            made[:before],
            _param_slash() if before else cst.MaybeSentinel.DEFAULT,
        )

    def parameter(self, node: ast.arg, default: ast.expr | None, star: str) -> Any:
        if type(node.annotation) is ast.Starred:
            _unusual(node)
        annotation = None if node.annotation is None else _annotation(self.make(node.annotation))
        return _param(_name(node.arg), annotation, self.optional(default), star)

    def decorators(self, nodes: Sequence[ast.expr]) -> list[Any]:
        return [_decorator(self.make(node)) for node in nodes]

    def function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Any:
        _has_no_type_parameters(node)
        decorators, parameters = self.decorators(node.decorator_list), self.parameters(node.args)
        returns = None if node.returns is None else _annotation(self.make(node.returns))
        asynchronous = _ASYNCHRONOUS if isinstance(node, ast.AsyncFunctionDef) else None
        return _function(
            _name(node.name), parameters, self.suite(node.body), decorators, returns, asynchronous
        )

    def class_(self, node: ast.ClassDef) -> Any:
        _has_no_type_parameters(node)
        decorators = self.decorators(node.decorator_list)
        bases, keywords = self.arguments(node.bases, ()), self.arguments((), node.keywords)
        return _class(_name(node.name), self.suite(node.body), bases, keywords, decorators)

    def if_(self, node: ast.If) -> Any:
        return _if(self.make(node.test), self.suite(node.body), self._otherwise(node.orelse))

    def _otherwise(self, body: Sequence[ast.stmt]) -> Any:
        if len(body) == 1 and isinstance(body[0], ast.If):
            start = self.offset(body[0].lineno, body[0].col_offset)
            if self.text.value.startswith("elif", start):
                return self.if_(body[0])
        return self._else(body)

    def for_(self, node: ast.For | ast.AsyncFor) -> Any:
        asynchronous = _ASYNCHRONOUS if isinstance(node, ast.AsyncFor) else None
        target, over = self.make(node.target), self.make(node.iter)
        return _for(target, over, self.suite(node.body), self._else(node.orelse), asynchronous)

    def while_(self, node: ast.While) -> Any:
        return _while(self.make(node.test), self.suite(node.body), self._else(node.orelse))

    def with_(self, node: ast.With | ast.AsyncWith) -> Any:
        asynchronous = _ASYNCHRONOUS if isinstance(node, ast.AsyncWith) else None
        return _with([self.with_item(each) for each in node.items], self.suite(node.body), asynchronous)

    def with_item(self, node: ast.withitem) -> Any:
        named = None if node.optional_vars is None else _as_name(self.make(node.optional_vars))
        return _with_item(self.make(node.context_expr), named)

    def try_(self, node: ast.Try) -> Any:
        body = self.suite(node.body)
        handlers = [
            _handler(
                self.suite(each.body),
                self.optional(each.type),
                None if each.name is None else _as_name(_name(each.name)),
            )
            for each in node.handlers
        ]
        last = _finally(self.suite(node.finalbody)) if node.finalbody else None
        return _try(body, handlers, self._else(node.orelse), last)


def _unusual(node: ast.AST) -> NoReturn:
    raise UnusualError(type(node).__name__)


def _has_no_type_parameters(node: ast.AST) -> None:
    if getattr(node, "type_params", None):
        _unusual(node)


def _start(node: ast.expr | ast.keyword) -> tuple[int, int]:
    return node.lineno, node.col_offset


def _dotted(name: str) -> Any:
    first, *others = name.split(".")
    made = _name(first)
    for each in others:
        made = _attribute(made, _name(each))
    return made


def _imported(alias: ast.alias) -> Any:
    return _alias(_dotted(alias.name), None if alias.asname is None else _as_name(_name(alias.asname)))
