"""``reglint verify``: proves, without changing anything, what is in the losses of a project's models."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NoReturn

import click

from reglint.commands.output import FAILED, FOUND, NOTHING_FOUND, color, fail, reader_may_leave
from reglint.commands.settings import build_options, policies, settings

_EXAMPLES = """\b
Examples:
  reglint verify                            all models of the folder you are in
  reglint verify src/ train.py              of these paths
  reglint verify pkg.models:build_model     what this function builds
  reglint verify pkg/models.py:Net          the same by file; a class
  reglint verify --python .venv src/        with the packages of this environment
  reglint verify --output-format json src/  for other programs

\b
Exit codes:
  0    every model that was found carries what the policy asks for
  1    some weights do not, or something could not be verified
  2    the run failed: bad arguments, a bad policy, a file that cannot be read
"""


@click.command(epilog=_EXAMPLES)
@click.argument("what", nargs=-1, metavar="[PATHS | MODULE:FUNCTION]...")
@click.option(
    "--policy",
    "policy_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The policy file. Otherwise the nearest one of each file, as for check.",
)
@click.option("--output-format", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option(
    "--allow-unverified",
    is_flag=True,
    help="Exit with 0 even if something could not be verified, as long as no weight is known to be wrong.",
)
@build_options
def verify(
    what: tuple[str, ...],
    policy_file: Path | None,
    output_format: str,
    allow_unverified: bool,
    python: Path | None,
    cache_dir: Path | None,
    no_cache: bool,
) -> NoReturn:
    """Build the models of a project and show what regularizes each weight in model.losses.

    Nothing is changed. The parts of your code that build models run in a worker process, as for fix. For each model
    there is a table of its layers and weights, and its coverage: the share of trainable parameters that carry a
    penalty.
    """
    from reglint.report.text import render_errors
    from reglint.report.verification import render_json, render_text
    from reglint.verify import VerifierMissing
    from reglint.verifying import UnknownModule, entry_of
    from reglint.verifying import verify as run

    try:
        entries = {text: entry_of(text) for text in what}
    except UnknownModule as error:
        raise click.UsageError(str(error)) from None
    named = [entry for entry in entries.values() if entry is not None]
    paths = [Path(text) for text, entry in entries.items() if entry is None]
    if named and paths:
        raise click.UsageError("paths and MODULE:FUNCTION: give one or the other")
    policy_for = policies(policy_file)
    first = [entry.path for entry in named] or paths or [Path()]
    how = settings(policy_for, first[0], python, cache_dir, no_cache)
    try:
        found = run([] if named else first, policy_for, how, entries=named)
    except VerifierMissing as error:
        fail(str(error))
    with reader_may_leave():
        for line in render_errors(found.errors):
            click.echo(line, err=True, color=color(sys.stderr))
        if output_format == "json":
            click.echo(render_json(found), nl=False)
        else:
            for line in render_text(found):
                click.echo(line, color=color(sys.stdout))
    summary = found.summary
    if summary.errors:
        sys.exit(FAILED)
    sys.exit(FOUND if summary.problems or (summary.unverified and not allow_unverified) else NOTHING_FOUND)
