"""Jobs written as marked source: what stands between « and » is what the fix added."""

from __future__ import annotations

import ast
import importlib.util
import re
from typing import TYPE_CHECKING, Protocol

import pytest

from reglint.keras.penalty import Penalty
from reglint.verify import Job, Settings, Target, prove
from reglint.verify.source import Source

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from reglint.keras.catalog import Generation
    from reglint.verify import Proof

_ADDED = re.compile(r"«(.*?)»", re.S)
_PENALTIES = {
    "l1": lambda l1=0.01: Penalty(l1=l1),
    "l2": lambda l2=0.01: Penalty(l2=l2),
    "l1_l2": lambda l1=0.01, l2=0.01: Penalty(l1=l1, l2=l2),
}


_BACKENDS = [
    pytest.param(
        name,
        marks=pytest.mark.skipif(importlib.util.find_spec(name) is None, reason=f"{name} is not installed"),
    )
    for name in ("tensorflow", "jax", "torch")
]


class MakeJob(Protocol):
    """Makes a job of marked source."""

    def __call__(self, path: Path, marked: str, generation: Generation = 3) -> Job: ...


class ProveMarked(Protocol):
    """Proves marked sources."""

    def __call__(
        self,
        sources: Mapping[str, str],
        generation: Generation = 3,
        settings: Settings | None = None,
        backend: str = "tensorflow",
    ) -> dict[str, list[Proof]]: ...


@pytest.fixture(scope="module", params=_BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    """What Keras 3 computes with: a test runs on each that is installed."""
    name: str = request.param
    return name


@pytest.fixture(scope="session")
def make_job() -> MakeJob:
    """The job of a marked source: every innermost call with an addition is a target.

    The expected penalties are read from the ``*_regularizer`` arguments that were added.
    """
    return _make_job


@pytest.fixture(scope="module")
def prove_marked(tmp_path_factory: pytest.TempPathFactory) -> ProveMarked:
    """Proves marked sources by name, each in a folder of its own, in one run."""

    def prove_marked(
        sources: Mapping[str, str],
        generation: Generation = 3,
        settings: Settings | None = None,
        backend: str = "tensorflow",
    ) -> dict[str, list[Proof]]:
        jobs = [
            _make_job(tmp_path_factory.mktemp("subject") / "subject.py", marked, generation)
            for marked in sources.values()
        ]
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("KERAS_BACKEND", backend)
            return dict(zip(sources, prove(jobs, settings or Settings()), strict=True))

    return prove_marked


def _make_job(path: Path, marked: str, generation: Generation = 3) -> Job:
    before, after = _ADDED.sub("", marked), _ADDED.sub(r"\1", marked)
    targets = [_target(after, start, end, text) for start, end, text in _added_calls(marked, after)]
    return Job(path, before, after, generation, tuple(targets))


def _added_calls(marked: str, after: str) -> list[tuple[int, int, str]]:
    """The spans of the innermost calls around each addition, with what was added."""
    source = Source(after)
    spans = [source.span(call) for call in source.calls]
    found: dict[tuple[int, int], str] = {}
    for number, match in enumerate(_ADDED.finditer(marked)):
        start = match.start() - 2 * number
        end = start + len(match[1])
        inner = min(
            (span for span in spans if span[0] < start and end < span[1]), key=lambda span: span[1] - span[0]
        )
        found[inner] = found.get(inner, "") + match[1]
    return [(*span, text) for span, text in sorted(found.items())]


def _target(text: str, start: int, end: int, added: str) -> Target:
    call = ast.parse(text[start:end].strip().replace("\n", " "), mode="eval").body
    assert isinstance(call, ast.Call)
    weights = tuple(
        (keyword.arg.removesuffix("_regularizer"), _penalty(ast.unparse(keyword.value)))
        for keyword in call.keywords
        if keyword.arg and keyword.arg.endswith("_regularizer") and keyword.arg in added
    )
    layer = ast.unparse(call.func).rsplit(".", 1)[-1]
    return Target(*_place(text, start), *_place(text, end), layer, weights)


def _penalty(text: str) -> Penalty:
    text = text.strip("'\"").rsplit(".", 1)[-1] if "(" not in text else re.sub(r"^[\w.]*\.(?=l)", "", text)
    value = eval(text, dict(_PENALTIES))
    return value if isinstance(value, Penalty) else value()


def _place(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset) + 1, offset - (text.rfind("\n", 0, offset) + 1) + 1
