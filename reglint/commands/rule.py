"""``reglint rule``: what a rule is about, from the docstring of its module."""

from __future__ import annotations

import click

from reglint.commands.output import reader_may_leave


@click.command()
@click.argument("code", required=False)
@click.option("--all", "every", is_flag=True, help="Every rule, as docs/rules.md has them.")
@reader_may_leave()
def rule(code: str | None, every: bool) -> None:
    """Explain the rule CODE: why it is one, a bad and a good example."""
    from reglint.policy.errors import nearest
    from reglint.rules.explain import explain, page
    from reglint.rules.rule import all_rules

    rules = {each.code: each for each in all_rules()}
    if every and code is None:
        click.echo(page(rules.values()), nl=False)
    elif code is None or every:
        raise click.UsageError("give the code of a rule, such as REG101, or --all")
    elif code.upper() in rules:
        click.echo(explain(rules[code.upper()]), nl=False)
    else:
        close = nearest(code, rules)
        hint = f"did you mean {close}?" if close else f"the rules are {', '.join(rules)}"
        raise click.BadParameter(f'no rule "{code}"; {hint}', param_hint="CODE")
