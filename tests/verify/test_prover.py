"""What is built after what, and the grade that comes of it, with a worker that only pretends."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from reglint.verify import Settings
from reglint.verify.plan import Plan
from reglint.verify.prover import Prover

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from conftest import MakeJob

    from reglint.verify import Proof

_BUILD = 'def build(): return k.Sequential([k.Dense(1«, kernel_regularizer="l2"»)])\n'
_GUESS = 'def net(n_classes): return k.Sequential([k.Dense(n_classes«, kernel_regularizer="l2"»)])\n'
_LOOSE = 'def loose(p):\n  return k.Dense(p.units«, kernel_regularizer="l2"»)\n'

_RAISED = {"error": {"kind": "raised", "stage": "building", "text": "ValueError: no"}, "made_up": False}
_RAISED_ON_MADE_UP = {**_RAISED, "made_up": True}
_CRASHED = {"error": {"kind": "killed", "text": "SIGSEGV"}}


def _measured(fixed: bool, wrapped: bool = False, **changes: Any) -> dict[str, Any]:
    """A Dense layer whose kernel has ``sum(w**2) = 4``, with its l2(0.01) penalty if it is fixed."""
    return {
        "layers": [],
        "weights": [["dense/kernel", [2, 2], "float32"]],
        "outputs": None,
        "losses": [{"value": 0.04, "depends": [0]}] if fixed else [],
        "holds": [0],
        "penalized": [
            {
                "target": 0,
                "role": "kernel",
                "weight": 0,
                "trainable": True,
                "absolute": 1.0,
                "squares": 4.0,
                "entries": [[0, 0.0]] if fixed else [],
                "times": int(fixed),
            }
        ],
        "stray": [],
        "wrapped": wrapped,
        "bound": None,
        **changes,
    }


def _is_fixed(request: Mapping[str, Any]) -> bool:
    texts = [entry["expression"] for entry in request.get("entries", ())]
    texts += [source["text"] for source in request["sources"].values()] if not texts else []
    return any("kernel_regularizer" in text for text in texts)


def _good(request: Mapping[str, Any]) -> dict[str, Any]:
    """The answer of a worker in which everything goes well."""
    if request["kind"] == "layer":
        model = _measured(_is_fixed(request), wrapped=True)
        return {"layers": [{"models": [model]} for _ in request["entries"]], "made_up": False}
    return {"models": [_measured(_is_fixed(request), request["kind"] == "helper")], "made_up": False}


class _Worker:
    """Answers with ``answer``, and remembers what was asked of the fixed source."""

    slots = 1

    def __init__(self, answer: Callable[[Mapping[str, Any]], dict[str, Any]]) -> None:
        self._answer = answer
        self.asked: list[tuple[str | None, tuple[int, ...]]] = []

    def submit(self, request: Mapping[str, Any]) -> Future[dict[str, Any]]:
        if _is_fixed(request):
            expression = request.get("expression") or request["kind"]
            self.asked.append((expression, request["dims"]))
        future: Future[dict[str, Any]] = Future()
        future.set_result(self._answer(request))
        return future

    def close(self) -> None: ...


@pytest.fixture
def run(tmp_path: Path, make_job: MakeJob) -> Callable[..., tuple[list[Proof], list[Any]]]:
    def run(
        marked: str, answer: Callable[[Mapping[str, Any]], dict[str, Any]]
    ) -> tuple[list[Proof], list[Any]]:
        job = make_job(tmp_path / "s.py", "import keras as k\n" + marked)
        worker = _Worker(answer)
        return Prover(job, Plan(job, {}), Settings(), worker).run(), worker.asked

    return run


def _failing(kinds: tuple[str, ...], answer: dict[str, Any]) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    return lambda request: answer if request["kind"] in kinds else _good(request)


def _failed_on(dims: tuple[int, ...]) -> dict[str, Any]:
    return {"error": {"kind": "raised", "stage": "building", "text": f"not {dims}"}, "made_up": True}


@pytest.mark.parametrize(
    ("marked", "answer", "outcome", "asked"),
    [
        pytest.param(_BUILD, _good, ("model", "build()", None), [("build()", (8,))], id="a builder"),
        pytest.param(
            _GUESS,
            _failing(("call",), _RAISED),
            ("layer", "Dense alone", "building net(n_classes=10) raised ValueError: no"),
            [
                ("net(n_classes=10)", (8,)),
                ("net(n_classes=10)", (16, 8)),
                ("layer", (8,)),
            ],
            id="made-up arguments that do not fit, with another shape, then the layer alone",
        ),
        pytest.param(
            _BUILD,
            _failing(("call",), _RAISED),
            ("unverified", None, "building build() raised ValueError: no"),
            [("build()", (8,))],
            id="a builder that fails on what the code itself states",
        ),
        pytest.param(
            _BUILD.replace("()", "(units=1)", 1),
            _failing(("call",), _RAISED),
            ("layer", "Dense alone", "building build() raised ValueError: no"),
            [("build()", (8,)), ("layer", (8,))],
            id="a builder that fails on defaults, in place of which others may be given",
        ),
        pytest.param(
            _GUESS,
            lambda request: _RAISED_ON_MADE_UP if _is_fixed(request) else _good(request),
            ("unverified", None, "building net(n_classes=10) raised ValueError: no"),
            [("net(n_classes=10)", (8,)), ("net(n_classes=10)", (16, 8))],
            id="a fix with which a model does not build any more",
        ),
        pytest.param(
            _BUILD,
            _failing(("call",), _RAISED_ON_MADE_UP),
            ("layer", "Dense alone", "building build() raised ValueError: no"),
            [("build()", (8,)), ("build()", (16, 8)), ("layer", (8,))],
            id="a builder that fails on made-up data",
        ),
        pytest.param(
            _GUESS,
            lambda request: _failed_on(request["dims"]) if len(request["dims"]) < 3 else _good(request),
            ("model", "net(n_classes=10)", None),
            [("net(n_classes=10)", (8,)), ("net(n_classes=10)", (16, 8)), ("net(n_classes=10)", (32, 32, 3))],
            id="a failure that differs from shape to shape",
        ),
        pytest.param(
            _GUESS,
            _failing(("call",), _CRASHED),
            ("unverified", None, "building net(n_classes=10) killed its process (SIGSEGV)"),
            [("net(n_classes=10)", (8,)), ("net(n_classes=10)", (16, 8))],
            id="a crash is never covered up by the layer alone",
        ),
        pytest.param(
            _GUESS + "def small(): return net(2)\n",
            lambda request: _CRASHED if "n_classes" in str(request.get("expression")) else _good(request),
            ("model", "small()", None),
            [("small()", (8,))],
            id="without made-up arguments first",
        ),
        pytest.param(
            _LOOSE,
            lambda request: (
                {"models": [_measured(True, holds=[])], "made_up": False}
                if request["kind"] == "call"
                else _good(request)
            ),
            ("layer", "Dense alone", "loose(p=<made up>): no layer made here is in the model"),
            [("loose(p=__reglint_data__('the argument p'))", (8,)), ("layer", (8,))],
            id="a function that makes no model",
        ),
        pytest.param(
            'def block(x): return k.Dense(1«, kernel_regularizer="l2"»)(x)\n',
            _good,
            ("layer", "block(x=<made-up tensor>)", "no model in this file uses this layer"),
            [("block(x=__reglint_input__)", (8,))],
            id="a function of tensors",
        ),
        pytest.param(
            _BUILD,
            lambda _: {"models": [_measured(False)], "made_up": False},
            ("unverified", None, "no entry of model.losses is a penalty on `dense/kernel` (build())"),
            [("build()", (8,))],
            id="a penalty that is not there",
        ),
        pytest.param(
            _BUILD,
            lambda request: _good(request) if _is_fixed(request) else _RAISED,
            (
                "unverified",
                None,
                "the unfixed source cannot be compared: building build() raised ValueError: no",
            ),
            [("build()", (8,))],
            id="an unfixed source that does not build",
        ),
        pytest.param(
            _LOOSE,
            _failing(("call", "layer"), {**_RAISED, "layers": []}),
            (
                "unverified",
                None,
                "building loose(p=<made up>) raised ValueError: no; building Dense alone raised ValueError: no",
            ),
            None,
            id="nothing works",
        ),
    ],
)
def test_grade(
    run: Callable[..., tuple[list[Proof], list[Any]]],
    marked: str,
    answer: Callable[[Mapping[str, Any]], dict[str, Any]],
    outcome: tuple[str, str | None, str | None],
    asked: list[tuple[str, tuple[int, ...]]] | None,
) -> None:
    [proof], requests = run(marked, answer)
    assert (proof.grade, proof.model, proof.reason) == outcome
    assert asked is None or requests == asked


def test_what_other_files_do_with_a_layer_may_fail(
    run: Callable[..., tuple[list[Proof], list[Any]]], tmp_path: Path
) -> None:
    (tmp_path / "user.py").write_text("import k\nfrom s import loose\ndef make(): return k.Model(loose(1))\n")
    [proof], asked = run(_LOOSE, _failing(("call",), _RAISED))
    assert ("make()", (8,)) in asked
    assert (proof.grade, proof.model) == ("layer", "Dense alone")


def test_the_sites_of_one_model_are_proven_by_one_build(
    run: Callable[..., tuple[list[Proof], list[Any]]],
) -> None:
    def answer(request: Mapping[str, Any]) -> dict[str, Any]:
        model = _measured(_is_fixed(request))
        [record] = model["penalized"]
        targets = range(4)
        penalized = [{**record, "target": target} for target in targets]
        return {"models": [{**model, "holds": list(targets), "penalized": penalized}], "made_up": False}

    layers = ", ".join(['k.Dense(1«, kernel_regularizer="l2"»)'] * 3)
    block = 'def block(): return k.Dense(2«, kernel_regularizer="l2"»)\n'
    proofs, asked = run(
        f"{block}def build(): return k.Sequential([{layers}, block()])\ndef other(): return build()\n", answer
    )
    assert [(proof.grade, proof.model) for proof in proofs] == [("model", "build()")] * 4
    assert asked == [("build()", (8,))]


@pytest.mark.parametrize(
    ("marked", "reason"),
    [
        (
            'k.Dense(1«, activity_regularizer="l2"»)',
            "a penalty on the output of a layer is not proven, only penalties on its weights are",
        ),
        ("k.Dense(1«, name='x'»)", "no penalty is asked for"),
    ],
)
def test_what_is_hopeless_builds_nothing(
    run: Callable[..., tuple[list[Proof], list[Any]]], marked: str, reason: str
) -> None:
    proofs, requests = run(marked, _good)
    assert [(proof.grade, proof.reason) for proof in proofs] == [("unverified", reason)]
    assert requests == []


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"before": "x = 1"}, "the unfixed source has no such call to compare with"),
        ({"after": "x = 1"}, "there is no call at this place of the fixed source"),
    ],
)
def test_calls_that_are_not_there(
    tmp_path: Path, make_job: MakeJob, changed: dict[str, str], reason: str
) -> None:
    job = replace(make_job(tmp_path / "s.py", _BUILD), **changed)
    [proof] = Prover(job, Plan(job, {}), Settings(), _Worker(_good)).run()
    assert (proof.grade, proof.reason) == ("unverified", reason)
