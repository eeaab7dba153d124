"""What is built for a job, in its file and in the files that import it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reglint.verify.plan import Plan

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import MakeJob

_BLOCKS = """
from keras import layers
SIZE = 4
def head(x):
    return layers.Dense(SIZE«, kernel_regularizer="l2"»)(x)
"""


def _package(root: Path) -> Path:
    package = root / "pkg"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "net.py").write_text(
        "import keras\nfrom .blocks import head\ndef make(): return keras.Model(head(1))\n"
    )
    return package / "blocks.py"


def test_a_script_is_sliced_to_what_is_built(tmp_path: Path, make_job: MakeJob) -> None:
    marked = 'import k\nN = 1\nimport os\ndef f(): return k.Dense(N«, kernel_regularizer="l2"»)\nf()\n'
    plan = Plan(make_job(tmp_path / "s.py", marked), {})
    [attempt] = plan.own
    assert (attempt.label((8,)), plan.root, plan.module) == ("f()", tmp_path, "s")
    texts = plan.texts(plan.after, attempt)
    assert texts.module == "s"
    assert texts.sources["s"] == {
        "path": str(tmp_path / "s.py"),
        "text": 'import k\nN = 1\n()\ndef f(): return __reglint_made__(0, k.Dense(N, kernel_regularizer="l2"))\n()\n',
    }
    assert "k.Dense(N))" in plan.texts(plan.before, attempt).sources["s"]["text"]


def test_a_module_of_a_package_keeps_what_others_import(tmp_path: Path, make_job: MakeJob) -> None:
    path = tmp_path / "pkg" / "m.py"
    path.parent.mkdir()
    (path.parent / "__init__.py").touch()
    plan = Plan(
        make_job(path, 'import k\nN = 1\ndef f(): return k.Dense(2«, kernel_regularizer="l2"»)\n'), {}
    )
    assert "N = 1" in plan.texts(plan.after, plan.own[0]).sources["pkg.m"]["text"]


def test_importers_build_what_the_file_only_defines(tmp_path: Path, make_job: MakeJob) -> None:
    plan = Plan(make_job(_package(tmp_path), _BLOCKS), {})
    assert [attempt.candidate.kind for attempt in plan.own] == ["helper"]
    [attempt] = plan.imported
    assert (attempt.label((8,)), attempt.covers) == ("make() in net.py", {0})
    texts = plan.texts(plan.after, attempt)
    assert texts.module == "pkg.net"
    assert sorted(texts.sources) == ["pkg.blocks", "pkg.net"]
    assert "__reglint_made__(0, layers.Dense(SIZE" in texts.sources["pkg.blocks"]["text"]


def test_labels_show_what_was_made_up(tmp_path: Path, make_job: MakeJob) -> None:
    marked = 'def f(x, input_shape, thing): return k.Dense(1«, kernel_regularizer="l2"»)(x)\n'
    [attempt] = Plan(make_job(tmp_path / "s.py", marked), {}).own
    assert attempt.label((32, 32, 3)) == "f(x=<made-up tensor>, input_shape=(32, 32, 3), thing=<made up>)"
