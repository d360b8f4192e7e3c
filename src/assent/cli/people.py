"""`assent add-member` and `assent grant-credits`: what an operator does by hand."""

from __future__ import annotations

import secrets
from pathlib import Path

import click

from assent.cli.market import data_option, require_market

ROLES = ("member", "moderator", "operator", "auditor", "reviewer")
REVIEW_DAYS_MAX = 90


@click.command("add-member")
@click.argument("name")
@click.option("--email", required=True, help="Where letters to this person go.")
@click.option("--role", type=click.Choice(ROLES), default="member", show_default=True)
@click.option(
    "--days",
    type=click.IntRange(1, REVIEW_DAYS_MAX),
    help="How long the role counts; a reviewer of a card network or an acquirer needs it.",
)
@click.password_option(help="Asked for where it is not given.")
@data_option
def add_member(
    name: str, email: str, role: str, days: int | None, password: str, data: Path
) -> None:
    """Add a log-in: the way in which moderators, operators, auditors and reviewers get theirs."""
    if (role == "reviewer") != (days is not None):
        raise click.UsageError("A reviewer, and nobody else, needs --days.")
    require_market(data)
    from datetime import timedelta

    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError
    from django.db import IntegrityError

    from assent.core.access import Actor
    from assent.core.terms import Role
    from assent.flows import add_member as adding
    from assent.gateways import clock

    try:
        validate_password(password)
        until = clock.now() + timedelta(days=days) if days else None
        adding.add_member(name, email, password, Role(role), by=Actor("operator"), until=until)
    except ValidationError as error:
        raise click.UsageError(" ".join(error.messages)) from error
    except IntegrityError as error:
        raise click.UsageError(f"There is somebody named {name} already.") from error
    click.echo(f"{name} can sign in now, as {role}.")


@click.command("grant-credits")
@click.argument("name")
@click.argument("amount", type=click.IntRange(1, 1_000_000))
@click.option("--key", default="", help="Makes it happen once, however often it is repeated.")
@data_option
def grant_credits(name: str, amount: int, key: str, data: Path) -> None:
    """Give NAME credits out of the house's own account."""
    require_market(data)
    from django.db import IntegrityError

    from assent.core.access import Actor
    from assent.core.terms import Refused
    from assent.flows import grant_credits as granting
    from assent.people.queries import by_name

    try:
        member = by_name(name)
        once = key or secrets.token_hex(8)
        granting.grant_credits(member.party, amount, f"operator:{once}", by=Actor("operator"))
    except Refused as refused:
        raise click.UsageError(refused.refusal.sentence) from refused
    except IntegrityError as error:
        raise click.UsageError(f"Credits were granted under the key {key} already.") from error
    click.echo(f"{name} has {amount:,} credits more.")


@click.command("gift-code")
@click.argument("credits", type=click.IntRange(1, 100_000))
@click.option("--count", default=1, show_default=True, type=click.IntRange(1, 1000))
@data_option
def gift_code(credits: int, count: int, data: Path) -> None:
    """Make gift codes for CREDITS each. Each is shown this once, works once, and for a year."""
    require_market(data)
    from assent.core.access import Actor
    from assent.flows.redeem_gift import make_gift

    for _ in range(count):
        click.echo(make_gift(credits, by=Actor("operator")))
