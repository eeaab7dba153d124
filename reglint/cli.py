"""The command line: arguments, exit codes, and what is printed where."""

from __future__ import annotations

import io
import os
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from reglint import __version__
from reglint.commands.clean import clean
from reglint.commands.init import init
from reglint.commands.output import FAILED, FOUND, NOTHING_FOUND, reader_may_leave
from reglint.commands.output import color as _color
from reglint.commands.output import fail as _fail
from reglint.commands.policy import policy
from reglint.commands.rule import rule
from reglint.commands.settings import build_options
from reglint.commands.settings import policies as _policies
from reglint.commands.settings import settings as _settings
from reglint.commands.verify import verify
from reglint.files.writing import Writer
from reglint.interruption import is_interruption

if TYPE_CHECKING:
    from reglint.pipeline import Outcome
    from reglint.report.text import Command
    from reglint.suppress.baseline import Comparison

_STDIN = Path("-")
INTERRUPTED = 130
"""What shells report for a program that Ctrl-C ended: 128 and the number of the signal."""

_NAMED = 10
"""Files that are named where a run is interrupted."""

_CHECK_EXAMPLES = """\b
Examples:
  reglint check                              the folder you are in
  reglint check src/ train.py                these paths
  reglint check --policy policy.toml src/    with this policy
  reglint check --output-format json src/    for other programs
  reglint check --add-ignore src/            suppress what it finds
  reglint check --baseline known.json src/   report only what is new
  reglint check - < train.py                 standard input
"""
_FIX_EXAMPLES = """\b
Examples:
  reglint fix src/                      prove each fix, then write it
  reglint fix --diff src/               show the proven fixes, write nothing
  reglint fix --no-verify --diff src/   show all fixes without a proof
  reglint fix --policy policy.toml      with this policy
  reglint fix - < train.py              standard input, to standard output
"""

_INVENTORY_EXAMPLES = """\b
Examples:
  reglint inventory src/                       a table for each file, and a summary
  reglint inventory --output-format json src/  for other programs
  reglint inventory - < train.py               standard input
"""

_paths = click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
_policy = click.option(
    "--policy",
    "policy_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The policy file. Otherwise the nearest reglint.toml or [tool.reglint] of a pyproject.toml, upward "
    "from each file; otherwise the built-in default: every kernel needs an L2 penalty, biases need none.",
)
_format = click.option(
    "--output-format", type=click.Choice(["text", "json"]), default="text", show_default=True
)
_stdin_filename = click.option(
    "--stdin-filename",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="The file that standard input (the path -) is: its name in the report, and where its policy and imports "
    "are looked for.",
)
_baseline = click.option(
    "--baseline",
    "baseline_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Report only what is not in this file, which --update-baseline writes.",
)


def _codes(ctx: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """``--select REG1,REG203``: codes or their beginnings, each the beginning of a rule's code."""
    from reglint.policy.selection import problem

    codes = tuple(code.strip() for value in values for code in value.split(","))
    for code in codes:
        wrong = problem(code)
        if wrong is not None:
            raise click.BadParameter("; ".join(wrong), ctx, parameter)
    return codes


_select = click.option(
    "--select",
    multiple=True,
    callback=_codes,
    metavar="CODES",
    help="Only these rules, whatever the policy says: codes or their beginnings, with commas (REG1,REG203).",
)
_ignore = click.option(
    "--ignore", multiple=True, callback=_codes, metavar="CODES", help="Not these rules either."
)
_docs = click.option(
    "--docs",
    is_flag=True,
    help="Read the Python code in Markdown files (*.md, *.markdown) of folders too; a file that is named is always "
    "read.",
)
_force_exclude = click.option(
    "--force-exclude",
    is_flag=True,
    help="Leave out what the policy excludes even where it is named, as pre-commit names files.",
)


class _Group(click.Group):
    """Gives an exit code of its own to every way in which a run can fail: 1 must mean findings."""

    def invoke(self, ctx: click.Context) -> Any:
        if isinstance(sys.stdout, io.TextIOWrapper):
            # Source lines and paths may hold what the terminal's encoding lacks.
            sys.stdout.reconfigure(errors="backslashreplace")
        writer = ctx.obj = Writer()
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except (KeyboardInterrupt, Exception) as error:
            if is_interruption(error):
                click.echo(f"\nInterrupted; {_written(writer.written)}.", err=True)
                _exit_at_once()
            _fail_with(error)


def _fail_with(error: BaseException) -> NoReturn:
    from reglint.policy import PolicyError

    if isinstance(error, (OSError, PolicyError)):
        _fail(str(error))
    import traceback

    traceback.print_exception(error)
    _fail("reglint itself failed; please report it with the lines above")


def _exit_at_once() -> NoReturn:
    """Do not wait for the threads of a proof, which may compute for long yet."""
    if any(not thread.daemon for thread in threading.enumerate() if thread is not threading.main_thread()):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(INTERRUPTED)
    sys.exit(INTERRUPTED)


def _written(files: list[Path]) -> str:
    if not files:
        return "no file was changed"
    names = ", ".join(map(str, files[:_NAMED]))
    more = f" and {len(files) - _NAMED} more" if len(files) > _NAMED else ""
    return f"written: {names}{more}; every other file is as it was"


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="reglint", message="%(prog)s %(version)s")
def main() -> None:
    """Check the regularizers of Keras layers against a policy, add the missing ones, and prove each fix.

    \b
    Exit codes:
      0    nothing to report (fix: nothing left)
      1    findings (fix: findings left; with --diff: there is a diff)
      2    the run failed: bad arguments, a bad policy, a file that cannot be read
      130  interrupted; every file is as it was or wholly fixed
    """


@main.command(epilog=_CHECK_EXAMPLES)
@_paths
@_policy
@_select
@_ignore
@_docs
@_force_exclude
@_format
@_stdin_filename
@_baseline
@click.option("--update-baseline", is_flag=True, help="Write what is found now to the --baseline file.")
@click.option("--add-ignore", is_flag=True, help="Write a comment for each finding that suppresses it.")
@click.option("--reason", metavar="TEXT", help="With --add-ignore: what the comments say after the codes.")
def check(
    paths: tuple[Path, ...],
    policy_file: Path | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    docs: bool,
    force_exclude: bool,
    output_format: str,
    stdin_filename: Path | None,
    baseline_file: Path | None,
    update_baseline: bool,
    add_ignore: bool,
    reason: str | None,
) -> NoReturn:
    """Report regularizers that are missing or break the policy.

    Reads Python files and notebooks; never imports TensorFlow and never runs your code.
    """
    from reglint import pipeline

    if reason is not None and not add_ignore:
        raise click.UsageError("--reason goes with --add-ignore")
    if reason is not None and not reason.isprintable():
        raise click.UsageError("--reason must be one line of text")
    if update_baseline and baseline_file is None:
        raise click.UsageError("--update-baseline needs --baseline FILE, the file to write")
    if update_baseline and add_ignore:
        raise click.UsageError("--update-baseline and --add-ignore: choose one")
    paths, given = _inputs(paths, stdin_filename)
    if add_ignore and given:
        raise click.UsageError("--add-ignore writes to files; name them instead of standard input (-)")
    policies = _policies(policy_file, select, ignore, force_exclude, docs)
    baseline = _comparison(baseline_file, accept=update_baseline)
    if add_ignore:
        from reglint.ignoring import add_ignores

        outcome = add_ignores(
            paths, policies, reason=(reason or "").strip() or None, baseline=baseline, writer=_writer()
        )
    else:
        outcome = pipeline.check(paths, policies, given=given, baseline=baseline)
    if update_baseline and baseline is not None:
        _update_baseline(baseline)
    _print(outcome, output_format, "check")
    summary = outcome.report.summary
    sys.exit(FAILED if summary.errors else FOUND if summary.findings else NOTHING_FOUND)


@main.command(epilog=_FIX_EXAMPLES)
@_paths
@_policy
@_select
@_ignore
@_docs
@_force_exclude
@_format
@_stdin_filename
@_baseline
@click.option("--diff", is_flag=True, help="Print a unified diff of the fixes and write nothing.")
@click.option(
    "--unsafe-fixes/--no-unsafe-fixes",
    help="Make the fixes that are not safe, and those that could not be proven, as well.",
)
@click.option("--show-fixes/--no-show-fixes", help="Count what was fixed, by file and rule, at the end.")
@click.option(
    "--exit-non-zero-on-fix",
    is_flag=True,
    help="Exit with 1 if any file was changed, even if nothing is left.",
)
@click.option("--no-verify", is_flag=True, help="Write the fixes without a proof; needs no Keras.")
@build_options
def fix(
    paths: tuple[Path, ...],
    policy_file: Path | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    docs: bool,
    force_exclude: bool,
    output_format: str,
    stdin_filename: Path | None,
    baseline_file: Path | None,
    diff: bool,
    unsafe_fixes: bool,
    show_fixes: bool,
    exit_non_zero_on_fix: bool,
    no_verify: bool,
    python: Path | None,
    cache_dir: Path | None,
    no_cache: bool,
) -> NoReturn:
    """Add or correct regularizers, and prove each fix.

    Each fix is proven before it is written: a worker process builds your model in Keras and looks for
    the penalty in model.losses. That runs the parts of your code that build the model.
    """
    from reglint import pipeline
    from reglint.verify import VerifierMissing

    if diff and show_fixes:
        raise click.UsageError("--diff shows the fixes; --show-fixes goes without it")
    paths, given = _inputs(paths, stdin_filename)
    policies = _policies(policy_file, select, ignore, force_exclude, docs)
    try:
        outcome = pipeline.fix(
            paths,
            policies,
            settings=None
            if no_verify
            else _settings(policies, [*paths, *given][0], python, cache_dir, no_cache),
            unsafe=unsafe_fixes,
            write=not diff,
            writer=_writer(),
            given=given,
            baseline=_comparison(baseline_file),
            on_progress=_progress,
        )
    except VerifierMissing as error:
        _fail(str(error))
    if given and not diff:
        sources = {**given, **{change.before.path: change.after.data for change in outcome.changes}}
        _print(outcome, output_format, "fix", b"".join(sources.values()), show_fixes=show_fixes)
    else:
        _print(outcome, output_format, "diff" if diff else "fix", show_fixes=show_fixes)
    summary = outcome.report.summary
    left = outcome.changes if diff else summary.findings - summary.written
    if exit_non_zero_on_fix:
        left = left or summary.written
    sys.exit(FAILED if summary.errors else FOUND if left else NOTHING_FOUND)


@main.command(epilog=_INVENTORY_EXAMPLES)
@_paths
@_policy
@_docs
@_force_exclude
@_format
@_stdin_filename
def inventory(
    paths: tuple[Path, ...],
    policy_file: Path | None,
    docs: bool,
    force_exclude: bool,
    output_format: str,
    stdin_filename: Path | None,
) -> NoReturn:
    """List every layer constructor and what regularizes its weights, whatever the policy says.

    For each weight: its penalty, "-" where no regularizer is given, None, "passed" where the callers of a
    function decide, or "unknown" where it could not be read. Of the policy it takes the Keras that the code is
    for, the layers that it makes known, and which files it leaves out.
    """
    from reglint.inventory import take_inventory
    from reglint.pipeline import JSON_VERSION
    from reglint.report.inventory import render_json, render_text
    from reglint.report.text import render_errors

    paths, given = _inputs(paths, stdin_filename)
    found = take_inventory(paths, _policies(policy_file, docs=docs, force_exclude=force_exclude), given)
    with reader_may_leave():
        for line in render_errors(found.errors):
            click.echo(line, err=True, color=_color(sys.stderr))
        if output_format == "json":
            click.echo(render_json(found, JSON_VERSION), nl=False)
        else:
            for line in render_text(found):
                click.echo(line, color=_color(sys.stdout))
    sys.exit(FAILED if found.errors else NOTHING_FOUND)


main.add_command(clean)
main.add_command(init)
main.add_command(policy)
main.add_command(rule)
main.add_command(verify)


def _inputs(
    paths: tuple[Path, ...], stdin_filename: Path | None
) -> tuple[tuple[Path, ...], dict[Path, bytes]]:
    """The paths to look at, or the bytes of standard input by its path."""
    if _STDIN not in paths and (paths or stdin_filename is None):
        return paths or (Path(),), {}
    if len(paths) > 1:
        raise click.UsageError("standard input (-) cannot be read together with other paths.")
    path = stdin_filename or _STDIN
    return (), {path: sys.stdin.buffer.read()}


def _writer() -> Writer:
    """What this run writes with."""
    writer = click.get_current_context().find_object(Writer)
    assert writer is not None
    return writer


def _comparison(file: Path | None, *, accept: bool = False) -> Comparison | None:
    """What compares the run with a baseline; with ``accept`` the file may be new."""
    if file is None:
        return None
    from reglint.suppress.baseline import BaselineError, Comparison, read_baseline

    try:
        return Comparison(read_baseline(file, create=accept), accept=accept)
    except BaselineError as error:
        _fail(str(error))


def _update_baseline(comparison: Comparison) -> None:
    from reglint.suppress.baseline import BaselineError, write_baseline

    baseline = comparison.updated()
    try:
        write_baseline(baseline, _writer())
    except BaselineError as error:
        _fail(str(error))
    number = sum(baseline.entries.values())
    click.echo(f"Wrote {baseline.file}: {number} finding{'' if number == 1 else 's'}.", err=True)


def _progress(message: str) -> None:
    if sys.stderr.isatty():
        click.echo(f"reglint: {message}...", err=True)


def _print(
    outcome: Outcome,
    output_format: str,
    command: Command,
    fixed: bytes | None = None,
    *,
    show_fixes: bool = False,
) -> None:
    """Print the report: where standard output has a diff or the ``fixed`` source, to standard error."""
    from reglint.report.text import render_errors

    with reader_may_leave():
        for line in render_errors(outcome.report.errors):
            click.echo(line, err=True, color=_color(sys.stderr))
        if output_format == "json":
            from reglint.report.json import render_json

            click.echo(render_json(outcome.report), nl=False, err=fixed is not None)
        elif command == "diff":
            # The diff alone on standard output, so that git apply can read it.
            _print_findings(outcome, command, err=True)
            _print_diff(outcome)
            _print_summary(outcome, command, err=True)
        else:
            _print_findings(outcome, command, err=fixed is not None)
            if show_fixes:
                _print_made(outcome, err=fixed is not None)
            _print_summary(outcome, command, err=fixed is not None)
        if fixed is not None:
            click.echo(fixed, nl=False)


def _print_findings(outcome: Outcome, command: Command, err: bool = False) -> None:
    from reglint.report.text import render_finding

    color = _color(sys.stderr if err else sys.stdout)
    for finding, line, made in zip(outcome.report.findings, outcome.lines, outcome.made, strict=True):
        click.echo(render_finding(finding, line, command, made), err=err, color=color)


def _print_made(outcome: Outcome, err: bool) -> None:
    from reglint.report.text import render_made

    written = (finding for finding in outcome.report.findings if finding.written)
    click.echo(render_made(written), nl=False, err=err, color=_color(sys.stderr if err else sys.stdout))


def _print_summary(outcome: Outcome, command: Command, err: bool = False) -> None:
    from reglint.report.text import render_summary

    color = _color(sys.stderr if err else sys.stdout)
    click.echo(
        render_summary(outcome.report.summary, command, sum(outcome.made)), nl=False, err=err, color=color
    )


def _print_diff(outcome: Outcome) -> None:
    from reglint.report.diff import render_diff

    for change in outcome.changes:
        click.echo(render_diff(change.before, change.after, _color(sys.stdout)), nl=False)
