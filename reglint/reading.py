"""From paths to modules of Keras code, one by one: the way that every command goes, and each way to fail on it."""

from __future__ import annotations

import os
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Generic, TypeVar

from reglint.files.discover import discover
from reglint.files.documents import Document, DocumentError, Problem, document_of, read_document
from reglint.files.syntax import TOO_DEEP, SyntaxProblem, null_byte, parser_problem, syntax_problem
from reglint.files.text import Place
from reglint.interruption import is_interruption
from reglint.report.results import ErrorResult
from reglint.suppress.screen import may_be_wrong

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping, Sequence

    from reglint.keras.module import KerasModule
    from reglint.policy.policy import Policy
    from reglint.resolve.project import Project

_Made = TypeVar("_Made")

NONE_GIVEN: Mapping[Path, bytes] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Reading(Generic[_Made]):
    """What came of one path: an error, or the document with what was made of its module."""

    document: Document | None = None
    made: _Made | None = None
    """None where nothing in the document can construct layers, and where it could not be parsed."""
    problems: tuple[Problem, ...] = ()
    """What in the document is not Python."""
    error: ErrorResult | None = None


def read_modules(
    paths: Sequence[Path],
    policy_for: Callable[[Path], Policy],
    make: Callable[[KerasModule, Project], _Made],
    given: Mapping[Path, bytes] = NONE_GIVEN,
    only: Callable[[Policy], bool] = lambda _: True,
) -> Generator[Reading[_Made], None, None]:
    """Read the documents of ``paths`` and give what ``make`` makes of each module.

    The policy of a file says whether it is read, which Keras it runs on and which layers there are besides.
    ``given`` has the bytes of further paths, or of some of these, which are not read from the disk. ``only`` says
    for which policies. Whatever goes wrong with one file, in ``make`` as well, is part of its reading, and the rest
    goes on. From the first module to the end, Python's garbage collector is off.

    Raises:
        reglint.policy.PolicyError: there is no telling what applies to a file.
    """
    named = {*given, *paths}
    read_given = (path for path in given if not policy_for(path).files.leaves_out_named(path))
    project: Project | None = None
    with ExitStack() as stack:
        found = discover(paths, lambda path: policy_for(path).files)
        for path in chain(read_given, (path for path in found if path not in given)):
            policy = policy_for(path)
            if not only(policy):
                continue
            try:
                document = document_of(path, given[path]) if path in given else read_document(path)
            except DocumentError as error:
                yield Reading(error=document_error(error))
                continue
            try:
                if not _may_matter(document, policy):
                    # Of such a file one thing can be wrong, and it is looked for only if the file was named.
                    yield Reading(document, problems=_problems(document) if path in named else ())
                    continue
                if project is None:
                    from reglint.resolve.project import Project
                    from reglint.resolve.trees import collector_off

                    folders = frozenset(os.path.abspath(path) for path in paths if os.path.isdir(path))
                    project = Project(not folders, folders)
                    stack.enter_context(collector_off())
                reading = _read(document, project, policy, make)
            except Exception as error:
                if is_interruption(error):
                    raise KeyboardInterrupt from error
                reading = Reading(error=internal_error(path, error))
            yield reading


def _may_matter(document: Document, policy: Policy) -> bool:
    """Whether a document can hold anything to find, told without parsing it."""
    from reglint.keras.screen import may_construct_layers

    return may_construct_layers(document.code, policy.custom_layers) or may_be_wrong(document.code)


def _read(
    document: Document,
    project: Project,
    policy: Policy,
    make: Callable[[KerasModule, Project], _Made],
) -> Reading[_Made]:
    import libcst as cst

    from reglint.keras.module import read_module

    reading: Reading[_Made] = Reading(document)
    try:
        reading = replace(reading, problems=document.problems)
        null = null_byte(document.source)
        if null is not None:
            return replace(reading, problems=(*reading.problems, _problem(document, null)))
        module = read_module(document, project, policy.generation, policy.custom_layers)
        return replace(reading, made=make(module, project))
    except cst.ParserSyntaxError as error:
        problem = parser_problem(document.source, error)
    except RecursionError:
        problem = syntax_problem(document.source) or SyntaxProblem(TOO_DEEP)
    return replace(reading, problems=(*reading.problems, _problem(document, problem)))


def _problems(document: Document) -> tuple[Problem, ...]:
    """What in a document is not Python, as far as that shows without parsing it as Keras code."""
    if document.problems:
        return document.problems
    problem = syntax_problem(document.source)
    return () if problem is None else (_problem(document, problem),)


def _problem(document: Document, problem: SyntaxProblem) -> Problem:
    """A problem of the module as one of the file."""
    cell, line, column = document.locate(problem.line, problem.column)
    width = problem.end_column - problem.column
    return Problem(Place(cell, line, column, line, column + width), problem.message)


# Errors


def shown_path(path: Path) -> str:
    """The path as given; bytes that are not UTF-8 become escapes, since JSON has no place for them."""
    return str(path).encode("utf-8", "backslashreplace").decode()


def document_error(error: DocumentError) -> ErrorResult:
    """A file that cannot be read or written."""
    return ErrorResult(shown_path(error.path), error.reason)


def internal_error(path: Path, error: Exception) -> ErrorResult:
    """A fault of reglint's own, with what a report of it needs; the other files are checked all the same."""
    import traceback

    last = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{Path(last.filename).name}, line {last.lineno}"
    return ErrorResult(
        shown_path(path), f"reglint itself failed on this file, please report it: {error!r} ({place})"
    )
