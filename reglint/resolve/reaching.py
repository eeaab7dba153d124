"""Which bindings of a name a place can see: the last ones before it on each way through the branches."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reglint.resolve.scopes import Binding, BranchPath, ModuleIndex

END = 1 << 60
"""The order of a place that comes after everything: the body of a function that is called later."""


def reaching(
    bindings: Sequence[Binding], order: int, path: BranchPath, index: ModuleIndex
) -> tuple[list[Binding], bool]:
    """The bindings that a place can see, latest first, and whether one of them is certain to be there."""
    seen: list[Binding] = []
    covered: set[BranchPath] = set()
    loops = {branch for branch, _ in path if index.branches[branch].loop}
    for binding in reversed(bindings):
        if binding.deferred:
            seen.append(binding)
            continue
        before = binding.order < order
        if not before and not any(branch in loops for branch, _ in binding.path):
            continue
        if _excludes(binding.path, path) or _ended(binding.path, path, index):
            continue
        seen.append(binding)
        if before:
            covered.add(binding.path)
            way = _covering(covered, binding.path, path, index)
            if way is not None:
                # What a loop bound in its last iteration is gone where this one has bound the name for certain.
                around = loops - {branch for branch, _ in way}
                return [
                    found
                    for found in seen
                    if found.kind != "deleted"
                    and (
                        found.deferred or found.order < order or any(step in around for step, _ in found.path)
                    )
                ], True
    return [found for found in seen if found.kind != "deleted"], False


def comes_to(path: BranchPath, place: BranchPath, index: ModuleIndex) -> bool:
    """Whether there is a way from ``path`` on to ``place``."""
    return not _excludes(path, place) and not _ended(path, place, index)


def _excludes(one: BranchPath, other: BranchPath) -> bool:
    """Whether the two places are in different arms of the same statement."""
    arms = dict(other)
    return any(arms.get(branch, arm) != arm for branch, arm in one)


def _ended(path: BranchPath, place: BranchPath, index: ModuleIndex) -> bool:
    """Whether the way from ``path`` on leaves before it comes to ``place``."""
    inside = set(place)
    return any(step in index.ended_arms and step not in inside for step in path)


def _covering(
    covered: set[BranchPath], path: BranchPath, place: BranchPath, index: ModuleIndex
) -> BranchPath | None:
    """The path from which on every way to ``place`` has passed one of ``covered``, of which ``path`` is the newest.

    None where there is a way that has not.
    """
    while path:
        if place[: len(path)] == path:
            return path
        *outer, (branch, _) = path
        parent = tuple(outer)
        arms = index.branches[branch].arms
        if arms == 0 or not all(
            (branch, arm) in index.ended_arms or (*parent, (branch, arm)) in covered for arm in range(arms)
        ):
            return None
        path = parent
        covered.add(path)
    return path
