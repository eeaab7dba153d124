"""Says why a build failed, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reglint.verify.proof import Settings


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
