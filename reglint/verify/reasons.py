"""Says why a build failed, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reglint.verify.proof import Settings


_NAMED = 3
"""Made-up values that are named."""

_GAPS = {
    "memory": "using more memory than it may",
    "processes": "starting processes without end",
    "network": "reaching the network",
    "files": "changing files",
}


def uncontained(gaps: Sequence[str]) -> str:
    """What the system does not keep the code under proof from (see ``worker.jail.GAPS``)."""
    words = [_GAPS[gap] for gap in gaps]
    listed = f"{', '.join(words[:-1])} or {words[-1]}" if len(words) > 1 else words[0]
    return f"this system does not keep the code under proof from {listed}; see docs/security.md"


def rests_on(answer: dict[str, Any]) -> str:
    """What a build took for granted, to stand after its label: the values that were made up, and how it ended."""
    made_up, stopped = answer.get("with", []), answer.get("error", {}).get("text")
    more = f" and {len(made_up) - _NAMED} more" if len(made_up) > _NAMED else ""
    text = f" with made-up {', '.join(made_up[:_NAMED])}{more}" if made_up else ""
    return text + (f", before it raised {stopped}" if stopped else "")


def explain(error: dict[str, Any], label: str, settings: Settings) -> str:
    """What went wrong when ``label`` was built; ``error`` is what the worker sent."""
    kind, text = error["kind"], error.get("text", "")
    match kind:
        case "timeout":
            return f"building {label} took longer than {settings.timeout:g} s"
        case "memory":
            return f"building {label} needs more than {settings.memory_mib} MiB"
        case "killed":
            return f"building {label} killed its process ({text})"
        case "exit":
            return f"building {label} ended its process (exit code {text})"
        case "dead":
            return "the worker ended"
    doing = {
        "importing": f"importing what {label} needs of the file",
        "building": f"building {label}",
        "calling": f"calling {label} on a made-up input",
        "measuring": f"measuring {label}",
    }[error["stage"]]
    return f"{doing} {text}" if text.startswith("ended the program") else f"{doing} raised {text}"
