"""Arguments for calling what builds a model: defaults where there are any, made up where not."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reglint.verify import guesses, names
from reglint.verify.uses import Use, use_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reglint.verify.documented import Documentation
    from reglint.verify.objects import Objects

_DOWNLOAD = re.compile(r"weights|.*pre_?train.*|.*checkpoint.*|weights_path|download")


@dataclass(frozen=True, slots=True)
class Arguments:
    """How to call something: the text between the parentheses."""

    text: str = ""
    guessed: int = 0
    """How many arguments are made up."""
    tensors: bool = False
    """Whether an argument is a made-up tensor."""
    optional: bool = False
    """Whether parameters are left to their defaults: whoever calls it may give others."""


def arguments(
    function: ast.FunctionDef | None,
    definitions: Mapping[str, ast.stmt],
    given: Mapping[str, str] | None = None,
    method: bool = False,
    owner: ast.ClassDef | None = None,
    documentation: Documentation | None = None,
    objects: Objects | None = None,
) -> Arguments:
    """Arguments for calling ``function`` (None: something that takes none).

    ``given`` are exact ones, as Python text; the others with a default are left to it, except
    those that would ask for a download. ``method``: the first parameter is not passed. ``owner`` is the class
    that the function stands in, ``definitions`` those of the module. What is made up is what the ``documentation``
    says, where it says something, or ``objects`` of classes of the project.
    """
    if function is None:
        return Arguments()
    exact = dict(given or {})
    told = _Told(function, method, owner, documentation, objects)
    chosen: list[str] = []
    guessed = 0
    tensors = False
    optional = False
    for position, (parameter, default) in enumerate(names.defaults(function, method)):
        name = parameter.arg
        if name in exact:
            value = exact.pop(name)
        elif default is not None:
            if not _asks_for_download(name, default):
                optional = True
                continue
            value = "False" if isinstance(default, ast.Constant) and default.value is True else "None"
            guessed += 1  # The code may want what it would have loaded.
        else:
            use = use_of(name, function, definitions, owner)
            is_tensor = use.kind == "tensor" if use else not position and bool(guesses.TENSOR.fullmatch(name))
            tensors = tensors or is_tensor
            guessed += not is_tensor
            value = guesses.INPUT if is_tensor else told.value(parameter, use)
        chosen.append(value if parameter in function.args.posonlyargs else f"{name}={value}")
    chosen += [f"{name}={value}" for name, value in exact.items()]
    return Arguments(", ".join(chosen), guessed, tensors, optional)


class _Told:
    """What is made up for the parameters of a function."""

    def __init__(
        self,
        function: ast.FunctionDef,
        method: bool,
        owner: ast.ClassDef | None,
        documentation: Documentation | None,
        objects: Objects | None,
    ) -> None:
        self._function, self._owner = function, owner
        self._documentation = documentation
        self._objects = objects
        self._example: dict[str, str] = {}
        if documentation is not None:
            settings = documentation.settings(function, method=method)
            self._example = settings | next(documentation.examples(function, method=method), {})

    def value(self, parameter: ast.arg, use: Use | None) -> str:
        """The value in the first example or in settings, another one that the text names, or a guess."""
        name = parameter.arg
        said = self._documentation
        if name in self._example:
            return self._example[name]
        if self._objects is not None and guesses.guess(name, parameter.annotation).startswith(guesses.DATA):
            an_object = self._objects.value(parameter, self._function, self._owner)
            if an_object is not None:
                return an_object
        if said is None:
            return guesses.guess(name, parameter.annotation, use)
        value = said.value(name) if use is None or use.kind != "shape" else None
        kind = said.type(name)
        if kind == "list":
            use = use or Use("sequence")
        elif kind is not None and parameter.annotation is None:
            return value or guesses.guess(name, ast.Name(kind), use)
        return value or guesses.guess(name, parameter.annotation, use)


def _asks_for_download(name: str, default: ast.expr) -> bool:
    if not _DOWNLOAD.fullmatch(name.lower()) or not isinstance(default, ast.Constant):
        return False
    return default.value is True or isinstance(default.value, str)


def is_generator(function: ast.AST) -> bool:
    """Whether a function yields."""
    for child in ast.iter_child_nodes(function):
        if isinstance(child, (ast.Yield, ast.YieldFrom)):
            return True
        if not isinstance(child, (*names.FUNCTIONS, ast.ClassDef)) and is_generator(child):
            return True
    return False
