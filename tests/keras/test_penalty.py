from __future__ import annotations

import math
from typing import Any

import pytest

from reglint.keras.penalty import (
    NONE,
    InvalidPenalty,
    Penalty,
    from_class,
    from_config,
    from_string,
    read,
)

NO_PENALTY = Penalty()
ORTHOGONAL = Penalty(other="OrthogonalRegularizer")

# A call of keras.regularizers, and what it gives in Keras 3 and 2: a penalty, or the exception it raises.
CALLS = [
    ("l1", [], {}, Penalty(l1=0.01), Penalty(l1=0.01)),
    ("L1", [], {}, Penalty(l1=0.01), Penalty(l1=0.01)),
    ("l2", [], {}, Penalty(l2=0.01), Penalty(l2=0.01)),
    ("L2", [], {}, Penalty(l2=0.01), Penalty(l2=0.01)),
    ("L1L2", [], {}, NO_PENALTY, NO_PENALTY),
    ("l1_l2", [], {}, NO_PENALTY, Penalty(l1=0.01, l2=0.01)),
    ("Regularizer", [], {}, NO_PENALTY, NO_PENALTY),
    ("OrthogonalRegularizer", [], {}, ORTHOGONAL, ORTHOGONAL),
    ("orthogonal_regularizer", [], {"factor": 0.1, "mode": "columns"}, ORTHOGONAL, ORTHOGONAL),
    # positional and keyword factors
    ("l1", [0.5], {}, Penalty(l1=0.5), Penalty(l1=0.5)),
    ("l2", [0.5], {}, Penalty(l2=0.5), Penalty(l2=0.5)),
    ("L2", [], {"l2": 0.5}, Penalty(l2=0.5), Penalty(l2=0.5)),
    ("l2", [1], {}, Penalty(l2=1.0), Penalty(l2=1.0)),
    ("l2", [True], {}, Penalty(l2=1.0), Penalty(l2=1.0)),
    ("l2", [0], {}, NO_PENALTY, NO_PENALTY),
    ("L1L2", [0.25], {}, Penalty(l1=0.25), Penalty(l1=0.25)),
    ("L1L2", [0.25, 0.5], {}, Penalty(l1=0.25, l2=0.5), Penalty(l1=0.25, l2=0.5)),
    ("L1L2", [0.25], {"l2": 0.5}, Penalty(l1=0.25, l2=0.5), Penalty(l1=0.25, l2=0.5)),
    ("l1_l2", [], {"l2": 0.5, "l1": 0.25}, Penalty(l1=0.25, l2=0.5), Penalty(l1=0.25, l2=0.5)),
    ("l1_l2", [], {"l1": 0.25}, Penalty(l1=0.25), Penalty(l1=0.25, l2=0.01)),
    ("l1_l2", [0.25], {}, Penalty(l1=0.25), Penalty(l1=0.25, l2=0.01)),
    ("L1L2", [], {"l2": 0.25}, Penalty(l2=0.25), Penalty(l2=0.25)),
    # None is the class's own default, also in the function that has another one
    ("l1", [NONE], {}, Penalty(l1=0.01), Penalty(l1=0.01)),
    ("l2", [], {"l2": NONE}, Penalty(l2=0.01), Penalty(l2=0.01)),
    ("L1L2", [NONE], {"l2": 0.5}, Penalty(l2=0.5), Penalty(l2=0.5)),
    ("l1_l2", [NONE], {}, NO_PENALTY, Penalty(l2=0.01)),
    ("l1_l2", [NONE, NONE], {}, NO_PENALTY, NO_PENALTY),
    ("OrthogonalRegularizer", [NONE], {}, "ValueError", "ValueError"),
    ("OrthogonalRegularizer", [], {"mode": NONE}, "ValueError", "ValueError"),
    # the factor's old name
    ("l2", [], {"l": 0.5}, "TypeError", Penalty(l2=0.5)),
    ("L1", [], {"l": 0.5}, "TypeError", Penalty(l1=0.5)),
    ("l2", [0.25], {"l": 0.5}, "TypeError", Penalty(l2=0.5)),
    ("l2", [], {"l2": 0.25, "l": 0.5}, "TypeError", Penalty(l2=0.5)),
    ("l2", [0.25], {"l": NONE}, "TypeError", Penalty(l2=0.01)),
    ("l1_l2", [], {"l": 0.5}, "TypeError", "TypeError"),
    ("L1L2", [], {"l": 0.5}, "TypeError", "TypeError"),
    # what Python cannot bind
    ("l2", [0.1, 0.2], {}, "TypeError", "TypeError"),
    ("l1_l2", [0.1, 0.2, 0.3], {}, "TypeError", "TypeError"),
    ("Regularizer", [0.1], {}, "TypeError", "TypeError"),
    ("l2", [], {"l1": 0.1}, "TypeError", "TypeError"),
    ("l1", [], {"l2": 0.1}, "TypeError", "TypeError"),
    ("l2", [0.1], {"l2": 0.1}, "TypeError", "TypeError"),
    ("l1_l2", [0.1], {"l1": 0.1}, "TypeError", "TypeError"),
    ("OrthogonalRegularizer", [], {"l2": 0.1}, "TypeError", "TypeError"),
    # what is no strength
    ("l2", [-0.5], {}, "ValueError", Penalty(l2=-0.5)),
    ("l1_l2", [], {"l1": -0.5}, "ValueError", Penalty(l1=-0.5, l2=0.01)),
    ("OrthogonalRegularizer", [-0.5], {}, "ValueError", ORTHOGONAL),
    ("l2", ["0.1"], {}, "ValueError", "ValueError"),
    ("l2", [1j], {}, "ValueError", "ValueError"),
    ("l1_l2", [b"0.1"], {}, "ValueError", "ValueError"),
    ("OrthogonalRegularizer", ["rows"], {}, "ValueError", "ValueError"),
    ("OrthogonalRegularizer", [0.1, "row"], {}, "ValueError", "ValueError"),
    ("OrthogonalRegularizer", [0.1, 1], {}, "ValueError", "ValueError"),
    ("l1", [math.nan], {}, "ValueError", "ValueError"),
    ("l1", [math.inf], {}, "ValueError", "ValueError"),
    ("l2", [10**400], {}, "OverflowError", "OverflowError"),
]

# The string passed as kernel_regularizer; None: Keras 2 looks it up among what the program has registered.
STRINGS = [
    ("l1", Penalty(l1=0.01), Penalty(l1=0.01)),
    ("L1", Penalty(l1=0.01), Penalty(l1=0.01)),
    ("l2", Penalty(l2=0.01), Penalty(l2=0.01)),
    ("L2", Penalty(l2=0.01), Penalty(l2=0.01)),
    ("L1L2", NO_PENALTY, NO_PENALTY),
    ("l1_l2", "ValueError", Penalty(l1=0.01, l2=0.01)),
    ("l1l2", NO_PENALTY, None),
    ("OrthogonalRegularizer", ORTHOGONAL, ORTHOGONAL),
    ("orthogonal_regularizer", ORTHOGONAL, ORTHOGONAL),
    ("Regularizer", NO_PENALTY, NO_PENALTY),
    ("regularizer", NO_PENALTY, None),
    ("L3", "ValueError", None),
    ("", "ValueError", None),
    ("None", "ValueError", None),
]

# The class or function itself passed as kernel_regularizer.
CLASSES = [
    ("l1", Penalty(l1=0.01), "ValueError"),
    ("L1", Penalty(l1=0.01), "ValueError"),
    ("l2", Penalty(l2=0.01), "ValueError"),
    ("L2", Penalty(l2=0.01), "ValueError"),
    ("L1L2", NO_PENALTY, "ValueError"),
    ("l1_l2", NO_PENALTY, "ValueError"),
    ("OrthogonalRegularizer", ORTHOGONAL, "ValueError"),
    ("orthogonal_regularizer", ORTHOGONAL, "ValueError"),
    ("Regularizer", NO_PENALTY, "TypeError"),
]

# The class name and configuration that are passed as a dict.
CONFIGS: list[tuple[Any, ...]] = [
    ("L2", {"l2": 0.5}, Penalty(l2=0.5), Penalty(l2=0.5)),
    ("l2", {"l2": 0.5}, Penalty(l2=0.5), Penalty(l2=0.5)),
    ("L2", {}, Penalty(l2=0.01), Penalty(l2=0.01)),
    ("L1L2", {"l1": 0.25, "l2": 0.5}, Penalty(l1=0.25, l2=0.5), Penalty(l1=0.25, l2=0.5)),
    ("L1L2", {"l2": 0.5}, Penalty(l2=0.5), Penalty(l2=0.5)),
    ("l1_l2", {"l1": 0.25}, "ValueError", Penalty(l1=0.25, l2=0.01)),
    ("L2", {"l": 0.5}, "TypeError", Penalty(l2=0.5)),
    ("L2", {"l2": NONE}, Penalty(l2=0.01), Penalty(l2=0.01)),
    ("OrthogonalRegularizer", {"factor": 0.1}, ORTHOGONAL, ORTHOGONAL),
    ("L3", {}, "ValueError", None),
]


def both(cases: list[tuple[Any, ...]]) -> list[Any]:
    """Each case once for each generation: (what is passed..., generation, expected)."""
    return [
        pytest.param(*passed, generation, expected, id=f"{passed}-{generation}")
        for *passed, in_3, in_2 in cases
        for generation, expected in ((3, in_3), (2, in_2))
    ]


def outcome(result: Penalty | InvalidPenalty | None) -> Penalty | str | None:
    return result.error if isinstance(result, InvalidPenalty) else result


@pytest.mark.parametrize(("name", "positional", "keywords", "generation", "expected"), both(CALLS))
def test_a_call_is_read(name, positional, keywords, generation, expected):
    assert outcome(read(name, positional, keywords, generation)) == expected


@pytest.mark.parametrize(("text", "generation", "expected"), both(STRINGS))
def test_a_string_is_read(text, generation, expected):
    assert outcome(from_string(text, generation)) == expected


@pytest.mark.parametrize(("name", "generation", "expected"), both(CLASSES))
def test_a_class_is_read(name, generation, expected):
    assert outcome(from_class(name, generation)) == expected


@pytest.mark.parametrize(("name", "config", "generation", "expected"), both(CONFIGS))
def test_a_configuration_is_read(name, config, generation, expected):
    assert outcome(from_config(name, config, generation)) == expected


@pytest.mark.parametrize(
    ("positional", "keywords", "expected"),
    [
        ([], {}, Penalty(l1=0.01, l2=0.01)),
        ([0.5], {}, Penalty(l1=0.5, l2=0.01)),
        ([], {"l2": 0.5, "l1": 0}, Penalty(l2=0.5)),
        ([0.1, 0.2, 0.3], {}, "TypeError"),
    ],
)
def test_the_name_that_l1_l2_had_in_keras_1(positional, keywords, expected):
    assert outcome(read("l1l2", positional, keywords, 2)) == expected
    newer = read("l1l2", positional, keywords, 3)
    assert isinstance(newer, InvalidPenalty)
    assert newer.only_in_keras_2
    assert from_config("l1l2", keywords, 2) is None


@pytest.mark.parametrize("generation", [2, 3])
def test_another_name_is_no_regularizer_of_keras(generation):
    assert read("l3", [0.1], {}, generation) is None
    assert read("serialize", [], {}, generation) is None
    assert from_class("get", generation) is None


@pytest.mark.parametrize(
    ("name", "positional", "keywords", "expected"),
    [
        ("l2", [None], {}, Penalty(l2=None)),
        ("l1", [], {"l1": None}, Penalty(l1=None)),
        ("L1L2", [None, 0.5], {}, Penalty(l1=None, l2=0.5)),
        ("l1_l2", [None, None], {}, Penalty(l1=None, l2=None)),
        ("OrthogonalRegularizer", [None, None], {}, ORTHOGONAL),
    ],
)
@pytest.mark.parametrize("generation", [2, 3])
def test_a_factor_that_is_not_known_has_no_strength(name, positional, keywords, expected, generation):
    assert read(name, positional, keywords, generation) == expected


@pytest.mark.parametrize(
    ("result", "reason"),
    [
        (read("l2", [-0.5], {}, 3), "l2 must not be negative: -0.5"),
        (read("l2", ["0.1"], {}, 3), "l2 must be a number, not '0.1'"),
        (read("l2", [math.nan], {}, 2), "l2 must be finite, not nan"),
        (read("L1", [10**400], {}, 2), "l1 is too large for a float"),
        (read("OrthogonalRegularizer", [NONE], {}, 3), "factor must be a number, not None"),
        (
            read("OrthogonalRegularizer", [0.1, "row"], {}, 3),
            'mode must be "rows" or "columns", not \'row\'',
        ),
        (read("l2", [], {"l": 0.1}, 3), 'l2() has no argument "l" in Keras 3'),
        (read("l2", [0.1], {"l2": 0.1}, 3), 'l2() got multiple values for argument "l2"'),
        (read("l2", [0.1, 0.1], {}, 3), "l2() takes at most 1 positional argument but 2 were given"),
        (read("l1_l2", [0.1] * 3, {}, 2), "l1_l2() takes at most 2 positional arguments but 3 were given"),
        (from_string("l1_l2", 3), 'Keras 3 has no regularizer "l1_l2"'),
        (from_class("L2", 2), "Keras 2 takes regularizers.L2() and not regularizers.L2 itself"),
    ],
)
def test_the_reason_names_what_keras_rejects(result, reason):
    assert isinstance(result, InvalidPenalty)
    assert result.reason == reason


@pytest.mark.parametrize(
    ("penalty", "kind", "text"),
    [
        (Penalty(l1=0.001), "l1", "l1(0.001)"),
        (Penalty(l2=1e-4), "l2", "l2(0.0001)"),
        (Penalty(l2=1e-5), "l2", "l2(1e-05)"),
        (Penalty(l2=0.12345678), "l2", "l2(0.12345678)"),
        (Penalty(l2=-1.0), "l2", "l2(-1)"),
        (Penalty(l2=None), "l2", "l2(?)"),
        (Penalty(0.005, 0.001), "l1_l2", "l1_l2(l1=0.005, l2=0.001)"),
        (Penalty(0.005, None), "l1_l2", "l1_l2(l1=0.005, l2=?)"),
        (NO_PENALTY, "none", "no penalty"),
        (ORTHOGONAL, "other", "OrthogonalRegularizer"),
    ],
)
def test_a_penalty_has_a_kind_and_is_written_as_a_person_would(penalty, kind, text):
    assert penalty.kind == kind
    assert str(penalty) == text


def losses(layer: Any, kernel: list[list[float]]) -> list[float]:
    layer.build((None, len(kernel)))
    for weight in layer.trainable_weights:
        weight.assign(kernel if "kernel" in weight.name else [0.0] * len(kernel[0]))
    return [float(loss) for loss in layer.losses]


def built(keras: Any, regularizer: object) -> Penalty:
    """What Keras adds for a kernel with this regularizer, solved from layers with the kernels 1 and 2."""
    layer = keras.layers.Dense(2, kernel_regularizer=regularizer)
    if isinstance(layer.kernel_regularizer, keras.regularizers.OrthogonalRegularizer):
        assert losses(layer, [[1.0, 1.0], [1.0, 2.0]]) != [0.0]
        return ORTHOGONAL
    [one], [two] = (
        losses(keras.layers.Dense(1, kernel_regularizer=regularizer), [[kernel]]) for kernel in (1.0, 2.0)
    )
    l2 = (two - 2 * one) / 2
    return Penalty(round(one - l2, 6), round(l2, 6))


def in_keras(keras: Any, make: Any) -> Penalty | str:
    try:
        return built(keras, make(keras.regularizers))
    except (TypeError, ValueError, OverflowError) as error:
        return type(error).__name__


@pytest.mark.keras
@pytest.mark.parametrize(("name", "positional", "keywords", "generation", "expected"), both(CALLS))
def test_keras_makes_the_same_of_the_call(name, positional, keywords, generation, expected, keras_of):
    def make(regularizers: Any) -> Any:
        constants = [None if value is NONE else value for value in positional]
        named = {key: None if value is NONE else value for key, value in keywords.items()}
        return getattr(regularizers, name)(*constants, **named)

    assert in_keras(keras_of(generation), make) == expected


@pytest.mark.keras
@pytest.mark.parametrize(("text", "generation", "expected"), both(STRINGS))
def test_keras_makes_the_same_of_the_string(text, generation, expected, keras_of):
    assert in_keras(keras_of(generation), lambda _: text) == (expected or "TypeError")


@pytest.mark.keras
@pytest.mark.parametrize(("name", "generation", "expected"), both(CLASSES))
def test_keras_makes_the_same_of_the_class(name, generation, expected, keras_of):
    assert in_keras(keras_of(generation), lambda regularizers: getattr(regularizers, name)) == expected


@pytest.mark.keras
@pytest.mark.parametrize(("name", "config", "generation", "expected"), both(CONFIGS))
def test_keras_makes_the_same_of_the_configuration(name, config, generation, expected, keras_of):
    written = {key: None if value is NONE else value for key, value in config.items()}
    make = {"class_name": name, "config": written}
    assert in_keras(keras_of(generation), lambda _: make) == (expected or "ValueError")


@pytest.mark.keras
def test_keras_2_finds_a_string_among_registered_objects_and_keras_3_does_not(keras_of):
    def registered(weights: Any) -> Any:
        return 0.5 * keras_of(2).backend.sum(weights * weights)

    for generation, expected in ((2, Penalty(l2=0.5)), (3, "ValueError")):
        with keras_of(generation).utils.custom_object_scope({"halved": registered}):
            assert in_keras(keras_of(generation), lambda _: "halved") == expected


@pytest.mark.keras
def test_keras_takes_no_numpy_float32_and_no_plain_number(keras_of):
    import numpy as np

    for generation in (2, 3):
        assert (
            in_keras(keras_of(generation), lambda regularizers: regularizers.l2(np.float32(0.1)))
            == "ValueError"
        )
        assert in_keras(keras_of(generation), lambda _: 0.01) == "ValueError"
