"""Writing files: whole or not at all, whatever happens."""

from __future__ import annotations

import os
import random
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from reglint.files.documents import DocumentError, read_document
from reglint.files.writing import Writer


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
    Writer().write(read_document(file), b"new\r\n\xff")
    assert file.read_bytes() == b"new\r\n\xff"
    assert stat.S_IMODE(file.stat().st_mode) == mode
    assert names(file.parent) == ["model.py"]


@pytest.mark.skipif(not is_root(), reason="only root can give files away")
def test_writing_keeps_the_owner(file: Path) -> None:
    os.chown(file, 1234, 4321)
    Writer().write(read_document(file), b"new\n")
    assert (file.stat().st_uid, file.stat().st_gid) == (1234, 4321)


def test_a_link_is_followed_and_stays_a_link(file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "links"
    folder.mkdir()
    link = folder / "link.py"
    link.symlink_to(Path("..") / "model.py")
    Writer().write(read_document(link), b"new\n")
    assert link.is_symlink()
    assert (file.read_bytes(), names(folder)) == (b"new\n", ["link.py"])
    assert names(tmp_path) == ["links", "model.py"]


def test_of_several_hard_links_the_others_keep_the_old_file(file: Path, tmp_path: Path) -> None:
    other = tmp_path / "copy.py"
    other.hardlink_to(file)
    Writer().write(read_document(file), b"new\n")
    assert (file.read_bytes(), other.read_bytes()) == (b"new\n", b"old\n")


def test_a_file_that_changed_since_it_was_read_is_left_alone(file: Path) -> None:
    document = read_document(file)
    file.write_bytes(b"newer\n")
    with pytest.raises(DocumentError) as caught:
        Writer().write(document, b"new\n")
    assert caught.value.reason == "was changed while reglint ran, so it is left alone"
    assert file.read_bytes() == b"newer\n"


def test_a_file_that_is_gone_is_not_made_again(file: Path) -> None:
    document = read_document(file)
    file.unlink()
    with pytest.raises(DocumentError) as caught:
        Writer().write(document, b"new\n")
    assert caught.value.reason == "cannot be written: No such file or directory"
    assert names(file.parent) == []


@pytest.mark.skipif(is_root(), reason="root may write what is read-only")
def test_a_read_only_file_is_left_alone(file: Path) -> None:
    file.chmod(0o444)
    with pytest.raises(DocumentError) as caught:
        Writer().write(read_document(file), b"new\n")
    assert caught.value.reason == "is read-only, so it is left alone"
    assert file.read_bytes() == b"old\n"


@pytest.mark.skipif(is_root(), reason="root may write everywhere")
def test_a_folder_that_takes_no_new_file_is_an_error(file: Path) -> None:
    document = read_document(file)
    file.parent.chmod(0o555)
    try:
        with pytest.raises(DocumentError) as caught:
            Writer().write(document, b"new\n")
    finally:
        file.parent.chmod(0o755)
    assert caught.value.reason == "cannot be written: Permission denied"
    assert file.read_bytes() == b"old\n"


def test_the_file_is_asked_whether_it_may_be_written(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    document = read_document(file)
    monkeypatch.setattr(os, "access", lambda path, mode: (Path(path), mode) != (file, os.W_OK))
    with pytest.raises(DocumentError) as caught:
        Writer().write(document, b"new\n")
    assert caught.value.reason == "is read-only, so it is left alone"
    assert (file.read_bytes(), names(file.parent)) == (b"old\n", ["model.py"])


STEPS = {"fdopen": os, "fsync": os, "chmod": Path, "replace": Path}
"""The functions that writing calls, and whose they are."""


@pytest.mark.parametrize(
    ("error", "expected", "reason"),
    [
        (OSError(28, "No space left on device"), DocumentError, "cannot be written: No space left on device"),
        (KeyboardInterrupt(), KeyboardInterrupt, None),
        (MemoryError(), MemoryError, None),
    ],
    ids=["disk full", "interrupted", "memory"],
)
@pytest.mark.parametrize("step", STEPS, ids=STEPS)
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
    writer = Writer()
    monkeypatch.setattr(STEPS[step], step, fail)
    with pytest.raises(expected) as caught:
        writer.write(document, b"new\n")
    monkeypatch.undo()
    assert getattr(caught.value, "reason", None) == reason
    assert (file.read_bytes(), names(file.parent)) == (b"old\n", ["model.py"])
    assert writer.written == []


@pytest.mark.parametrize("step", STEPS, ids=STEPS)
@pytest.mark.parametrize("fails", [False, True], ids=["goes on", "fails"])
def test_an_interruption_waits_until_the_file_is_written(
    file: Path, monkeypatch: pytest.MonkeyPatch, step: str, fails: bool
) -> None:
    real = getattr(STEPS[step], step)

    def interrupted(*arguments: object, **more: object) -> object:
        signal.raise_signal(signal.SIGINT)
        if fails:
            raise OSError(28, "No space left on device")
        return real(*arguments, **more)

    document = read_document(file)
    handler = signal.getsignal(signal.SIGINT)
    writer = Writer()
    monkeypatch.setattr(STEPS[step], step, interrupted)
    with pytest.raises(KeyboardInterrupt):
        writer.write(document, b"new\n")
    monkeypatch.undo()
    assert (file.read_bytes(), names(file.parent)) == (b"old\n" if fails else b"new\n", ["model.py"])
    assert writer.written == ([] if fails else [file])
    assert signal.getsignal(signal.SIGINT) is handler


def test_an_interruption_that_is_ignored_stays_so(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        signal.raise_signal(signal.SIGINT)

    handler = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        monkeypatch.setattr(os, "fsync", interrupted)
        Writer().write(read_document(file), b"new\n")
    finally:
        signal.signal(signal.SIGINT, handler)
    assert file.read_bytes() == b"new\n"


@pytest.mark.parametrize("step", ["fsync", "chmod"])
def test_what_another_program_writes_meanwhile_stays(
    file: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def write(*_: object) -> None:
        file.write_bytes(b"newer\n")

    document = read_document(file)
    monkeypatch.setattr(STEPS[step], step, write)
    with pytest.raises(DocumentError) as caught:
        Writer().write(document, b"new\n")
    assert caught.value.reason == "was changed while reglint ran, so it is left alone"
    assert (file.read_bytes(), names(file.parent)) == (b"newer\n", ["model.py"])


def test_of_two_runs_one_writes(file: Path) -> None:
    first, second = read_document(file), read_document(file)
    Writer().write(first, b"new\n")
    with pytest.raises(DocumentError, match="was changed while reglint ran"):
        Writer().write(second, b"other\n")
    assert file.read_bytes() == b"new\n"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_left_alone(file: Path) -> None:
    document = read_document(file)
    file.unlink()
    os.mkfifo(file)
    with pytest.raises(DocumentError) as caught:
        Writer().write(document, b"new\n")
    assert caught.value.reason == "is no regular file, so it is left alone"


def test_the_name_may_be_as_long_as_names_can_be(tmp_path: Path) -> None:
    file = tmp_path / f"{'m' * 252}.py"
    file.write_bytes(b"old\n")
    Writer().write(read_document(file), b"new\n")
    assert (file.read_bytes(), names(tmp_path)) == (b"new\n", [file.name])


def test_what_is_renamed_over_the_file_is_complete(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def replace(temporary: Path, target: Path) -> None:
        seen.append((temporary.parent, temporary.read_bytes(), target.read_bytes()))
        os.replace(temporary, target)

    monkeypatch.setattr(Path, "replace", replace)
    Writer().write(read_document(file), b"new\n" * 10_000)
    assert seen == [(file.parent, b"new\n" * 10_000, b"old\n")]
    assert file.read_bytes() == b"new\n" * 10_000


@pytest.mark.skipif(sys.platform == "win32", reason="file names are bytes")
def test_a_name_that_is_not_utf8_is_read_and_written(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.py"))
    try:
        path.write_bytes(b"old\n")
    except OSError:
        pytest.skip("the file system takes UTF-8 names only")
    Writer().write(read_document(path), b"new\n")
    assert path.read_bytes() == b"new\n"


MODEL = "from keras import layers\n\n\ndef build(x):\n    return layers.Dense({number})(x)\n"


@pytest.fixture
def project(tmp_path: Path) -> dict[Path, tuple[bytes, bytes]]:
    """Files with each one's bytes before and after a fix."""
    files = {}
    for number in range(1, 121):
        file = tmp_path / f"m{number:03}.py"
        old = MODEL.format(number=number)
        new = old.replace("layers\n", "layers, regularizers\n").replace(
            f"({number})", f"({number}, kernel_regularizer=regularizers.l2(1e-4))"
        )
        file.write_text(old)
        files[file] = (old.encode(), new.encode())
    return files


def start(folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "reglint", "fix", "--no-verify", "."]
    return subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    )


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there is no sending Ctrl-C to a process")
@pytest.mark.parametrize("seed", range(12))
def test_ctrl_c_at_any_moment_leaves_each_file_old_or_new(
    project: dict[Path, tuple[bytes, bytes]], tmp_path: Path, seed: int
) -> None:
    first = next(iter(project))
    process = start(tmp_path)
    # Until it writes, and then some of the time that it takes to write them all.
    while seed % 4 and first.read_bytes() == project[first][0] and process.poll() is None:
        time.sleep(0.001)
    time.sleep(random.Random(seed).uniform(0, 0.3))
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    new = [file.name for file, (_, after) in project.items() if file.read_bytes() == after]
    assert all(file.read_bytes() in versions for file, versions in project.items())
    assert names(tmp_path) == [file.name for file in project]
    if process.returncode == 130:
        shown = ", ".join(new[:10]) + (f" and {len(new) - 10} more" if len(new) > 10 else "")
        told = f"written: {shown}; every other file is as it was" if new else "no file was changed"
        assert errors.splitlines()[-1] == f"Interrupted; {told}."
    else:
        # It came before reglint had started, or after its end.
        assert len(new) in (0, len(project))


@pytest.mark.slow
def test_two_runs_at_once_write_each_file_once(
    project: dict[Path, tuple[bytes, bytes]], tmp_path: Path
) -> None:
    processes = [start(tmp_path) for _ in range(2)]
    errors = "".join(process.communicate(timeout=120)[1] for process in processes)
    assert all(file.read_bytes() == after for file, (_, after) in project.items())
    assert names(tmp_path) == [file.name for file in project]
    assert all("was changed while reglint ran" in line for line in errors.splitlines() if ".py" in line)


@pytest.mark.parametrize("before", [None, b"old"])
def test_a_file_is_written_whether_it_is_there_or_not(before: bytes | None, tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    if before is not None:
        file.write_bytes(before)
    Writer().write_file(file, before, b"new")
    assert file.read_bytes() == b"new"
    with pytest.raises(DocumentError, match=r"cannot be written: File exists"):
        Writer().write_file(file, None, b"newer")
    assert [*tmp_path.iterdir()] == [file]
