"""Values for what a call needs and nobody gives: made up from names, annotations and uses."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from reglint.verify import names

if TYPE_CHECKING:
    from reglint.verify.uses import Use

_SHAPES: tuple[tuple[re.Pattern[str], tuple[int, ...]], ...] = (
    (re.compile(r"Conv\w*3D|Pool\w*3D"), (16, 16, 16, 4)),
    (re.compile(r"Conv\w*2D|Pool\w*2D|applications"), (32, 32, 3)),
    (re.compile(r"Embedding"), (16,)),
    (re.compile(r"Conv\w*1D|LSTM|GRU|SimpleRNN|Attention|Pool\w*1D|TimeDistributed"), (16, 8)),
    (re.compile(r"Dense"), (8,)),
)
"""The made-up shape of one sample, by the layers that the code names."""

_LARGER = tuple((pattern, (*(4 * size for size in shape[:-1]), shape[-1])) for pattern, shape in _SHAPES[1:2])
"""The same, for images that are made small until nothing of a smaller one would be left."""

_COMMON = ((8,), (16, 8), (32, 32, 3))

INPUT = "__reglint_input__"
"""The name that has a made-up tensor in the worker."""

SHAPE = "__reglint_shape__"
"""The name that has the made-up shape in the worker."""

DATA = "__reglint_data__"
"""The function that makes up an object in the worker."""

TENSOR = re.compile(
    r"x|y|h|z|inp|inputs?|input_layer|input_tensors?|tensor|net|layer_in|previous|prev(_layer)?"
)

_GUESSES: tuple[tuple[str, str], ...] = (
    (r".*(input|image|img|in|obs|state|sample)_?shape|shape|input_dims|img_dims?|image_dims?|dims", SHAPE),
    (r".*(classes|labels|outputs|actions|categories|targets|n_out|nb_out)", "10"),
    (r"output_(dim|size|shape|units)|out_dim", "10"),
    (r".*(vocab|words|tokens|max_features|max_words).*", "100"),
    (r".*(max_?len|length|time_?steps|seq_?len|steps|window|sequence).*", "16"),
    (r".*(rows|height|width|img_size|image_size|size_x|size_y|img_[hw]|im_size|resolution)|[hw]", "32"),
    (r".*channels?", "3"),
    (r".*(n|num|nb)_?(layers|blocks|hidden_layers|convs|heads|stacks|res).*", "2"),
    (r"(layers?|blocks?|stack|repeats?)_num.*|depth|blocks?|heads|repeats?|repetitions", "2"),
    (r".*strides?|stage|.*dilation.*|batch_?size", "1"),
    (r"lr|learning_rate|.*decay|.*(l1|l2|reg(ularizer|ularization)?)(_.*)?|epsilon|eps", "1e-4"),
    (r".*(dropout|drop|rate|alpha|momentum|ratio).*", "0.1"),
    (r".*kernel_?size|.*filter_?size|ksize|kernel", "3"),
    (r"padding", "'same'"),
    (r".*activation.*|act|nonlinearity", "'relu'"),
    (r"optimi[sz]er|opt", "'adam'"),
    (r"loss(_fn|_function)?", "'mse'"),
    (r"metrics|callbacks", "[]"),
    (r".*name|scope|prefix", "'made_up'"),
    (r"training|is_training|train", "False"),
    (r"trainable", "True"),
    (r"use_.*|with_.*|is_.*|include_.*", "True"),
    (r".*(units|hidden|dim|size|filters|features|neurons|nodes|embed|latent)(_?\d*)?", "8"),
    (r".*(n_in|width|growth|ch|cells)(_?\d*)?|(n|num|nb)_.*|.*_num(_.*)?", "8"),
)
"""What to pass for a parameter, by its name; ``SHAPE`` stands for the made-up shape of one sample."""

_SIZES = [8, 16, 16, 32]
"""Sizes of layers in a row: some differ from the one before, for what is made only then."""

_BY_TYPE = {
    "int": "8",
    "float": "0.1",
    "bool": "True",
    "str": "'made_up'",
    "tuple": SHAPE,
    "Tuple": SHAPE,
}


def shapes_for(code: str) -> tuple[tuple[int, ...], ...]:
    """The shapes to try: first what fits the layers that ``code`` names, then what is common."""
    fitting = [shape for pattern, shape in (*_SHAPES, *_LARGER) if pattern.search(code)]
    return tuple(dict.fromkeys([*fitting, *_COMMON]))


def guess(name: str, annotation: ast.expr | None = None, use: Use | None = None) -> str:
    """A value for a parameter, as Python text; a made-up object where nothing says what it is."""
    plain = annotation.value if isinstance(annotation, ast.Subscript) else annotation
    kind = names.last(plain) if plain is not None else ""
    by_name = next((value for pattern, value in _GUESSES if re.fullmatch(pattern, name.lower())), None)
    by_type = _BY_TYPE.get(kind)
    value = by_type if by_type and (by_name is None or kind == "bool") else by_name
    if use is not None and use.kind == "shape":
        value = SHAPE
    elif use is not None and use.kind == "constant":
        value = use.text
    elif use is not None and use.kind == "number":
        value = value or "8"
    elif use is not None and use.kind == "sequence" and value not in (SHAPE, "[]"):
        length = int(use.text or len(_SIZES))
        sizes = (_SIZES * length)[:length]
        value = str(sizes) if value in ("8", None) else f"[{value}] * {length}"
    elif use is not None and use.kind == "argument" and value is None:
        return guess(use.text)
    if value is None:
        return f"{DATA}('the argument {name}')"
    return value
