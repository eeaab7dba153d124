"""Reading source files byte for byte."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reglint.files.documents import DocumentError, read_document, read_source

if TYPE_CHECKING:
    from pathlib import Path

BOM = b"\xef\xbb\xbf"

READABLE = {
    "ASCII": (b"x = 1\n", "utf-8", "x = 1\n"),
    "empty": (b"", "utf-8", ""),
    "UTF-8": ("x = '日本語 \U0001f600'\n".encode(), "utf-8", "x = '日本語 \U0001f600'\n"),
    "byte-order mark": (BOM + b"x = 1\n", "utf-8-sig", "x = 1\n"),
    "byte-order mark alone": (BOM, "utf-8-sig", ""),
    "byte-order mark and its coding line": (
        BOM + b"# coding: utf-8\n",
        "utf-8-sig",
        "# coding: utf-8\n",
    ),
    "latin-1": (b"# coding: latin-1\nx = '\xe9'\n", "iso-8859-1", "# coding: latin-1\nx = 'é'\n"),
    "coding line after a shebang": (
        b"#!/usr/bin/python\n# -*- coding: cp1252 -*-\nx = '\x80'\n",
        "cp1252",
        "#!/usr/bin/python\n# -*- coding: cp1252 -*-\nx = '€'\n",
    ),
    "coding line with letters of its own encoding": (
        b"# coding: latin-1 (\xe9t\xe9)\n",
        "iso-8859-1",
        "# coding: latin-1 (été)\n",
    ),
    "coding line on line three is a comment": (
        b"x = 1\ny = 2\n# coding: ascii \xc3\xa9\n",
        "utf-8",
        "x = 1\ny = 2\n# coding: ascii é\n",
    ),
    "CRLF": (b"x = 1\r\ny = 2\r\n", "utf-8", "x = 1\r\ny = 2\r\n"),
    "CR": (b"x = 1\ry = 2\r", "utf-8", "x = 1\ry = 2\r"),
    "coding line ended by CR": (
        b"# coding: latin-1\rx = '\xe9'\r",
        "iso-8859-1",
        "# coding: latin-1\rx = 'é'\r",
    ),
    "mixed line ends": (b"a\nb\r\nc\rd", "utf-8", "a\nb\r\nc\rd"),
    "null byte": (b"x = '\0'\n", "utf-8", "x = '\0'\n"),
}


@pytest.mark.parametrize(("data", "encoding", "source"), READABLE.values(), ids=READABLE)
def test_readable_files_keep_every_byte(tmp_path: Path, data: bytes, encoding: str, source: str) -> None:
    file = tmp_path / "model.py"
    file.write_bytes(data)
    document = read_document(file)
    assert (document.path, document.data) == (file, data)
    assert (document.encoding, document.source) == (encoding, source)
    assert document.edited(()).data == data
    assert document.text.value == source
    assert read_source(file) == source


NOT_UTF8 = (
    "line {} is not UTF-8; save the file as UTF-8, or name its encoding in the first line: "
    "# -*- coding: latin-1 -*-"
)
UNREADABLE = {
    "first line": (b"\xe9\n", NOT_UTF8.format(1)),
    "third line": (b"x = 1\n\ny = '\xe9'\n", NOT_UTF8.format(3)),
    "third line after CRLF": (b"x = 1\r\n\r\ny = '\xe9'\r\n", NOT_UTF8.format(3)),
    "third line after CR": (b"x = 1\r\ry = '\xe9'\r", NOT_UTF8.format(3)),
    "after a byte-order mark": (BOM + b"\n\xe9\n", NOT_UTF8.format(2)),
    "the word coding without a name": (b"# my coding style\nx = '\xe9'\n", NOT_UTF8.format(2)),
    "not what the coding line says": (
        b"# coding: ascii\n\nx = '\xe9'\n",
        "line 3 is not ASCII, as its coding line says; correct either of them",
    ),
    "unknown encoding": (
        b"# coding: klingon\n",
        "its coding line names an encoding that cannot be used: unknown encoding: klingon",
    ),
    "not a text encoding": (
        b"# coding: hex\n",
        "its coding line names an encoding that cannot be used: 'hex' is not a text encoding",
    ),
    "two answers": (
        BOM + b"# coding: latin-1\n",
        "its coding line contradicts its UTF-8 byte-order mark; take one of them out",
    ),
    "UTF-16": ("x = 1\n".encode("utf-16"), "is UTF-16, which Python does not read; save the file as UTF-8"),
    "UTF-32": ("x = 1\n".encode("utf-32"), "is UTF-32, which Python does not read; save the file as UTF-8"),
}


@pytest.mark.parametrize(("data", "reason"), UNREADABLE.values(), ids=UNREADABLE)
def test_bytes_that_are_no_text_name_line_and_way_out(tmp_path: Path, data: bytes, reason: str) -> None:
    file = tmp_path / "model.py"
    file.write_bytes(data)
    with pytest.raises(DocumentError) as caught:
        read_document(file)
    assert (caught.value.path, caught.value.reason) == (file, reason)
    assert str(caught.value) == f"{file}: {reason}"


@pytest.mark.parametrize("codec", ["punycode", "undefined"])
def test_a_codec_that_fails_in_its_own_way_is_a_document_error(tmp_path: Path, codec: str) -> None:
    file = tmp_path / "model.py"
    file.write_text(f"# coding: {codec}\nx = 1\n")
    with pytest.raises(DocumentError, match="its coding line "):
        read_document(file)


def test_paths_that_cannot_be_read_say_why(tmp_path: Path) -> None:
    loop = tmp_path / "loop.py"
    loop.symlink_to(loop)
    missing = tmp_path / "missing.py"
    for path, why in [
        (missing, "No such file or directory"),
        (tmp_path, "Is a directory"),
        (loop, "Too many levels of symbolic links"),
    ]:
        with pytest.raises(DocumentError) as caught:
            read_document(path)
        assert caught.value.reason == f"cannot be read: {why}"
    with pytest.raises(ValueError, match=r"missing\.py: cannot be read: No such file"):
        read_source(missing)
