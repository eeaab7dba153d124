"""Where an import belongs: beside its kin, the one that brought the layer."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import libcst as cst

from reglint.files.edit import Edit
from reglint.fix.fix import NotFixable
from reglint.fix.visible import visible
from reglint.keras.names import is_defined, is_starred, keras_name, package_of
from reglint.resolve.nodes import children, dotted_name
from reglint.resolve.values import Expression, External, Unknown, options_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from reglint.keras.module import KerasModule
    from reglint.keras.sites import Site
    from reglint.resolve.scopes import Binding

_WANTED = "regularizers"
_COMMENT = re.compile(r"#[^\r\n]*")
_ITEM = re.compile(r"[^\W\d]\w*(?:[\s\\]+as[\s\\]+\w+)?")
_SMALL_STATEMENTS = (cst.Import, cst.ImportFrom)
_PARTS = (cst.If, cst.Else, cst.With, cst.For, cst.While, cst.Try, cst.ExceptHandler, cst.Finally)


@dataclass(frozen=True, slots=True)
class NewImport:
    """The edits after which ``spelled`` stands for a regularizer."""

    spelled: str
    edits: tuple[Edit, ...]
    branches: bool
    """Whether they are made in each arm of a condition."""


def import_edits(
    module: KerasModule, site: Site, names: Sequence[str], bound: Collection[str]
) -> NewImport | NotFixable:
    """Import what is needed to use one of the regularizers ``names`` at ``site``, the first that there is.

    ``bound`` are the names that the functions around the layers bind themselves.
    """
    kins = _kins(module, site)
    if isinstance(kins, NotFixable):
        return kins
    packages = [_package(kin, site) for kin in kins]
    blocks = [_Block.around(kin, module) for kin in kins]
    arms = list(zip(blocks, packages, strict=True))
    defined = [all(is_defined(f"{package}.{_WANTED}.{name}") for package in packages) for name in names]
    name = names[defined.index(True)]
    taken = _Taken(module, site, kins, bound)
    if not taken.has(name):
        inside = [block.merged(f"{package}.{_WANTED}", name, wraps=False) for block, package in arms]
        if all(inside):
            return NewImport(name, tuple(chain.from_iterable(inside)), len(kins) > 1)
    spelled = _WANTED
    if taken.has(spelled):
        spelled = f"keras_{_WANTED}"
        if taken.has(spelled):
            return NotFixable(f'the names "{_WANTED}" and "{spelled}" stand for something else in this file')
    written = _WANTED if spelled == _WANTED else f"{_WANTED} as {spelled}"
    edits = chain.from_iterable(block.added(package, written) for block, package in arms)
    return NewImport(f"{spelled}.{name}", tuple(edits), len(kins) > 1)


def _kins(module: KerasModule, site: Site) -> Sequence[Binding] | NotFixable:
    """The import that brought the layer; where that is one of several, in the arms of an ``if``, all of them."""
    callee = dotted_name(site.call.func)
    found, certain = visible(callee.partition(".")[0], site.place) if callee is not None else ([], False)
    kin = _import_among(found)
    if kin is None:
        kin = _import_of_keras(module, site)
    if kin is None and site.via == "injected" and callee is not None:
        modules = callee.rpartition(".")[0]
        return NotFixable(
            f"`{modules}` is handed in at run time, without Keras's {_WANTED}; "
            f"hand in `{_WANTED}` beside it, and reglint will use it"
        )
    if kin is None:
        return NotFixable(f"no import shows how this file would name Keras's {_WANTED}")
    if not kin.path:
        return (kin,)
    if (
        certain
        and all(binding.imported is not None and _is_in_an_if(binding) for binding in found)
        and all(map(_brings_keras, found))
    ):
        return found
    return NotFixable(
        f"Keras is imported under a condition here; import {_WANTED} in each branch, and reglint will use it"
    )


def _import_among(found: Sequence[Binding]) -> Binding | None:
    """The import among the bindings of a name, or a star import where only that can have brought it."""
    imports = [binding for binding in found if binding.imported is not None]
    named = [binding for binding in imports if binding.name != "*"]
    keras = [binding for binding in imports if _brings_keras(binding)]
    if not imports or (not keras and len(imports) != len(found)):
        return None
    return (named or keras or imports)[0]


def _import_of_keras(module: KerasModule, site: Site) -> Binding | None:
    """The first import of the site's Keras in the module, for a layer that comes from no import itself.

    Where that can be one of several, as where a module may be handed in, it is the one that is imported.
    """
    roots = callee_roots(module, site)
    for bindings in module.index.top.bindings.values():
        for binding in bindings:
            before = site.place.scope.parent is not None or binding.order < site.place.order
            if binding.imported is None or binding.path or not before:
                continue
            brought = options_of(module.resolver.names.bound([binding], None))
            names = [keras_name(option.name) for option in brought if isinstance(option, External)]
            if any(name is not None and name.root in roots for name in names):
                return binding
    return None


def callee_roots(module: KerasModule, site: Site) -> set[str]:
    """The Kerases that the site's layer can come from: several where it is imported under a condition."""
    roots = {site.name.root}
    for option in options_of(module.resolver.value(Expression(site.call.func, site.place))):
        name = keras_name(option.name) if isinstance(option, External) else None
        if name is not None:
            roots.add(name.root)
    return roots


def _is_in_an_if(binding: Binding) -> bool:
    """Whether nothing but the tests of ``if`` statements decides whether a binding is made."""
    return all(binding.scope.index.branches[branch].test is not None for branch, _ in binding.path)


def _brings_keras(binding: Binding) -> bool:
    return binding.imported is not None and keras_name(binding.imported.module) is not None


def _package(kin: Binding, site: Site) -> str:
    """The package to import from, spelled as the file spells it (``tensorflow.keras``, ``keras.src``).

    Where the layer comes from another module of the project, it is the Keras that this module has it from.
    """
    imported = kin.imported
    assert imported is not None
    package = None if imported.level else package_of(imported.module)
    return site.name.root if package is None else package


@dataclass(frozen=True, slots=True)
class _Taken:
    """Which names stand for something else already, at the site or at any other layer, which may need the same."""

    module: KerasModule
    site: Site
    kins: Sequence[Binding]
    bound: Collection[str]

    def has(self, name: str) -> bool:
        if name in self.module.index.top.bindings or name in self.bound:
            return True
        if any(name in kin.scope.bindings for kin in self.kins):
            return True
        value = self.module.resolver.names.value(name, self.site.place)
        if isinstance(value, External) and is_starred(value.name):
            return False  # the same, where it is there at all
        return not isinstance(value, Unknown)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of imports: its statements, and whether an empty line or a comment stands before it."""

    nodes: tuple[cst.Import | cst.ImportFrom, ...]
    apart: bool = True


@dataclass(frozen=True, slots=True)
class _Block:
    """The import that brought a layer, and the lines of imports that follow each other around it."""

    module: KerasModule
    kin: cst.Import | cst.ImportFrom
    lines: tuple[_Line, ...]

    @classmethod
    def around(cls, kin: Binding, module: KerasModule) -> _Block:
        node = kin.node
        assert isinstance(node, _SMALL_STATEMENTS)
        block: list[_Line] = []
        outer = module.index.trees if kin.scope.parent is None else [kin.scope.node]
        for statement in _statements_around(node, outer):
            line = _line_of(statement, module)
            if line is not None and (not block or _same_cell(module, block[-1].nodes[0], line.nodes[0])):
                block.append(line)
                continue
            if any(node in line.nodes for line in block):
                break
            block = [] if line is None else [line]
        if not any(node in line.nodes for line in block):
            block = [_Line((node,))]
        return cls(module, node, tuple(block))

    def _from(self, package: str) -> list[cst.ImportFrom]:
        """The ``from package import ...`` that names can be added to, that of the layer first."""
        nodes = [
            node
            for line in self.lines
            for node in line.nodes
            if isinstance(node, cst.ImportFrom)
            and not isinstance(node.names, cst.ImportStar)
            and not node.relative
            and dotted_name(node.module) == package
        ]
        return sorted(nodes, key=lambda node: node is not self.kin)

    # Adding to a statement

    def merged(self, package: str, name: str, *, wraps: bool = True) -> tuple[Edit, ...]:
        """Add ``name`` to a ``from package import ...``; nothing where none is there or it would not look right.

        ``wraps``: parentheses may be put around the names where the line gets too long.
        """
        nodes = self._from(package)
        if self._has_one_name_a_line():
            return ()
        names = [node.names for node in nodes if not isinstance(node.names, cst.ImportStar)]
        for node, its in zip(nodes, names, strict=True):
            # Sorters of imports give each name with an alias a line of its own.
            if node is self.kin or any(alias.asname is None for alias in its):
                edits = self._into(node, name, wraps)
                if edits:
                    return edits
        return ()

    def _has_one_name_a_line(self) -> bool:
        """Whether names from one module have lines of their own here, as Google's style asks, and all others too."""
        packages: Counter[str] = Counter()
        for line in self.lines:
            for node in line.nodes:
                if isinstance(node, cst.ImportFrom):
                    if isinstance(node.names, cst.ImportStar) or len(node.names) > 1:
                        return False
                    packages[f"{len(node.relative)} {dotted_name(node.module)}"] += 1
        return any(number > 1 for number in packages.values())

    def _into(self, node: cst.ImportFrom, name: str, wraps: bool) -> tuple[Edit, ...]:
        """Add ``name`` among the names of a statement, in their order and layout."""
        span, source = self.module.span(node), self.module.document.source
        text = _COMMENT.sub(lambda found: " " * len(found[0]), source[span.start : span.end])
        first = text.index("import", text.index(dotted_name(node.module) or "")) + len("import")
        items = list(_ITEM.finditer(text, first))
        names = [" ".join(item[0].replace("\\", " ").split()) for item in items]
        gaps = [
            text[end : item.start()]
            for end, item in zip([first, *(item.end() for item in items)], items, strict=False)
        ]
        broken = ["\n" in gap or "\r" in gap for gap in gaps]
        in_parentheses = "(" in text[first : items[0].start()]
        own_lines = all(broken[1:]) and any(broken) and in_parentheses
        place = _place_among(name, names)
        margin = _last_line(gaps[-1]) if own_lines else " "
        if place < len(items):
            start = span.start + items[place].start()
            return (Edit(start, start, f"{name},{margin if own_lines and broken[place] else ' '}"),)
        end, after = span.start + items[-1].end(), text[items[-1].end() :]
        comma = after.find(",") + 1
        row = after.splitlines()[0] if after else ""
        comment = "#" in source[end : end + len(row)]
        if not own_lines:
            if comment:
                return ()
            if comma:
                return (Edit(end + comma, end + comma, f" {name},"),)
            if not in_parentheses and self._too_long(span.start, span.end, f", {name}"):
                start = span.start + items[0].start()
                inside = source[start:end]
                return (Edit(start, end, f"({inside}, {name})"),) if wraps and "\\" not in text else ()
            return (Edit(end, end, f", {name}"),)
        if not comment:
            return (
                (Edit(end + comma, end + comma, f"{margin}{name},"),)
                if comma
                else (Edit(end, end, f",{margin}{name}"),)
            )
        below = Edit(end + len(row), end + len(row), f"{margin}{name}{',' if comma else ''}")
        return (below,) if comma else (Edit(end, end, ","), below)

    def _too_long(self, start: int, end: int, added: str) -> bool:
        # Imported here since it matters only to long lines, and what it needs takes long to import.
        from reglint.fix.style import line_length, width

        line = self.module.document.source[self._line_start(start) : end]
        return width(line + added) > line_length(self.module.document.path)

    def added(self, package: str, name: str) -> tuple[Edit, ...]:
        """Import ``name`` from ``package``, in a statement that is there or in a new one."""
        return self.merged(package, name) or (self.with_line(package, f"from {package} import {name}"),)

    # A line of its own

    def with_line(self, package: str, statement: str) -> Edit:
        """A new line: among its like, in the order of the imports around if they have one, else after the layer's."""
        alike = self._from(package)
        if alike:
            smaller = [node for node in alike if self._text(node) < statement]
            if smaller:
                return self._after(max(smaller, key=lambda node: self.module.span(node).start), statement)
        following = self._sorted_run(package)
        return self._after(self.kin, statement) if following is None else self._before(following, statement)

    def _sorted_run(self, package: str) -> cst.ImportFrom | None:
        """The import before which one from ``package`` belongs, if those around are sorted by module."""
        run: list[cst.ImportFrom] = []
        for line in self.lines:
            node = line.nodes[0]
            single = len(line.nodes) == 1 and isinstance(node, cst.ImportFrom) and not node.relative
            if (line.apart or not single) and self.kin in run:
                break
            if line.apart or not single:
                run = []
            if single:
                assert isinstance(node, cst.ImportFrom)
                run.append(node)
        if self.kin not in run or any(isinstance(node.names, cst.ImportStar) for node in run):
            return None
        modules = [dotted_name(node.module) or "" for node in run]
        if modules != sorted(modules, key=str.lower):
            return None
        later = [node for node, its in zip(run, modules, strict=True) if its.lower() > package.lower()]
        return later[0] if later and not self._is_below_a_comment(later[0]) else None

    def _is_below_a_comment(self, node: cst.ImportFrom) -> bool:
        document = self.module.document
        above = self.module.span(node).line - 1
        return above > 0 and document.text.line(above).lstrip().startswith("#")

    def _before(self, node: cst.ImportFrom, statement: str) -> Edit:
        source, span = self.module.document.source, self.module.span(node)
        start = self._line_start(span.start)
        indentation = source[start : span.start]
        return Edit(span.start, span.start, f"{statement}{self._line_end(span.end)}{indentation}")

    def _after(self, node: cst.Import | cst.ImportFrom, statement: str) -> Edit:
        source, text = self.module.document.source, self.module.document.text
        span = self.module.span(node)
        indentation = source[self._line_start(span.start) : span.start]
        if indentation.strip():
            indentation = indentation[: len(indentation) - len(indentation.lstrip())]
        limit = self.module.document.limit(span.end)
        following = source[span.end : limit].partition("\n")[0].partition("#")[0].split(";")
        if any(part.split()[0] not in ("import", "from") for part in following if part.strip()):
            return Edit(span.end, span.end, f"; {statement}")  # what follows on the line may need it already
        if span.end_line < len(text.starts) and text.starts[span.end_line] <= limit:
            end = text.starts[span.end_line]
            return Edit(end, end, f"{indentation}{statement}{self._line_end(span.end)}")
        return Edit(limit, limit, f"\n{indentation}{statement}")

    def _text(self, node: cst.ImportFrom) -> str:
        span = self.module.span(node)
        return self.module.document.source[span.start : span.end]

    def _line_start(self, offset: int) -> int:
        source = self.module.document.source
        return max(source.rfind("\n", 0, offset), source.rfind("\r", 0, offset)) + 1

    def _line_end(self, offset: int) -> str:
        """The line end of the line of an offset."""
        found = re.compile(r"\r\n|\n|\r").search(self.module.document.source, offset)
        return "\n" if found is None else found[0]


def _statements_around(node: cst.CSTNode, outer: Sequence[cst.CSTNode]) -> Sequence[cst.CSTNode]:
    """The statements of the block that a statement is in, somewhere inside of ``outer``; none if it is not found."""
    pending = [*outer]
    while pending:
        inner = pending.pop()
        if isinstance(inner, (cst.Module, cst.IndentedBlock)):
            if any(isinstance(line, cst.SimpleStatementLine) and node in line.body for line in inner.body):
                return inner.body
            pending += inner.body
        elif inner in outer or isinstance(inner, _PARTS):
            pending += children(inner)
    return ()


def _line_of(statement: cst.CSTNode, module: KerasModule) -> _Line | None:
    """The imports of a line, if it has nothing else."""
    if not isinstance(statement, cst.SimpleStatementLine):
        return None
    nodes = tuple(node for node in statement.body if isinstance(node, _SMALL_STATEMENTS))
    if len(nodes) < len(statement.body):
        return None
    return _Line(nodes, bool(getattr(module.twin(statement), "leading_lines", ())))


def _same_cell(
    module: KerasModule, one: cst.Import | cst.ImportFrom, other: cst.Import | cst.ImportFrom
) -> bool:
    limits = [module.document.limit(module.span(node).end) for node in (one, other)]
    return limits[0] == limits[1]


def _place_among(name: str, names: Sequence[str]) -> int:
    """Where a name goes among others: in their order where they have one, else behind them."""
    if len(names) > 1:
        for key in (str.lower, _isort_key):
            keys = [key(one) for one in names]
            if keys == sorted(keys):
                return sum(one < key(name) for one in keys)
    return len(names)


def _isort_key(name: str) -> str:
    """The order of isort and ruff: constants, classes, functions and modules."""
    first = name.split()[0]
    group = 0 if first.isupper() and len(first) > 1 else 1 if first[0].isupper() else 2
    return f"{group}{first.lower()}"


def _last_line(white_space: str) -> str:
    """The last line end in a stretch of a text with the indentation after it."""
    found = re.search(r"(?:\r\n|\n|\r)[ \t\f]*$", white_space)
    return found[0] if found else " "
