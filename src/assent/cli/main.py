"""The `assent` command. Subcommands are loaded when they are called, so that each starts fast."""

from __future__ import annotations

import importlib
import sys
from typing import NoReturn

import click

from assent.cli.errors import OutsideFailure, UserMistake

# Name -> "module:attribute". Nothing is imported before the command is asked for.
COMMANDS: dict[str, str] = {
    "add-member": "assent.cli.people:add_member",
    "audit": "assent.cli.audit:audit",
    "audit check": "assent.cli.audit_check:check",
    "audit gone": "assent.cli.audit_gone:gone",
    "audit shop": "assent.cli.audit_shop:shop",
    "audit label": "assent.cli.audit_label:label",
    "compare": "assent.cli.compare:compare",
    "cybertip": "assent.cli.minors:cybertip",
    "drill": "assent.cli.drill:drill",
    "dump": "assent.cli.openbooks:dump",
    "evaluate": "assent.cli.evaluate:evaluate",
    "export-labels": "assent.cli.statements:export_labels",
    "export-statements": "assent.cli.statements:export_statements",
    "export-research": "assent.cli.statements:export_research",
    "gazetteer": "assent.cli.gazetteer:gazetteer",
    "gift-code": "assent.cli.people:gift_code",
    "grant-credits": "assent.cli.people:grant_credits",
    "inspect": "assent.cli.inspect:inspect",
    "notice": "assent.cli.notice:notice",
    "policy": "assent.cli.policy:policy",
    "prove-case": "assent.cli.inclusion:prove_case",
    "quarantine": "assent.cli.minors:quarantine",
    "report": "assent.cli.openbooks:report",
    "screen": "assent.cli.screen:screen",
    "sweep": "assent.cli.sweep:sweep",
    "sweep settle": "assent.cli.sweep:settle",
    "sweep undo": "assent.cli.sweep:undo",
    "token": "assent.cli.token:token",
    "up": "assent.cli.up:up",
    "rotate-consent-key": "assent.cli.consent:rotate_consent_key",
    "verify-consent": "assent.cli.books:verify_consent",
    "verify-journal": "assent.cli.books:verify_journal",
    "verify-ledger": "assent.cli.books:verify_ledger",
    "reconcile": "assent.cli.books:reconcile",
    "verify-proof": "assent.cli.inclusion:verify_proof",
    "verify-evidence": "assent.cli.evidence:verify_evidence",
    "verify-receipt": "assent.cli.consent:verify_receipt",
    "verify-roots": "assent.cli.roots:verify_roots",
    "verify-statement": "assent.cli.consent:verify_statement",
    "work": "assent.cli.up:work",
}

_STEPS = """Screen, run and audit a marketplace in which a likeness needs consent.

\b
Try it: a marketplace with invented people in your browser
  assent up --demo
\b
Look at words and files before you publish them
  assent screen listings.jsonl > verdicts.jsonl
  assent evaluate labelled.jsonl
  assent inspect model.safetensors picture.png
  assent compare model.safetensors other.safetensors
\b
Measure any marketplace from its export
  assent audit bounties.jsonl --out report
  assent audit label bounties.jsonl
\b
Run it, and prove what it did
  assent up --data DIR
  assent verify-ledger --data DIR
  assent reconcile --data DIR
  assent verify-journal --data DIR
  assent verify-consent --data DIR

Every command explains itself with --help. Exit codes: 0 done, 1 found what it
was asked to look for, 2 your mistake, 3 something outside failed.
"""


class LazyGroup(click.Group):
    """A group that imports a subcommand only when it is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all subcommands."""
        return sorted({*super().list_commands(ctx), *COMMANDS})

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command of two words before one of its first word."""
        if " ".join(args[:2]) in COMMANDS:
            args = [" ".join(args[:2]), *args[2:]]
        return super().resolve_command(ctx, args)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a subcommand, importing it now."""
        target = COMMANDS.get(cmd_name)
        if target is None:
            return super().get_command(ctx, cmd_name)
        module, _, attribute = target.partition(":")
        command = getattr(importlib.import_module(module), attribute)
        if not isinstance(command, click.Command):
            raise TypeError(f"{target} is not a command")
        return command


@click.group(cls=LazyGroup, help=_STEPS)
@click.version_option(package_name="assent", prog_name="assent")
def commands() -> None:
    """All subcommands."""


def main(args: list[str] | None = None) -> NoReturn:
    """Run the command line; the one place where a failure becomes an exit code."""
    sys.exit(run(args))


def run(args: list[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    try:
        result = commands.main(args=args, prog_name="assent", standalone_mode=False)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.Abort:
        click.echo("Stopped.", err=True)
        return 3
    except click.ClickException as mistake:
        mistake.show()
        return 2
    except UserMistake as mistake:
        click.echo(f"assent: {mistake}", err=True)
        return 2
    except BrokenPipeError:
        # The reader went away, as `head` does; there is nobody left to tell.
        sys.stdout = None
        return 3
    except (OutsideFailure, OSError) as failure:
        click.echo(f"assent: {failure}", err=True)
        return 3
    return result if isinstance(result, int) else 0


if __name__ == "__main__":
    main()
