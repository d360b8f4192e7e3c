"""The database itself keeps each escrow equal to its live pledges.

PostgreSQL checks it when the transaction ends. SQLite cannot wait so long: there each transfer is
checked by itself, after the pledges that it belongs to were written. What goes in may not lift the
escrow above its live pledges, and what goes out may not leave it below them.
"""

from django.apps.registry import Apps as StateApps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def escrow_of(account: str) -> str:
    """What the escrow holds."""
    return f"""(
  (SELECT COALESCE(SUM(amount), 0) FROM ledger_transfer
    WHERE credit_id = {account} AND kind IN ('posted', 'post'))
  - (SELECT COALESCE(SUM(amount), 0) FROM ledger_transfer
    WHERE debit_id = {account} AND kind IN ('posted', 'post')))"""


def live_of(account: str) -> str:
    """The pledges held in it, and awarded ones whose payout has not been posted."""
    return f"""(SELECT COALESCE(SUM(p.amount), 0) FROM catalogue_pledge p
    WHERE p.bounty_id = (SELECT holder FROM ledger_account WHERE id = {account})
      AND (p.state = 'held' OR (p.state = 'awarded' AND NOT EXISTS (
        SELECT 1 FROM ledger_payout o WHERE o.pledge_id = p.id AND o.state = 'posted'))))"""


def is_escrow(account: str) -> str:
    """Whether the account is the escrow of a bounty."""
    return f"""EXISTS (SELECT 1 FROM ledger_account a JOIN catalogue_bounty b
      ON b.item_id = a.holder WHERE a.id = {account} AND a.kind = 'escrow')"""


SQLITE = [
    f"""CREATE TRIGGER ledger_escrow_in AFTER INSERT ON ledger_transfer
        WHEN NEW.kind IN ('posted', 'post') AND {is_escrow("NEW.credit_id")}
          AND {escrow_of("NEW.credit_id")} > {live_of("NEW.credit_id")}
        BEGIN SELECT RAISE(ABORT, 'an escrow equals its live pledges'); END""",
]
# The states of pledges and payouts are written before a refund, and after a payout is posted.
SQLITE_OUT = f"""CREATE TRIGGER ledger_escrow_out AFTER INSERT ON ledger_transfer
        WHEN NEW.kind = 'posted' AND {is_escrow("NEW.debit_id")}
          AND {escrow_of("NEW.debit_id")} < {live_of("NEW.debit_id")}
        BEGIN SELECT RAISE(ABORT, 'an escrow equals its live pledges'); END"""
POSTGRES = [
    f"""CREATE FUNCTION ledger_escrow_equals() RETURNS trigger LANGUAGE plpgsql AS
        $$ DECLARE account bigint; BEGIN
          FOREACH account IN ARRAY ARRAY[NEW.debit_id, NEW.credit_id] LOOP
            IF {is_escrow("account")} AND {escrow_of("account")} <> {live_of("account")} THEN
              RAISE EXCEPTION 'an escrow equals its live pledges'
                USING ERRCODE = 'integrity_constraint_violation';
            END IF;
          END LOOP;
          RETURN NULL; END $$""",
    """CREATE CONSTRAINT TRIGGER ledger_escrow_equals AFTER INSERT ON ledger_transfer
       DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_escrow_equals()""",
]


def forward(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    for statement in [*SQLITE, SQLITE_OUT] if is_sqlite else POSTGRES:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0005_bounty_life"), ("catalogue", "0004_bounty_life")]
    operations = [migrations.RunPython(forward, migrations.RunPython.noop)]
