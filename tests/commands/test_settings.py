"""Which interpreter builds, by the policy and the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from reglint.cli import main
from reglint.commands.settings import policies, settings


@pytest.mark.parametrize(
    ("policy", "option", "python", "named"),
    [
        ("", None, None, ""),
        ('[verify]\npython = "env/bin/python"\n', None, "conf/env/bin/python", "conf/reglint.toml:2"),
        ('[verify]\npython = "env"\n', None, "conf/env/bin/python", "conf/reglint.toml:2"),
        ('[verify]\npython = "env"\n', "other/python", "other/python", "--python"),
        ("", "conf/env", "conf/env/bin/python", "--python"),
    ],
)
def test_python(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    policy: str,
    option: str | None,
    python: str | None,
    named: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "conf/env/bin").mkdir(parents=True)
    (tmp_path / "conf/env/bin/python").touch()
    (tmp_path / "conf/reglint.toml").write_text(policy)
    how = settings(policies(Path("conf/reglint.toml")), Path(), Path(option) if option else None)
    found = how(Path("model.py"))
    assert found.python == (str(tmp_path / python) if python else None)
    assert found.python_from == named


@pytest.mark.parametrize("command", ["fix", "verify"])
def test_a_python_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    monkeypatch.chdir(tmp_path)
    Path("model.py").write_text("import keras\nmodel = keras.Sequential([keras.layers.Dense(3)])\n")
    result = CliRunner().invoke(main, [command, "model.py", "--python", "nowhere/python"])
    assert (result.exit_code, result.output) == (
        2,
        "error: --python: the interpreter for proofs cannot be started: "
        f"{tmp_path}/nowhere/python: No such file or directory\n",
    )
