"""Stripe is a rail that allows no adult work and sells ordinary credits."""

from django.apps.registry import Apps as StateApps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def forward(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    rail = apps.get_model("ledger", "Rail")
    rail.objects.get_or_create(code="stripe", defaults={"scrip_id": "credit", "allows_adult": False})


class Migration(migrations.Migration):
    dependencies = [("ledger", "0010_scrips")]
    operations = [migrations.RunPython(forward, migrations.RunPython.noop)]
