"""What comments hide, what is said of comments that hide nothing, and how these are taken out."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import reglint.verify
from reglint import cli
from reglint.pipeline import check, fix
from reglint.policy import DEFAULT, load

if TYPE_CHECKING:
    from reglint.verify import Job

HEAD = "from keras import layers\n"
BOTH = "[weights]\nkernel = { require = 'l2', strength = 1e-4 }\nbias = { require = 'l1', strength = 0.5 }\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("both.toml").write_text(BOTH)


def findings(
    source: str, head: str = HEAD, select: tuple[str, ...] = ()
) -> tuple[list[tuple[str, int]], int]:
    """Code and line (below ``head``) of what is reported where kernels and biases need a penalty; what is hidden."""
    file = Path("model.py")
    file.write_bytes((head + source).encode())
    policy = load(Path("both.toml")).narrowed(select, (), False)
    report = check([file], lambda _: policy).report
    assert report.errors == ()
    start = head.count("\n")
    return [(found.code, found.line - start) for found in report.findings], report.summary.suppressed


K, B = "REG101", "REG102"
HIDDEN = {
    "no comment": ("layers.Dense(1)\n", [(K, 1), (B, 1)]),
    "one code": ("layers.Dense(1)  # reglint: ignore[REG101]\n", [(B, 1)]),
    "two codes": ("layers.Dense(1)  # reglint: ignore[REG101, REG102] frozen\n", []),
    "a prefix": ("layers.Dense(1)  # reglint: ignore[REG1]\n", []),
    "all": ("layers.Dense(1)  # reglint: ignore -- frozen\n", []),
    "noqa": ("layers.Dense(1)  # noqa: REG101, E501\n", [(B, 1)]),
    "all by noqa": ("layers.Dense(1)  # noqa\n", []),
    "noqa for others": ("layers.Dense(1)  # noqa: E501\n", [(K, 1), (B, 1)]),
    "after another comment": ("layers.Dense(1)  # type: ignore  # reglint: ignore[REG1]\n", []),
    "first line of the call": ("layers.Dense(  # reglint: ignore[REG1]\n  1,\n)\n", []),
    "an argument": ("layers.Dense(\n  1,  # reglint: ignore[REG1]\n)\n", []),
    "in between": ("layers.Dense(\n  # reglint: ignore[REG1]\n  1,\n)\n", []),
    "the closing line": ("layers.Dense(\n  1,\n)  # reglint: ignore[REG1]\n", []),
    "noqa on the closing line": ("layers.Dense(\n  1,\n)  # noqa: REG1\n", []),
    "above": ("# reglint: ignore[REG1] frozen\nlayers.Dense(1)\n", []),
    "above a longer statement": ("# reglint: ignore[REG1]\nx = f(\n  layers.Dense(1),\n)\n", []),
    "above with a comment between": ("# reglint: ignore[REG1]\n# frozen\nlayers.Dense(1)\n", []),
    "above in brackets": (
        "x = [\n  # reglint: ignore[REG1]\n  layers.Dense(1),\n  layers.Dense(2),\n]\n",
        [(K, 4), (B, 4)],
    ),
    "above a block only its head": (
        "# reglint: ignore[REG1]\ndef f(x=layers.Dense(1)):\n  layers.Dense(2)\n",
        [(K, 3), (B, 3)],
    ),
    "above a decorator": ("# reglint: ignore[REG1]\n@d(layers.Dense(1))\ndef f(): pass\n", []),
    "nested on one line": ("f(layers.Dense(1), layers.Dense(2))  # reglint: ignore[REG101]\n", [(B, 1), (B, 1)]),
    "inner of two calls": (
        "layers.Dense(1)(\n  layers.Dense(2)(x)  # reglint: ignore[REG1]\n)\n",
        [(K, 1), (B, 1)],
    ),
    "after a backslash": ("x = \\\n  layers.Dense(1)  # reglint: ignore[REG1]\n", []),
    "the whole file": ("layers.Dense(1)\n# reglint: file-ignore[REG102] legacy\nlayers.Dense(1)\n", [(K, 1), (K, 3)]),
    "the whole file, all": ("def f():\n  # reglint: file-ignore\n  layers.Dense(1)\n", []),
    "CRLF": ("layers.Dense(1)  # reglint: ignore[REG1]\r\nlayers.Dense(1)\r\n", [(K, 2), (B, 2)]),
    "carriage returns": ("x = 1\rlayers.Dense(1)  # reglint: ignore[REG1]\r", []),
    "form feed": ("\x0c\nlayers.Dense(1)  # reglint: ignore[REG1]\n", []),
    "tabs": ("if x:\n\tlayers.Dense(1)\t#\treglint:\tignore[REG1]\n", []),
    "in a string": ("layers.Dense(1, name='# reglint: ignore')\n", [(K, 1), (B, 1)]),
    "in a docstring": ("'''\n# reglint: file-ignore\n'''\nlayers.Dense(1)\n", [(K, 4), (B, 4)]),
    "in a formatted string": ("layers.Dense(1, name=f'{x} # noqa')\n", [(K, 1), (B, 1)]),
    "unclosed": ("layers.Dense(1)  # reglint: ignore[REG101\n", [(K, 1), (B, 1), ("REG002", 1)]),
    "one unknown code": ("layers.Dense(1)  # reglint: ignore[REG1, REG111]\n", [("REG002", 1)]),
    "unused": ("x = 1  # reglint: ignore[REG101]\n", [("REG003", 1)]),
    "not directly above": ("# reglint: ignore[REG1]\n\nlayers.Dense(1)\n", [("REG003", 1), (K, 3), (B, 3)]),
    "noqa is not read above": ("# noqa: REG101\nlayers.Dense(1)\n", [("REG003", 1), (K, 2), (B, 2)]),
    "an unused noqa that names nothing": ("x = 1  # noqa\n", []),
    "an unused noqa of others": ("x = 1  # noqa: E501\n", []),
    "what is about comments hides from no comment": (
        "# reglint: file-ignore[REG0]\nx = 1  # reglint: ignore[REG002]\n",
        [("REG003", 1), ("REG003", 2)],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("source", "shown"), HIDDEN.values(), ids=HIDDEN)
def test_hidden(source: str, shown: list[tuple[str, int]]) -> None:
    found, suppressed = findings(source)
    assert found == shown
    about_code = [code for code, _ in shown if code in (K, B)]
    assert suppressed == 2 * source.count("layers.Dense(") - len(about_code)


SELECTED = {
    "all": ("REG", "layers.Dense(1)  # reglint: ignore[REG101, REG2]\n", [(B, 1), ("REG003", 1)]),
    "of a rule that was not looked for": ("REG102,REG003", "layers.Dense(1)  # reglint: ignore[REG101]\n", [(B, 1)]),
    "a beginning of which some were not": ("REG102,REG003", "x = 1  # reglint: ignore[REG1]\n", []),
    "a beginning of which all were": ("REG1,REG003", "x = 1  # reglint: ignore[REG1]\n", [("REG003", 1)]),
    "one code of two": ("REG102,REG003", "x = 1  # reglint: ignore[REG101, REG102]\n", [("REG003", 1)]),
    "of all rules": ("REG101,REG003", "x = 1  # reglint: ignore\n", []),
    "of all rules, all looked for": ("REG", "x = 1  # reglint: ignore\n", [("REG003", 1)]),
    "of a rule that no comment hides": ("REG003", "x = 1  # reglint: ignore[REG001]\n", [("REG003", 1)]),
    "noqa": ("REG102,REG003", "x = 1  # noqa: REG101, REG102\n", [("REG003", 1)]),
    "comments are not looked at": ("REG1", "x = 1  # reglint: ignore[REG101, REG1O1]\n", []),
    "invalid ones are": ("REG002", "x = 1  # reglint: ignore[REG101, REG1O1]\n", [("REG002", 1)]),
}  # fmt: skip


@pytest.mark.parametrize(("codes", "source", "shown"), SELECTED.values(), ids=SELECTED)
def test_only_rules_that_are_selected_report(codes: str, source: str, shown: list[tuple[str, int]]) -> None:
    assert findings(source, select=tuple(codes.split(",")))[0] == shown


def test_no_comment_is_taken_out_for_a_rule_that_was_not_looked_for() -> None:
    source = f"{HEAD}x = 1  # reglint: ignore[REG101, REG102]\n"
    Path("a.py").write_text(source)
    for select, after in (("REG102,REG003", "ignore[REG101]"), ("REG102", "ignore[REG101]")):
        CliRunner().invoke(cli.main, ["fix", "--no-verify", "--select", select])
        assert Path("a.py").read_text() == f"{HEAD}x = 1  # reglint: {after}\n"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "latin-1"])
def test_other_encodings(encoding: str) -> None:
    coding = "# coding: latin-1\n" if encoding == "latin-1" else ""
    source = f"{coding}{HEAD}x = 'ä', layers.Dense(1)  # ü  # reglint: ignore[REG101] ö\n"
    Path("a.py").write_bytes(source.encode(encoding))
    summary = check([Path("a.py")], lambda _: DEFAULT).report.summary
    assert (summary.findings, summary.suppressed) == (0, 1)


def test_a_file_without_keras_is_read_for_what_it_says_to_reglint() -> None:
    assert findings("x = 1  # reglint: ignore[REG101]\n", "") == ([("REG003", 1)], 0)
    assert findings("x = 1  # noqa: REG101\n", "") == ([("REG003", 1)], 0)
    assert findings("x = '# reglint: ignore[REG101]'\n", "") == ([], 0)


MESSAGES = {
    "# reglint: ignore[REG1O1]": "no rule has the code `REG1O1`; did you mean `REG101`?",
    "# reglint: ignore[missing-bias-regularizer]": "no rule has the code `missing-bias-regularizer`; "
    "did you mean `REG102`?",
    "# reglint: ignore[E501]": "no rule has the code `E501`",
    "# reglint: ignore": "nothing here is suppressed by `reglint: ignore`",
    "# reglint: ignore[REG101,REG2] why": "nothing here is suppressed by `reglint: ignore[REG101, REG2]`",
    "# noqa: E501, REG101": "nothing here is suppressed by `REG101` in `noqa: E501, REG101`",
}


@pytest.mark.parametrize(("comment", "message"), MESSAGES.items())
def test_messages(comment: str, message: str) -> None:
    Path("a.py").write_text(f"x = 1  {comment}\n")
    assert [found.message for found in check([Path("a.py")], lambda _: DEFAULT).report.findings] == [message]


REMOVED = {
    "x = 1  # reglint: ignore[REG101] why\n": "x = 1\n",
    "x = 1\t #reglint:ignore\r\ny = 2\r\n": "x = 1\r\ny = 2\r\n",
    "x = 1  # reglint: ignore": "x = 1",
    "if x:\n    y\n    # reglint: ignore[REG101]\n    z\n": "if x:\n    y\n    z\n",
    "x\n# reglint: file-ignore[REG1]": "x\n",
    "# reglint: file-ignore\n": "",
    "x  # type: ignore  # reglint: ignore[REG101] why\n": "x  # type: ignore\n",
    "x  # reglint: ignore[REG101] why  # type: ignore\n": "x  # type: ignore\n",
    "x  # noqa: REG101\n": "x\n",
    "x  # noqa: REG101  # reglint: ignore\n": "x\n",
    "x # reglint: ignore  # noqa: E501 REG2  # noqa: REG101\n": "x  # noqa: E501\n",
    "if x:\n  # reglint: ignore  # why\n  y\n": "if x:\n  # why\n  y\n",
    "# reglint: ignore  # reglint: ignore[REG1]\nx\n": "\nx\n",
    "x  # noqa: REG101, E501\n": "x  # noqa: E501\n",
    "x  # noqa: E501 REG101 REG102 why\n": "x  # noqa: E501 why\n",
    "x  # noqa: REG101,E501,REG102  # more\n": "x  # noqa: E501  # more\n",
    "x  # reglint: ignore[REG101, REG999] why\n": "x  # reglint: ignore[REG999] why\n",
    "f(\n  1,  # reglint: ignore\n  # reglint: ignore\n)\n": "f(\n  1,\n)\n",
    "layers.Dense(1)  # reglint: ignore[REG101, REG102, REG2]\n": "layers.Dense(1)  # reglint: ignore[REG101]\n",
    "layers.Dense(1)  # reglint: ignore[ REG102,REG101 ] why\n": "layers.Dense(1)  # reglint: ignore[ REG101 ] why\n",
}  # fmt: skip


@pytest.mark.parametrize(("before", "after"), REMOVED.items())
def test_fix_takes_out_what_is_unused(before: str, after: str) -> None:
    file = Path("a.py")
    file.write_bytes(HEAD.encode() + before.encode())
    outcome = fix([file], lambda _: DEFAULT, settings=None)
    assert file.read_bytes().decode() == HEAD + after
    assert all(found.proof is None and found.written for found in outcome.report.findings if found.fixable)


def run(*arguments: str) -> Any:
    return CliRunner().invoke(cli.main, arguments, prog_name="reglint")


def test_output() -> None:
    Path("a.py").write_text(
        HEAD
        + "layers.Dense(1)  # reglint: ignore[REG101]\nlayers.InputLayer()  # reglint: ignore[REG101, REG1O2]\n"
    )
    assert run("check").stdout == (
        "a.py:3:22: REG003 nothing here is suppressed by `REG101` in `reglint: ignore[REG101, REG1O2]`\n"
        "   |\n"
        " 3 | layers.InputLayer()  # reglint: ignore[REG101, REG1O2]\n"
        "   |                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "   = fix: remove `REG101` from the comment\n"
        "\n"
        "a.py:3:48: REG002 no rule has the code `REG1O2`; did you mean `REG102`?\n"
        "   |\n"
        " 3 | layers.InputLayer()  # reglint: ignore[REG101, REG1O2]\n"
        "   |                                                ^^^^^^\n"
        "\n"
        "Found 2 findings.\n"
        "1 can be fixed with `reglint fix`, which proves each fix first.\n"
        "Checked 1 layer in 1 file. Policy: built-in default.\n"
        "Not reported: 1 suppressed by comments.\n"
    )
    report = json.loads(run("check", "--output-format", "json").stdout)
    assert report["summary"]["suppressed"] == 1


def test_a_comment_is_taken_out_without_a_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    def prove(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(reglint.verify, "prove", prove)
    Path("a.py").write_text("x = 1  # reglint: ignore\n")
    result = run("fix")
    assert (result.exit_code, Path("a.py").read_text()) == (0, "x = 1\n")
    assert "   = fixed: remove the comment\n" in result.stdout
    assert "Found 1 finding (1 fixed, 0 left)." in result.stdout


def test_diff_shows_it() -> None:
    Path("a.py").write_text("x = 1  # reglint: ignore\n")
    result = run("fix", "--diff")
    assert (result.exit_code, Path("a.py").read_text()) == (1, "x = 1  # reglint: ignore\n")
    assert result.stdout.endswith("-x = 1  # reglint: ignore\n+x = 1\n")


MIXED = (
    "from keras import layers\n"
    "# reglint: file-ignore[REG2]\n"
    "x = [\n"
    "    layers.Dense(1),  # reglint: ignore[REG2]\n"
    "    layers.Dense(  # reglint: ignore[REG203]\n"
    "        1  # reglint: ignore[REG201]\n"
    "    ),\n"
    "    layers.Dense(2),  # reglint: ignore[REG101, REG102] kept\n"
    "]  # noqa: REG101\n"
)
MENDED = (
    "from keras import layers, regularizers\n"
    "x = [\n"
    "    layers.Dense(1, kernel_regularizer=regularizers.l2(1e-4)),\n"
    "    layers.Dense(\n"
    "        1,\n"
    "        kernel_regularizer=regularizers.l2(1e-4),\n"
    "    ),\n"
    "    layers.Dense(2),  # reglint: ignore[REG101] kept\n"
    "]\n"
)


def test_code_and_comments_are_mended_together_and_only_the_code_is_proven(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    jobs: list[Job] = []

    def prove(its: list[Job], _: object) -> list[list[reglint.verify.Proof]]:
        jobs.extend(its)
        proof = reglint.verify.Proof("model", None, "m", ())
        return [[proof for _ in job.targets] for job in its]

    monkeypatch.setattr(reglint.verify, "prove", prove)
    Path("a.py").write_text(MIXED)
    assert run("fix").exit_code == 0
    assert Path("a.py").read_text() == MENDED
    assert ast.dump(ast.parse(jobs[0].after)) == ast.dump(ast.parse(MENDED))
    assert [(target.line, target.layer) for target in jobs[0].targets] == [(4, "Dense"), (5, "Dense")]


def test_where_the_code_cannot_be_proven_the_comments_are_still_mended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def prove(its: list[Job], _: object) -> list[list[reglint.verify.Proof]]:
        return [[reglint.verify.Proof("unverified", "why", None, ()) for _ in job.targets] for job in its]

    monkeypatch.setattr(reglint.verify, "prove", prove)
    Path("a.py").write_text(HEAD + "layers.Dense(1)  # reglint: ignore[REG2]\n")
    assert run("fix").exit_code == 1
    assert Path("a.py").read_text() == HEAD + "layers.Dense(1)\n"


LINES = [
    "x = 1{}",
    "f({}\n    1,{}\n    @\n    2,\n){}",
    "if x:{}\n    @\n    y{}",
    "@\nx = '''\n# a'''{}",
    "x = 'ä'{}",
]
WORDS = ["ignore", "ignore[REG101]", "ignore[REG1, REG2] why", "ignore -- why"]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(*map(st.sampled_from, (LINES, WORDS, ["  ", "\t"])))),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_taking_out_what_is_unused_gives_back_the_file_without_it(
    lines: list[tuple[str, str, str]], newline: str
) -> None:
    without = (
        "".join(f"{line}\n" for line, *_ in lines).replace("{}", "").replace("    @\n", "").replace("@\n", "")
    )
    commented = "".join(
        f"{line}\n".replace("{}", f"{blanks}# reglint: {words}").replace("@", f"# reglint: {words}")
        for line, words, blanks in lines
    )
    file = Path("generated.py")
    file.write_bytes(commented.replace("\n", newline).encode())
    fix([file], lambda _: DEFAULT, settings=None)
    assert file.read_bytes().decode() == without.replace("\n", newline)
