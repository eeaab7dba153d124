"""The protocol between client and worker."""

from __future__ import annotations

import os

from reglint.verify.worker.lines import Lines, send


def test_objects_come_out_as_they_went_in() -> None:
    source, sink = os.pipe()
    messages = [{"a": 1}, {"text": "one\ntwo é"}, {"n": [float("inf")]}]
    for message in messages:
        send(sink, message)
    os.write(sink, b'{"unfinished"')
    os.close(sink)
    lines = Lines(source)
    assert [lines.next() for _ in messages] == messages
    assert lines.next() is None
    assert lines.ended
    os.close(source)
