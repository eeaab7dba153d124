"""What the names of a module may hold, by its names alone: read from ``ast``, at a tenth of the price of a libcst tree.

An outline is coarse, and leaves nothing out: where it cannot tell two things apart, a name holds both. Whoever looks
for a class in it finds every place that may have it, and some that do not.

What is held is written as keys:

==================  ====================================================================
``n``               the name ``n`` of the module
``n@C/f``           the name ``n`` in the function ``f`` of the class ``C``, and in those inside it
``n.a``, ``n@f.a``  a chain of attributes
``.a``              the attribute ``a`` of anything
``#k``              the entry ``k`` of any dict
``$C|f|p|0``        what is passed for the parameter ``p``, the first one, of ``f`` in the class ``C``
``<C``              any subclass of ``C``
``?n``              an attribute of ``n`` with a computed name
``n()``             what a call of ``n`` returns
``?``               anything at all
==================  ====================================================================
"""

from __future__ import annotations

import ast
import builtins
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ANYTHING = "?"
EVERY = "*"
"""Among the attributes of a class: it may have those of every other one."""

_FORMATTED = tuple(getattr(ast, name) for name in ("JoinedStr", "TemplateStr") if hasattr(ast, name))
"""Strings with expressions in them."""
_LEAVES = frozenset(
    (
        *(str, int, bool, ast.Constant, ast.Name, ast.Load, ast.Store, ast.Del),
        *(ast.Pass, ast.Break, ast.Continue, ast.Global, ast.Nonlocal, *_FORMATTED),
    )
)
_SCOPES_AT_HAND = frozenset(("globals", "vars"))
_HANDS_ON = frozenset(
    (
        *(
            "partial",
            "field",
            "ib",
            "dict",
            "OrderedDict",
            "fromkeys",
            "copy",
            "deepcopy",
            "list",
            "tuple",
            "set",
            "sorted",
            "iter",
            "next",
        ),
        *("reversed", "enumerate", "zip", "chain", "items", "values"),
    )
)
"""Python's own functions whose result has in it what they are called with: all that the resolver follows."""
_TAKES_OUT = frozenset(("get", "pop", "setdefault"))
_PUTS_IN = frozenset(("append", "appendleft", "extend", "insert", "add", "update", "setdefault"))
_RECORDS = frozenset(("namedtuple", "NamedTuple", "make_dataclass"))
_METHODS = frozenset(("items", "values", "fromkeys"))
_KNOWN_BY_NAME = (_HANDS_ON - _METHODS) | _RECORDS | _SCOPES_AT_HAND | {"getattr", "setattr"}
MOST_CALLS = 2
"""How often something may be called, what it returns as well, until further calls count as none."""
_MOST_CALLED = 8
"""How many of them may follow each other at all."""
_MOST_FIELDS = 9
"""Which parameter the field of a record is, is not worked out: it may be any of so many."""


class Wanted(NamedTuple):
    """The classes that are looked for."""

    names: frozenset[str]
    """Their last names."""
    methods: frozenset[str] = frozenset()
    """And those of the project that call one of these."""


class Passed(NamedTuple):
    """What one call passes: the keys of each argument."""

    positional: tuple[frozenset[str], ...]
    keywords: dict[str, frozenset[str]]
    starred: int | None
    """The place of the first ``*args``, from which on positions are not known."""
    mappings: frozenset[str]
    """The keys of all ``**kwargs``."""
    splat: bool


class Import(NamedTuple):
    """``import module`` or, with ``name``, ``from module import name``.

    ``whole``: ``import a.b as c``, not ``import a.b``.
    """

    module: str
    level: int
    name: str | None
    whole: bool


class Called(NamedTuple):
    """What a call calls: its last name, and its keys with spaces between them; and the line that it starts on."""

    name: str
    keys: str
    line: int


@dataclass(slots=True)
class Outline:
    """What one walk over the abstract syntax tree of a module found. Built once, then only read."""

    held: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """What each key may hold."""
    imports: dict[str, list[Import]] = field(default_factory=lambda: defaultdict(list))
    stars: list[Import] = field(default_factory=list)
    functions: set[str] = field(default_factory=set)
    classes: set[str] = field(default_factory=set)
    members: set[str] = field(default_factory=set)
    """The names that are attributes of its classes, and of the module itself."""
    attributes: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """The names of what the objects of a class have by its own code; of the empty one those of any object.

    ``EVERY`` is among them where the class may have bases that no name says."""
    subclasses: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """The classes that have a class of this name as their base."""
    bases: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """The keys of the bases of each class."""
    passed: dict[str, list[Passed]] = field(default_factory=lambda: defaultdict(list))
    """What is passed to whatever has this name; the empty one for what has none."""
    aliases: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """By what other names something is known."""
    used: set[str] = field(default_factory=set)
    """The names with which the module does more than to import or define them."""
    handed: set[str] = field(default_factory=set)
    """The names of what is handed on as a value, and may be called by no name."""
    calls: list[Called] = field(default_factory=list)
    """Every call, in the order of the source."""


def outline_of(tree: ast.Module, methods: frozenset[str]) -> Outline | None:
    """The outline of a module; None where it gives other names to functions of Python that are known by theirs.

    Which of its classes call one of the ``methods`` is looked for.
    """
    walk = _Walk(methods)
    walk.run(tree)
    aliases = walk.outline.aliases
    if any(aliases[name] - {name} for name in _KNOWN_BY_NAME & aliases.keys()):
        return None
    for key in walk.class_keys:
        if last_part(key) in walk.callers:
            walk.outline.held[key].add(ANYTHING)
    for name, bases in walk.outline.bases.items():
        if not all(_is_named(base, walk.outline) for base in bases):
            walk.outline.attributes[name].add(EVERY)
    walk.calls.sort(key=lambda call: source_order(call[0]))
    for node, space in walk.calls:
        keys = sys.intern(" ".join(sorted(keys_of(node.func, space))))
        walk.outline.calls.append(Called(sys.intern(called_name(node.func)), keys, node.lineno))
    return walk.outline


def _is_named(base: str, outline: Outline) -> bool:
    """Whether the name of a base is that of a class, as far as the module says: of its own, Python's or imported."""
    first = base.partition(".")[0].partition("@")[0]
    known = first in outline.imports or first in outline.classes or hasattr(builtins, first)
    return known and base[0] not in ".#?$<" and not base.endswith("()")


def source_order(node: ast.Call | ast.Import | ast.ImportFrom) -> tuple[int, int, int, int]:
    """A key that sorts nodes as they stand in the source, outer ones first."""
    return node.lineno, node.col_offset, -(node.end_lineno or 0), -(node.end_col_offset or 0)


def last_part(key: str) -> str:
    """The name at the end of a key of a name or chain: ``c`` of ``a@f.b.c``."""
    return key.rpartition(".")[2].partition("@")[0]


def _chain(node: ast.Name | ast.Attribute, space: str) -> str:
    parts = []
    inner: ast.expr = node
    while isinstance(inner, ast.Attribute):
        parts.append(inner.attr)
        inner = inner.value
    if not isinstance(inner, ast.Name):
        return f".{parts[0]}"
    parts.append(inner.id + space)
    return ".".join(reversed(parts))


def called_name(function: ast.expr) -> str:
    """The last name of what is called; empty where it has none."""
    if isinstance(function, ast.Name):
        return function.id
    return function.attr if isinstance(function, ast.Attribute) else ""


def keys_of(expression: ast.expr, space: str) -> set[str]:
    """The keys of whatever may be the value of an expression in the function ``space``, or be in it."""
    found: set[str] = set()
    seen: set[tuple[int, int]] = set()
    pending = [(expression, 0)]
    while pending:
        node, calls = pending.pop()
        if (id(node), calls) in seen:
            continue
        seen.add((id(node), calls))
        end = "()" * calls
        inner: list[ast.expr] = []
        match node:
            case ast.Name(name):
                found.add(name + space + end)
            case ast.Attribute():
                found.add(
                    _dict_of(node.value, space) if node.attr == "__dict__" else _chain(node, space) + end
                )
            case ast.Call():
                if _is_long(node):
                    found.add(ANYTHING)
                    continue
                if not isinstance(node.func, (ast.Name, ast.Attribute)):
                    pending += ((node.func, min(calls + 1, MOST_CALLS)), (node.func, calls))
                keys: set[str] = set()
                inner += _through_call(node, space, keys)
                found.update([key if key == ANYTHING else key + end for key in keys])
            case ast.Subscript(value, key):
                inner.append(value)
                found.update([entry + end for entry in _entry(key)])
            case ast.Dict(_, values):
                inner += values
            case ast.List(items) | ast.Tuple(items) | ast.Set(items) | ast.BoolOp(_, items):
                inner += items
            case ast.Starred(value) | ast.NamedExpr(_, value) | ast.Await(value) | ast.YieldFrom(value):
                inner.append(value)
            case ast.Yield(value) if value is not None:
                inner.append(value)
            case ast.IfExp(_, body, orelse):
                inner += (body, orelse)
            case ast.Lambda(_, body):
                inner.append(body)
            case ast.ListComp(item) | ast.SetComp(item) | ast.GeneratorExp(item) | ast.DictComp(_, item):
                inner.append(item)
            case ast.BinOp(left, ast.BitOr() | ast.Add() | ast.Mult(), right):
                inner += (left, right)
        pending += [(each, calls) for each in inner]
    return found


def _is_long(node: ast.Call) -> bool:
    """Whether so many calls of what a call returns follow each other that looking into all of them takes too long."""
    function: ast.expr = node
    for _ in range(_MOST_CALLED):
        if not isinstance(function, ast.Call):
            return False
        function = function.func
    return True


def _through_call(node: ast.Call, space: str, found: set[str]) -> list[ast.expr]:
    """Adds the keys of a call's result, and returns the expressions that may be in it besides."""
    function, name = node.func, called_name(node.func)
    if name == "getattr" and len(node.args) > 1:
        return _through_getattr(node, space, found)
    through: list[ast.expr] = []
    if isinstance(function, (ast.Name, ast.Attribute)):
        found.add(ANYTHING if name in _SCOPES_AT_HAND else f"{_chain(function, space)}()")
    if name in _HANDS_ON:
        through += (*node.args, *(keyword.value for keyword in node.keywords))
    elif name in _TAKES_OUT:
        through += node.args[1:]
        for key in node.args[:1]:
            found.update(_entry(key))
    if isinstance(function, ast.Attribute) and name in _HANDS_ON | _TAKES_OUT:
        through.append(function.value)
    return through


def _through_getattr(node: ast.Call, space: str, found: set[str]) -> list[ast.expr]:
    owner, name, *default = node.args
    chain = _chain(owner, space) if isinstance(owner, (ast.Name, ast.Attribute)) else ""
    text = _text(name)
    if text:
        found.add(f"{chain}.{text}")
    else:
        found.add(ANYTHING + chain)
    return default


def _dict_of(owner: ast.expr, space: str) -> str:
    """The key of what is in the ``__dict__`` of something: any of its attributes."""
    return ANYTHING + (_chain(owner, space) if isinstance(owner, (ast.Name, ast.Attribute)) else "")


def _text(node: ast.expr | None) -> str:
    """The identifier that an expression is the string of, else nothing."""
    text = node.value if isinstance(node, ast.Constant) else None
    return text if isinstance(text, str) and text.isidentifier() else ""


def _entry(key: ast.expr | None) -> tuple[str, ...]:
    """The key of the entry of a dict."""
    text = _text(key)
    return (f"#{text}",) if text else ()


def _targets(target: ast.expr, space: str) -> Iterator[str]:
    """The keys that an assignment gives a value."""
    pending = [target]
    while pending:
        node = pending.pop()
        match node:
            case ast.Name(name):
                yield name + space
            case ast.Attribute(_, "__dict__") | ast.Call(ast.Name("vars")):
                yield f".{ANYTHING}"
            case ast.Attribute(_, name):
                yield f".{name}"
            case ast.Subscript(holder, key):
                yield from _entry(key)
                pending.append(holder)
            case ast.Tuple(items) | ast.List(items):
                pending += items
            case ast.Starred(value):
                pending.append(value)


def _owner(target: ast.expr, space: str) -> str:
    """The class in whose method an attribute is set of its own object; none where it may be of any other."""
    return _class_of(target.value, space) if isinstance(target, ast.Attribute) else ""


def _class_of(value: ast.expr, space: str) -> str:
    """The class in whose method a value is the object that it is called on; none where it may be anything else."""
    return space[1:].partition("/")[0] if isinstance(value, ast.Name) and value.id == "self" else ""


class _Item(NamedTuple):
    """A node, and what it is in: the function and the class next to it, and the space of its names."""

    node: ast.AST
    function: str
    owner: str
    space: str


class _Walk:
    def __init__(self, methods: frozenset[str]) -> None:
        self.methods = methods
        self.class_keys: set[str] = set()
        self.callers: set[str] = set()
        """The names of the classes that call a wanted method."""
        self.outline = Outline()
        self.calls: list[tuple[ast.Call, str]] = []
        self.stack: list[_Item] = []
        self.handlers = {
            ast.Call: self.call,
            ast.Attribute: self.attribute,
            ast.Assign: self.assign,
            ast.AnnAssign: self.annotated,
            ast.AugAssign: self.annotated,
            ast.NamedExpr: self.annotated,
            ast.For: self.loop,
            ast.AsyncFor: self.loop,
            ast.comprehension: self.loop,
            ast.withitem: self.with_,
            ast.Return: self.returns,
            ast.Yield: self.returns,
            ast.Dict: self.dict_,
            ast.List: self.items,
            ast.Tuple: self.items,
            ast.FunctionDef: self.function,
            ast.AsyncFunctionDef: self.function,
            ast.Lambda: self.lambda_,
            ast.ClassDef: self.class_,
            ast.Import: self.import_,
            ast.ImportFrom: self.import_from,
            ast.MatchAs: self.captured,
            ast.MatchStar: self.captured,
            ast.MatchMapping: self.captured_rest,
        }

    def run(self, tree: ast.Module) -> None:
        # A busy loop: every node of every file comes through here.
        self.push(tree.body, "", "", "")
        while self.stack:
            item = self.stack.pop()
            node, function, owner, space = item
            handler = self.handlers.get(type(node))
            if handler is not None and handler(item):
                continue
            for name in node._fields:
                value = getattr(node, name, None)
                if type(value) is not list:
                    value = (value,)
                self.push(value, function, owner, space)

    def push(self, nodes: Iterable[ast.AST | None], function: str, owner: str, space: str) -> None:
        for node in nodes:
            if node is None:
                continue
            if type(node) not in _LEAVES:
                self.stack.append(_Item(node, function, owner, space))
            elif isinstance(node, ast.Name):
                self.outline.used.add(node.id)
            elif isinstance(node, _FORMATTED):
                self.use_all(node)

    def use_all(self, node: ast.AST) -> None:
        """Use the names in a string with expressions in it, which is not walked through."""
        for each in ast.walk(node):
            if isinstance(each, (ast.Name, ast.Attribute)):
                self.outline.used.add(called_name(each))

    # What is held

    def keys(self, expression: ast.expr, space: str) -> set[str]:
        return set() if isinstance(expression, ast.Constant) else keys_of(expression, space)

    def hold(self, target: ast.expr, value: ast.expr, space: str) -> None:
        keys = self.keys(value, space)
        if keys:
            for key in _targets(target, space):
                self.outline.held[key] |= keys
                if key[0] == ".":
                    self.outline.attributes[_owner(target, space)].add(key[1:])

    def hand_on(self, values: Iterable[ast.expr | None]) -> None:
        self.outline.handed.update(
            [called_name(value) for value in values if isinstance(value, (ast.Name, ast.Attribute))]
        )

    def member(self, name: str, owner: str) -> None:
        """What the module itself has, or the class ``owner``."""
        self.outline.members.add(name)
        if owner:
            self.outline.attributes[owner].add(name)

    def fields(self, owner: str, names: Iterable[str]) -> None:
        """The fields of a record: what is passed to its class."""
        for name in names:
            self.outline.attributes[owner].add(name)
            self.outline.held[f".{name}"].update(
                f"${owner}|__init__|{name}|{place}" for place in range(1, _MOST_FIELDS)
            )

    # Handlers; True says that the node's own fields need no further look

    def call(self, item: _Item) -> bool:
        node, _, owner, space = item
        assert isinstance(node, ast.Call)
        self.calls.append((node, space))
        if owner and called_name(node.func) in self.methods:
            self.callers.add(owner)
        if not node.args and not node.keywords:
            return False
        function, name = node.func, called_name(node.func)
        self.hand_on(node.args)
        self.hand_on(keyword.value for keyword in node.keywords)
        passed = self.passed(node, space)
        outline = self.outline
        if not (any(passed.positional) or passed.keywords or passed.splat):
            return False
        if name == "__init__" and isinstance(function, ast.Attribute):
            if isinstance(function.value, ast.Call):  # super().__init__(...)
                for base in (base for base, classes in outline.subclasses.items() if owner in classes):
                    outline.passed[base].append(passed)
            else:
                outline.passed[called_name(function.value)].append(_without_first(passed))
            return False
        outline.passed[name].append(passed)
        if name == "partial" and node.args:
            outline.passed[called_name(node.args[0])].append(_without_first(passed))
        if name in ("dict", "update"):
            for key, keys in passed.keywords.items():
                outline.held[f"#{key}"] |= keys
        if name in ("setattr", "__setattr__") and len(node.args) > 1:
            outline.held[f".{_text(node.args[-2]) or ANYTHING}"] |= passed.positional[-1]
            outline.attributes[_class_of(node.args[0], space)].add(_text(node.args[-2]) or ANYTHING)
        if name in _PUTS_IN and isinstance(function, ast.Attribute):
            for key in _targets(function.value, space):
                if key[0] == ".":
                    outline.attributes[_owner(function.value, space)].add(key[1:])
                outline.held[key].update(*passed.positional, *passed.keywords.values(), passed.mappings)
        return False

    def passed(self, node: ast.Call, space: str) -> Passed:
        starred = [isinstance(argument, ast.Starred) for argument in node.args]
        keywords = {
            keyword.arg: frozenset(keys)
            for keyword in node.keywords
            if keyword.arg is not None and (keys := self.keys(keyword.value, space))
        }
        splats = [keyword.value for keyword in node.keywords if keyword.arg is None]
        return Passed(
            tuple([frozenset(self.keys(argument, space)) for argument in node.args]),
            keywords,
            starred.index(True) if True in starred else None,
            frozenset().union(*(self.keys(value, space) for value in splats)),
            bool(splats),
        )

    def attribute(self, item: _Item) -> bool:
        assert isinstance(item.node, ast.Attribute)
        self.outline.used.add(item.node.attr)
        return False

    def assign(self, item: _Item) -> bool:
        node, function, owner, space = item
        assert isinstance(node, ast.Assign)
        for target in node.targets:
            self.hold(target, node.value, space)
            if not function and isinstance(target, ast.Name):
                self.member(target.id, owner)
            if isinstance(node.value, (ast.Name, ast.Attribute)):
                self.outline.aliases[called_name(node.value)].add(called_name(target))
            if (
                isinstance(target, ast.Name)
                and isinstance(node.value, ast.Call)
                and called_name(node.value.func) in _RECORDS
            ):
                self.fields(target.id, _words_in(node.value))
        return False

    def annotated(self, item: _Item) -> bool:
        node, function, owner, space = item
        assert isinstance(node, (ast.AnnAssign, ast.AugAssign, ast.NamedExpr))
        if node.value is not None:
            self.hold(node.target, node.value, space)
        if not function and isinstance(node.target, ast.Name):
            self.member(node.target.id, owner)
            if owner:
                self.fields(owner, (node.target.id,))
        return False

    def loop(self, item: _Item) -> bool:
        assert isinstance(item.node, (ast.For, ast.AsyncFor, ast.comprehension))
        self.hold(item.node.target, item.node.iter, item.space)
        return False

    def with_(self, item: _Item) -> bool:
        assert isinstance(item.node, ast.withitem)
        if item.node.optional_vars is not None:
            self.hold(item.node.optional_vars, item.node.context_expr, item.space)
        return False

    def returns(self, item: _Item) -> bool:
        assert isinstance(item.node, (ast.Return, ast.Yield))
        if item.node.value is not None:
            keys = self.keys(item.node.value, item.space)
            if keys:
                self.outline.held[f"{item.function}()"] |= keys
        return False

    def dict_(self, item: _Item) -> bool:
        assert isinstance(item.node, ast.Dict)
        self.hand_on(item.node.values)
        for key, value in zip(item.node.keys, item.node.values, strict=True):
            for entry in _entry(key):
                keys = self.keys(value, item.space)
                if keys:
                    self.outline.held[entry] |= keys
        return False

    def items(self, item: _Item) -> bool:
        assert isinstance(item.node, (ast.List, ast.Tuple))
        self.hand_on(item.node.elts)
        return False

    def parameters(
        self, arguments: ast.arguments, function: str, owner: str, space: str, around: str
    ) -> None:
        """``space`` is that of the parameters, ``around`` that of their defaults."""
        held, prefix = self.outline.held, f"${owner}|{function}"
        positional = [*arguments.posonlyargs, *arguments.args]
        for place, parameter in enumerate(positional):
            held[parameter.arg + space].add(f"{prefix}|{parameter.arg}|{place}")
        for parameter in arguments.kwonlyargs:
            held[parameter.arg + space].add(f"{prefix}|{parameter.arg}|")
        if arguments.vararg is not None:
            held[arguments.vararg.arg + space].add(f"{prefix}|*|{len(positional)}")
        if arguments.kwarg is not None:
            held[arguments.kwarg.arg + space].add(f"{prefix}|**|")
        defaults = [*zip(reversed(positional), reversed(arguments.defaults), strict=False)]
        defaults += [
            (parameter, default)
            for parameter, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
            if default is not None
        ]
        for parameter, default in defaults:
            held[parameter.arg + space] |= self.keys(default, around)
        if owner and positional and positional[0].arg == "cls":
            held["cls" + space].update((owner, f"<{owner}"))

    def function(self, item: _Item) -> bool:
        node, function, owner, space = item
        assert isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        inside = space or f"@{owner}/{node.name}"
        static = any(called_name(decorator) == "staticmethod" for decorator in node.decorator_list)
        method = "" if function or static else owner
        self.parameters(node.args, node.name, method, inside, space)
        self.outline.functions.add(node.name)
        if not function:
            self.member(node.name, owner)
        for decorator in node.decorator_list:
            self.outline.held[node.name] |= self.keys(decorator, space)
            if isinstance(decorator, ast.Call):
                self.cases(decorator, node.args, inside, space)
            if method and "property" in called_name(decorator):
                self.outline.held[f".{node.name}"].add(f"{node.name}()")
        self.push((*node.decorator_list, node.args), function, owner, space)
        self.push(node.body, node.name, owner, inside)
        return True

    def cases(self, decorator: ast.Call, arguments: ast.arguments, space: str, around: str) -> None:
        """A decorator may call the function with what it is given, as those of tests do."""
        inner = [each for each in ast.walk(decorator) if isinstance(each, ast.Call)]
        keys = set().union(*(self.keys(argument, around) for call in inner for argument in call.args))
        if keys:
            for parameter in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
                self.outline.held[parameter.arg + space] |= keys

    def lambda_(self, item: _Item) -> bool:
        assert isinstance(item.node, ast.Lambda)
        self.parameters(item.node.args, "", "", item.space, item.space)
        return False

    def class_(self, item: _Item) -> bool:
        node, function, owner, space = item
        assert isinstance(node, ast.ClassDef)
        outline = self.outline
        bases: set[str] = set()
        for written in node.bases:
            bases |= self.keys(written, space)
        outline.classes.add(node.name)
        outline.held[node.name + space] |= bases
        self.class_keys.add(node.name + space)
        outline.held[".__class__"].add(node.name + space)
        outline.held["type()"].add(node.name + space)
        if not function:
            self.member(node.name, owner)
        for base in bases:
            outline.subclasses[last_part(base)].add(node.name)
        outline.bases[node.name] |= bases
        self.push((*node.decorator_list, *node.bases, *node.keywords), function, owner, space)
        self.push(node.body, "", node.name, space)
        return True

    def import_(self, item: _Item) -> bool:
        assert isinstance(item.node, ast.Import)
        for alias in item.node.names:
            name = alias.asname or alias.name.partition(".")[0]
            if alias.asname is not None:
                self.outline.used.add(alias.name.rpartition(".")[2])
            self.outline.imports[name].append(Import(alias.name, 0, None, alias.asname is not None))
        return True

    def import_from(self, item: _Item) -> bool:
        assert isinstance(item.node, ast.ImportFrom)
        outline, module = self.outline, item.node.module or ""
        for alias in item.node.names:
            imported = Import(module, item.node.level, alias.name, True)
            if alias.name == "*":
                outline.stars.append(imported)
                continue
            outline.imports[alias.asname or alias.name].append(imported)
            if alias.asname is not None:
                outline.aliases[alias.name].add(alias.asname)
                outline.used.add(alias.name)
        return True

    def captured(self, item: _Item) -> bool:
        assert isinstance(item.node, (ast.MatchAs, ast.MatchStar))
        if item.node.name is not None:
            self.outline.held[item.node.name + item.space].add(ANYTHING)
        return False

    def captured_rest(self, item: _Item) -> bool:
        assert isinstance(item.node, ast.MatchMapping)
        if item.node.rest is not None:
            self.outline.held[item.node.rest + item.space].add(ANYTHING)
        return False


def _without_first(passed: Passed) -> Passed:
    starred = None if passed.starred is None else max(0, passed.starred - 1)
    return passed._replace(positional=passed.positional[1:], starred=starred)


def _words_in(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield from each.value.replace(",", " ").split()
