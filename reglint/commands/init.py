"""``reglint init``: a policy file to start from, with examples or made from what the code does."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from reglint.commands.output import reader_may_leave

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reglint.proposing import Proposal
    from reglint.report.results import ErrorResult

_STDOUT = Path("-")
_FAILED = 2

_EXAMPLES = """\b
Examples:
  reglint init                     a reglint.toml with comments, to fill in
  reglint init --infer src/        one that asks for what the code below src/ does most
  reglint init --infer src/ -o -   show it, write nothing
"""


@click.command(epilog=_EXAMPLES)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, exists=True))
@click.option("--infer", is_flag=True, help="Ask for what most of the code below PATHS (here) does.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    metavar="FILE",
    help="The file to write, - for standard output.  [default: reglint.toml]",
)
@click.option("--force", is_flag=True, help="Write over a file that exists.")
def init(paths: tuple[Path, ...], infer: bool, output: Path | None, force: bool) -> None:
    """Write a policy file, reglint.toml, to start from.

    With --infer it asks for what the code below PATHS does most, with the counts as comments, and names what does
    not agree. A policy that there is already has no part in that.
    """
    from reglint.policy import starter
    from reglint.policy.load import FILE_NAME

    if paths and not infer:
        raise click.UsageError("PATHS go with --infer")
    target = Path(FILE_NAME) if output is None or output == _STDOUT else output
    refused = None if output == _STDOUT or force else _refused(target)
    if refused is not None:
        _end_with((refused,))
    proposal = None
    if infer:
        from reglint.proposing import propose

        proposal = propose(paths or (Path(),), target)
    text = starter.text() if proposal is None else proposal.text
    if output == _STDOUT:
        with reader_may_leave():
            click.echo(text, nl=False)
    else:
        _write(target, text)
        for line in _said(target, proposal, paths):
            click.echo(line)
    if proposal is not None and proposal.errors:
        _end_with(proposal.errors)


def _end_with(errors: Iterable[ErrorResult]) -> NoReturn:
    from reglint.report.text import render_errors

    for line in render_errors(errors):
        click.echo(line, err=True)
    sys.exit(_FAILED)


def _refused(target: Path) -> ErrorResult | None:
    """Why a policy file is not written, where there is a policy already."""
    from reglint.policy.extend import open_source
    from reglint.policy.load import FILE_NAME
    from reglint.policy.source import PYPROJECT
    from reglint.report.results import ErrorResult

    ways = "use --force to write it all the same, or -o - to see what it would be"
    if os.path.lexists(target):
        return ErrorResult(str(target), f"exists already; {ways}")
    pyproject = target.parent / PYPROJECT
    if target.name == FILE_NAME and pyproject.is_file() and open_source(pyproject) is not None:
        reason = f"has a policy, in [tool.reglint], and a {FILE_NAME} beside it takes its place; {ways}"
        return ErrorResult(str(pyproject), reason)
    return None


def _write(target: Path, text: str) -> None:
    from reglint.files.documents import DocumentError
    from reglint.files.writing import Writer
    from reglint.reading import document_error

    try:
        Writer().write_file(target, target.read_bytes() if target.exists() else None, text.encode())
    except DocumentError as error:
        _end_with((document_error(error),))


def _said(target: Path, proposal: Proposal | None, paths: tuple[Path, ...]) -> Iterator[str]:
    """What was written, what to do next, and what it takes the place of."""
    from reglint.policy import PolicyError, discover
    from reglint.policy.load import FILE_NAME

    yield f"Wrote {target}."
    option = () if target == Path(FILE_NAME) else ("--policy", str(target))
    check = shlex.join(["reglint", "check", *option, *map(str, paths)])
    if proposal is None:
        yield f"Change it to what you want, then run `{check}`."
    else:
        number = len(proposal.outliers)
        found = f"{number or 'no'} finding{'' if number == 1 else 's'}"
        yield f"Read it and change what you mean otherwise; as it is, `{check}` has {found}."
    if target.name == FILE_NAME:
        try:
            above = discover(target.absolute().parent.parent).path
        except PolicyError as error:
            above = error.problems[0].path
        if above is not None:
            yield f"It takes the place of {above} here."
            relative = Path(os.path.relpath(above, target.parent)).as_posix()
            yield f'To add to that one instead, begin it with: extends = "{relative}"'
