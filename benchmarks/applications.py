"""Whether the inventory has every layer that the models of ``keras.applications`` really construct.

``python benchmarks/applications.py [--json] [MODEL ...]`` builds the models of the installed Keras, all of them unless
some are named, and takes note of each call that constructs a layer with weights. ``reglint inventory`` must list these
calls, and nothing that is no call: if not, the exit code is 1. What it lists and no model constructs is printed for a
look.
"""

from __future__ import annotations

import argparse
import ast
import importlib.metadata
import inspect
import json
import os
import platform
import subprocess
import sys
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import FrameType

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")


class Place(NamedTuple):
    """A call that constructs a layer; line and column count from 1. The column is 0 before Python 3.11."""

    file: str
    line: int
    column: int
    layer: str


def main(arguments: Sequence[str] | None = None) -> int:
    """Build, compare and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("models", nargs="*", metavar="MODEL", help="a function of keras.applications")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of a table")
    options = parser.parse_args(arguments)
    result = compare(options.models or all_models())
    print(json.dumps(result) if options.json else "\n".join(shown(result)))
    return 1 if result["missed"] or result["no_call"] else 0


def all_models() -> list[str]:
    """The functions of ``keras.applications`` that build a model."""
    import keras

    return sorted(
        name
        for name, value in vars(keras.applications).items()
        if inspect.isfunction(value) and "weights" in inspect.signature(value).parameters
    )


def compare(models: Sequence[str]) -> dict[str, Any]:
    """What the models construct beside what the inventory lists of the same files.

    Of the places built, ``missed`` are not listed. Of those listed, ``not_built`` are constructed by none of the
    models, and at ``no_call`` the source has no call.
    """
    built = sorted(record(models))
    files = sorted({place.file for place in built})
    listed = inventory(files)
    columns = any(place.column for place in built)
    of_built, of_listed = ({_key(place, columns) for place in places} for places in (built, listed))
    calls = {file: calls_of(file) for file in files}
    return {
        "models": models,
        "built": built,
        "listed": listed,
        "missed": [place for place in built if _key(place, columns) not in of_listed],
        "not_built": [place for place in listed if _key(place, columns) not in of_built],
        "no_call": [place for place in listed if (place.line, place.column) not in calls[place.file]],
    }


def _key(place: Place, columns: bool) -> Place:
    return place if columns else place._replace(column=0)


def record(models: Sequence[str]) -> set[Place]:
    """Build each model; the calls in the files of ``keras.applications`` that made a layer with weights."""
    import keras

    places = set()
    for name in models:
        keras.backend.clear_session()
        # In this scope a weight has its shape and no values: the largest models take no memory.
        with hooked(keras.layers.Layer) as made, keras.StatelessScope(initialize_variables=False):
            getattr(keras.applications, name)(weights=None)
            places |= {
                Place(file, line, column, type(layer).__name__)
                for layer, file, line, column in made
                if layer.weights and not isinstance(layer, keras.Model)
            }
    return places


@contextmanager
def hooked(layer_class: Any) -> Iterator[list[tuple[Any, str, int, int]]]:
    """While it lasts, each layer that code of ``keras.applications`` constructs, and where its call stands."""
    made: list[tuple[Any, str, int, int]] = []
    original = layer_class.__new__

    def new(cls: type, *args: Any, **kwargs: Any) -> Any:
        layer = original(cls, *args, **kwargs)
        caller = sys._getframe(1)
        if Path(caller.f_code.co_filename).parent.name == "applications":
            made.append((layer, caller.f_code.co_filename, *place_in(caller)))
        return layer

    layer_class.__new__ = new
    try:
        yield made
    finally:
        layer_class.__new__ = original


def place_in(frame: FrameType) -> tuple[int, int]:
    """Line and column of the call that a frame is in."""
    line = frame.f_lineno
    if sys.version_info < (3, 11):
        return line, 0
    _, _, column, _ = next(islice(frame.f_code.co_positions(), frame.f_lasti // 2, None))
    return line, column + 1 if column is not None else 0


def inventory(files: Sequence[str]) -> list[Place]:
    """What ``reglint inventory`` lists."""
    done = subprocess.run(
        [sys.executable, "-m", "reglint", "inventory", "--output-format", "json", *files],
        capture_output=True,
        text=True,
        check=True,
    )
    return [
        Place(entry["path"], entry["line"], entry["column"], entry["class"] or entry["layer"].split(".")[-1])
        for entry in json.loads(done.stdout)["layers"]
    ]


def calls_of(file: str) -> set[tuple[int, int]]:
    """Line and column of every call of a file."""
    tree = ast.parse(Path(file).read_bytes())
    return {(node.lineno, node.col_offset + 1) for node in ast.walk(tree) if isinstance(node, ast.Call)}


def shown(result: dict[str, Any]) -> Iterator[str]:
    """The result as Markdown."""
    yield f"Python {platform.python_version()}, Keras {importlib.metadata.version('keras')}"
    yield ""
    yield "| models | files | places built | listed | missed | listed, not built |"
    yield "|--:|--:|--:|--:|--:|--:|"
    counts = [len(result["models"]), len({place.file for place in result["built"]}), len(result["built"])]
    counts += [len(result["listed"]), len(result["missed"]), len(result["not_built"])]
    yield f"| {' | '.join(map(str, counts))} |"
    for title in ("missed", "not_built", "no_call"):
        for place in result[title]:
            yield f"{title}: {Path(place.file).name}:{place.line}:{place.column} {place.layer}"


if __name__ == "__main__":
    raise SystemExit(main())
