"""A trigger's lock on an account leaves its key alone.

PostgreSQL looks at foreign keys when a transaction ends, and asks for the key of the row that they
name. Whoever holds that row FOR UPDATE and waits for the journal's head, which the other holds,
would wait for ever. No row's key changes here, so that FOR NO KEY UPDATE is lock enough.
"""

from importlib import import_module

from django.apps.registry import Apps as StateApps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

FUNCTIONS = (
    ("0004_never_below_zero", "ledger_transfer_covered"),
    ("0009_cashing_out", "ledger_transfer_earned"),
)


def statements() -> list[str]:
    """The functions as they were written, with the weaker lock."""
    found = []
    for module, name in FUNCTIONS:
        written = import_module(f"assent.ledger.migrations.{module}").POSTGRES
        (function,) = (s for s in written if s.lstrip().startswith(f"CREATE FUNCTION {name}("))
        assert "FOR UPDATE" in function
        replaced = function.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1)
        found.append(replaced.replace("FOR UPDATE", "FOR NO KEY UPDATE"))
    return found


def forward(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for statement in statements():
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0012_sales")]
    operations = [migrations.RunPython(forward, migrations.RunPython.noop)]
