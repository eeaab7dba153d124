"""In how many questions the weights that losses depend on are found."""

from __future__ import annotations

from typing import Any

import pytest

from reglint.verify.worker.connected import sources_of


class Asked:
    """Losses that are the sets of the sources that they depend on, and a count of what was asked about them."""

    def __init__(self) -> None:
        self.calls = 0
        self.pairs = 0

    def gradient(self, losses: list[Any], sources: Any) -> list[Any]:
        self.calls += 1
        self.pairs += len(losses) * len(sources)
        return [1.0 if any(source in loss for loss in losses) else None for source in sources]


@pytest.mark.parametrize(("losses", "sources"), [(3, 1000), (1000, 3)])
def test_few_are_not_asked_about_in_groups(losses: int, sources: int) -> None:
    asked = Asked()
    assert sources_of(asked.gradient, [{0}] * losses, range(sources)) == [list(range(sources))] * losses
    assert asked.calls == 0


@pytest.mark.parametrize(("losses", "sources", "calls"), [(300, 1000, 10), (1000, 100, 100)])
def test_no_source_of_a_loss_is_left_out_and_few_others_are_in(losses: int, sources: int, calls: int) -> None:
    asked = Asked()
    depends = [{number % sources} for number in range(losses)]
    depends[-1] = {0, sources - 1}
    depends[-2] = set()
    found = sources_of(asked.gradient, depends, range(sources))
    assert all(its <= set(near) for its, near in zip(depends, found, strict=True))
    assert asked.calls == calls
    assert max(map(len, found)) <= 1000**0.5


@pytest.mark.parametrize(("losses", "sources"), [(0, 100), (100, 0), (100, 100)])
def test_losses_of_nothing(losses: int, sources: int) -> None:
    asked = Asked()
    assert not any(sources_of(asked.gradient, [set()] * losses, range(sources)))
