"""Slices a module: keeps the top-level statements that something depends on, and blanks the others."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reglint.verify import effects, names
from reglint.verify.forgiving import forgivable, shown, storing
from reglint.verify.source import Edit, Source, parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence


@dataclass(frozen=True, slots=True, eq=False)
class Leaf:
    """A statement that is kept or dropped as one, or the header of a compound statement."""

    node: ast.stmt
    parents: tuple[ast.stmt, ...]
    binds: frozenset[str]
    reads: frozenset[str]
    changes: frozenset[str]


class Slicer:
    """The statements of one module. ``calls`` are the expressions in question, by the target's index."""

    def __init__(self, source: Source, calls: Mapping[int, ast.expr]) -> None:
        self.source = source
        self.calls = calls
        misplaced = set(_misplaced(source.tree))
        self.leaves = [leaf for leaf in _leaves(source.tree.body, ()) if leaf.node not in misplaced]
        self._indices = {id(call): index for index, call in calls.items()}
        self._held: dict[int, frozenset[int]] = {}
        self.imported = dict(_imports(source.tree))
        self._aliases = [alias for leaf in self.leaves for alias in names.aliases(leaf.node)]
        self.definitions = {
            leaf.node.name: leaf for leaf in self.leaves if isinstance(leaf.node, names.DEFINITIONS)
        }
        self.defined: dict[str, ast.stmt] = {name: leaf.node for name, leaf in self.definitions.items()}
        self._top = {id(leaf.node) for leaf in self.leaves}
        self._forgiven = forgivable(source.tree)
        self._storing = storing(source.tree)
        self._making = {name for name in self.definitions if self.inside(self.reached([name]))}

    def inside(self, nodes: Iterable[ast.AST]) -> frozenset[int]:
        """The targets whose calls stand in one of the nodes."""
        return frozenset().union(*map(self._inside, nodes))

    def _inside(self, node: ast.AST) -> frozenset[int]:
        if id(node) not in self._held:
            held = {id(each) for each in ast.walk(node)}
            self._held[id(node)] = frozenset(self._indices[each] for each in held & self._indices.keys())
        return self._held[id(node)]

    def reached(self, wanted: Iterable[str]) -> list[ast.stmt]:
        """The definitions of these names, and those that they refer to in turn."""
        found: dict[str, ast.stmt] = {}
        waiting = [name for name in wanted if name in self.definitions]
        while waiting:
            name = waiting.pop()
            if name not in found:
                found[name] = self.definitions[name].node
                waiting += sorted(self.definitions[name].reads & self.definitions.keys())
        return list(found.values())

    def closure(self, seeds: Sequence[Leaf], wanted: Iterable[str] = ()) -> list[Leaf]:
        """The leaves that ``seeds`` and the names ``wanted`` depend on, in the order of the source."""
        kept: set[Leaf] = set()
        needed: set[str] = set()
        found = {*seeds, *(leaf for leaf in self.leaves if _is_always(leaf.node))}
        names_found = {*wanted, *(name for leaf in seeds for name in leaf.binds)}
        while found or names_found:
            kept |= found
            names_found |= {name for leaf in found for name in leaf.reads | _header_reads(leaf.parents)}
            needed |= names_found
            names_found = set()
            found = {leaf for leaf in self.leaves if leaf not in kept and self._matters(leaf, needed, kept)}
        return [leaf for leaf in self.leaves if leaf in kept]

    def _matters(self, leaf: Leaf, needed: set[str], kept: set[Leaf]) -> bool:
        """Whether a leaf binds or changes something that is needed."""
        node = leaf.node
        if isinstance(node, (ast.Break, ast.Continue)):
            return any(_loop(leaf) in each.parents for each in kept)
        if isinstance(node, (ast.Delete, ast.Raise, ast.Assert, ast.Return)):
            return False
        if isinstance(node, ast.Expr):
            return isinstance(node.value, ast.Call) and self._changes(leaf, node.value, needed)
        if leaf.binds & needed:
            return not self._is_result(leaf)
        return bool(self._through_aliases(leaf.changes) & needed)

    def _changes(self, leaf: Leaf, call: ast.Call, needed: set[str]) -> bool:
        """Whether a call that is a statement changes something that is needed."""
        if effects.is_setting(call):
            return True
        if names.last(call.func) in effects.IDLE:
            return False
        changed = self._through_aliases(leaf.changes) & needed
        if names.last(call.func) in ("setattr", "delattr"):
            return bool(changed)
        if not changed - self.imported.keys():
            return False
        if isinstance(call.func, ast.Name):
            return call.func.id in self.definitions
        return names.root(call.func) not in self.imported

    def _is_result(self, leaf: Leaf) -> bool:
        """Whether a leaf binds what a call gave that is not run, and another leaf binds the name too.

        Of several that all bring data, which is made up, each is kept.
        """
        others = [other for other in self.leaves if other is not leaf and other.binds >= leaf.binds]
        call = _assigned_call(leaf.node)
        if call is None:
            return False
        if names.last(call.func) in effects.IDLE:
            return bool(others)
        return effects.is_data(call) and not all(map(_brings_data, others))

    def _through_aliases(self, changed: frozenset[str]) -> set[str]:
        reached = set(changed)
        while more := {name for alias, name in self._aliases if alias in reached} - reached:
            reached |= more
        return reached

    def text(self, kept: Iterable[Leaf]) -> str:
        """The module with the other statements blanked, calls in question instrumented, and data made up."""
        whole = {id(leaf.node) for leaf in kept}
        opened = {id(parent) for leaf in kept for parent in leaf.parents}
        return self.source.edited(self._edits(self.source.tree.body, whole, opened))

    def _edits(self, body: Iterable[ast.stmt], whole: set[int], opened: set[int]) -> Iterator[Edit]:
        for node in body:
            inner = list(children(node))
            if id(node) not in whole | opened:
                yield self.source.replace(node)
            elif not inner:
                yield from self._rewrites(node)
            else:
                if isinstance(node, ast.For):
                    yield from self._looping(node)
                for part in _header(node):
                    yield from self._rewrites(part)
                yield from self._edits(inner, whole, opened)

    def _rewrites(self, node: ast.AST) -> Iterator[Edit]:
        """The edits of code that is kept."""
        if isinstance(node, ast.Call):
            about = self._made_up(node)
            if about is not None:
                yield self.source.replace(node, about)
                return
            if id(node) in self._indices:
                yield from self._wrapped(node, f"__reglint_made__({self._indices[id(node)]}, ")
        elif isinstance(node, (ast.Assign, ast.AugAssign, ast.Expr)):
            yield from self._forgiving(node)
        elif isinstance(node, (ast.For, ast.comprehension)):
            yield from self._looping(node)
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            for decorator in node.decorator_list:
                yield from self._wrapped(decorator, "__reglint_decorator__(")
        elif isinstance(node, ast.Compare) and _is_main_guard(node):
            yield self.source.replace(node, "True")
        for child in parts(node):
            yield from self._rewrites(child)

    def _made_up(self, call: ast.Call) -> str | None:
        """What to write for a call that brings data, None for any other call."""
        dataset = effects.dataset_of(call, self.imported)
        if dataset is not None:
            return f"__reglint_dataset__({dataset!r})"
        if effects.is_data(call) and not (isinstance(call.func, ast.Name) and call.func.id in self._making):
            return f"__reglint_data__({f'`{ast.unparse(call.func)}(...)`, which a proof does not run'!r})"
        return None

    def _forgiving(self, node: ast.Assign | ast.AugAssign | ast.Expr) -> Iterator[Edit]:
        """Makes up the value of a statement where computing it fails, and as many as its targets take.

        Setting an item of data may fail too.
        """
        if id(node) in self._storing and not self._builds(node) and self.source.is_alone(node):
            read = ", ".join(sorted(names.reads(node)))
            about, is_cell = shown(node), id(node) in self._top
            start, _ = self.source.span(node)
            text = f"with __reglint_storing__({about!r}, lambda: ({read},), is_cell={is_cell}): "
            yield Edit(start, start, text)
        pattern = _pattern(node.targets[0]) if isinstance(node, ast.Assign) else None
        opening, closing = "", ""
        if pattern is not None:
            opening, closing = f"__reglint_spread__({pattern}, (", "))"
        marker = self._marker(node)
        if marker:
            opening += f"{marker}({shown(node.value)!r}, lambda: ("
            closing += "))"
        if opening:
            yield from self._wrapped(node.value, opening, closing)

    def _marker(self, node: ast.Assign | ast.AugAssign | ast.Expr) -> str | None:
        """What is written around the value of a statement that may fail."""
        value = node.value
        is_replaced = isinstance(value, ast.Call) and self._made_up(value) is not None
        if id(node) not in self._forgiven or is_replaced:
            return None
        if id(node) in self._top:
            return "__reglint_cell__"
        return None if self._builds(value) else "__reglint_forgive__"

    def _builds(self, code: ast.AST) -> bool:
        """Whether an expression or a statement makes a layer in question."""
        called = {names.last(each.func) for each in names.calls(code)}
        return bool(called & self._making or self._inside(code))

    def _looping(self, node: ast.For | ast.comprehension) -> Iterator[Edit]:
        """Has a loop over made-up data give each of its targets something, and one over what fails."""
        opening, closing = f"__reglint_each__({_pattern(node.target) or 0}, (", "))"
        if id(node) in self._forgiven and not self._builds(node.iter):
            opening += f"__reglint_forgive__({shown(node.iter)!r}, lambda: ("
            closing += "))"
        yield from self._wrapped(node.iter, opening, closing)

    def _wrapped(self, node: ast.expr, opening: str, closing: str = ")") -> Iterator[Edit]:
        start, end = self.source.span(node)
        yield Edit(start, start, opening)
        yield Edit(end, end, closing)


def children(node: ast.AST) -> Iterator[ast.stmt]:
    """The statements in a compound statement; none for a definition, which is kept or dropped as one."""
    if isinstance(node, names.DEFINITIONS):
        return
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt):
            yield child
        elif not isinstance(child, ast.expr):
            yield from children(child)


def _leaves(body: Iterable[ast.stmt], parents: tuple[ast.stmt, ...]) -> Iterator[Leaf]:
    for node in body:
        inner = list(children(node))
        if not inner:
            binds, reads, changes = names.binds(node), names.reads(node), names.changes(node)
            yield Leaf(node, parents, frozenset(binds), frozenset(reads), frozenset(changes))
            continue
        header = list(_header(node))
        bound = {name for part in header for name in names.binds(part)}
        if bound:
            read = {name for part in header for name in names.reads(part)}
            yield Leaf(node, parents, frozenset(bound), frozenset(read), frozenset())
        yield from _leaves(inner, (*parents, node))


def _header(node: ast.AST) -> Iterator[ast.AST]:
    """The parts of a compound statement that are no statements."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt):
            continue
        if isinstance(child, ast.expr) or not any(True for _ in children(child)):
            yield child
        else:
            yield from _header(child)


def _assigned_call(node: ast.stmt) -> ast.Call | None:
    """The call whose result a statement gives a name."""
    return node.value if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) else None


def _brings_data(leaf: Leaf) -> bool:
    call = _assigned_call(leaf.node)
    return call is not None and effects.is_data(call)


def _header_reads(parents: tuple[ast.stmt, ...]) -> set[str]:
    read = {name for parent in parents for part in _header(parent) for name in names.reads(part)}
    return read - {"__name__"}


def _loop(leaf: Leaf) -> ast.stmt | None:
    loops = (ast.For, ast.AsyncFor, ast.While)
    return next((parent for parent in reversed(leaf.parents) if isinstance(parent, loops)), None)


def _is_always(node: ast.stmt) -> bool:
    """Whether a statement is kept whatever is wanted."""
    if isinstance(node, ast.ImportFrom):
        return node.module == "__future__" or node.names[0].name == "*"
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True  # Nothing but a docstring may stand before a ``__future__`` import.
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and effects.is_setting(node.value)


def _misplaced(tree: ast.Module) -> Iterator[ast.stmt]:
    """The ``__future__`` imports after other code: a notebook may have them, as each of its cells starts anew."""
    is_start = True
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            if not is_start:
                yield node
        elif not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            is_start = False


def _imports(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """(name, origin) for every import of a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                origin = alias.name if alias.asname else alias.name.split(".")[0]
                yield alias.asname or origin, origin
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield alias.asname or alias.name, f"{node.module or ''}.{alias.name}"


def _is_main_guard(node: ast.Compare) -> bool:
    sides = [node.left, *node.comparators]
    return any(isinstance(side, ast.Name) and side.id == "__name__" for side in sides) and any(
        isinstance(side, ast.Constant) and side.value == "__main__" for side in sides
    )


def _pattern(target: ast.expr) -> str | None:
    """``((0, 0), 0)`` for ``(a, b), c``; None for anything that is not a tuple of targets."""
    if not isinstance(target, (ast.Tuple, ast.List)):
        return None
    if any(isinstance(each, ast.Starred) for each in target.elts):
        return None
    return "(" + "".join(f"{_pattern(each) or 0}, " for each in target.elts) + ")"
