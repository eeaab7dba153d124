"""Which of the files that a process reads its result depends on."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from reglint.verify.worker import reads

SCRIPT = f"""
import sys
sys.path.insert(0, {str(Path(reads.__file__).parent)!r})
from reads import Reads
del sys.path[0]
noted = Reads(sys.argv[1])
sys.path.insert(0, sys.argv[1])
import a, json
open("/proc/self/status").close()
try:
    open(sys.argv[1] + "/missing.json")
except OSError:
    pass
print(json.dumps(noted.paths()))
"""


def test_files_and_folders_of_the_project(tmp_path: Path) -> None:
    root, other = tmp_path / "root", Path(tmp_path) / "other"
    for folder in (root / "pkg", other):
        folder.mkdir(parents=True)
    (root / "pkg" / "b.py").write_text("VALUE = open('data.txt').read()\n")
    (root / "a.py").write_text("import pkg.b\ntry:\n    import nowhere\nexcept ImportError:\n    pass\n")
    (root / "data.txt").write_text("1")
    for _ in range(2):  # the second time from compiled files
        command = [sys.executable, "-E", "-S", "-c", SCRIPT, str(root)]
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
        assert json.loads(done.stdout) == [
            str(root),
            str(root / "a.py"),
            str(root / "data.txt"),
            str(root / "missing.json"),
            str(root / "pkg"),
            str(root / "pkg" / "b.py"),
        ]
