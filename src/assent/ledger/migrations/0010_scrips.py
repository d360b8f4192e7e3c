"""Scrips and rails as data, and the triggers that hold every transfer to them."""

import django.db.models.deletion
from django.apps.registry import Apps as StateApps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# Code, name, ceiling, funds bounties, cashes out, enabled; and the rails that sell it.
SCRIPS = (
    ("credit", "Credits", "suggestive", True, True, True, ("sandbox", "gift", "grant")),
    # For mature fiction: there as data, switched off, sold by nobody.
    ("mature", "Credits for mature fiction", "explicit", True, False, False, ()),
)


def level(rating: str) -> str:
    """How high a rating is."""
    return f"CASE {rating} WHEN 'sfw' THEN 0 WHEN 'suggestive' THEN 1 ELSE 2 END"


# What goes into a bounty's escrow: the scrip is enabled, funds bounties, and reaches so high.
UNALLOWED = f"""EXISTS (SELECT 1 FROM ledger_account a
    LEFT JOIN ledger_scrip s ON s.code = a.scrip
    LEFT JOIN catalogue_item i ON i.id = a.holder
    WHERE a.id = NEW.credit_id AND a.kind = 'escrow' AND (
      s.code IS NULL OR NOT s.enabled OR NOT s.funds_bounties
      OR (i.id IS NOT NULL AND {level("i.rating")} > {level("s.ceiling")})))"""
# What is cashed out: the scrip is one that is.
NOT_MONEY = """EXISTS (SELECT 1 FROM ledger_account a LEFT JOIN ledger_scrip s ON s.code = a.scrip
    WHERE a.id = NEW.debit_id AND NEW.cause IN ('cashout', 'fee')
      AND (s.code IS NULL OR NOT s.cashes_out))"""
# Credits never turn from one scrip into another.
TURNED = """(SELECT scrip FROM ledger_account WHERE id = NEW.debit_id)
    <> (SELECT scrip FROM ledger_account WHERE id = NEW.credit_id)"""
# A rail that allows no adult work sells no scrip that reaches it.
REACHES = f"""EXISTS (SELECT 1 FROM ledger_scrip s WHERE s.code = NEW.scrip_id
    AND NOT NEW.allows_adult AND {level("s.ceiling")} > 1)"""
RAISED = f"""{level("NEW.ceiling")} > 1 AND EXISTS (SELECT 1 FROM ledger_rail r
    WHERE r.scrip_id = NEW.code AND NOT r.allows_adult)"""
CHECKS = (
    ("ledger_scrip_ceiling", "BEFORE INSERT", "ledger_transfer", UNALLOWED,
     "this scrip may not fund this"),
    ("ledger_scrip_money", "BEFORE INSERT", "ledger_transfer", NOT_MONEY,
     "this scrip is not paid out"),
    ("ledger_scrip_one", "BEFORE INSERT", "ledger_transfer", TURNED,
     "a scrip never turns into another"),
    ("ledger_rail_new", "BEFORE INSERT", "ledger_rail", REACHES,
     "this rail may not sell this scrip"),
    ("ledger_rail_kept", "BEFORE UPDATE", "ledger_rail", REACHES,
     "this rail may not sell this scrip"),
    ("ledger_scrip_kept", "BEFORE UPDATE", "ledger_scrip", RAISED,
     "a rail that sells this scrip may not"),
)  # fmt: skip


def statements(vendor: str) -> list[str]:
    """The triggers, as this database writes them."""
    if vendor == "sqlite":
        return [
            f"CREATE TRIGGER {name} {when} ON {table} WHEN {wrong} "
            f"BEGIN SELECT RAISE(ABORT, '{said}'); END"
            for name, when, table, wrong, said in CHECKS
        ]
    found = []
    for name, when, table, wrong, said in CHECKS:
        found.append(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF ({wrong}) THEN RAISE EXCEPTION '{said}' "
            "USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$"
        )
        found.append(
            f"CREATE TRIGGER {name} {when} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
        )
    return found


def forward(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    scrip, rail = (apps.get_model("ledger", name) for name in ("Scrip", "Rail"))
    for code, name, ceiling, funds, cashes, enabled, rails in SCRIPS:
        row = scrip.objects.create(
            code=code, name=name, ceiling=ceiling, funds_bounties=funds, cashes_out=cashes,
            enabled=enabled,
        )  # fmt: skip
        for one in rails:
            rail.objects.create(code=one, scrip=row, allows_adult=False)
    for statement in statements(schema_editor.connection.vendor):
        schema_editor.execute(statement)


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0009_cashing_out'),
        ('catalogue', '0006_search_words'),
    ]

    operations = [
        migrations.CreateModel(
            name='Scrip',
            fields=[
                ('code', models.CharField(max_length=12, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=40)),
                ('ceiling', models.CharField(choices=[('sfw', 'sfw'), ('suggestive', 'suggestive'), ('explicit', 'explicit')], max_length=10)),
                ('funds_bounties', models.BooleanField()),
                ('cashes_out', models.BooleanField()),
                ('enabled', models.BooleanField()),
            ],
        ),
        migrations.CreateModel(
            name='Rail',
            fields=[
                ('code', models.CharField(max_length=12, primary_key=True, serialize=False)),
                ('allows_adult', models.BooleanField()),
                ('scrip', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rails', to='ledger.scrip')),
            ],
        ),
        migrations.RunPython(forward, migrations.RunPython.noop),
    ]
