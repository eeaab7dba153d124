"""Fixing with a proof: what is written, what is proven again, what is reported. The proofs are made up."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

import reglint.verify
from reglint import cli
from reglint.files.text import Text
from reglint.keras.penalty import Penalty
from reglint.policy import DEFAULT
from reglint.verify import Proof, Settings, VerifierMissing, WeightProof

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from click.testing import Result

    from reglint.verify import Job, Target

HEAD = "from keras import Sequential, layers\n\n"
HEAD_FIXED = "from keras import Sequential, layers, regularizers\n\n"
L2 = "kernel_regularizer=regularizers.l2(1e-4)"
BOTH = "[weights]\nkernel = { require = 'l2', strength = 1e-4 }\nbias = { require = 'l1', strength = 0.5 }\n"
REASON = "building model took longer than 120 s"


def unverified(reason: str = REASON) -> Proof:
    return Proof("unverified", reason, None, ())


def proven(target: Target) -> Proof:
    penalties = tuple(WeightProof(f"{target.layer}/{role}", role, 0.5, 0.25) for role, _ in target.weights)
    return Proof("model", None, "model (module level)", penalties)


@dataclass
class Prover:
    """Stands for ``reglint.verify.prove``: gives each target the proof of its layer, and keeps what it was asked."""

    proofs: dict[str, Callable[[Target, int], Proof]] = field(default_factory=dict)
    """For a layer's name: its proof, given the target and the number of the round (from 1)."""
    rounds: list[list[Job]] = field(default_factory=list)
    settings: Settings | None = None
    of_files: dict[str, Settings] = field(default_factory=dict)
    """The settings that each file was proven with."""

    def __call__(self, jobs: list[Job], settings: Settings) -> list[list[Proof]]:
        self.rounds.append(list(jobs))
        self.settings = settings
        self.of_files.update((job.path.as_posix(), settings) for job in jobs)
        return [[self._proof(target) for target in job.targets] for job in jobs]

    def _proof(self, target: Target) -> Proof:
        own = self.proofs.get(target.layer)
        return proven(target) if own is None else own(target, len(self.rounds))

    def calls(self) -> Iterator[list[str]]:
        """For each round the text of every call that was to be proven, in the fixed source."""
        for jobs in self.rounds:
            yield [called(job, target) for job in jobs for target in job.targets]


def called(job: Job, target: Target) -> str:
    text = Text(job.after)
    start = text.starts[target.line - 1] + target.column - 1
    return job.after[start : text.starts[target.end_line - 1] + target.end_column - 1]


@pytest.fixture
def prover(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Prover:
    monkeypatch.chdir(tmp_path)
    prover = Prover()
    monkeypatch.setattr(reglint.verify, "prove", prover)
    return prover


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli.main, ["fix", *arguments], prog_name="reglint")


def findings(result: Result) -> list[tuple[object, ...]]:
    """Layer, weight, grade and whether it was written, of each finding of a JSON report."""
    return [
        (found["layer"], found["weight"], (found["proof"] or {}).get("grade"), found["written"])
        for found in json.loads(result.stdout)["findings"]
    ]


def test_a_proven_fix_is_written_and_its_proof_shown(prover: Prover) -> None:
    Path("model.py").write_text(HEAD + "x = layers.Dense(4)\n")
    result = run()
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        "model.py:3:5: REG101 `Dense` has no `kernel_regularizer`; the policy asks for l2\n"
        "   |\n"
        " 3 | x = layers.Dense(4)\n"
        "   |     ^^^^^^^^^^^^^^^\n"
        "   = fixed: kernel_regularizer=regularizers.l2(1e-4)\n"
        "   = proof (model): in model.losses of model (module level)\n"
        "       Dense/kernel: expected 0.5, observed 0.25\n"
        "\n"
        "Found 1 finding (1 fixed, 0 left).\n"
        "Checked 1 layer in 1 file. Policy: built-in default.\n"
    )
    assert Path("model.py").read_text() == HEAD_FIXED + f"x = layers.Dense(4, {L2})\n"
    assert len(prover.rounds) == 1


def test_what_is_proven_is_the_file_before_and_after_with_its_calls(prover: Prover) -> None:
    source = HEAD + (
        "s = '\U0001f600', layers.Bidirectional(layers.LSTM(4)); y = layers.Dense(\n    3,\n    name='日'\n)\n"
        "z = layers.Dense(2, kernel_regularizer='l2', bias_regularizer='l1')\n"
    )
    Path("model.py").write_text(source)
    Path("policy.toml").write_text(
        BOTH
        + "recurrent = { require = 'l1_l2', strength = [0.1, 0.2] }\n[layers.Dense]\nbias = 'forbidden'\n"
    )
    assert run("--policy", "policy.toml").exit_code == 0
    [[job]] = prover.rounds
    assert (job.path, job.before, job.generation) == (Path("model.py"), source, 3)
    assert Path("model.py").read_text() == job.after
    assert [(target.layer, dict(target.weights)) for target in job.targets] == [
        (
            "LSTM",
            {"kernel": Penalty(l2=1e-4), "bias": Penalty(l1=0.5), "recurrent": Penalty(l1=0.1, l2=0.2)},
        ),
        ("Dense", {"kernel": Penalty(l2=1e-4)}),
        ("Dense", {"kernel": Penalty(l2=1e-4), "bias": Penalty()}),
    ]
    assert [["".join(call.split()).replace(",)", ")") for call in calls] for calls in prover.calls()] == [
        [
            "layers.LSTM(4,kernel_regularizer=regularizers.l2(1e-4),bias_regularizer=regularizers.l1(0.5),"
            "recurrent_regularizer=regularizers.l1_l2(l1=0.1,l2=0.2))",
            f"layers.Dense(3,name='日',{L2})",
            f"layers.Dense(2,{L2})",
        ]
    ]


def test_an_unverified_fix_is_shown_and_not_written(prover: Prover) -> None:
    prover.proofs["Dense"] = lambda *_: unverified()
    source = HEAD + "x = layers.Dense(4)\n"
    Path("model.py").write_text(source)
    before = Path("model.py").stat()
    result = run()
    assert result.exit_code == 1
    assert result.stdout.splitlines()[4:] == [
        "   = fix: kernel_regularizer=regularizers.l2(1e-4)",
        f"   = unverified, not written: {REASON}",
        "",
        "Found 1 finding (0 fixed, 1 left).",
        "Checked 1 layer in 1 file. Policy: built-in default.",
    ]
    after = Path("model.py").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert len(prover.rounds) == 1


def test_unsafe_fixes_are_written_and_said_to_be_unproven(prover: Prover) -> None:
    prover.proofs["Dense"] = lambda *_: unverified()
    Path("model.py").write_text(HEAD + "x = layers.Dense(4)\n")
    result = run("--unsafe-fixes")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[4:7] == [
        "   = fixed: kernel_regularizer=regularizers.l2(1e-4)",
        f"   = unverified, written all the same: {REASON}",
        "",
    ]
    assert Path("model.py").read_text() == HEAD_FIXED + f"x = layers.Dense(4, {L2})\n"
    assert len(prover.rounds) == 1


TWO = HEAD + "m = Sequential([\n    layers.Conv2D(4, 3),\n    layers.Dense(10),\n])\n"
CONV_FIXED = HEAD_FIXED + f"m = Sequential([\n    layers.Conv2D(4, 3, {L2}),\n    layers.Dense(10),\n])\n"


def test_what_is_left_is_proven_again_before_it_is_written(prover: Prover) -> None:
    prover.proofs["Dense"] = lambda *_: unverified()
    Path("model.py").write_text(TWO)
    result = run("--output-format", "json")
    assert result.exit_code == 1
    assert findings(result) == [
        ("Conv2D", "kernel", "model", True),
        ("Dense", "kernel", "unverified", False),
    ]
    assert list(prover.calls()) == [
        [f"layers.Conv2D(4, 3, {L2})", f"layers.Dense(10, {L2})"],
        [f"layers.Conv2D(4, 3, {L2})"],
    ]
    assert prover.rounds[1][0].before == TWO
    assert prover.rounds[1][0].after == CONV_FIXED == Path("model.py").read_text()


def test_what_fails_without_the_other_fix_is_not_written_either(prover: Prover) -> None:
    prover.proofs["Dense"] = lambda *_: unverified()
    prover.proofs["Conv2D"] = lambda target, number: proven(target) if number == 1 else unverified("no")
    Path("model.py").write_text(TWO)
    result = run("--output-format", "json")
    assert result.exit_code == 1
    assert findings(result) == [
        ("Conv2D", "kernel", "unverified", False),
        ("Dense", "kernel", "unverified", False),
    ]
    assert [found["proof"]["reason"] for found in json.loads(result.stdout)["findings"]] == ["no", REASON]
    assert len(prover.rounds) == 2
    assert Path("model.py").read_text() == TWO


BLOCK = """\
def block(x, reg=None):
    x = layers.Conv2D(4, 3, kernel_regularizer=reg)(x)
    return layers.Dense(4, kernel_regularizer=reg)(x)


block(1)
"""


def test_a_fix_that_cannot_be_made_beside_the_others_is_left_out(prover: Prover) -> None:
    """Python takes a bare generator as the only argument alone: whoever wrote it has to put it in parentheses."""
    source = HEAD + "a = layers.Dense(1)\nb = layers.Dense(u for u in (1, 2))\nc = layers.Conv1D(3, 3)\n"
    Path("train.py").write_text(source)
    result = run("train.py", "--unsafe-fixes")
    assert result.exit_code == 1
    assert Path("train.py").read_text() == source.replace(HEAD, HEAD_FIXED).replace(
        "Dense(1)", f"Dense(1, {L2})"
    ).replace("3, 3", f"3, 3, {L2}")
    assert [[call.partition("(")[0] for call in calls] for calls in prover.calls()] == [
        ["layers.Dense", "layers.Conv1D"]
    ]
    assert (
        f"   = fix: {L2}\n"
        "   = unverified, not written: the code that it would make cannot be read: "
        "Generator expression must be parenthesized\n"
    ) in result.stdout


def test_every_layer_that_an_edit_changes_is_proven(prover: Prover) -> None:
    Path("model.py").write_text(HEAD + BLOCK)
    result = run()
    assert result.exit_code == 0
    assert list(prover.calls()) == [
        ["layers.Conv2D(4, 3, kernel_regularizer=reg)", "layers.Dense(4, kernel_regularizer=reg)"]
    ]
    effect = "(in the default of `reg` on line 3; changes 1 call of `block`, with 2 layers in it)"
    assert f"   = fixed: reg=regularizers.l2(1e-4) {effect}\n" in result.stdout
    assert Path("model.py").read_text() == HEAD_FIXED + BLOCK.replace("None", "regularizers.l2(1e-4)")


def test_an_edit_that_is_not_proven_for_one_layer_is_not_made_for_the_others(prover: Prover) -> None:
    prover.proofs["Dense"] = lambda *_: unverified()
    Path("model.py").write_text(HEAD + BLOCK)
    result = run("--output-format", "json")
    assert (result.exit_code, Path("model.py").read_text()) == (1, HEAD + BLOCK)
    assert [found["proof"]["reason"] for found in json.loads(result.stdout)["findings"]] == [
        f"the same edit changes the layer on line 5, of which: {REASON}",
        REASON,
    ]
    assert findings(result) == [
        ("Conv2D", "kernel", "unverified", False),
        ("Dense", "kernel", "unverified", False),
    ]
    assert len(prover.rounds) == 1


def test_only_files_with_an_unverified_fix_are_proven_again(prover: Prover) -> None:
    prover.proofs["Dense"] = lambda *_: unverified()
    Path("a.py").write_text(TWO)
    Path("b.py").write_text(HEAD + "x = layers.Conv2D(4, 3)\n")
    Path("c.py").write_text(HEAD + "x = layers.Dense(4)\n")
    assert run().exit_code == 1
    assert [[job.path.name for job in jobs] for jobs in prover.rounds] == [["a.py", "b.py", "c.py"], ["a.py"]]
    assert Path("a.py").read_text() == CONV_FIXED
    assert Path("b.py").read_text() == HEAD_FIXED + f"x = layers.Conv2D(4, 3, {L2})\n"
    assert Path("c.py").read_text() == HEAD + "x = layers.Dense(4)\n"


@pytest.mark.usefixtures("prover")
def test_json_has_the_penalties_of_each_findings_own_weight() -> None:
    Path("reglint.toml").write_text(BOTH)
    Path("model.py").write_text(HEAD + "x = layers.Dense(4)\n")
    result = run("--output-format", "json")
    assert result.exit_code == 0
    proofs = [
        (found["weight"], found["proof"], found["written"]) for found in json.loads(result.stdout)["findings"]
    ]
    assert proofs == [
        (
            weight,
            {
                "grade": "model",
                "reason": None,
                "model": "model (module level)",
                "penalties": [{"weight": f"Dense/{weight}", "expected": 0.5, "observed": 0.25}],
            },
            True,
        )
        for weight in ("kernel", "bias")
    ]
    assert json.loads(result.stdout)["summary"]["written"] == 2


def test_findings_without_a_fix_have_no_proof(prover: Prover) -> None:
    Path("model.py").write_text(
        HEAD + "x = layers.Dense(4)\ny = layers.Dense(4, kernel_regularizer=['l1'][0])\n"
    )
    result = run("--output-format", "json")
    assert result.exit_code == 1
    assert findings(result) == [("Dense", "kernel", "model", True), ("Dense", "kernel", None, None)]
    assert list(prover.calls()) == [[f"layers.Dense(4, {L2})"]]


def test_a_diff_has_the_proven_fixes_and_nothing_is_written(prover: Prover) -> None:
    prover.proofs["Dense"] = lambda *_: unverified()
    Path("model.py").write_text(TWO)
    result = run("--diff")
    assert result.exit_code == 1
    assert [line for line in result.stdout.splitlines() if line[0] in "+-"] == [
        "--- a/model.py",
        "+++ b/model.py",
        "-from keras import Sequential, layers",
        "+from keras import Sequential, layers, regularizers",
        "-    layers.Conv2D(4, 3),",
        f"+    layers.Conv2D(4, 3, {L2}),",
    ]
    assert f"   = unverified, not in the diff: {REASON}" in result.stderr.splitlines()
    assert "Found 2 findings (1 in the diff, 1 left)." in result.stderr.splitlines()
    assert Path("model.py").read_text() == TWO


def test_a_diff_without_a_proven_fix_is_empty(prover: Prover) -> None:
    prover.proofs["Dense"] = lambda *_: unverified()
    Path("model.py").write_text(HEAD + "x = layers.Dense(4)\n")
    result = run("--diff")
    assert (result.exit_code, result.stdout) == (0, "")


def test_nothing_to_fix_is_nothing_to_prove(prover: Prover) -> None:
    Path("model.py").write_text(HEAD_FIXED + f"x = layers.Dense(4, {L2})\n")
    assert run().exit_code == 0
    assert prover.rounds == []


def test_without_a_proof_nothing_is_proven(prover: Prover) -> None:
    Path("model.py").write_text(TWO)
    assert run("--no-verify").exit_code == 0
    assert prover.rounds == []


def test_the_policy_says_how_to_prove(prover: Prover, tmp_path: Path) -> None:
    Path("reglint.toml").write_text(
        "[weights]\nkernel = 'l2'\n"
        "[verify]\npython = 'env/bin/python'\ntimeout = 7\nmemory_mib = 512\n"
        "builders = { 'pkg.models:build' = { classes = 10 } }\n"
    )
    Path("model.py").write_text(TWO)
    assert run().exit_code == 0
    assert prover.settings == Settings(
        python=str(tmp_path / "env/bin/python"),
        timeout=7,
        memory_mib=512,
        builders={"pkg.models:build": {"classes": 10}},
        cache=tmp_path / ".reglint_cache",
    )


def test_each_file_is_proven_as_its_own_policy_says(prover: Prover) -> None:
    for folder, timeout in (("a", 7), ("b", 9), ("c", 7)):
        Path(folder).mkdir()
        Path(folder, "reglint.toml").write_text(f"[weights]\nkernel = 'l2'\n[verify]\ntimeout = {timeout}\n")
        Path(folder, "model.py").write_text(TWO)
    assert run().exit_code == 0
    found = {path: settings.timeout for path, settings in prover.of_files.items()}
    assert found == {"a/model.py": 7, "b/model.py": 9, "c/model.py": 7}
    assert [[job.path.as_posix() for job in jobs] for jobs in prover.rounds] == [
        ["a/model.py", "c/model.py"],
        ["b/model.py"],
    ]


def test_without_a_policy_the_built_in_one_says_how(prover: Prover, tmp_path: Path) -> None:
    Path("model.py").write_text(TWO)
    assert run().exit_code == 0
    verify = DEFAULT.verify
    cache = tmp_path / ".reglint_cache"
    assert prover.settings == Settings(None, verify.timeout, verify.memory_mib, {}, cache)


@pytest.mark.parametrize(
    ("arguments", "cache"), [(["--no-cache"], None), (["--cache-dir", "kept"], Path("kept"))]
)
def test_where_answers_are_kept(
    prover: Prover, tmp_path: Path, arguments: list[str], cache: Path | None
) -> None:
    Path("model.py").write_text(TWO)
    assert run(*arguments).exit_code == 0
    assert prover.settings is not None
    assert prover.settings.cache == (cache and tmp_path / cache)


def test_a_missing_verifier_ends_the_run_before_anything_is_written(
    prover: Prover, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_: object) -> None:
        raise VerifierMissing('proofs need tensorflow: pip install "reglint[verify]"', "tensorflow")

    monkeypatch.setattr(reglint.verify, "prove", missing)
    Path("model.py").write_text(TWO)
    result = run("--unsafe-fixes")
    assert (result.exit_code, result.stdout, result.stderr) == (
        2,
        "",
        'error: proofs need tensorflow: pip install "reglint[verify]"\n',
    )
    assert Path("model.py").read_text() == TWO
    assert prover.rounds == []


def test_interrupted_while_proving_leaves_every_file_as_it_was(
    prover: Prover, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(reglint.verify, "prove", interrupted)
    Path("model.py").write_text(TWO)
    result = run()
    assert (result.exit_code, result.stderr) == (130, "\nInterrupted; no file was changed.\n")
    assert Path("model.py").read_text() == TWO
    assert prover.rounds == []
