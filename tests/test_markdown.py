"""Markdown from end to end: what the commands print about the Python in it, and that a fix changes nothing else."""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from reglint import pipeline
from reglint.cli import main
from reglint.files.documents import DocumentError, document_of
from reglint.policy import load

if TYPE_CHECKING:
    from click.testing import Result

GUIDE = """\
# A guide

Write `Dense(3)`:

```python
from keras import layers
```

1. A list

   ```py
   def block(x):
       return layers.Dense(4)(x)


   layers.Dense(5)  # reglint: ignore[REG101] shown as it should not be
   ```

2. More

   ~~~python
   layers.Dense(
       6,
       activation="relu",
   )
   ~~~

> ```{code-cell} ipython3
> :tags: [hide]
> %matplotlib inline
> layers.Dense(7)
> ```

```python
layers.Dense(8), ...)
```

```bash
layers.Dense(9)
```
"""

FIXED = (
    GUIDE.replace("import layers\n", "import layers, regularizers\n")
    .replace("Dense(4)", "Dense(4, kernel_regularizer=regularizers.l2(1e-4))")
    .replace('"relu",\n', '"relu",\n       kernel_regularizer=regularizers.l2(1e-4),\n')
    .replace("Dense(7)", "Dense(7, kernel_regularizer=regularizers.l2(1e-4))")
)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("guide.md").write_text(GUIDE)
    return tmp_path


def run(*arguments: str, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(main, arguments, input=stdin, prog_name="reglint")


def test_markdown_is_read_where_it_is_named_or_asked_for() -> None:
    Path("other.markdown").write_text(GUIDE)
    assert run("check").output == "No Python files were checked.\n"
    files = {
        arguments: sorted(set(re.findall(r"^(\S+?):\d", run("check", *arguments).stdout, re.MULTILINE)))
        for arguments in [("guide.md",), ("--docs",), (".",)]
    }
    assert files == {("guide.md",): ["guide.md"], ("--docs",): ["guide.md", "other.markdown"], (".",): []}


def test_check_names_lines_of_the_file() -> None:
    result = run("check", "guide.md")
    assert (result.exit_code, result.stderr) == (1, "")
    assert result.stdout == (
        "guide.md:13:15: REG101 `Dense` has no `kernel_regularizer`; the policy asks for l2\n"
        "    |\n"
        " 13 |        return layers.Dense(4)(x)\n"
        "    |               ^^^^^^^^^^^^^^^\n"
        "    = fix: kernel_regularizer=regularizers.l2(1e-4)\n"
        "\n"
        "guide.md:22:4: REG101 `Dense` has no `kernel_regularizer`; the policy asks for l2\n"
        "    |\n"
        " 22 |    layers.Dense(\n"
        "    |    ^^^^^^^^^^^^^\n"
        "    = fix: kernel_regularizer=regularizers.l2(1e-4)\n"
        "\n"
        "guide.md:31:3: REG101 `Dense` has no `kernel_regularizer`; the policy asks for l2\n"
        "    |\n"
        " 31 | > layers.Dense(7)\n"
        "    |   ^^^^^^^^^^^^^^^\n"
        "    = fix: kernel_regularizer=regularizers.l2(1e-4)\n"
        "\n"
        "Found 3 findings.\n"
        "3 can be fixed with `reglint fix`, which proves each fix first.\n"
        "Checked 4 layers in 1 file. Policy: built-in default.\n"
        "Passed over 1 block of Markdown that cannot be parsed.\n"
        "Not reported: 1 suppressed by comments.\n"
    )


def test_fix_changes_the_code_alone() -> None:
    result = run("fix", "--no-verify", "guide.md")
    assert (result.exit_code, result.stderr) == (0, "")
    assert Path("guide.md").read_text() == FIXED
    assert run("check", "guide.md").exit_code == 0


def test_standard_input_can_be_markdown() -> None:
    result = run("fix", "--no-verify", "--stdin-filename", "new.md", stdin=GUIDE.encode())
    assert (result.exit_code, result.stdout) == (0, FIXED)
    assert not Path("new.md").exists()


def test_inventory_has_the_lines_of_the_file() -> None:
    found = json.loads(run("inventory", "--docs", "--output-format", "json").stdout)["layers"]
    places = [(layer["path"], layer["cell"], layer["line"], layer["column"]) for layer in found]
    assert places == [
        ("guide.md", None, line, column) for line, column in [(13, 15), (16, 4), (22, 4), (31, 3)]
    ]
    piped = run("inventory", "-", "--stdin-filename", "x.md", stdin=GUIDE.encode())
    assert piped.stdout.splitlines()[:2] == ["x.md", "  13:15  Dense  kernel -, bias -"]


def test_comments_are_written_and_taken_out() -> None:
    assert run("check", "--add-ignore", "guide.md").exit_code == 0
    text = Path("guide.md").read_text()
    assert "       return layers.Dense(4)(x)  # reglint: ignore[REG101]\n" in text
    assert "> layers.Dense(7)  # reglint: ignore[REG101]\n" in text
    used = text.replace("Dense(4)(x)", "Flatten()(x)").replace(
        "   layers.Dense(5)  # reglint: ignore[REG101] shown as it should not be\n",
        "   # reglint: ignore[REG101]\n   layers.Flatten()\n",
    )
    Path("guide.md").write_text(used)
    result = run("fix", "--no-verify", "guide.md")
    assert (result.exit_code, result.stdout.count("REG003")) == (0, 2)
    assert Path("guide.md").read_text() == used.replace(
        "   # reglint: ignore[REG101]\n   layers.Flatten()", "   layers.Flatten()"
    ).replace("Flatten()(x)  # reglint: ignore[REG101]", "Flatten()(x)")


def test_an_import_of_its_own_line_stands_in_the_fence_of_imports() -> None:
    Path("a.md").write_bytes(
        b"-   ```py\r\n    from keras.layers import Dense\r\n    ```\r\n\r\n    ```py\r\n    Dense(4)\r\n    ```\r\n"
    )
    assert run("fix", "--no-verify", "a.md").exit_code == 0
    assert Path("a.md").read_bytes() == (
        b"-   ```py\r\n    from keras import regularizers\r\n    from keras.layers import Dense\r\n    ```\r\n\r\n"
        b"    ```py\r\n    Dense(4, kernel_regularizer=regularizers.l2(1e-4))\r\n    ```\r\n"
    )


def test_what_is_not_utf8_is_an_error_with_a_way_out() -> None:
    with pytest.raises(DocumentError) as caught:
        document_of(Path("a.md"), b"# x\n\xe9\n")
    assert caught.value.reason == "line 2 is not UTF-8; save the file as UTF-8"


def test_a_byte_order_mark_stays() -> None:
    Path("a.md").write_bytes(b"\xef\xbb\xbf```py\nimport keras\nkeras.layers.Dense(4)\n```")
    assert run("fix", "--no-verify", "a.md").exit_code == 0
    assert Path("a.md").read_bytes() == (
        b"\xef\xbb\xbf```py\nimport keras\n"
        b"keras.layers.Dense(4, kernel_regularizer=keras.regularizers.l2(1e-4))\n```"
    )


@pytest.mark.keras
def test_fixes_are_proven_in_the_models_of_the_text() -> None:
    Path("a.md").write_text(
        "```py\nimport keras\n```\n\n- ```py\n  model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(4)])\n"
        "  model.fit(x, y)\n  ```\n"
    )
    result = run("fix", "--output-format", "json", "a.md")
    (finding,) = json.loads(result.stdout)["findings"]
    assert (finding["line"], finding["column"], finding["written"]) == (6, 48, True)
    assert (finding["proof"]["grade"], finding["proof"]["model"]) == ("model", "model (module level)")


STATEMENTS = [
    "layers.Dense(4)",
    "x = layers.Dense(4, activation='relu')",
    "layers.Dense(\n    4,\n    use_bias=True,\n)",
    "def f(x):\n    y = layers.LSTM(3)(x)\n\n    return layers.Bidirectional(\n        layers.LSTM(3))(y)",
    "text = '''\n  a\n'''",
    "%time\nlayers.Conv2D(3, 3)",
    "# no layer: é \U0001f600",
    "",
    "layers.Dense(4",
]
BETWEEN = ["", "text `x`\n", "```bash\nlayers.Dense(1)\n```\n", "<!-- x -->\n", "| a | b |\n\n"]


@settings(max_examples=60, deadline=None)
@given(
    imports=st.sampled_from(["from keras import layers", "import keras\nfrom keras import layers\n\nx = 1"]),
    blocks=st.lists(
        st.tuples(
            st.sampled_from(["", "  ", "    ", "\t", "> ", "> > ", "- ", "10. "]),
            st.sampled_from(["```", "~~~~"]),
            st.sampled_from(STATEMENTS),
            st.sampled_from(BETWEEN),
        ),
        max_size=6,
    ),
    line_end=st.sampled_from(["\n", "\r\n"]),
    last=st.sampled_from(["", "\n"]),
)
def test_a_fix_changes_only_code(
    imports: str, blocks: list[tuple[str, str, str, str]], line_end: str, last: str
) -> None:
    pieces = [f"# x\n\n```python\n{imports}\n```\n"]
    for before, marks, code, between in blocks:
        further = before if before.strip(" \t>") == "" else " " * len(before)
        lines = [f"{marks}py", *code.split("\n"), marks]
        shown = [(further if number else before) + line for number, line in enumerate(lines)]
        pieces.append("\n".join(line.rstrip() for line in shown) + f"\n{between}\n")
    data = ("".join(pieces).rstrip("\n") + last).replace("\n", line_end).encode()
    with tempfile.TemporaryDirectory() as folder:
        path, policy_file = Path(folder, "a.md"), Path(folder, "policy.toml")
        policy_file.write_text('[weights]\nkernel = "l2"\nbias = "l2"\n')
        path.write_bytes(data)
        policy = load(policy_file)
        outcome = pipeline.fix([path], lambda _: policy, settings=None)
        assert outcome.report.errors == ()
        after = path.read_bytes()
        left = pipeline.check([path], lambda _: policy).report.findings
    assert [finding for finding in left if finding.fixable] == []
    added = re.sub(rb"(\r?\n)?[ \t>]*,?[ \t]*\w+_regularizer=[\w.]+\.l2\([^()]*\),?", b"", after)
    added = re.sub(rb", regularizers|\r?\nfrom keras import regularizers(?=\r?\n)", b"", added)
    assert _code(added) == _code(data)


def _code(data: bytes) -> Any:
    """The lines without the ends at which a call may be broken."""
    return re.sub(rb"[\s,>]+", b"", data)
