"""`assent policy`: the versions of the rules, and what changed from one to another."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assent.cli.errors import UserMistake

if TYPE_CHECKING:
    from assent.core.screening.policy import Policy


@click.group("policy")
def policy() -> None:
    """See the versions of the rules, and what changed between two."""


@policy.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON record a line.")
def list_(as_json: bool) -> None:
    """Print every version that ships, oldest first, with its start."""
    from assent.core.screening.policies import default_policy, shipped_policies

    in_force = default_policy().id
    for one in shipped_policies():
        rules = [rule.id for rule in one.rules]
        if as_json:
            record = {"id": one.id, "starts_at": one.starts_at.isoformat(), "rules": rules}
            click.echo(json.dumps(record | {"in_force": one.id == in_force}))
            continue
        word = "in force" if one.id == in_force else ""
        click.echo(f"{one.id:<16}from {one.starts_at.isoformat()}  {len(rules)} rules  {word}")


@policy.command("diff")
@click.argument("before")
@click.argument("after")
def diff(before: str, after: str) -> int:
    """Print what changed from BEFORE to AFTER, each an id or a draft's file (.toml).

    Exit code 1 says that they differ.
    """
    from assent.core.screening.policy_diff import diff as differences

    changes = differences(_find(before), _find(after))
    for change in changes:
        click.echo(f"{change.how} {change.what}")
        for mark, text in (("-", change.before), ("+", change.after)):
            if text:
                click.echo(f"  {mark} {text}")
    if not changes:
        click.echo("The two decide alike.")
    return 1 if changes else 0


def _find(name: str) -> Policy:
    from assent.core.screening.policies import shipped_policies

    if name.endswith(".toml"):
        return read_policy(Path(name))
    known = {one.id: one for one in shipped_policies()}
    if name not in known:
        raise UserMistake(f"there is no policy version {name}; there are: {', '.join(known)}")
    return known[name]


def read_policy(path: Path) -> Policy:
    """Return the draft in a file, or say what is wrong with it."""
    from assent.core.screening.policies import parse_policy
    from assent.core.screening.policy import PolicyError

    try:
        return parse_policy(path.read_text())
    except (OSError, UnicodeDecodeError) as error:
        raise UserMistake(f"{path} cannot be read: {error}") from error
    except PolicyError as error:
        raise UserMistake(f"{path}: {error}") from error
