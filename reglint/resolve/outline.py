"""What the names of a module may hold, by its names alone: read from ``ast``, at a tenth of the price of a libcst tree.

An outline is coarse, and leaves nothing out: where it cannot tell two things apart, a name holds both. Whoever looks
for a class in it finds every place that may have it, and some that do not.

What is held is written as keys:

==================  ====================================================================
``n``               the name ``n`` of the module
``n@C/f``           the name ``n`` in the function ``f`` of the class ``C``, and in those inside it
``n.a``, ``n@f.a``  a chain of attributes
``.a``              the attribute ``a`` of anything
``%C.a``            the attribute ``a`` of the object that a method of the class ``C`` is called on
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
from typing import TYPE_CHECKING, Any, NamedTuple

from reglint.files.syntax import BELOW, FORMATTED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

ANYTHING = "?"
EVERY = "*"
"""Among the attributes of a class: it may have those of every other one."""

_NOTHING: frozenset[str] = frozenset()
_NO_CLASSES = (ast.Constant, ast.Compare, ast.UnaryOp, *FORMATTED)
"""Expressions whose value is no class and has none in it."""
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
_LOOKED_INTO = _SCOPES_AT_HAND | _HANDS_ON | _TAKES_OUT | {"getattr", "type"}
"""The functions whose result can be more than what any call returns."""
_PUTS_IN = frozenset(("append", "appendleft", "extend", "insert", "add", "update", "setdefault"))
_RECORDS = frozenset(("namedtuple", "NamedTuple", "make_dataclass"))
_METHODS = frozenset(("items", "values", "fromkeys"))
_DO_MORE = _RECORDS | {"partial", "setattr"}
"""Functions whose calls do more than return what they are called with."""
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
    properties: set[str] = field(default_factory=set)
    """The names of the methods of its classes that a mere look at the attribute calls."""
    attributes: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """The names of what the objects of a class have by its own code; of the empty one those of any object.

    ``EVERY`` is among them where the class may have bases that no name says."""
    subclasses: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """The classes that have a class of this name as their base."""
    bases: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """The keys of the bases of each class."""
    passed: dict[str, list[Passed]] = field(default_factory=lambda: defaultdict(list))
    """What is passed to whatever has this name; the empty one for what has none, ``<C`` for the class of the object
    that a method of ``C`` is called on."""
    aliases: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """By what other names something is known."""
    used: set[str] = field(default_factory=set)
    """The names with which the module does more than to import or define them."""
    handed: set[str] = field(default_factory=set)
    """The names of what is handed on as a value, and may be called by no name."""
    is_open: bool = False
    """Whether its names may hold more than that: functions that are known by their names have others here."""
    calls: list[Called] = field(default_factory=list)
    """Every call, in the order of the source."""


def outline_of(tree: ast.Module, methods: frozenset[str]) -> Outline:
    """The outline of a module.

    Which of its classes call one of the ``methods`` is looked for.
    """
    walk = _Walk(methods)
    walk.run(tree)
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
    # Nearly all are one of these.
    if isinstance(expression, _NO_CLASSES):
        return set()
    if isinstance(expression, ast.Name):
        return {expression.id + space}
    if isinstance(expression, ast.Attribute) and expression.attr != "__dict__":
        return {_chain(expression, space)}
    if isinstance(expression, ast.Call):
        function = expression.func
        if isinstance(function, (ast.Name, ast.Attribute)) and called_name(function) not in _LOOKED_INTO:
            return {f"{_chain(function, space)}()"}
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
                    inner += _decorated(node)
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
                found.add(_lambda_name(node) + end)
                inner.append(body)  # some functions of Python call what they get, and return what comes of it
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
    if name == "type" and len(node.args) == 3:
        through.append(node.args[1])
    if name in _HANDS_ON:
        through += (*node.args, *(keyword.value for keyword in node.keywords))
    elif name in _TAKES_OUT:
        through += node.args[1:]
        for key in node.args[:1]:
            found.update(_entry(key))
    if isinstance(function, ast.Attribute) and name in _HANDS_ON | _TAKES_OUT:
        through.append(function.value)
    return through


def _decorated(node: ast.Call) -> list[ast.expr]:
    """What may be a class that a decorator is called with by hand: ``register("name")(Class)``."""
    maker = called_name(node.func.func) if isinstance(node.func, ast.Call) else ""
    return node.args if len(node.args) == 1 and not node.keywords and maker[:1].islower() else []


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


def _targets(target: ast.expr, me: _Me, space: str) -> Iterator[str]:
    """The keys that an assignment gives a value, in the function ``space``."""
    pending = [target]
    while pending:
        node = pending.pop()
        match node:
            case ast.Name(name):
                yield name + space
            case ast.Attribute(holder, "__dict__") | ast.Call(ast.Name("vars"), [holder]):
                yield me.attribute(holder, ANYTHING)
            case ast.Attribute(holder, name):
                yield me.attribute(holder, name)
            case ast.Subscript(holder, key):
                yield from _entry(key)
                pending.append(holder)
            case ast.Tuple(items) | ast.List(items):
                pending += items
            case ast.Starred(value):
                pending.append(value)


class _Me(NamedTuple):
    """The object, or class, that a method is called on: what it is named there, and the class of the method."""

    name: str = ""
    owner: str = ""

    def is_(self, value: ast.expr) -> bool:
        return bool(self.owner) and isinstance(value, ast.Name) and value.id == self.name

    def attribute(self, holder: ast.expr, name: str) -> str:
        """The key of an attribute that something is given in the method."""
        return f"%{self.owner}.{name}" if self.is_(holder) else f".{name}"

    def is_class(self, function: ast.expr) -> bool:
        """Whether an expression in the method is the class of the object."""
        match function:
            case ast.Name("cls"):
                return self.is_(function)
            case ast.Attribute(value, "__class__") | ast.Call(ast.Name("type"), [value]):
                return self.is_(value)
        return False


class _Scope(NamedTuple):
    """A body, and what it is in."""

    body: list[ast.stmt]
    around: str
    """The function around it."""
    owner: str
    """The class next to it."""
    space: str
    """The space of its names."""
    me: _Me


class _Walk:
    def __init__(self, methods: frozenset[str]) -> None:
        self.methods = methods
        self.class_keys: set[str] = set()
        self.callers: set[str] = set()
        """The names of the classes that call a wanted method."""
        self.outline = Outline()
        self.calls: list[tuple[ast.Call, str]] = []
        self.scopes: list[_Scope] = []
        """Bodies that are still to be walked through."""
        self.stack: list[object] = []
        """What is still to be looked at of the body that is walked through."""
        self.around = self.owner = self.space = ""
        self.me = _Me()

    def run(self, tree: ast.Module) -> None:
        # A busy loop: every node of every file comes through here.
        handlers, below, stack = _HANDLERS, BELOW, self.stack
        self.scopes.append(_Scope(tree.body, "", "", "", _Me()))
        while self.scopes:
            body, self.around, self.owner, self.space, self.me = self.scopes.pop()
            stack += body
            while stack:
                node = stack.pop()
                kind = type(node)
                handler = handlers.get(kind)
                if handler is not None and handler(self, node):
                    continue
                for name in below.get(kind, ()):
                    value = getattr(node, name)
                    if type(value) is list:
                        stack += value
                    elif value is not None:
                        stack.append(value)

    def alias(self, name: str, other: str, keys: Iterable[str]) -> None:
        """Something known as ``name`` has another name as well; ``keys`` are those of what holds it now."""
        self.outline.aliases[name].add(other)
        if name in _KNOWN_BY_NAME and name != other:
            self.outline.is_open = self.outline.is_open or name in _DO_MORE
            for key in keys:  # what a call of it returns; of an attribute or entry it is not told apart
                self.outline.held[key if key[0] in ".#%" else f"{last_part(key)}()"].add(ANYTHING)

    # What is held

    def hold(self, target: ast.expr, value: ast.expr) -> None:
        space = self.space
        keys = keys_of(value, space)
        if keys:
            for key in _targets(target, self.me, space):
                self.set_one(key, keys)

    def set_one(self, key: str, keys: Iterable[str]) -> None:
        """Let what has a key hold what others do as well."""
        self.outline.held[key].update(keys)
        if key[0] in ".%":
            owner, _, name = key[1:].rpartition(".")
            self.outline.attributes[owner].add(name)

    def hand_on(self, values: Iterable[ast.expr | None]) -> None:
        handed = self.outline.handed
        for value in values:
            if isinstance(value, ast.Name):
                handed.add(value.id)
            elif isinstance(value, ast.Attribute):
                handed.add(value.attr)

    def set_of(self, node: ast.Call) -> ast.expr:
        """What a call of ``setattr`` or ``__setattr__`` sets an attribute of."""
        match node:
            case ast.Call(ast.Attribute(ast.Call(ast.Name("super"))), [_, _]):
                return ast.Name(self.me.name)
            case ast.Call(ast.Attribute(holder), [_, _]):
                return holder
        return node.args[0]

    def member(self, name: str) -> None:
        """What the module itself has, or the class next to where it is defined."""
        self.outline.members.add(name)
        if self.owner:
            self.outline.attributes[self.owner].add(name)

    def fields(self, owner: str, names: Iterable[str]) -> None:
        """The fields of a record: what is passed to its class."""
        for name in names:
            self.set_one(
                f"%{owner}.{name}",
                (f"${owner}|__init__|{name}|{place}" for place in range(1, _MOST_FIELDS)),
            )

    # Handlers; True says that the node's own fields need no further look

    def name(self, node: ast.Name) -> bool:
        self.outline.used.add(node.id)
        return True

    def formatted(self, node: ast.AST) -> bool:
        """Use the names in a string with expressions in it, which is not walked through."""
        for each in ast.walk(node):
            if isinstance(each, (ast.Name, ast.Attribute)):
                self.outline.used.add(called_name(each))
        return True

    def call(self, node: ast.Call) -> bool:
        owner, space, function = self.owner, self.space, node.func
        name = called_name(function)
        self.calls.append((node, space))
        if owner and name in self.methods:
            self.callers.add(owner)
        self.stack.append(function)
        arguments = [*node.args, *[keyword.value for keyword in node.keywords]]
        if not arguments:
            return True
        self.stack += arguments
        self.hand_on(arguments)
        passed = _passed(node, space)
        if passed is None:
            return True
        outline = self.outline
        if name == "__init__" and isinstance(function, ast.Attribute):
            if isinstance(function.value, ast.Call):  # super().__init__(...)
                for base in (base for base, classes in outline.subclasses.items() if owner in classes):
                    outline.passed[base].append(passed)
            else:
                outline.passed[called_name(function.value)].append(_without_first(passed))
            return True
        outline.passed[f"<{self.me.owner}" if self.me.is_class(function) else name].append(passed)
        if name == "partial" and node.args:
            outline.passed[called_name(node.args[0])].append(_without_first(passed))
        elif name in ("dict", "update"):
            for key, keys in passed.keywords.items():
                outline.held[f"#{key}"] |= keys
        elif name in ("setattr", "__setattr__") and len(node.args) > 1:
            named = _text(node.args[-2]) or ANYTHING
            self.set_one(self.me.attribute(self.set_of(node), named), passed.positional[-1])
        if name in _PUTS_IN and isinstance(function, ast.Attribute):
            put = frozenset().union(*passed.positional, *passed.keywords.values(), passed.mappings)
            for key in _targets(function.value, self.me, space):
                self.set_one(key, put)
        return True

    def attribute(self, node: ast.Attribute) -> bool:
        used = self.outline.used
        used.add(node.attr)
        if isinstance(node.value, ast.Name):
            used.add(node.value.id)
        else:
            self.stack.append(node.value)
        return True

    def assign(self, node: ast.Assign) -> bool:
        for target in node.targets:
            self.hold(target, node.value)
            if not self.around and isinstance(target, ast.Name):
                self.member(target.id)
            for name in _names_in(node.value):
                self.alias(name, called_name(target), _targets(target, self.me, self.space))
            if (
                isinstance(target, ast.Name)
                and isinstance(node.value, ast.Call)
                and called_name(node.value.func) in _RECORDS
            ):
                self.fields(target.id, _words_in(node.value))
        return False

    def annotated(self, node: ast.AnnAssign | ast.AugAssign | ast.NamedExpr) -> bool:
        if node.value is not None:
            self.hold(node.target, node.value)
        if not self.around and isinstance(node.target, ast.Name):
            self.member(node.target.id)
            if self.owner:
                self.fields(self.owner, (node.target.id,))
        return False

    def loop(self, node: ast.For | ast.AsyncFor | ast.comprehension) -> bool:
        self.hold(node.target, node.iter)
        return False

    def with_(self, node: ast.withitem) -> bool:
        if node.optional_vars is not None:
            self.hold(node.optional_vars, node.context_expr)
        return False

    def returns(self, node: ast.Return | ast.Yield) -> bool:
        if node.value is not None:
            keys = keys_of(node.value, self.space)
            if keys:
                self.outline.held[f"{self.around}()"] |= keys
            self.hand_on((node.value,))
        return False

    def dict_(self, node: ast.Dict) -> bool:
        self.hand_on(node.values)
        for key, value in zip(node.keys, node.values, strict=True):
            for entry in _entry(key):
                keys = keys_of(value, self.space)
                if keys:
                    self.outline.held[entry] |= keys
        return False

    def items(self, node: ast.List | ast.Tuple) -> bool:
        self.hand_on(node.elts)
        return False

    def parameters(self, arguments: ast.arguments, function: str, owner: str, space: str) -> None:
        """``space`` is that of the parameters."""
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
            held[parameter.arg + space] |= keys_of(default, self.space)
        if owner and positional and positional[0].arg == "cls":
            held["cls" + space].update((owner, f"<{owner}"))

    def function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
        around, owner, space = self.around, self.owner, self.space
        inside = space or f"@{owner}/{node.name}"
        static = any(called_name(decorator) == "staticmethod" for decorator in node.decorator_list)
        method = "" if around or static else owner
        self.parameters(node.args, node.name, method, inside)
        self.outline.functions.add(node.name)
        if not around:
            self.member(node.name)
        for decorator in node.decorator_list:
            self.outline.held[node.name] |= keys_of(decorator, space)
            if isinstance(decorator, ast.Call):
                self.cases(decorator, node.args, inside)
            if method and "property" in called_name(decorator):
                self.outline.properties.add(node.name)
                self.outline.held[f"%{method}.{node.name}"].add(f"{node.name}()")
        self.stack += node.decorator_list
        self.stack.append(node.args)
        parameters = [each.arg for each in (*node.args.posonlyargs, *node.args.args)]
        me = self.me
        if not around:
            me = _Me(parameters[0], method) if method and parameters else _Me()
        elif me.name in parameters:
            me = _Me()
        self.scopes.append(_Scope(node.body, node.name, owner, inside, me))
        return True

    def cases(self, decorator: ast.Call, arguments: ast.arguments, space: str) -> None:
        """A decorator may call the function with what it is given, as those of tests do."""
        inner = [each for each in ast.walk(decorator) if isinstance(each, ast.Call)]
        keys = set().union(*(keys_of(argument, self.space) for call in inner for argument in call.args))
        if keys:
            for parameter in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
                self.outline.held[parameter.arg + space] |= keys

    def lambda_(self, node: ast.Lambda) -> bool:
        name = _lambda_name(node)
        self.parameters(node.args, name, "", self.space)
        self.outline.held[f"{name}()"] |= keys_of(node.body, self.space)
        self.outline.handed.add(name)
        return False

    def class_(self, node: ast.ClassDef) -> bool:
        outline, space = self.outline, self.space
        bases: set[str] = set()
        for written in node.bases:
            bases |= keys_of(written, space)
        outline.classes.add(node.name)
        outline.held[node.name + space] |= bases
        self.class_keys.add(node.name + space)
        outline.held[".__class__"].add(node.name + space)
        outline.held["type()"].add(node.name + space)
        if not self.around:
            self.member(node.name)
        for base in bases:
            outline.subclasses[last_part(base)].add(node.name)
        outline.bases[node.name] |= bases
        self.stack += (*node.decorator_list, *node.bases, *node.keywords)
        self.scopes.append(_Scope(node.body, "", node.name, space, self.me))
        return True

    def import_(self, node: ast.Import) -> bool:
        for alias in node.names:
            name = alias.asname or alias.name.partition(".")[0]
            if alias.asname is not None:
                self.outline.used.add(alias.name.rpartition(".")[2])
            self.outline.imports[name].append(Import(alias.name, 0, None, alias.asname is not None))
        return True

    def import_from(self, node: ast.ImportFrom) -> bool:
        outline, module = self.outline, node.module or ""
        for alias in node.names:
            imported = Import(module, node.level, alias.name, True)
            if alias.name == "*":
                outline.stars.append(imported)
                continue
            outline.imports[alias.asname or alias.name].append(imported)
            if alias.asname is not None:
                self.alias(alias.name, alias.asname, (alias.asname,))
                outline.used.add(alias.name)
        return True

    def global_(self, node: ast.Global) -> bool:
        if self.space:
            for name in node.names:
                self.outline.held[name].add(name + self.space)
        return True

    def captured(self, node: ast.MatchAs | ast.MatchStar) -> bool:
        if node.name is not None:
            self.outline.held[node.name + self.space].add(ANYTHING)
        return False

    def captured_rest(self, node: ast.MatchMapping) -> bool:
        if node.rest is not None:
            self.outline.held[node.rest + self.space].add(ANYTHING)
        return False


_HANDLERS: dict[type, Callable[[_Walk, Any], bool]] = {
    ast.Name: _Walk.name,
    **dict.fromkeys(FORMATTED, _Walk.formatted),
    ast.Call: _Walk.call,
    ast.Attribute: _Walk.attribute,
    ast.Assign: _Walk.assign,
    ast.AnnAssign: _Walk.annotated,
    ast.AugAssign: _Walk.annotated,
    ast.NamedExpr: _Walk.annotated,
    ast.For: _Walk.loop,
    ast.AsyncFor: _Walk.loop,
    ast.comprehension: _Walk.loop,
    ast.withitem: _Walk.with_,
    ast.Return: _Walk.returns,
    ast.Yield: _Walk.returns,
    ast.Dict: _Walk.dict_,
    ast.List: _Walk.items,
    ast.Tuple: _Walk.items,
    ast.FunctionDef: _Walk.function,
    ast.AsyncFunctionDef: _Walk.function,
    ast.Lambda: _Walk.lambda_,
    ast.ClassDef: _Walk.class_,
    ast.Import: _Walk.import_,
    ast.ImportFrom: _Walk.import_from,
    ast.Global: _Walk.global_,
    ast.MatchAs: _Walk.captured,
    ast.MatchStar: _Walk.captured,
    ast.MatchMapping: _Walk.captured_rest,
}
"""What is done with a node. In a walk itself they would hold it in a circle, and the tree until that is collected."""


def _lambda_name(node: ast.Lambda) -> str:
    """A name for a function that has none: that of the place where it stands."""
    return f"lambda_{node.lineno}_{node.col_offset}"


def _names_in(value: ast.expr) -> list[str]:
    """The names that something else has which a value is."""
    match value:
        case ast.Name() | ast.Attribute():
            return [called_name(value)]
        case ast.Lambda():
            return [_lambda_name(value)]
        case ast.IfExp(_, body, orelse):
            return [*_names_in(body), *_names_in(orelse)]
    return []


def _passed(node: ast.Call, space: str) -> Passed | None:
    """What a call passes; None where that is nothing that can be held."""
    positional = tuple([frozenset(keys_of(argument, space)) or _NOTHING for argument in node.args])
    keywords: dict[str, frozenset[str]] = {}
    mappings: frozenset[str] = _NOTHING
    splat = False
    for keyword in node.keywords:
        keys = keys_of(keyword.value, space)
        if keyword.arg is None:
            mappings |= keys
            splat = True
        elif keys:
            keywords[keyword.arg] = frozenset(keys)
    if not (keywords or splat or any(positional)):
        return None
    starred = (place for place, argument in enumerate(node.args) if isinstance(argument, ast.Starred))
    return Passed(positional, keywords, next(starred, None), mappings, splat)


def _without_first(passed: Passed) -> Passed:
    starred = None if passed.starred is None else max(0, passed.starred - 1)
    return passed._replace(positional=passed.positional[1:], starred=starred)


def _words_in(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield from each.value.replace(",", " ").split()
