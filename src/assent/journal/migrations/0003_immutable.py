"""The database itself refuses to edit or delete a journal row."""

from django.apps.registry import Apps as StateApps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SQLITE = [
    """CREATE TRIGGER journal_row_no_update BEFORE UPDATE ON journal_journalrow
       BEGIN SELECT RAISE(ABORT, 'a journal row is never edited'); END""",
    """CREATE TRIGGER journal_row_no_delete BEFORE DELETE ON journal_journalrow
       BEGIN SELECT RAISE(ABORT, 'a journal row is never deleted'); END""",
]
POSTGRES = [
    """CREATE FUNCTION journal_row_immutable() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'a journal row is never edited or deleted'
          USING ERRCODE = 'integrity_constraint_violation'; END $$""",
    """CREATE TRIGGER journal_row_no_change BEFORE UPDATE OR DELETE ON journal_journalrow
       FOR EACH ROW EXECUTE FUNCTION journal_row_immutable()""",
    """CREATE TRIGGER journal_row_no_truncate BEFORE TRUNCATE ON journal_journalrow
       FOR EACH STATEMENT EXECUTE FUNCTION journal_row_immutable()""",
]


def forward(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    statements = SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRES
    for statement in statements:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("journal", "0002_initial")]
    operations = [migrations.RunPython(forward, migrations.RunPython.noop)]
