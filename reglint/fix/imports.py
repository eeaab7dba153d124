"""Where an import belongs: beside the one that brought the layer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import libcst as cst

from reglint.files.edit import Edit
from reglint.fix.fix import NotFixable
from reglint.keras.names import keras_name
from reglint.resolve.reaching import END, reaching
from reglint.resolve.scopes import dotted_name
from reglint.resolve.values import Unknown

if TYPE_CHECKING:
    from reglint.keras.module import KerasModule
    from reglint.keras.sites import Site
    from reglint.resolve.scopes import Binding


@dataclass(frozen=True, slots=True)
class NewImport:
    """The edit that makes ``name`` stand for the Keras module ``module`` (``tensorflow.keras.regularizers``)."""

    name: str
    module: str
    edit: Edit


def import_edit(module: KerasModule, site: Site, wanted: str) -> NewImport | NotFixable:
    """Import the Keras module ``wanted`` (``regularizers``) for the use at ``site``."""
    callee = dotted_name(site.call.func)
    kin = _import_of(callee.split(".")[0], site) if callee is not None else None
    if kin is None or not isinstance(kin.node, (cst.Import, cst.ImportFrom)):
        return NotFixable(f"no import shows how this file would name Keras's {wanted}")
    if kin.path:
        return NotFixable(
            f"Keras is imported under a condition here; import {wanted} in each branch, and reglint will use it"
        )
    if _is_taken(wanted, module, site, kin):
        bound = f"keras_{wanted}"
        if _is_taken(bound, module, site, kin):
            return NotFixable(f'the names "{wanted}" and "{bound}" stand for something else in this file')
    else:
        bound = wanted
    package = _package(kin, site)
    name = wanted if bound == wanted else f"{wanted} as {bound}"
    merged = _into_existing(module, kin, package, name)
    edit = merged or _new_line(module, kin, f"from {package} import {name}")
    return NewImport(bound, f"{package}.{wanted}", edit)


def _import_of(name: str, site: Site) -> Binding | None:
    """The import that bound ``name`` where the site stands; a star import where only that can have."""
    scope = site.place.scope
    order, path = site.place.order, site.place.path
    while True:
        owner = scope.owner(name)
        bindings = [*owner.bindings.get(name, []), *owner.bindings.get("*", [])]
        found, _ = reaching(bindings, order, path, scope.index)
        if found:
            imports = [binding for binding in found if binding.imported is not None]
            named = [binding for binding in imports if binding.name == name]
            keras = [binding for binding in imports if _brings_keras(binding)]
            if not keras and len(imports) != len(found):
                return None
            return (named or keras or imports)[0]
        if scope.parent is None:
            return None
        order, path = END if scope.kind == "function" else scope.order, scope.path
        scope = scope.parent


def _brings_keras(binding: Binding) -> bool:
    return binding.imported is not None and keras_name(binding.imported.module) is not None


def _package(kin: Binding, site: Site) -> str:
    """The package to import from, spelled as the file spells it (``tensorflow.keras``, ``keras.src``).

    Where the layer comes from another module of the project, it is the Keras that this module has it from.
    """
    imported = kin.imported
    assert imported is not None
    written = imported.module
    if imported.level or keras_name(written) is None:
        return site.name.root
    parts = written.split(".")
    return ".".join(parts[: parts.index("layers")]) if "layers" in parts else written


def _is_taken(name: str, module: KerasModule, site: Site, kin: Binding) -> bool:
    if name in module.index.top.bindings or name in kin.scope.bindings:
        return True
    return not isinstance(module.resolver.names.value(name, site.place), Unknown)


def _into_existing(module: KerasModule, kin: Binding, package: str, name: str) -> Edit | None:
    """Add ``name`` to the ``from package import ...`` that brought the layer; None where that would not look right."""
    node = kin.node
    if (
        not isinstance(node, cst.ImportFrom)
        or isinstance(node.names, cst.ImportStar)
        or dotted_name(node.module) != package
        or _one_a_line(module, package)
    ):
        return None
    span = module.span(node)
    text = module.document.source[span.start : span.end]
    if span.line != span.end_line or "#" in text or ";" in text:
        return None
    written = [
        module.index.tree.code_for_node(alias.with_changes(comma=cst.MaybeSentinel.DEFAULT))
        for alias in node.names
    ]
    offset = span.end
    if node.rpar is not None:
        offset -= 1 + len(module.index.tree.code_for_node(node.rpar.whitespace_before))
        if isinstance(node.names[-1].comma, cst.Comma):
            return None
    if written == sorted(written, key=str.lower) and len(written) > 1:
        later = [alias for alias in written if alias.lower() > name.lower()]
        if later:
            place = module.document.source.index(later[0], span.start + text.index("import") + len("import"))
            return Edit(place, place, f"{name}, ")
    return Edit(offset, offset, f", {name}")


def _one_a_line(module: KerasModule, package: str) -> bool:
    """Whether the file imports one name a line from ``package``, as Google's style asks."""
    nodes = {node for node in module.top_imports if dotted_name(node.module) == package}
    return len(nodes) > 1 and all(
        not isinstance(node.names, cst.ImportStar) and len(node.names) == 1 for node in nodes
    )


def _new_line(module: KerasModule, kin: Binding, statement: str) -> Edit:
    """A line of its own, after the import that brought the layer or among its like in alphabetical order."""
    source, text = module.document.source, module.document.text
    anchor = kin.node
    assert isinstance(anchor, (cst.Import, cst.ImportFrom))
    package = statement.split()[1]
    alike = [
        binding
        for bindings in kin.scope.bindings.values()
        for binding in bindings
        if binding.path == kin.path
        and isinstance(binding.node, cst.ImportFrom)
        and dotted_name(binding.node.module) == package
        and not isinstance(binding.node.names, cst.ImportStar)
    ]
    for binding in sorted(alike, key=lambda binding: binding.order):
        assert isinstance(binding.node, cst.ImportFrom)
        here = module.span(binding.node)
        if source[here.start : here.end] < statement:
            anchor = binding.node
    span = module.span(anchor)
    line_start = text.starts[span.line - 1]
    indentation = source[line_start : span.start]
    if indentation.strip():
        indentation = indentation[: len(indentation) - len(indentation.lstrip())]
    limit = module.document.limit(span.end)
    if span.end_line < len(text.starts) and text.starts[span.end_line] <= limit:
        end = text.starts[span.end_line]
        line_end = source[end - 2 : end] if source[end - 2 : end] == "\r\n" else source[end - 1 : end]
        return Edit(end, end, f"{indentation}{statement}{line_end}")
    return Edit(limit, limit, f"\n{indentation}{statement}")
