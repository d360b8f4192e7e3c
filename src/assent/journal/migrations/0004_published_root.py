"""The Merkle roots that were published; the database refuses to edit or delete one."""

from django.apps.registry import Apps as StateApps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SQLITE = [
    """CREATE TRIGGER published_root_no_update BEFORE UPDATE ON journal_publishedroot
       BEGIN SELECT RAISE(ABORT, 'a published root is never edited'); END""",
    """CREATE TRIGGER published_root_no_delete BEFORE DELETE ON journal_publishedroot
       BEGIN SELECT RAISE(ABORT, 'a published root is never deleted'); END""",
]
POSTGRES = [
    """CREATE TRIGGER published_root_no_change BEFORE UPDATE OR DELETE ON journal_publishedroot
       FOR EACH ROW EXECUTE FUNCTION journal_row_immutable()""",
    """CREATE TRIGGER published_root_no_truncate BEFORE TRUNCATE ON journal_publishedroot
       FOR EACH STATEMENT EXECUTE FUNCTION journal_row_immutable()""",
]


def forward(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    statements = SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRES
    for statement in statements:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("journal", "0003_immutable")]
    operations = [
        migrations.CreateModel(
            name="PublishedRoot",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("rows", models.BigIntegerField()),
                ("root", models.CharField(max_length=64)),
            ],
        ),
        migrations.RunPython(forward, migrations.RunPython.noop),
    ]
