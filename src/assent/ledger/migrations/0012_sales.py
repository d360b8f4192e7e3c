"""Sales of listings, and the triggers that hold them to their accounts.

The account of a listing equals its sales that wait: PostgreSQL checks when the transaction ends,
SQLite at each transfer, after the sales that it belongs to were written. What a scrip may reach
holds for listings as it does for bounties.
"""

import django.db.models.deletion
from django.apps.registry import Apps as StateApps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def held_in(account: str) -> str:
    """What the account of a listing holds."""
    return f"""(
  (SELECT COALESCE(SUM(amount), 0) FROM ledger_transfer
    WHERE credit_id = {account} AND kind IN ('posted', 'post'))
  - (SELECT COALESCE(SUM(amount), 0) FROM ledger_transfer
    WHERE debit_id = {account} AND kind IN ('posted', 'post')))"""


def waiting_in(account: str) -> str:
    """What its sales that wait were bought for."""
    return f"""(SELECT COALESCE(SUM(s.price), 0) FROM ledger_sale s
    WHERE s.listing_id = (SELECT holder FROM ledger_account WHERE id = {account})
      AND s.state = 'waiting')"""


def of_a_listing(account: str) -> str:
    """Whether this is the account of a listing."""
    return f"EXISTS (SELECT 1 FROM ledger_account WHERE id = {account} AND kind = 'sale')"


def level(rating: str) -> str:
    """How high a rating is."""
    return f"CASE {rating} WHEN 'sfw' THEN 0 WHEN 'suggestive' THEN 1 ELSE 2 END"


# What goes into a bounty's escrow or the account of a listing: the scrip is enabled and reaches so
# high, and for a bounty it is one that funds bounties.
UNALLOWED = f"""EXISTS (SELECT 1 FROM ledger_account a
    LEFT JOIN ledger_scrip s ON s.code = a.scrip
    LEFT JOIN catalogue_item i ON i.id = a.holder
    WHERE a.id = NEW.credit_id AND a.kind IN ('escrow', 'sale') AND (
      s.code IS NULL OR NOT s.enabled OR (a.kind = 'escrow' AND NOT s.funds_bounties)
      OR (i.id IS NOT NULL AND {level("i.rating")} > {level("s.ceiling")})))"""
UNEQUAL = "the account of a listing equals its sales"
TERMS = ("listing_id", "buyer_id", "seller_id", "price", "fee", "licence")
SQLITE = [
    f"""CREATE TRIGGER ledger_sale_in AFTER INSERT ON ledger_transfer
        WHEN NEW.kind IN ('posted', 'post') AND {of_a_listing("NEW.credit_id")}
          AND {held_in("NEW.credit_id")} > {waiting_in("NEW.credit_id")}
        BEGIN SELECT RAISE(ABORT, '{UNEQUAL}'); END""",
    f"""CREATE TRIGGER ledger_sale_out AFTER INSERT ON ledger_transfer
        WHEN NEW.kind = 'posted' AND {of_a_listing("NEW.debit_id")}
          AND {held_in("NEW.debit_id")} < {waiting_in("NEW.debit_id")}
        BEGIN SELECT RAISE(ABORT, '{UNEQUAL}'); END""",
    f"""CREATE TRIGGER ledger_sale_fixed BEFORE UPDATE OF {", ".join(TERMS)} ON ledger_sale
       BEGIN SELECT RAISE(ABORT, 'the terms of a sale are never edited'); END""",
    """CREATE TRIGGER ledger_sale_no_delete BEFORE DELETE ON ledger_sale
       BEGIN SELECT RAISE(ABORT, 'a sale is never deleted'); END""",
    "DROP TRIGGER ledger_scrip_ceiling",
    f"""CREATE TRIGGER ledger_scrip_ceiling BEFORE INSERT ON ledger_transfer WHEN {UNALLOWED}
        BEGIN SELECT RAISE(ABORT, 'this scrip may not fund this'); END""",
]
POSTGRES = [
    f"""CREATE FUNCTION ledger_sale_equals() RETURNS trigger LANGUAGE plpgsql AS
        $$ DECLARE account bigint; BEGIN
          FOREACH account IN ARRAY ARRAY[NEW.debit_id, NEW.credit_id] LOOP
            IF {of_a_listing("account")} AND {held_in("account")} <> {waiting_in("account")} THEN
              RAISE EXCEPTION '{UNEQUAL}' USING ERRCODE = 'integrity_constraint_violation';
            END IF;
          END LOOP;
          RETURN NULL; END $$""",
    """CREATE CONSTRAINT TRIGGER ledger_sale_equals AFTER INSERT ON ledger_transfer
       DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_sale_equals()""",
    """CREATE FUNCTION ledger_sale_stays() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'the terms of a sale are never edited, and a sale is never deleted'
          USING ERRCODE = 'integrity_constraint_violation'; END $$""",
    f"""CREATE TRIGGER ledger_sale_fixed BEFORE UPDATE OF {", ".join(TERMS)} ON ledger_sale
       FOR EACH ROW EXECUTE FUNCTION ledger_sale_stays()""",
    """CREATE TRIGGER ledger_sale_no_delete BEFORE DELETE ON ledger_sale
       FOR EACH ROW EXECUTE FUNCTION ledger_sale_stays()""",
    f"""CREATE OR REPLACE FUNCTION ledger_scrip_ceiling() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF ({UNALLOWED}) THEN RAISE EXCEPTION 'this scrip may not fund this'
          USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$""",
]


def forward(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    for statement in SQLITE if is_sqlite else POSTGRES:
        schema_editor.execute(statement)


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0007_listing_price'),
        ('ledger', '0011_stripe_rail'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='account',
            name='kind',
            field=models.CharField(choices=[('issue', 'issue'), ('member', 'member'), ('escrow', 'escrow'), ('sale', 'sale'), ('cashed', 'cashed'), ('fees', 'fees')], max_length=10),
        ),
        migrations.AlterField(
            model_name='transfer',
            name='cause',
            field=models.CharField(choices=[('grant', 'grant'), ('pledge', 'pledge'), ('refund', 'refund'), ('payout', 'payout'), ('purchase', 'purchase'), ('chargeback', 'chargeback'), ('gift', 'gift'), ('cashout', 'cashout'), ('fee', 'fee'), ('sale', 'sale'), ('commission', 'commission')], max_length=16),
        ),
        migrations.CreateModel(
            name='Sale',
            fields=[
                ('id', models.CharField(max_length=12, primary_key=True, serialize=False)),
                ('price', models.PositiveIntegerField()),
                ('fee', models.PositiveIntegerField()),
                ('licence', models.CharField(blank=True, max_length=20)),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('settled', 'settled'), ('returned', 'returned')], max_length=8)),
                ('at', models.DateTimeField(db_index=True)),
                ('due_at', models.DateTimeField()),
                ('doubt', models.CharField(blank=True, max_length=20)),
                ('opened_at', models.DateTimeField(null=True)),
                ('settled_at', models.DateTimeField(null=True)),
                ('buyer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bought', to=settings.AUTH_USER_MODEL)),
                ('listing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sales', to='catalogue.listing')),
                ('seller', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sold', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['state', 'due_at'], name='ledger_sale_state_b2af44_idx')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'returned'), _negated=True), fields=('listing', 'buyer'), name='one_sale_that_lasts'), models.CheckConstraint(condition=models.Q(('price__gt', models.F('fee'))), name='sale_leaves_a_share'), models.CheckConstraint(condition=models.Q(('buyer', models.F('seller')), _negated=True), name='sale_two_people')],
            },
        ),
        migrations.RunPython(forward, migrations.RunPython.noop),
    ]
