"""What ``reglint init --infer`` proposes for real packages, and whether ``reglint check`` then reports what it names.

``python benchmarks/infer.py [--all] DIR...`` runs both, as a user would, in a copy of each package, and prints the
policies as Markdown; without ``--all`` it leaves out the roles in which no weight has a penalty. Exit code 1:
of a package ``check`` reports something else than the comments of its policy name.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Propose, check and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", nargs="+", metavar="DIR", type=Path, help="the folder of a package")
    parser.add_argument("--all", action="store_true", help="show the comments about every role")
    options = parser.parse_args(arguments)
    right = True
    for folder in options.folders:
        text, named, found = propose(folder)
        right &= named == found
        print("\n".join(shown(folder.resolve().name, text, options.all)))
        print(
            f"Named: {len(named)}. Reported by `reglint check`: {len(found)}, {agreement(named, found)}.\n",
            flush=True,
        )
    return 0 if right else 1


def propose(folder: Path) -> tuple[str, list[str], list[str]]:
    """The policy for a package, the findings that its comments name, and those that ``check`` has with it."""
    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(temporary) / folder.resolve().name
        shutil.copytree(folder, copy)
        reglint(copy, "init", "--infer", "--force")
        text = (copy / "reglint.toml").read_text(encoding="utf-8")
        findings = json.loads(reglint(copy, "check", "--output-format", "json"))["findings"]
    named = re.findall(r"^#   (.*)$", text, re.MULTILINE)
    return text, sorted(named), sorted(map(as_named, findings))


def reglint(folder: Path, *arguments: str) -> str:
    """What reglint prints, run in a folder."""
    command = [sys.executable, "-m", "reglint", *arguments]
    return subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, check=False).stdout.decode()


def as_named(finding: dict[str, Any]) -> str:
    """A finding as the comments of a policy name it."""
    cell = "" if finding["cell"] is None else f"cell {finding['cell']}:"
    place = f"{finding['path']}:{cell}{finding['line']}:{finding['column']}"
    return f"{place}: {finding['code']} {finding['message']}"


def agreement(named: list[str], found: list[str]) -> str:
    """Whether they are the same."""
    return "the same" if named == found else "NOT the same"


def shown(name: str, text: str, every: bool) -> Iterator[str]:
    """A policy as Markdown."""
    yield f"### {name}"
    yield ""
    yield "```toml"
    for line in text.splitlines():
        if every or not re.match(r"# \w+: none of \d+ has a penalty", line):
            yield line
    yield "```"
    yield ""


if __name__ == "__main__":
    raise SystemExit(main())
