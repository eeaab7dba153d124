"""The baseline: findings that were there before, in a file, so that only new ones are reported.

A finding is known by its file, rule, layer, weight, the function around it and the text of the call; not by its line.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec

from reglint.files.documents import DocumentError
from reglint.files.writing import Writer
from reglint.suppress.normal import normal_source

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from reglint.files.documents import Document
    from reglint.report.results import FindingResult
    from reglint.suppress.subject import Subject

VERSION = 1
"""Of the format of the file."""


class BaselineError(Exception):
    """A baseline that cannot be read or written: the file, why, and the way out."""


class Entry(msgspec.Struct, frozen=True, order=True, omit_defaults=True, forbid_unknown_fields=True):
    """What is known of a finding. The path is relative to the folder of the baseline, with ``/``."""

    path: str
    code: str
    layer: str = ""
    weight: str = ""
    scope: str = ""
    """The functions and classes around the call: ``Model.build``."""
    source: str = ""
    """The text of the call, however it is laid out."""


class _Stored(Entry, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    count: Annotated[int, msgspec.Meta(ge=1)] = 1
    """How many findings are like this."""

    def entry(self) -> Entry:
        return Entry(self.path, self.code, self.layer, self.weight, self.scope, self.source)


class _File(msgspec.Struct, forbid_unknown_fields=True):
    version: Literal[1]
    findings: list[_Stored]


@dataclass(frozen=True, slots=True)
class Baseline:
    """The entries of a baseline file, each with the number of findings that are like it."""

    file: Path
    entries: Mapping[Entry, int] = field(default_factory=dict)
    data: bytes | None = None
    """What the file holds; None where there is none yet."""


def read_baseline(file: Path, *, create: bool = False) -> Baseline:
    """Read a baseline; with ``create`` it is empty where there is no file.

    Raises:
        BaselineError: there is none, or it cannot be used.
    """
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        if create:
            return Baseline(file)
        raise BaselineError(f"{file}: there is no such baseline; write it with --update-baseline") from None
    except OSError as error:
        raise BaselineError(f"{file}: cannot be read: {error.strerror or error}") from error
    way_out = "restore it, or delete it and write it again with --update-baseline"
    try:
        raw: Any = msgspec.json.decode(data)
        version = raw.get("version") if isinstance(raw, dict) else None
        if isinstance(version, int) and version > VERSION:
            raise BaselineError(
                f"{file}: was written by a newer reglint (version {version} of the format, this one knows "
                f"{VERSION}); upgrade reglint, or delete the file and write it again with --update-baseline"
            )
        stored = msgspec.convert(raw, _File)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BaselineError(f"{file}: is not a baseline of reglint: {error}; {way_out}") from error
    entries: Counter[Entry] = Counter()
    for one in stored.findings:
        entries[one.entry()] += one.count
    return Baseline(file, entries, data)


def write_baseline(baseline: Baseline, writer: Writer | None = None) -> None:
    """Write a baseline, sorted, a finding a line: whole, or not at all.

    Raises:
        BaselineError: it cannot be written.
    """
    lines = [
        msgspec.json.encode(_Stored(**msgspec.structs.asdict(entry), count=count)).decode()
        for entry, count in sorted(baseline.entries.items())
    ]
    findings = "".join(f"\n  {line}," for line in lines).rstrip(",")
    data = f'{{\n "version": {VERSION},\n "findings": [{findings}\n ]\n}}\n'.encode()
    if data == baseline.data:
        return
    try:
        (writer or Writer()).write_file(baseline.file, baseline.data, data)
    except DocumentError as error:
        raise BaselineError(f"{baseline.file}: {error.reason}") from error


class Comparison:
    """One run beside a baseline. With ``accept``, what is new becomes part of it."""

    def __init__(self, baseline: Baseline, *, accept: bool = False) -> None:
        self._baseline, self._accept = baseline, accept
        self._folder = os.path.dirname(os.path.abspath(baseline.file))
        self._left = Counter(baseline.entries)
        self._found: Counter[Entry] = Counter()
        self._looked_for: dict[str, Collection[str]] = {}

    def is_new(
        self,
        document: Document,
        findings: Sequence[FindingResult],
        subjects: Iterable[Subject],
        looked_for: Collection[str],
    ) -> list[bool]:
        """Which findings of a file the baseline does not have; of several that are alike, the later ones.

        ``looked_for`` are the codes of the rules of which there are no other findings in the file.
        """
        path = self._relative(document.path)
        self._looked_for[path] = looked_for
        return [
            self._is_new(_entry(path, document, finding, subject))
            for finding, subject in zip(findings, subjects, strict=True)
        ]

    def _is_new(self, entry: Entry) -> bool:
        self._found[entry] += 1
        if self._left[entry] > 0:
            self._left[entry] -= 1
            return False
        return not self._accept

    def _relative(self, path: Path) -> str:
        absolute = os.path.abspath(path)
        try:
            relative = Path(os.path.relpath(absolute, self._folder))
        except ValueError:  # another drive
            relative = Path(absolute)
        return relative.as_posix().encode("utf-8", "backslashreplace").decode()

    def _is_over(self, entry: Entry) -> bool:
        """Whether what this run did not find of an entry is there no more: it was looked for, or its file is gone."""
        is_gone = not os.path.exists(os.path.join(self._folder, entry.path))
        return entry.code in self._looked_for.get(entry.path, ()) or is_gone

    def unneeded(self) -> int:
        """How many entries of the baseline stand for more findings than there are; none where they are taken out."""
        if self._accept:
            return 0
        return sum(left > 0 and self._is_over(entry) for entry, left in self._left.items())

    def updated(self) -> Baseline:
        """The baseline as it is after this run; entries of files that were not checked stay."""
        kept = {entry: left for entry, left in self._left.items() if left > 0 and not self._is_over(entry)}
        return Baseline(self._baseline.file, self._found + Counter(kept), self._baseline.data)


def _entry(path: str, document: Document, finding: FindingResult, subject: Subject) -> Entry:
    span = subject.span
    source = "" if span is None else normal_source(document.source[span.start : span.end])
    return Entry(path, finding.code, finding.layer or "", finding.weight or "", subject.scope, source)
