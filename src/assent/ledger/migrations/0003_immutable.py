"""The database itself refuses to edit or delete a transfer."""

from django.apps.registry import Apps as StateApps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SQLITE = [
    """CREATE TRIGGER ledger_transfer_no_update BEFORE UPDATE ON ledger_transfer
       BEGIN SELECT RAISE(ABORT, 'a transfer is never edited'); END""",
    """CREATE TRIGGER ledger_transfer_no_delete BEFORE DELETE ON ledger_transfer
       BEGIN SELECT RAISE(ABORT, 'a transfer is never deleted'); END""",
    """CREATE TRIGGER ledger_transfer_settles BEFORE INSERT ON ledger_transfer
       WHEN NEW.resolves_id IS NOT NULL AND NOT EXISTS (
         SELECT 1 FROM ledger_transfer p WHERE p.id = NEW.resolves_id AND p.kind = 'pending'
           AND p.debit_id = NEW.debit_id AND p.credit_id = NEW.credit_id AND p.amount = NEW.amount)
       BEGIN SELECT RAISE(ABORT, 'a resolution must equal its pending transfer'); END""",
]
POSTGRES = [
    """CREATE FUNCTION ledger_transfer_immutable() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'a transfer is never edited or deleted'
          USING ERRCODE = 'integrity_constraint_violation'; END $$""",
    """CREATE TRIGGER ledger_transfer_no_change BEFORE UPDATE OR DELETE ON ledger_transfer
       FOR EACH ROW EXECUTE FUNCTION ledger_transfer_immutable()""",
    """CREATE TRIGGER ledger_transfer_no_truncate BEFORE TRUNCATE ON ledger_transfer
       FOR EACH STATEMENT EXECUTE FUNCTION ledger_transfer_immutable()""",
    """CREATE FUNCTION ledger_transfer_settles() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN
         IF NOT EXISTS (SELECT 1 FROM ledger_transfer p WHERE p.id = NEW.resolves_id
             AND p.kind = 'pending' AND p.debit_id = NEW.debit_id
             AND p.credit_id = NEW.credit_id AND p.amount = NEW.amount) THEN
           RAISE EXCEPTION 'a resolution must equal its pending transfer'
             USING ERRCODE = 'integrity_constraint_violation';
         END IF;
         RETURN NEW; END $$""",
    """CREATE TRIGGER ledger_transfer_settles BEFORE INSERT ON ledger_transfer
       FOR EACH ROW WHEN (NEW.resolves_id IS NOT NULL)
       EXECUTE FUNCTION ledger_transfer_settles()""",
]


def forward(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    statements = SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRES
    for statement in statements:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_initial")]
    operations = [migrations.RunPython(forward, migrations.RunPython.noop)]
