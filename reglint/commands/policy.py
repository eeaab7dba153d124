"""``reglint policy``: what applies where, which presets there are, and the schema for editors."""

from __future__ import annotations

from pathlib import Path

import click

from reglint.commands.output import reader_may_leave


@click.group()
def policy() -> None:
    """Show policies, presets and the schema of the policy file."""


@policy.command()
@click.argument("name", required=False)
@reader_may_leave()
def presets(name: str | None) -> None:
    """List the presets that a policy can extend, or print the one called NAME."""
    from reglint.policy import preset
    from reglint.policy.errors import nearest

    if name is None:
        width = max(map(len, preset.names()))
        for each in preset.names():
            what, source = preset.about(each)
            click.echo(f"{each:{width}}  {what}")
            click.echo(click.wrap_text(f"source: {source}", 100, " " * (width + 2), " " * (width + 2)))
    elif name in preset.names():
        click.echo(preset.text(name), nl=False)
    else:
        close = nearest(name, preset.names())
        hint = f'did you mean "{close}"?' if close else f"the presets are {', '.join(preset.names())}"
        raise click.BadParameter(f'no preset "{name}"; {hint}', param_hint="NAME")


@policy.command()
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.option(
    "--policy", "policy_file", type=click.Path(path_type=Path), metavar="FILE", help="This policy file."
)
@reader_may_leave()
def show(path: Path | None, policy_file: Path | None) -> None:
    """Print the policy that applies to PATH, or here: one TOML text, and where each line comes from."""
    from reglint import policy as policies
    from reglint.policy.show import show as lines

    found = policies.load(policy_file) if policy_file is not None else policies.discover(path or Path())
    is_file = path is not None and not path.is_dir()
    for line in lines(found, path if is_file else None):
        click.echo(line)


@policy.command()
@reader_may_leave()
def schema() -> None:
    """Print the JSON Schema of the policy file, for editors that complete and check TOML by it."""
    from reglint.policy.schema import text

    click.echo(text(), nl=False)
