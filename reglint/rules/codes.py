"""The codes of the rules, from the names of their modules: nothing is imported to know them."""

from __future__ import annotations

import pkgutil
from functools import cache


@cache
def modules() -> dict[str, str]:
    """The module of each rule, by its code."""
    import reglint.rules as folder

    names = [module.name for module in pkgutil.iter_modules(folder.__path__) if module.name.startswith("reg")]
    return {name.partition("_")[0].upper(): f"{folder.__name__}.{name}" for name in sorted(names)}
