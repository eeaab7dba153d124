"""The one way from paths to modules, and each way to fail on it."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from reglint.policy import PolicyError, discover
from reglint.reading import read_modules

if TYPE_CHECKING:
    from reglint.keras.module import KerasModule
    from reglint.resolve.project import Project

KERAS = "from keras import layers\nlayers.Dense(4)\n"


def layers(module: KerasModule, project: Project) -> list[str]:
    assert project.is_parsed(module.document.path)
    return [site.layer.name for site in module.sites]


def failing(module: KerasModule, project: Project) -> list[str]:  # noqa: ARG001
    raise KeyError("boom")


def too_deep(module: KerasModule, project: Project) -> list[str]:  # noqa: ARG001
    raise RecursionError


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


READ = {
    "Keras": (KERAS, ["Dense"], []),
    "no Keras": ("print(1)\n", None, []),
    "no Keras and no Python, named": ("x = (\n", None, [(1, 5, "'(' was never closed")]),
    "no Python": (KERAS + "x = (\n", None, [(3, 5, "'(' was never closed")]),
    "too deep": (KERAS + "x = " + "-" * 100_000 + "1", None, [(1, 1, "nested too deeply to be parsed")]),
}


@pytest.mark.parametrize(("source", "made", "problems"), READ.values(), ids=READ)
def test_a_file_gives_its_module_or_what_is_wrong_with_it(
    source: str, made: list[str] | None, problems: list[tuple[int, int, str]]
) -> None:
    Path("a.py").write_text(source)
    [reading] = read_modules([Path("a.py")], discover, layers)
    assert reading.document is not None
    assert (reading.document.path, reading.made, reading.error) == (Path("a.py"), made, None)
    assert [
        (problem.place.line, problem.place.column, problem.message) for problem in reading.problems
    ] == problems


def test_without_keras_only_files_that_are_named_are_parsed() -> None:
    Path("a.py").write_text("x = (\n")
    [reading] = read_modules([Path()], discover, layers)
    assert (reading.made, reading.problems, reading.error) == (None, (), None)


def test_what_goes_wrong_with_one_file_leaves_the_others() -> None:
    Path("a.py").write_text(KERAS)
    Path("b.py").write_bytes(b"\xe9")
    Path("c.py").write_text(KERAS)
    readings = list(read_modules([Path("a.py"), Path("b.py"), Path("c.py")], discover, failing))
    assert [(reading.document, reading.made) for reading in readings] == [(None, None)] * 3
    messages = [reading.error.message for reading in readings if reading.error is not None]
    assert messages[0].startswith("reglint itself failed on this file, please report it: KeyError('boom') (")
    assert messages[1].startswith("line 1 is not UTF-8")
    assert messages[2] == messages[0]


def test_what_is_too_deep_for_a_later_stage_is_said_to_be() -> None:
    Path("a.py").write_text(KERAS)
    [reading] = read_modules([Path("a.py")], discover, too_deep)
    assert [problem.message for problem in reading.problems] == ["nested too deeply to be parsed"]
    assert reading.made is None


def test_the_collector_is_off_from_the_first_module_to_the_end() -> None:
    Path("a.py").write_text("print(1)\n")
    for name in ("b.py", "c.py", "d.py"):
        Path(name).write_text(KERAS)
    reading = read_modules([Path()], discover, layers)
    seen = []
    for one in reading:
        assert one.document is not None
        seen.append((str(one.document.path), gc.isenabled()))
    assert seen == [("a.py", True), ("b.py", False), ("c.py", False), ("d.py", False)]
    assert gc.isenabled()
    reading = read_modules([Path("b.py"), Path("c.py")], discover, layers)
    next(reading)
    assert not gc.isenabled()
    reading.close()
    assert gc.isenabled()


def test_the_policy_says_what_is_read_and_which_layers_there_are() -> None:
    for name in ("a.py", "b.py", "old.py"):
        Path(name).write_text("from their import ConvBN\nConvBN(4)\n")
    Path("reglint.toml").write_text(
        "extend-exclude = ['old.py']\nforce-exclude = true\n"
        "[custom_layers.'their.ConvBN']\nkernel = 'kernel_regularizer'\n"
    )
    given = {Path("old.py"): b"", Path("b.py"): KERAS.encode()}
    readings = read_modules([Path("old.py"), Path("a.py")], discover, layers, given)
    found = [(str(one.document.path), one.made) for one in readings if one.document is not None]
    assert found == [("b.py", ["Dense"]), ("a.py", ["ConvBN"])]


@pytest.mark.parametrize("given", [{}, {Path("a.py"): KERAS.encode()}])
def test_a_broken_policy_ends_the_run(given: dict[Path, bytes]) -> None:
    Path("a.py").write_text(KERAS)
    Path("reglint.toml").write_text("keras = 4\n")
    with pytest.raises(PolicyError):
        list(read_modules([Path("a.py")], discover, layers, given))
