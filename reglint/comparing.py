"""From all files of a run to what their layers carry, for policies that compare the layers of a project."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from reglint.reading import NONE_GIVEN, read_modules

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from reglint.keras.module import KerasModule
    from reglint.policy.policy import Policy
    from reglint.resolve.project import Project
    from reglint.rules.consistency import Tally


def compare(
    paths: Sequence[Path],
    policy_for: Callable[[Path], Policy],
    given: Mapping[Path, bytes] = NONE_GIVEN,
) -> Tally:
    """The penalties of the files whose policy has ``consistency = "project"``: all files of the run, and no others.

    Only counts and first places are kept, so that memory does not grow with the code. What cannot be read is left to
    the run itself to report.
    """
    from reglint.rules.consistency import merged

    def tally_module(module: KerasModule, project: Project) -> Tally:  # noqa: ARG001
        from reglint.rules.findings import tally

        return tally(module, policy_for(module.document.path))

    readings = read_modules(
        paths, policy_for, tally_module, given, only=lambda policy: policy.consistency == "project"
    )
    found = merged([reading.made for reading in readings if reading.made is not None])
    gc.collect()  # the trees: the run that asks has the collector off
    return found
