"""Whether ``reglint fix`` changes real packages as it should, and nothing else in them.

``python benchmarks/fixing.py [--formatted] [--json] DIR...`` fixes a copy of each package under a strict policy, L2 on
every kernel and bias, without proofs, and prints a Markdown table and, below it, the findings that are not fixed, by
reason. Notebooks are left out: what is compared are lines of Python files.

The exit code is 1 if a new file does not parse, if it has other tokens or lines than the old one and the regularizers,
if a value changed where no fix says so, if a second run would change something, or if a file cannot be fixed and no
reason is given.

With ``--formatted`` the copy is first formatted by ``ruff format``. Whether ruff would change a file after the fix that
it had not changed before is counted in any case, with ruff's own line length of 88 columns.
"""

from __future__ import annotations

import argparse
import ast
import io
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tokenize
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from shared import in_all, in_turn, reported, table

from reglint import pipeline
from reglint.fix.habit import CLASSES
from reglint.policy import load

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from reglint.policy import Policy
    from reglint.report.results import FindingResult

POLICY = """\
[weights]
kernel = { require = "l2", strength = 1e-4 }
bias = { require = "l2", strength = 1e-4 }
"""
STRENGTH = "1e-4"
REGULARIZER = "<regularizer>"
OPEN, CLOSE = "([{", ")]}"
KINDS = {*CLASSES, *CLASSES.values()}
IMPORTED = {*",()", "as", "regularizers", "keras_regularizers", *KINDS}
"""What a fix can add to an import."""
WHITE_SPACE = {tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING, tokenize.ENDMARKER}


@dataclass
class Fixed:
    """One package."""

    name: str
    files: int = 0
    findings: int = 0
    fixed: int = 0
    left: Counter[str] = field(default_factory=Counter)
    """The findings that were not fixed, by reason."""
    changed: int = 0
    """The files that a fix changed."""
    errors: list[str] = field(default_factory=list)
    """The files that could not be read or written, and why."""
    broken: list[str] = field(default_factory=list)
    """The changed files that do not parse any more."""
    other: list[str] = field(default_factory=list)
    """The changed files in which something changed besides the regularizers, and the first such line."""
    again: list[str] = field(default_factory=list)
    """The files that a second run would change."""
    formatted: int = 0
    """The changed files that ruff would have left as they were before the fix."""
    unformatted: list[str] = field(default_factory=list)
    """Those of them that it would not leave so after it."""
    seconds: float = 0.0
    """The CPU time of the first run."""

    @property
    def is_right(self) -> bool:
        return not (self.broken or self.other or self.again or "" in self.left)


def main(arguments: Sequence[str] | None = None) -> int:
    """Fix, compare and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", nargs="+", metavar="DIR", type=Path, help="the folder of a package")
    parser.add_argument("--formatted", action="store_true", help="format the copies with ruff first")
    parser.add_argument("--json", action="store_true", help="print a JSON object for each package, on a line")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep the fixed copies here")
    options = parser.parse_args(arguments)
    jobs = [(folder, options.formatted, options.keep) for folder in options.folders]
    packages = reported(in_turn(_measure, jobs), as_json=options.json, seconds="seconds")
    if not options.json:
        print("\n".join(shown(packages)))
    return 0 if all(package.is_right for package in packages) else 1


def _measure(job: tuple[Path, bool, Path | None]) -> Fixed:
    folder, formatted, keep = job
    name = folder.resolve().name
    if keep is not None:
        return measure(folder, keep / name, formatted)
    with tempfile.TemporaryDirectory() as temporary:
        return measure(folder, Path(temporary) / name, formatted)


def measure(folder: Path, copy: Path, formatted: bool) -> Fixed:
    """Fix a ``copy`` of a package and look at what came of it."""
    package = Fixed(copy.name)
    shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("*.ipynb"))
    (copy / "strict.toml").write_text(POLICY)
    policy = load(copy / "strict.toml")
    if formatted:
        subprocess.run([*RUFF, "format", "--silent", "--isolated", copy], check=False)
    before = {path: path.read_bytes() for path in copy.rglob("*.py")}

    started = time.process_time()
    outcome = fixed(copy, policy, write=True)
    package.seconds = time.process_time() - started
    results, summary = outcome.report.findings, outcome.report.summary
    package.files, package.findings, package.fixed = summary.files, summary.findings, summary.written
    package.left.update(result.reason or "" for result in results if not result.written)
    package.errors = [f"{Path(error.path).name}: {error.message}" for error in outcome.report.errors]

    named = lines_named(results)
    changed = [change.before.path for change in outcome.changes]
    package.changed = len(changed)
    for path in changed:
        name = str(path.relative_to(copy))
        try:
            ast.parse(path.read_bytes())
        except SyntaxError:
            package.broken.append(name)
            continue
        difference = first_difference(before[path], path.read_bytes(), named[str(path)])
        if difference is not None:
            package.other.append(f"{name}: {difference}")
    package.again = [
        str(change.before.path.relative_to(copy)) for change in fixed(copy, policy, write=False).changes
    ]
    sources = {path: data for path, data in before.items() if path in changed}
    kept = {path for path, same in as_ruff_has_it(sources).items() if same}
    package.formatted = len(kept)
    after = as_ruff_has_it({path: path.read_bytes() for path in kept})
    package.unformatted = sorted(str(path.relative_to(copy)) for path, same in after.items() if not same)
    return package


def fixed(folder: Path, policy: Policy, *, write: bool) -> pipeline.Outcome:
    """What ``reglint fix --no-verify`` does with a folder."""
    return pipeline.fix([folder], lambda _: policy, settings=None, write=write)


# What else changed


class Line(NamedTuple):
    """A logical line: its tokens but white space and comments, its comments, the text above it, and its own text.

    ``rows`` are the lines that it stands on, which count from 1.
    """

    tokens: list[str]
    comments: list[str]
    above: str
    text: str
    rows: range

    @property
    def end(self) -> str:
        return self.text[len(self.text.rstrip()) :]


def lines_named(results: Iterable[FindingResult]) -> dict[str, set[int]]:
    """The lines of each file that fixes which were made name: those of their layers, and where else they change it."""
    named: dict[str, set[int]] = defaultdict(set)
    for result in results:
        if result.written:
            named[result.path].update(range(result.line, result.end_line + 1))
            named[result.path].update(map(int, re.findall(r"line (\d+)", result.effect or "")))
    return named


def first_difference(before: bytes, after: bytes, named: Collection[int] = ()) -> str | None:
    """The first logical line that differs in more than a regularizer; None where there is none.

    Lines without a regularizer must be the same to the byte, those with one the same but for it, for white space and
    for commas before a closing bracket. A value may become a regularizer or its strength on the lines ``named``, and
    nowhere else. What stands between the lines must be the same to the byte.
    """
    old, new = (logical_lines(data) for data in (before, after))
    number = 0
    above = ""
    for line in new:
        was = old[number] if number < len(old) else None
        above += line.above
        if was is not None and above == was.above and is_same(was, line, named):
            number += 1
            above = ""
        elif line.comments or without_regularizers(line.tokens):
            return line.text.partition("\n")[0]
    return None if number == len(old) else old[number].text


def is_same(before: Line, after: Line, named: Collection[int]) -> bool:
    """Whether a logical line is the same but for regularizers."""
    if before.tokens == after.tokens:
        return before.text == after.text
    if before.comments != after.comments or before.end != after.end:
        return False
    old, new = without_regularizers(before.tokens), without_regularizers(after.tokens)
    return old == new or (
        not set(before.rows).isdisjoint(named) and is_same_but_for_values(in_short(old), in_short(new))
    )


def in_short(tokens: Sequence[str]) -> list[str]:
    """The tokens with one in place of each regularizer that is made: ``tf.keras.regularizers.l2(1e-4)``."""
    short: list[str] = []
    depth = 0
    for token, following in pairwise([*tokens, ""]):
        if depth:
            depth += (token in OPEN) - (token in CLOSE)
        elif short[-1:] == [REGULARIZER] and token == "(":
            depth = 1
        elif token in KINDS and following == "(":
            while short[-1:] == ["."]:
                del short[-2:]
            short.append(REGULARIZER)
        else:
            short.append(token)
    return short


def is_same_but_for_values(old: Sequence[str], new: Sequence[str]) -> bool:
    """Whether the tokens are the same but for values that became a regularizer or its strength, and new arguments.

    ``None`` and a string can become a regularizer, a number a strength; what is added is an argument that is one.
    """
    place = 0
    for token in old:
        while new[place : place + 1] != [token] and is_added(new, place):
            place += 4
        follows = new[place] if place < len(new) else ""
        replaced = (follows == REGULARIZER and (token == "None" or token[-1] in "\"'")) or (
            follows == STRENGTH and is_number(token)
        )
        if token != follows and not replaced:
            return False
        place += 1
    return place == len(new)


def is_added(tokens: Sequence[str], place: int) -> bool:
    """Whether an argument that is a regularizer starts here, with the comma before it."""
    comma, name, equal, value = [*tokens[place : place + 4], "", "", "", ""][:4]
    return (comma, equal, value) == (",", "=", REGULARIZER) and name.isidentifier()


def is_number(token: str) -> bool:
    try:
        float(token)
    except ValueError:
        return False
    return True


def logical_lines(data: bytes) -> list[Line]:
    """The logical lines of a source text; the last one is empty and has what stands below the others."""
    encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    rows = io.StringIO(data.decode(encoding), newline="").readlines()
    lines = []
    tokens: list[str] = []
    comments: list[str] = []
    done, start = 0, None
    for token in tokenize.tokenize(io.BytesIO(data).readline):
        if token.type in (tokenize.NEWLINE, tokenize.ENDMARKER):
            end = token.end[0] if token.type == tokenize.NEWLINE else len(rows)
            first = end if start is None else start
            above, text = "".join(rows[done:first]), "".join(rows[first:end])
            lines.append(Line(tokens, comments, above, text, range(first + 1, end + 1)))
            tokens, comments, done, start = [], [], end, None
        elif token.type == tokenize.COMMENT and start is not None:
            comments.append(token.string.strip())
        elif token.type not in WHITE_SPACE and token.type != tokenize.COMMENT:
            start = token.start[0] - 1 if start is None else start
            tokens.append(token.string)
    return lines


def without_regularizers(tokens: Sequence[str]) -> list[str]:
    """The tokens of a line without arguments, entries of dicts and imports of regularizers, and their punctuation."""
    if tokens[:1] in (["from"], ["import"]):
        rest = [token for token in tokens if token not in IMPORTED]
        return [] if rest[:1] == ["from"] and rest[-1:] == ["import"] else rest
    tokens = without_parentheses(tokens)
    kept: list[str] = []
    depth = 0
    outside: int | None = None
    for token, following in pairwise([*tokens, ""]):
        depth -= token in CLOSE
        if outside is None and depth and names_a_regularizer(token, following):
            outside = depth
        elif outside is not None and depth <= outside and (token in CLOSE or token == ","):
            if depth < outside:
                outside = None
            elif token == ",":
                outside = None
                continue
        depth += token in OPEN
        if outside is None:
            if token in CLOSE and kept[-1:] == [","] and kept[-2:-1] != ["("]:
                kept.pop()
            kept.append(token)
    return kept


def names_a_regularizer(token: str, following: str) -> bool:
    """Whether an argument or an entry of a dict starts with these tokens that is for a regularizer."""
    if following == ":":
        return token[0] in "\"'" and token.strip("\"'").endswith("_regularizer")
    return following == "=" and token.endswith("_regularizer")


def without_parentheses(tokens: Sequence[str]) -> Sequence[str]:
    """The tokens of an assignment or ``return`` without those around the whole of its value, and its last comma."""
    depth = 0
    start = 1 if tokens[:1] == ["return"] else 0
    for place, token in enumerate(tokens):
        depth += (token in OPEN) - (token in CLOSE)
        if depth == 0 and token.endswith("=") and token not in ("==", "!=", "<=", ">="):
            start = place + 1
    if not start or tokens[start : start + 1] != ["("] or tokens[-1] != ")":
        return tokens
    inside = tokens[start + 1 : -1]
    depth = 0
    for token in inside:
        depth += (token in OPEN) - (token in CLOSE)
        if depth < 0:
            return tokens
    return [*tokens[:start], *(inside[:-1] if inside[-1:] == [","] else inside)]


RUFF = [sys.executable, "-m", "ruff"]


def as_ruff_has_it(sources: dict[Path, bytes]) -> dict[Path, bool]:
    """Whether ``ruff format`` leaves each of the sources as it is."""
    with tempfile.TemporaryDirectory() as temporary:
        copies = {path: Path(temporary, f"{number}{path.suffix}") for number, path in enumerate(sources)}
        for path, copy in copies.items():
            copy.write_bytes(sources[path])
        subprocess.run([*RUFF, "format", "--silent", "--isolated", temporary], check=False)
        return {path: copy.read_bytes() == sources[path] for path, copy in copies.items()}


# Printing


def shown(packages: Sequence[Fixed]) -> Iterator[str]:
    """The results as Markdown."""
    titles = (
        "package|files|findings|fixed|left|files changed|do not parse|other changes"
        "|second run|formatted|formatted no more|s"
    )
    total = in_all(Fixed("all"), packages)
    yield from table(titles.split("|"), map(row, [*packages, total] if len(packages) > 1 else packages))
    yield ""
    yield "Not fixed, by reason:"
    yield ""
    for reason, number in total.left.most_common():
        yield f"- {number}: {reason or 'no reason is given'}"
    for package in packages:
        for name in ("errors", "broken", "other", "again", "unformatted"):
            for one in getattr(package, name):
                yield f"- {name}: {package.name}/{one}"


def row(package: Fixed) -> list[Any]:
    """One line of the table."""
    cells: list[Any] = [package.name, package.files, package.findings, package.fixed, package.left.total()]
    cells += [package.changed, len(package.broken), len(package.other), len(package.again)]
    return [*cells, package.formatted, len(package.unformatted), f"{package.seconds:.1f}"]


if __name__ == "__main__":
    raise SystemExit(main())
