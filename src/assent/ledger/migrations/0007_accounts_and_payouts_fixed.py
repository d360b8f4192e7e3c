"""The database itself refuses to rename or delete an account, or to change what a payout is for."""

from django.apps.registry import Apps as StateApps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# A payout's state moves on; whom it pays, for which pledge and entry, and how much never do.
TERMS = ("bounty_id", "pledge_id", "entry_id", "creator_id", "amount")
SQLITE = [
    """CREATE TRIGGER ledger_account_no_update BEFORE UPDATE ON ledger_account
       BEGIN SELECT RAISE(ABORT, 'an account is never edited'); END""",
    """CREATE TRIGGER ledger_account_no_delete BEFORE DELETE ON ledger_account
       BEGIN SELECT RAISE(ABORT, 'an account is never deleted'); END""",
    f"""CREATE TRIGGER ledger_payout_fixed BEFORE UPDATE OF {", ".join(TERMS)} ON ledger_payout
       BEGIN SELECT RAISE(ABORT, 'the terms of a payout are never edited'); END""",
    """CREATE TRIGGER ledger_payout_no_delete BEFORE DELETE ON ledger_payout
       BEGIN SELECT RAISE(ABORT, 'a payout is never deleted'); END""",
    """CREATE TRIGGER ledger_payout_positive BEFORE INSERT ON ledger_payout WHEN NEW.amount < 1
       BEGIN SELECT RAISE(ABORT, 'a payout is above zero'); END""",
]
POSTGRES = [
    """CREATE FUNCTION ledger_fixed() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'accounts and the terms of payouts never change'
          USING ERRCODE = 'integrity_constraint_violation'; END $$""",
    """CREATE TRIGGER ledger_account_no_change BEFORE UPDATE OR DELETE ON ledger_account
       FOR EACH ROW EXECUTE FUNCTION ledger_fixed()""",
    f"""CREATE TRIGGER ledger_payout_fixed BEFORE UPDATE OF {", ".join(TERMS)} ON ledger_payout
       FOR EACH ROW EXECUTE FUNCTION ledger_fixed()""",
    """CREATE TRIGGER ledger_payout_no_delete BEFORE DELETE ON ledger_payout
       FOR EACH ROW EXECUTE FUNCTION ledger_fixed()""",
    """CREATE TRIGGER ledger_payout_positive BEFORE INSERT ON ledger_payout
       FOR EACH ROW WHEN (NEW.amount < 1) EXECUTE FUNCTION ledger_fixed()""",
]


def forward(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    statements = SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRES
    for statement in statements:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0006_escrow_equals_pledges")]
    operations = [migrations.RunPython(forward, migrations.RunPython.noop)]
