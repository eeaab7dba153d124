"""What Ctrl-C looks like by the time that somebody catches it."""

from __future__ import annotations


def is_interruption(error: BaseException) -> bool:
    """Whether an error is Ctrl-C, or came up while that was on its way out.

    What a library does in a ``finally`` can fail on what the interruption left half done: libcst's positions do. The
    error that is caught then is the library's, and hides the interruption behind it.
    """
    behind: BaseException | None = error
    while behind is not None:
        if isinstance(behind, KeyboardInterrupt):
            return True
        behind = behind.__context__
    return False
