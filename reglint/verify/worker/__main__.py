"""Starts the worker: ``python PATH/TO/worker``."""

from __future__ import annotations

import sys

_PACKAGE = "reglint_worker"


def _start() -> None:
    """Loads this folder as a package of its own name.

    And takes it off the path that user code imports from.
    """
    from importlib import import_module
    from importlib.util import module_from_spec, spec_from_file_location
    from os.path import abspath, dirname

    folder = dirname(abspath(__file__))
    if sys.path and abspath(sys.path[0]) == folder:  # not there for `python -I`
        del sys.path[0]

    spec = spec_from_file_location(_PACKAGE, f"{folder}/__init__.py", submodule_search_locations=[folder])
    assert spec is not None
    assert spec.loader is not None
    sys.modules[_PACKAGE] = module = module_from_spec(spec)
    spec.loader.exec_module(module)
    import_module(f"{_PACKAGE}.server").main()


if __name__ == "__main__":
    _start()
