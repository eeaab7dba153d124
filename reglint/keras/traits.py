"""What can be told about a constructed layer beside its weights, worked out only where it is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from reglint.keras.catalog import OUTPUT_ACTIVATIONS
from reglint.keras.names import keras_name
from reglint.keras.penalty import Penalty
from reglint.keras.sites import passed
from reglint.resolve.paths import module_name
from reglint.resolve.values import Constant, External, Instance, Missing, options_of

if TYPE_CHECKING:
    from pathlib import Path

    from reglint.keras.constructed import Constructed
    from reglint.keras.module import KerasModule
    from reglint.keras.sites import Site
    from reglint.resolve.values import Value

Possible: TypeAlias = tuple[str, ...] | None
"""What a text can be: one of these; nothing, where it is empty; None where it could not be read."""

NO_PENALTY = Penalty()


@dataclass(frozen=True, slots=True)
class Traits:
    """One layer that a call can construct."""

    module: KerasModule
    site: Site
    made: Constructed

    @property
    def path(self) -> Path:
        """The file that it stands in."""
        return self.module.document.path

    @property
    def layer(self) -> str:
        """The layer class, by its name in the catalog."""
        return self.made.layer.name

    @property
    def kernel(self) -> str | None:
        """The role of the weight that is its kernel: ``depthwise`` for ``DepthwiseConv2D``."""
        return self.made.layer.kernel

    def penalty(self, role: str) -> Penalty | None:
        """What a weight has now; None where it could not be read."""
        use = next((use for use in self.site.weights if use.weight.role == role), None)
        if use is None or use.state in ("unknown", "passed") or not use.certain:
            return None
        return use.penalty or NO_PENALTY

    @property
    def names(self) -> Possible:
        """Its ``name=``."""
        found = self._texts("name", left_out="", none="")
        return () if found == ("",) else found

    @property
    def activations(self) -> Possible:
        """Its ``activation=``, as Keras names it: ``softmax``."""
        layer = self.made.layer
        if "activation" not in layer.parameters and self.made.arguments.keyword("activation") is None:
            return ()
        # Observed with Keras 3.15.1 and tf_keras 2.21: of all layers only recurrent ones have one by default.
        left_out = "tanh" if layer.weight("recurrent") else "linear"
        return self._texts("activation", left_out, none="linear")

    @property
    def classes(self) -> Possible:
        """Its class, where Keras does not have it, dotted: ``pkg.blocks.ConvBN``."""
        if self.made.project_class is None:
            return (self.made.name.path,) if self.made.custom else ()
        return (f"{module_name(self.made.lineage[0].scope.index.path)}.{self.made.project_class}",)

    @property
    def is_output(self) -> bool | None:
        """Whether it is the last layer with weights of a model; None where that could not be told."""
        ends = self.module.outputs.ends_a_model(self.site.call)
        if ends is not None or self.layer != "Dense":
            return ends
        answers = {activation in OUTPUT_ACTIVATIONS for activation in self.activations or ()}
        return True if answers == {True} else None

    def _texts(self, argument: str, left_out: str, none: str) -> Possible:
        """What a string argument can be; what stands for it where it is left out or None."""
        resolver = self.module.resolver
        # The parameters of functions that nobody calls stay what they are: their users decide.
        value = resolver.settled(passed(argument, self.made, resolver), uncalled=True)
        texts = dict.fromkeys(_text(option, left_out, none) for option in options_of(value))
        return None if None in texts else tuple(text for text in texts if text is not None)


def _text(value: Value, left_out: str, none: str) -> str | None:
    """The string that an argument is, or what a function or layer given in its place is called."""
    match value:
        case Missing():
            return left_out
        case Constant(str(text)):
            return text
        case Constant(None):
            return none
        case External(dotted) if keras_name(dotted) is not None or dotted.startswith("tensorflow.nn."):
            return dotted.rpartition(".")[2]
        case Instance(External(dotted)) if keras_name(dotted) is not None:
            return dotted.rpartition(".")[2].lower()
        case _:
            return None
