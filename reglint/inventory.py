"""The inventory run: from paths to every layer constructor and what regularizes its weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reglint.files.discover import discover
from reglint.files.documents import DocumentError, read_document
from reglint.keras.screen import may_construct_layers
from reglint.pipeline import document_error, internal_error, shown_path
from reglint.report.inventory import Inventory, LayerEntry, Origin, PenaltyEntry, WeightEntry
from reglint.report.results import ErrorResult

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from reglint.keras.catalog import Generation
    from reglint.keras.module import KerasModule
    from reglint.keras.sites import Site
    from reglint.keras.weights import WeightUse
    from reglint.resolve.project import Project
    from reglint.resolve.values import Expression


def take_inventory(paths: Sequence[Path], generation_for: Callable[[Path], Generation | None]) -> Inventory:
    """Read the files of ``paths``; one that cannot be read is an error entry, and the rest goes on."""
    import libcst as cst

    from reglint.keras.module import read_module
    from reglint.resolve import project as projects

    project = projects.Project()
    layers: list[LayerEntry] = []
    errors: list[ErrorResult] = []
    files = 0
    for path in discover(paths):
        try:
            document = read_document(path)
            files += 1
            if may_construct_layers(document.data):
                layers += _entries(read_module(document, project, generation_for(path)), project)
        except DocumentError as error:
            errors.append(document_error(error))
        except cst.ParserSyntaxError as error:
            errors.append(ErrorResult(shown_path(path), f"line {error.raw_line} is not Python"))
        except RecursionError:
            errors.append(ErrorResult(shown_path(path), "the code is nested too deeply to be read"))
        except Exception as error:
            errors.append(internal_error(path, error))
    return Inventory(tuple(layers), files, tuple(errors))


def _entries(module: KerasModule, project: Project) -> Iterator[LayerEntry]:
    for site in module.sites:
        span = module.span(site.call)
        yield LayerEntry(
            path=shown_path(module.document.path),
            cell=None,
            line=span.line,
            column=span.column,
            layer=f"keras.{site.name.module}.{site.layer.name}",
            project_class=site.project_class,
            via=site.via,
            weights={
                use.weight.role: _weight(use, site, module, project)
                for use in site.weights
                # Nearly every layer takes an activity regularizer, and next to none has one.
                if use.weight.role != "activity" or use.state == "set"
            },
        )


def _weight(use: WeightUse, site: Site, module: KerasModule, project: Project) -> WeightEntry:
    penalty = None
    if use.penalty is not None:
        penalty = PenaltyEntry(use.penalty.kind, use.penalty.l1, use.penalty.l2)
    origin = None
    if use.made is not None:
        origin = _origin(use.made, module, project)
    elif use.argument is not None and use.argument.place.scope.index is module.index:
        span = module.span(site.call)
        origin = Origin(shown_path(module.document.path), span.line, span.column)
    return WeightEntry(use.state, penalty, origin, use.reason)


def _origin(made: Expression, module: KerasModule, project: Project) -> Origin | None:
    """Where the call that makes a regularizer stands, in this file or another one."""
    import libcst as cst

    index = made.place.scope.index
    assert isinstance(made.node, cst.Call)
    if index is module.index:
        span = module.span(made.node)
        return Origin(shown_path(module.document.path), span.line, span.column)
    found = project.span(index, made.node)
    return Origin(shown_path(index.path), found.line, found.column)
