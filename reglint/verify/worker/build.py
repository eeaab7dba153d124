"""One build: imports the source under proof, makes its models or layers, and measures them."""

from __future__ import annotations

import random
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from . import commandline, measure, observe, renamed, shapes, tame
from .subject import Subject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from types import ModuleType
    from typing import TypeAlias

    _Holder: TypeAlias = tuple[Any, list[tuple[dict[str, Any], Any]]]
    """A model, and the calls in question each with a layer that it made and the model has."""

_MODELS = 8
"""Models that one build measures at most, but for those that it takes to have each call in question in one."""


class Failure(Exception):
    """A build that did not get as far as measuring. ``record`` is what is sent back."""

    def __init__(self, stage: str, error: BaseException) -> None:
        kind = "memory" if _is_memory(error) else "raised"
        self.record: dict[str, Any] = {"kind": kind, "stage": stage, "text": describe(error)}
        super().__init__(self.record["text"])


@contextmanager
def _stage(name: str) -> Iterator[None]:
    try:
        yield
    except Failure:
        raise
    except (Exception, SystemExit, KeyboardInterrupt) as error:
        raise Failure(name, error) from error


def run(request: dict[str, Any]) -> dict[str, Any]:
    """Answers a request (see ``prover``): ``{"models"}`` or ``{"layers"}`` with measurements, or ``{"error"}``
    (with the models that were made before it, if any).

    ``made_up`` says whether anything rests on the made-up shape, so that another one could do better; ``with`` names
    what was made up in place of data and packages; ``failures`` what statements raised whose models do not count.
    """
    subject = Subject(request["root"], request["sources"], request["dims"])
    answer: dict[str, Any] = {}
    try:
        answer = _run(request, subject)
    except Failure as failure:
        answer = {"error": failure.record}
    rests = bool(subject.made_up) or subject.is_shaped
    failures = [type(error).__name__ for error in subject.failures]
    return {**answer, "made_up": rests, "with": list(subject.made_up), "failures": failures}


def _run(request: dict[str, Any], subject: Subject) -> dict[str, Any]:
    random.seed(0)
    np.random.seed(0)
    renamed.install(request["generation"])
    registry = tame.install(subject.is_own)
    subject.layers_made = lambda: registry.count
    subject.unfinished = lambda: [model for model in registry.models if not registry.is_finished(model)]
    commandline.install(subject.data)
    for keras in tame.families():
        keras.utils.set_random_seed(0)
    try:
        module, wrapper = _made(request, subject)
    except Failure as failure:
        return {"error": failure.record, "models": _measured_in_spite(request, subject, registry, failure)}
    if request["kind"] == "layer":
        return {"layers": [_layer(entry, module, subject) for entry in request["entries"]]}
    return {"models": _measure_models(request, vars(module), subject, registry, wrapper)}


def _made(request: dict[str, Any], subject: Subject) -> tuple[ModuleType, Any]:
    """Imports the source under proof and runs what makes models; the model that the result is wrapped in, if one is."""
    wrapper = None
    with _stage("importing"):
        module = subject.load(request["module"])
    with _stage("building"):
        if request["kind"] == "helper":
            subject.is_shaped = True
            wrapper = _call_helper(request, module, subject)
        elif request["kind"] != "layer" and request["expression"]:
            eval(request["expression"], module.__dict__)
    return module, wrapper


def _measured_in_spite(
    request: dict[str, Any], subject: Subject, registry: tame.Registry, failure: Failure
) -> list[dict[str, Any]]:
    """The models that the code finished before it raised: what it does with them then can need what is not there.

    Where there is nothing to compare with, only code that does more than build a model is excused.
    """
    if failure.record["kind"] != "raised" or request["kind"] in ("layer", "helper"):
        return []
    if request.get("observe") and not request.get("training"):
        return []
    try:
        return _measure_models(request, {}, subject, registry, None, registry.is_finished)
    except Failure:
        return []


def _call_helper(request: dict[str, Any], module: ModuleType, subject: Subject) -> Any:
    """Calls a function of tensors, or a layer, on a made-up input.

    Returns the model that the result is wrapped in, None if it is a model already.
    """
    keras = tame.families()[-1 if request["generation"] == 2 else 0]
    tensor = keras.Input(subject.dims)
    module.__dict__["__reglint_input__"] = tensor
    result = eval(request["expression"], module.__dict__)
    if isinstance(result, keras.Model):
        return None
    if isinstance(result, keras.layers.Layer):
        result = result(tensor)
    return keras.Model(tensor, result)


def _measure_models(
    request: dict[str, Any],
    bound: Mapping[str, Any],
    subject: Subject,
    registry: tame.Registry,
    wrapper: Any,
    counts: Callable[[Any], bool] = lambda _: True,
) -> list[dict[str, Any]]:
    """Measures the outermost models that count, and hold a layer which a call in question made."""
    made = [
        (target, layer)
        for target in request["targets"]
        for each in subject.made.get(target["index"], [])
        for layer in registry.copies(each)
        if hasattr(layer, "weights")
    ]
    broken = {id(each) for each in subject.broken}
    roots = [model for model in _outermost(registry.models) if counts(model) and id(model) not in broken]
    arguments, failure = _call_unbuilt(roots, subject)
    holders: list[_Holder] = []
    for model in roots:
        owned = {id(weight) for weight in _weights(model)}
        held = [(target, layer) for target, layer in made if any(id(each) in owned for each in layer.weights)]
        if held:
            holders.append((model, held))
    if not holders and subject.failures:
        raise Failure("importing", subject.failures[0])
    if not holders and failure is not None:
        raise failure
    stray = _stray(made, holders)
    if request.get("observe"):
        return _observe_all(roots, holders, stray, bound, registry, wrapper)
    measured = []
    for model, held in _enough(holders):
        with _stage("measuring"):
            sample = [registry.samples[id(model)]] if id(model) in registry.samples else None
            record = measure.measure(model, arguments.get(id(model), sample), _roles(held))
        about = {"stray": stray, "wrapped": model is wrapper, "bound": _bound(model, bound)}
        measured.append({**record, **about})
    return measured


def _enough(holders: list[_Holder]) -> list[_Holder]:
    """The models to measure: as many as hold all calls in question, and the largest of the others."""
    found: set[int] = set()
    needed: list[_Holder] = []
    others: list[_Holder] = []
    for holder in sorted(holders, key=lambda holder: -len(holder[0].weights)):
        held = {target["index"] for target, _ in holder[1]}
        (others if held <= found else needed).append(holder)
        found |= held
    return [*needed, *others[: max(0, _MODELS - len(needed))]]


def _stray(made: list[tuple[dict[str, Any], Any]], holders: list[_Holder]) -> list[list[Any]]:
    """The calls in question, each with the name of a layer that it made and no model has."""
    found = {id(layer) for _, held in holders for _, layer in held}
    return [
        [target["index"], layer.name] for target, layer in made if layer.weights and id(layer) not in found
    ]


def _observe_all(
    roots: list[Any],
    holders: list[_Holder],
    stray: list[list[Any]],
    bound: Mapping[str, Any],
    registry: tame.Registry,
    wrapper: Any,
) -> list[dict[str, Any]]:
    """Observes every model that has weights, whatever it holds."""
    held = {id(model): sorted({target["index"] for target, _ in its}) for model, its in holders}
    observed = []
    for model in roots:
        if not _weights(model):
            continue
        with _stage("measuring"):
            record = observe.observe(model, registry.places)
        about = {"wrapped": model is wrapper, "bound": _bound(model, bound), "stray": stray}
        observed.append({**record, **about, "holds": held.get(id(model), [])})
    return observed


def _bound(model: Any, bound: Mapping[str, Any]) -> str | None:
    """The name that a model has among those of the module."""
    return next((name for name, value in bound.items() if value is model), None)


def _call_unbuilt(models: list[Any], subject: Subject) -> tuple[dict[int, list[Any]], Failure | None]:
    """Builds the models that are not: the arguments that each was called on, and the last failure."""
    arguments: dict[int, list[Any]] = {}
    failure = None
    for model in models:
        if model.built and _weights(model):
            continue
        subject.is_shaped = True
        try:
            with _stage("calling"):
                arguments[id(model)] = shapes.build(model, subject.dims)
        except Failure as error:
            failure = error
    return arguments, failure


def _outermost(models: list[Any]) -> list[Any]:
    """The models that are no part of another one; a built ``Sequential`` has one more inside."""
    usable = [model for model in models if _is_usable(model)]
    inner = {id(part) for model in usable for part in model._flatten_layers(include_self=False)}
    inner |= {id(getattr(model, "_functional", None)) for model in usable}
    return [model for model in usable if id(model) not in inner]


def _layer(entry: dict[str, Any], module: ModuleType, subject: Subject) -> dict[str, Any]:
    """Measures the layer of one constructor call, alone in a minimal model."""
    target = entry["target"]

    def make() -> Any:
        subject.made.clear()
        for keras in tame.families():
            keras.backend.clear_session()
        exec(entry["imports"], module.__dict__)
        eval(entry["expression"], module.__dict__)
        return subject.made[target["index"]][-1]

    try:
        with _stage("building"):
            model = shapes.alone(target["layer"], make, subject.dims)
        with _stage("measuring"):
            record = measure.measure(model, None, _roles([(target, subject.made[target["index"]][-1])]))
    except Failure as failure:
        return {"error": failure.record}
    return {"models": [{**record, "stray": [], "wrapped": True, "bound": None}]}


def _roles(layers: list[tuple[dict[str, Any], Any]]) -> list[tuple[int, Any, str, float, float]]:
    return [
        (target["index"], layer, role, l1, l2)
        for target, layer in layers
        for role, l1, l2 in target["weights"]
    ]


def _weights(model: Any) -> list[Any]:
    """The weights of a model: those that it has so far. A ``Sequential`` of Keras 2 raises before it is built."""
    try:
        return list(model.weights)
    except ValueError:
        return []


def _is_usable(model: Any) -> bool:
    """Whether a model was made to the end: creating one can fail half-way, and be caught."""
    try:
        return model.layers is not None and model.built is not None
    except Exception:
        return False


def _is_memory(error: BaseException) -> bool:
    return isinstance(error, MemoryError) or type(error).__name__ == "ResourceExhaustedError"


def describe(error: BaseException) -> str:
    """An exception on one line, as a person needs it."""
    if isinstance(error, SystemExit):
        return f"ended the program (sys.exit({error.code!r}))"
    text = re.sub(r"\x1b\[[0-9;]*m", "", str(error))
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > 1 and lines[0].startswith("Exception encountered when calling"):
        lines = [lines[1]]
    first = lines[0][:300] if lines else ""
    return f"{type(error).__name__}: {first}" if first else type(error).__name__
