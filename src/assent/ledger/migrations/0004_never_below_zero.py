"""The database itself refuses a transfer that its debit account does not cover."""

from django.apps.registry import Apps as StateApps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# What the account can spend: what came in, less what went out, less what is reserved.
AVAILABLE = """(
  (SELECT COALESCE(SUM(amount), 0) FROM ledger_transfer
    WHERE credit_id = NEW.debit_id AND kind IN ('posted', 'post'))
  - (SELECT COALESCE(SUM(amount), 0) FROM ledger_transfer
    WHERE debit_id = NEW.debit_id AND kind IN ('posted', 'post'))
  - (SELECT COALESCE(SUM(p.amount), 0) FROM ledger_transfer p
    WHERE p.debit_id = NEW.debit_id AND p.kind = 'pending'
      AND NOT EXISTS (SELECT 1 FROM ledger_transfer r WHERE r.resolves_id = p.id)))"""
SQLITE = [
    f"""CREATE TRIGGER ledger_transfer_covered BEFORE INSERT ON ledger_transfer
        WHEN NEW.kind IN ('posted', 'pending')
          AND (SELECT kind FROM ledger_account WHERE id = NEW.debit_id) <> 'issue'
          AND NEW.amount > {AVAILABLE}
        BEGIN SELECT RAISE(ABORT, 'an account never goes below zero'); END""",
]
POSTGRES = [
    f"""CREATE FUNCTION ledger_transfer_covered() RETURNS trigger LANGUAGE plpgsql AS
        $$ DECLARE account_kind text; BEGIN
          -- The lock puts rivals in line, so that the sums below are the latest.
          SELECT kind INTO account_kind FROM ledger_account WHERE id = NEW.debit_id FOR UPDATE;
          IF account_kind <> 'issue' AND NEW.amount > {AVAILABLE} THEN
            RAISE EXCEPTION 'an account never goes below zero'
              USING ERRCODE = 'integrity_constraint_violation';
          END IF;
          RETURN NEW; END $$""",
    """CREATE TRIGGER ledger_transfer_covered BEFORE INSERT ON ledger_transfer
       FOR EACH ROW WHEN (NEW.kind IN ('posted', 'pending'))
       EXECUTE FUNCTION ledger_transfer_covered()""",
]


def forward(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    statements = SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRES
    for statement in statements:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_immutable")]
    operations = [migrations.RunPython(forward, migrations.RunPython.noop)]
