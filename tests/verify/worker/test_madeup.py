"""Values that stand in for data."""

from __future__ import annotations

import copy
from typing import Any

import pytest

np = pytest.importorskip("numpy")

from reglint.verify.worker.madeup import (  # noqa: E402 (needs numpy)
    Broken,
    MadeUp,
    NotHere,
    dataset,
    decorator,
    each,
    is_of_graph,
    keep_made_up,
    plain,
    spread,
)

_DATA = MadeUp((32, 3), "`data`")


def _one_hot(y: object, num_classes: int | None = None) -> object:
    return y, num_classes


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (_DATA.shape, (4, 32, 3)),
        (_DATA.shape[1:], (32, 3)),
        (_DATA[0].shape, (4, 3)),
        (_DATA[:100].shape, (4, 32, 3)),
        ((_DATA / 255.0).shape, (4, 32, 3)),
        (_DATA.values.reshape(-1, 4).shape, (4, 32, 3)),
        (keep_made_up(np.array)(_DATA).shape, (4, 32, 3)),
        (keep_made_up(np.array)([1, 2]).shape, (2,)),
        (keep_made_up(_one_hot)(_DATA, 10).shape, (4, 10)),
        (keep_made_up(_one_hot)(_DATA, num_classes=5).shape, (4, 5)),
        (keep_made_up(_one_hot)(_DATA).shape, (4, 32, 3)),
        (_DATA[0][0][0], 8),
        (plain(_DATA, "input_shape"), (32, 3)),
        (type(plain(_DATA, "units")), int),
        (plain([_DATA, (None, _DATA), "x"]), [8, (None, 8), "x"]),
        (np.expand_dims(_DATA, -1).shape, (4, 32, 3)),
        (np.concatenate([_DATA, _DATA]).shape, (4, 32, 3)),
        (np.log(_DATA).shape, (4, 32, 3)),
        (np.shape(_DATA), (4, 32, 3)),
        (np.max(_DATA) + 1, 9),
        (len(np.unique(_DATA)), 8),
        (tuple(_DATA), (32, 3)),
        (len(_DATA), 8),
        (len(_DATA) + 1, 9),
        (_DATA.units, 8),
        (_DATA.units // 2, 4),
        (_DATA * 2 + 1, 17),
        (1 + _DATA, 9),
        (isinstance(_DATA.units, int), True),
        (repr(_DATA.x), "<made up for `data`>"),
    ],
)
def test_made_up_values(value: object, expected: object) -> None:
    assert value == expected


def test_made_up_values_are_copied_as_they_are() -> None:
    made_up = MadeUp((3,), "it")
    assert copy.copy(made_up) is copy.deepcopy(made_up) is made_up


def test_made_up_decorators_bases_and_contexts() -> None:
    def function() -> None: ...

    assert _DATA.register(function) is function

    class Made(_DATA.Base):  # type: ignore[misc, name-defined]
        pass

    assert Made.__bases__ == (object,)
    with _DATA as opened:
        assert opened is _DATA


def test_made_up_values_never_make_a_part_of_a_model() -> None:
    class Layer: ...

    with pytest.raises(NotHere, match="it needs `data`"):
        _DATA.Norm(Layer())


@pytest.mark.parametrize(
    ("pattern", "value", "expected"),
    [((0, 0), _DATA, (8, 8)), (((0, 0), (0, 0)), _DATA, ((8, 8), (8, 8))), ((0, 0), [1, 2, 3], [1, 2, 3])],
)
def test_spread(pattern: Any, value: object, expected: object) -> None:
    assert spread(pattern, value) == expected


@pytest.mark.parametrize(
    ("pattern", "values", "expected"),
    [(0, _DATA, [8] * 4), ((0, 0), _DATA, [(8, 8)] * 4), ((0, 0), {"a": 1}.items(), {"a": 1}.items())],
)
def test_loops(pattern: Any, values: object, expected: object) -> None:
    assert each(pattern, values) == expected


def test_nothing_is_done_with_what_could_not_be_made() -> None:
    broken = Broken("`f()` raised ValueError")
    assert is_of_graph(broken)
    assert spread((0, 0), broken) == (broken, broken)
    for use in (lambda: broken.layers, lambda: broken(1), lambda: broken[0], lambda: list(broken)):
        with pytest.raises(NotHere, match=r"`f\(\)` raised ValueError before"):
            use()


def test_a_made_up_decorator_changes_nothing() -> None:
    assert decorator(_DATA.register("name"))(len) is len
    assert decorator(len) is len


def test_a_use_is_told() -> None:
    used: list[int] = []
    missing = MadeUp((8,), "`package`", use=lambda: used.append(1))
    assert (len(used), missing.function(3), len(used) > 0) == (0, 8, True)


@pytest.mark.parametrize(
    ("name", "shapes", "classes"),
    [
        ("mnist", [(60000, 28, 28), (60000,), (10000, 28, 28), (10000,)], 10),
        ("cifar100", [(50000, 32, 32, 3), (50000, 1), (10000, 32, 32, 3), (10000, 1)], 100),
        ("boston_housing", [(404, 13), (404,), (102, 13), (102,)], 1),
        ("imdb", [(25000,), (25000,), (25000,), (25000,)], 2),
    ],
)
def test_datasets_have_their_shapes(name: str, shapes: list[tuple[int, ...]], classes: int) -> None:
    (x_train, y_train), (x_test, y_test) = dataset(name)
    assert [each.shape for each in (x_train, y_train, x_test, y_test)] == shapes
    assert len(np.unique(y_train)) == classes
