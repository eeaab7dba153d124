"""JSON objects, one a line, over file descriptors."""

from __future__ import annotations

import json
import os
from typing import Any


def send(sink: int, message: dict[str, Any]) -> None:
    """Writes an object."""
    data = json.dumps(message).encode() + b"\n"
    while data:
        data = data[os.write(sink, data) :]


class Lines:
    """JSON objects read from a descriptor, a line each."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self.ended = False
        self._data = b""

    def next(self) -> Any:
        """The next object, waiting for it; None at the end."""
        while (waiting := self.take()) is None and not self.ended:
            self.read()
        return waiting

    def read(self) -> None:
        """Reads what is there, waiting for something."""
        data = os.read(self.descriptor, 1 << 16)
        self.ended = not data
        self._data += data

    def take(self) -> Any:
        """The next object that was read, or None."""
        line, newline, rest = self._data.partition(b"\n")
        if not newline:
            return None
        self._data = rest
        return json.loads(line)
