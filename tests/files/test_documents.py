"""Reading and writing source files byte for byte."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from reglint.files.documents import DocumentError, read_document, read_source, write_document

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
    "UTF-16": ("x = 1\n".encode("utf-16"), NOT_UTF8.format(1)),
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


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "model.py"
    path.write_bytes(b"old\n")
    return path


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


@pytest.mark.parametrize("mode", [0o644, 0o600, 0o755, 0o640])
def test_writing_replaces_the_bytes_and_keeps_the_mode(file: Path, mode: int) -> None:
    file.chmod(mode)
    write_document(read_document(file), b"new\r\n\xff")
    assert file.read_bytes() == b"new\r\n\xff"
    assert stat.S_IMODE(file.stat().st_mode) == mode
    assert names(file.parent) == ["model.py"]


@pytest.mark.skipif(not is_root(), reason="only root can give files away")
def test_writing_keeps_the_owner(file: Path) -> None:
    os.chown(file, 1234, 4321)
    write_document(read_document(file), b"new\n")
    assert (file.stat().st_uid, file.stat().st_gid) == (1234, 4321)


def test_a_link_is_followed_and_stays_a_link(file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "links"
    folder.mkdir()
    link = folder / "link.py"
    link.symlink_to(Path("..") / "model.py")
    write_document(read_document(link), b"new\n")
    assert link.is_symlink()
    assert (file.read_bytes(), names(folder)) == (b"new\n", ["link.py"])
    assert names(tmp_path) == ["links", "model.py"]


def test_a_file_that_changed_since_it_was_read_is_left_alone(file: Path) -> None:
    document = read_document(file)
    file.write_bytes(b"newer\n")
    with pytest.raises(DocumentError) as caught:
        write_document(document, b"new\n")
    assert caught.value.reason == "was changed while reglint ran, so it is left alone"
    assert file.read_bytes() == b"newer\n"


def test_a_file_that_is_gone_is_not_made_again(file: Path) -> None:
    document = read_document(file)
    file.unlink()
    with pytest.raises(DocumentError) as caught:
        write_document(document, b"new\n")
    assert caught.value.reason == "cannot be written: No such file or directory"
    assert names(file.parent) == []


@pytest.mark.skipif(is_root(), reason="root may write what is read-only")
def test_a_read_only_file_is_left_alone(file: Path) -> None:
    file.chmod(0o444)
    with pytest.raises(DocumentError) as caught:
        write_document(read_document(file), b"new\n")
    assert caught.value.reason == "is read-only, so it is left alone"
    assert file.read_bytes() == b"old\n"


@pytest.mark.skipif(is_root(), reason="root may write everywhere")
def test_a_folder_that_takes_no_new_file_is_an_error(file: Path) -> None:
    document = read_document(file)
    file.parent.chmod(0o555)
    try:
        with pytest.raises(DocumentError) as caught:
            write_document(document, b"new\n")
    finally:
        file.parent.chmod(0o755)
    assert caught.value.reason == "cannot be written: Permission denied"
    assert file.read_bytes() == b"old\n"


def test_the_file_is_asked_whether_it_may_be_written(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    document = read_document(file)
    monkeypatch.setattr(os, "access", lambda path, mode: (Path(path), mode) != (file, os.W_OK))
    with pytest.raises(DocumentError) as caught:
        write_document(document, b"new\n")
    assert caught.value.reason == "is read-only, so it is left alone"
    assert (file.read_bytes(), names(file.parent)) == (b"old\n", ["model.py"])


@pytest.mark.parametrize(
    ("error", "expected", "reason"),
    [
        (OSError(28, "No space left on device"), DocumentError, "cannot be written: No space left on device"),
        (KeyboardInterrupt(), KeyboardInterrupt, None),
        (MemoryError(), MemoryError, None),
    ],
    ids=["disk full", "interrupted", "memory"],
)
@pytest.mark.parametrize("step", ["fsync", "chmod", "replace"])
def test_a_failure_on_the_way_leaves_the_old_file_whole(
    file: Path,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
    error: BaseException,
    expected: type[BaseException],
    reason: str | None,
) -> None:
    def fail(*_: object) -> None:
        raise error

    document = read_document(file)
    monkeypatch.setattr(os if step == "fsync" else Path, step, fail)
    with pytest.raises(expected) as caught:
        write_document(document, b"new\n")
    monkeypatch.undo()
    assert getattr(caught.value, "reason", None) == reason
    assert (file.read_bytes(), names(file.parent)) == (b"old\n", ["model.py"])


def test_what_is_renamed_over_the_file_is_complete(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def replace(temporary: Path, target: Path) -> None:
        seen.append((temporary.parent, temporary.read_bytes(), target.read_bytes()))
        os.replace(temporary, target)

    monkeypatch.setattr(Path, "replace", replace)
    write_document(read_document(file), b"new\n" * 10_000)
    assert seen == [(file.parent, b"new\n" * 10_000, b"old\n")]
    assert file.read_bytes() == b"new\n" * 10_000


@pytest.mark.skipif(sys.platform == "win32", reason="file names are bytes")
def test_a_name_that_is_not_utf8_is_read_and_written(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.py"))
    try:
        path.write_bytes(b"old\n")
    except OSError:
        pytest.skip("the file system takes UTF-8 names only")
    write_document(read_document(path), b"new\n")
    assert path.read_bytes() == b"new\n"
