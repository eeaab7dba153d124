"""``reglint clean``: removes what builds left behind."""

from __future__ import annotations

from pathlib import Path

import click

_EXAMPLES = """\b
Examples:
  reglint clean            the folder you are in, and those below it
  reglint clean ../other   these folders
"""


@click.command(epilog=_EXAMPLES)
@click.argument(
    "folders", nargs=-1, type=click.Path(path_type=Path, exists=True, file_okay=False), metavar="[FOLDERS]..."
)
def clean(folders: tuple[Path, ...]) -> None:
    """Remove the caches of fix and verify: .reglint_cache in the folders given and those below them.

    Nothing is lost but time: the next run builds anew. A folder that --cache-dir named is left alone.
    """
    from reglint.verify.cache import clean as remove

    for folder in folders or (Path(),):
        for removed in remove(folder):
            click.echo(f"Removed {removed}")
