"""What is kept of builds, when it counts, and what becomes of it."""

from __future__ import annotations

import json
import os
import time
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

import pytest

from reglint.verify import cache, client
from reglint.verify.cache import FOLDER, Cache, CachingWorker, is_lasting
from reglint.verify.proof import Settings, VerifierMissing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

REQUEST = {"kind": "call", "sources": {"a": {"text": "x"}}, "dims": (8,)}
ANSWER = {"models": [1.5, "two"], "made_up": False}


def _old(path: Path, text: str = "old\n") -> Path:
    """A file that was written a while ago."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    os.utime(path, (time.time() - 60,) * 2)
    return path


def _entry(folder: Path) -> Path:
    [entry] = folder.glob("*/*/*.json")
    return entry


def test_an_answer_is_kept_with_the_request_that_it_is_for(tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    kept = Cache(folder, "basis")
    assert kept.get(REQUEST) is None
    assert not folder.exists()
    kept.put(REQUEST, {**ANSWER, "reads": []}, time.time())
    assert kept.get(REQUEST) == ANSWER
    assert Cache(folder, "basis").get(REQUEST) == ANSWER
    assert kept.get({**REQUEST, "dims": (16,)}) is None
    assert Cache(folder, "another basis").get(REQUEST) is None


def test_the_folder_says_what_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    Cache(folder, None).put(REQUEST, ANSWER, time.time())
    assert (folder / "CACHEDIR.TAG").read_text().startswith("Signature: 8a477f597d28d172789f06886806bc55\n")
    assert (folder / ".gitignore").read_text().endswith("\n*\n")


CHANGES: dict[str, Callable[[Path], object]] = {
    "another text": lambda root: (root / "pkg" / "b.py").write_text("new\n"),
    "a file that is gone": lambda root: (root / "pkg" / "b.py").unlink(),
    "a module that may hide another": lambda root: (root / "keras.py").touch(),
    "a package that may": lambda root: (root / "tensorflow").mkdir(),
    "a native module that may": lambda root: (root / "c.so").touch(),
}
NO_CHANGES: dict[str, Callable[[Path], object]] = {
    "the same text": lambda root: (root / "pkg" / "b.py").write_text("old\n"),
    "compiled files": lambda root: (root / "__pycache__").mkdir(),
    "data beside": lambda root: (root / "model.h5").touch(),
    "a hidden folder": lambda root: (root / ".reglint_cache").mkdir(),
}


@pytest.mark.parametrize("change", [*CHANGES, *NO_CHANGES])
def test_an_answer_counts_as_long_as_what_was_read_is_the_same(tmp_path: Path, change: str) -> None:
    root = tmp_path / "root"
    file = _old(root / "pkg" / "b.py")
    kept = Cache(tmp_path / "cache", None)
    kept.put(REQUEST, {**ANSWER, "reads": [str(file), str(root)]}, time.time())
    assert kept.get(REQUEST) == ANSWER
    {**CHANGES, **NO_CHANGES}[change](root)
    assert (kept.get(REQUEST) == ANSWER) == (change in NO_CHANGES)


def test_what_changed_during_the_build_is_not_kept(tmp_path: Path) -> None:
    file = _old(tmp_path / "b.py")
    started = time.time()
    file.write_text("new\n")
    kept = Cache(tmp_path / "cache", None)
    kept.put(REQUEST, {**ANSWER, "reads": [str(file)]}, started)
    assert kept.get(REQUEST) is None


def _edited(entry: Any, **changes: Any) -> bytes:
    return json.dumps({**entry, **changes}).encode()


@pytest.mark.parametrize(
    "corrupt",
    [
        lambda _: b"",
        lambda _: b"\xff\x00",
        lambda _: b"[]",
        lambda _: b"{}",
        lambda _: b"[" * 100_000,
        lambda entry: json.dumps(entry).encode()[:-5],
        lambda entry: _edited(entry, answer={"models": []}),
        lambda entry: _edited(entry, reads={}),
        lambda entry: _edited(entry, check="0"),
    ],
)
def test_a_corrupted_answer_is_none(tmp_path: Path, corrupt: Callable[[Any], bytes]) -> None:
    file = _old(tmp_path / "b.py")
    kept = Cache(tmp_path / "cache", None)
    kept.put(REQUEST, {**ANSWER, "reads": [str(file)]}, time.time())
    entry = _entry(tmp_path / "cache")
    entry.write_bytes(corrupt(json.loads(entry.read_bytes())))
    assert kept.get(REQUEST) is None
    kept.put(REQUEST, ANSWER, time.time())
    assert kept.get(REQUEST) == ANSWER


def test_the_answer_to_another_request_is_none(tmp_path: Path) -> None:
    kept = Cache(tmp_path / "cache", None)
    kept.put(REQUEST, ANSWER, time.time())
    right = _entry(tmp_path / "cache")
    other = {**REQUEST, "kind": "module"}
    kept.put(other, {"models": []}, time.time())
    [wrong] = [each for each in (tmp_path / "cache").glob("*/*/*.json") if each != right]
    wrong.write_bytes(right.read_bytes())
    assert kept.get(other) is None


def test_a_folder_that_cannot_be_written_to_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file")
    kept = Cache(tmp_path / "cache", None)
    kept.put(REQUEST, ANSWER, time.time())
    assert kept.get(REQUEST) is None


@pytest.mark.parametrize(
    ("answer", "lasting"),
    [
        (ANSWER, True),
        ({"error": {"kind": "raised"}}, True),
        ({"error": {"kind": "timeout"}}, False),
        ({"error": {"kind": "memory"}}, False),
        ({"error": {"kind": "killed", "text": "SIGSEGV"}}, False),
        ({"error": {"kind": "exit", "text": "0"}}, False),
        ({"error": {"kind": "dead"}}, False),
        ({"layers": [{"models": []}, {"error": {"kind": "raised"}}]}, True),
        ({"layers": [{"models": []}, {"error": {"kind": "memory"}}]}, False),
    ],
)
def test_what_is_kept(answer: dict[str, Any], lasting: bool) -> None:
    assert is_lasting(answer) == lasting


class _Fake:
    """A worker that answers at once."""

    slots = 1

    def __init__(self, answer: dict[str, Any]) -> None:
        self.answer = answer
        self.asked = 0
        self.closed = 0

    def submit(self, _: Mapping[str, Any]) -> Future[dict[str, Any]]:
        self.asked += 1
        future: Future[dict[str, Any]] = Future()
        future.set_result(self.answer)
        return future

    def close(self) -> None:
        self.closed += 1


@pytest.mark.parametrize(("answer", "builds"), [(ANSWER, 1), ({"error": {"kind": "timeout"}}, 2)])
def test_a_worker_starts_when_there_is_something_to_build(
    tmp_path: Path, answer: dict[str, Any], builds: int
) -> None:
    started: list[_Fake] = []

    def start(*_: object) -> _Fake:
        started.append(_Fake(answer))
        return started[-1]

    for _ in range(2):
        worker = CachingWorker(start, 3, Settings(cache=tmp_path / "cache"))
        assert worker.submit(REQUEST).result() == answer
        assert worker.submit(REQUEST).result() == answer
        worker.close()
    assert len(started) == builds
    assert all(fake.closed == 1 for fake in started)


def test_without_a_cache_the_worker_starts_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "_start", lambda *_: "started")
    assert client.start(3, Settings()) == "started"


def test_the_interpreter_and_its_packages_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(cache=tmp_path)
    bases = [cache._basis(3, settings), cache._basis(2, settings)]
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    (tmp_path / "thing-1.0.dist-info").mkdir()
    (tmp_path / "thing-1.0.dist-info" / "METADATA").write_text("Name: thing\nVersion: 1.0\n")
    bases.append(cache._basis(3, settings))
    assert all(basis != other for number, basis in enumerate(bases) for other in bases[:number])
    assert "thing==1.0" in str(bases[2])
    assert cache._basis(3, settings) == bases[2]


def test_an_interpreter_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(VerifierMissing, match=r"^the interpreter for proofs cannot be started: /no/python: "):
        client.start(3, Settings(python="/no/python", cache=tmp_path))


def _aged(folder: Path, number: int, days: float, size: int = 10) -> Path:
    """An entry that was used some days ago."""
    start = f"{number:02x}"
    file = folder / "0.1" / start / f"{start.ljust(64, '0')}.json"
    file.parent.mkdir(parents=True)
    file.write_bytes(b" " * size)
    os.utime(file, (time.time() - days * 86400,) * 2)
    return file


def test_what_was_not_used_for_a_month_is_removed(tmp_path: Path) -> None:
    used, unused = _aged(tmp_path, 1, 29), _aged(tmp_path, 2, 31)
    Cache(tmp_path, None).prune()
    assert (used.exists(), unused.parent.exists()) == (True, False)


def test_the_folder_of_another_version_goes_with_its_last_entry(tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    Cache(folder, None).put(REQUEST, ANSWER, time.time())
    old = _aged(folder, 1, 31)
    Cache(folder, None).prune()
    assert not old.parent.parent.exists()
    assert Cache(folder, None).get(REQUEST) == ANSWER


def test_of_too_much_the_oldest_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "_LARGEST", 250)
    files = [_aged(tmp_path, number, days, 100) for number, days in enumerate((3, 1, 2))]
    Cache(tmp_path, None).prune()
    assert [file.exists() for file in files] == [False, True, True]


@pytest.mark.parametrize(
    "name",
    ["data.json", "01/data.json", "0.1/01/data.json", f"0.1/02/01{'0' * 62}.json", f"{'01' * 32}.json"],
)
def test_what_is_no_entry_is_left_alone(tmp_path: Path, name: str) -> None:
    """The folder may be one that was there before: ``--cache-dir .``."""
    file = tmp_path / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch()
    os.utime(file, (0, 0))
    Cache(tmp_path, None).prune()
    assert file.exists()


def test_an_entry_that_is_used_is_kept(tmp_path: Path) -> None:
    kept = Cache(tmp_path, None)
    kept.put(REQUEST, ANSWER, time.time())
    os.utime(_entry(tmp_path), (time.time() - 31 * 86400,) * 2)
    assert kept.get(REQUEST) == ANSWER
    kept.prune()
    assert kept.get(REQUEST) == ANSWER


def test_a_worker_that_built_something_prunes(tmp_path: Path) -> None:
    class Built:
        slots = 1

        def submit(self, _: Mapping[str, Any]) -> Future[dict[str, Any]]:
            future: Future[dict[str, Any]] = Future()
            future.set_result(ANSWER)
            return future

        def close(self) -> None:
            pass

    unused = _aged(tmp_path, 1, 31)
    for is_kept in (False, True):
        worker = CachingWorker(lambda *_: Built(), 3, Settings(cache=tmp_path))
        assert worker.submit(REQUEST).result() == ANSWER
        worker.close()
        assert unused.exists() == is_kept
        if not is_kept:
            _aged(tmp_path, 1, 31)


def test_clean(tmp_path: Path) -> None:
    ours = [tmp_path / FOLDER, tmp_path / "a" / "b" / FOLDER]
    for folder in ours:
        Cache(folder, None).put(REQUEST, ANSWER, time.time())
    foreign = tmp_path / "c" / FOLDER
    foreign.mkdir(parents=True)
    assert sorted(cache.clean(tmp_path)) == ours
    assert [folder.exists() for folder in (*ours, foreign)] == [False, False, True]
    assert cache.clean(tmp_path) == []


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_clean_follows_no_links(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere" / FOLDER
    Cache(elsewhere, None).put(REQUEST, ANSWER, time.time())
    project = tmp_path / "project"
    project.mkdir()
    (project / FOLDER).symlink_to(elsewhere)
    (project / "folder").symlink_to(elsewhere.parent)
    assert cache.clean(project) == []
    assert elsewhere.exists()
