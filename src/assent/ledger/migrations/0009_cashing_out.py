"""Where credits came from, and cashing out what was earned.

The columns are added as they stand, on both databases: rebuilding the table, as SQLite's usual way
would, loses its triggers. Transfers from before are told apart by the same rules.
"""

from collections.abc import Iterable
from typing import Any

import django.db.models.deletion
import django.db.models.expressions
from django.apps.registry import Apps as StateApps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

COLUMNS = [
    "ALTER TABLE ledger_transfer ADD COLUMN promo bigint NOT NULL DEFAULT 0",
    """ALTER TABLE ledger_transfer ADD COLUMN earned bigint NOT NULL DEFAULT 0
       CONSTRAINT transfer_origins
         CHECK (promo >= 0 AND earned >= 0 AND amount >= promo + earned)
       CONSTRAINT transfer_cashes_earned
         CHECK (cause NOT IN ('cashout', 'fee') OR earned = amount)""",
]
# What came in as earned, less what left of it or is reserved.
EARNED = """(
  (SELECT COALESCE(SUM(CASE WHEN cause = 'payout' THEN amount - promo ELSE earned END), 0)
    FROM ledger_transfer WHERE credit_id = NEW.debit_id AND kind IN ('posted', 'post'))
  - (SELECT COALESCE(SUM(earned), 0) FROM ledger_transfer
    WHERE debit_id = NEW.debit_id AND kind IN ('posted', 'post'))
  - (SELECT COALESCE(SUM(p.earned), 0) FROM ledger_transfer p
    WHERE p.debit_id = NEW.debit_id AND p.kind = 'pending'
      AND NOT EXISTS (SELECT 1 FROM ledger_transfer r WHERE r.resolves_id = p.id)))"""
TERMS = ("owner_id", "account_id", "credits", "fee", "cents")
SQLITE = [
    f"""CREATE TRIGGER ledger_transfer_earned BEFORE INSERT ON ledger_transfer
        WHEN NEW.kind IN ('posted', 'pending') AND NEW.cause IN ('cashout', 'fee')
          AND NEW.amount > {EARNED}
        BEGIN SELECT RAISE(ABORT, 'only earned credits are cashed out'); END""",
    f"""CREATE TRIGGER ledger_cashout_fixed BEFORE UPDATE OF {", ".join(TERMS)} ON ledger_cashout
       BEGIN SELECT RAISE(ABORT, 'the terms of a cash-out are never edited'); END""",
    """CREATE TRIGGER ledger_cashout_no_delete BEFORE DELETE ON ledger_cashout
       BEGIN SELECT RAISE(ABORT, 'a cash-out is never deleted'); END""",
]
POSTGRES = [
    # Whatever inserts a transfer holds the debit account's row already: ledger_transfer_covered.
    f"""CREATE FUNCTION ledger_transfer_earned() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN
          PERFORM 1 FROM ledger_account WHERE id = NEW.debit_id FOR UPDATE;
          IF NEW.amount > {EARNED} THEN
            RAISE EXCEPTION 'only earned credits are cashed out'
              USING ERRCODE = 'integrity_constraint_violation';
          END IF;
          RETURN NEW; END $$""",
    """CREATE TRIGGER ledger_transfer_earned BEFORE INSERT ON ledger_transfer
       FOR EACH ROW WHEN (NEW.kind IN ('posted', 'pending') AND NEW.cause IN ('cashout', 'fee'))
       EXECUTE FUNCTION ledger_transfer_earned()""",
    f"""CREATE TRIGGER ledger_cashout_fixed BEFORE UPDATE OF {", ".join(TERMS)} ON ledger_cashout
       FOR EACH ROW EXECUTE FUNCTION ledger_fixed()""",
    """CREATE TRIGGER ledger_cashout_no_delete BEFORE DELETE ON ledger_cashout
       FOR EACH ROW EXECUTE FUNCTION ledger_fixed()""",
]


# The one time that written transfers change: they are given the two columns that they lacked.
UNLOCK = {
    "sqlite": ["DROP TRIGGER ledger_transfer_no_update"],
    "postgresql": ["ALTER TABLE ledger_transfer DISABLE TRIGGER ledger_transfer_no_change"],
}
LOCK = {
    "sqlite": [
        """CREATE TRIGGER ledger_transfer_no_update BEFORE UPDATE ON ledger_transfer
           BEGIN SELECT RAISE(ABORT, 'a transfer is never edited'); END"""
    ],
    "postgresql": ["ALTER TABLE ledger_transfer ENABLE TRIGGER ledger_transfer_no_change"],
}
READ = """SELECT t.id, t.key, t.kind, t.amount, t.cause, t.resolves_id, t.debit_id, t.credit_id,
    a.kind FROM ledger_transfer t JOIN ledger_account a ON a.id = t.debit_id ORDER BY t.id"""


def origins(rows: Iterable[tuple[Any, ...]]) -> dict[int, tuple[int, int]]:
    """Return (promotional, earned) of each transfer that was written before they were told apart,
    by the rules that hold since: `READ` in the order of writing."""
    purses: dict[int, list[int]] = {}  # promotional, bought, earned
    found: dict[int, tuple[int, int]] = {}
    by_key: dict[str, int] = {}
    for row, key, kind, amount, cause, resolves, debit, credit, from_kind in rows:
        have = purses.setdefault(debit, [0, 0, 0])
        if resolves is not None:
            promo, earned = found[resolves]
        elif from_kind == "issue":
            promo, earned = (amount if cause in ("grant", "gift") else 0), 0
        elif from_kind == "escrow":
            pledge = by_key.get(f"pledge:{key.rsplit(':', 2)[-2 if cause == 'payout' else -1]}")
            promo, earned = found[pledge] if pledge is not None else (0, 0)
        else:
            promo = min(amount, max(0, have[0]))
            bought = min(amount - promo, max(0, have[1]))
            earned = min(amount - promo - bought, max(0, have[2]))
        found[row], by_key[key] = (promo, earned), row
        parts = (promo, amount - promo - earned, earned)
        # A pending transfer leaves at once; voided, it comes back; posted, it has left already.
        if kind in ("posted", "pending"):
            purses[debit] = [h - p for h, p in zip(have, parts, strict=True)]
        elif kind in ("void", "expire"):
            purses[debit] = [h + p for h, p in zip(have, parts, strict=True)]
        if kind in ("posted", "post"):
            came = (promo, 0, amount - promo) if cause == "payout" else parts
            into = purses.setdefault(credit, [0, 0, 0])
            purses[credit] = [h + p for h, p in zip(into, came, strict=True)]
    return found


def forward(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    vendor = schema_editor.connection.vendor
    for statement in COLUMNS:
        schema_editor.execute(statement)
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(READ)
        known = origins(cursor.fetchall())
        if known:
            for statement in UNLOCK[vendor]:
                cursor.execute(statement)
            cursor.executemany(
                "UPDATE ledger_transfer SET promo = %s, earned = %s WHERE id = %s",
                [(promo, earned, row) for row, (promo, earned) in known.items()],
            )
            for statement in LOCK[vendor]:
                cursor.execute(statement)
    for statement in SQLITE if vendor == "sqlite" else POSTGRES:
        schema_editor.execute(statement)


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0008_purchases_and_gifts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='BankMessage',
            fields=[
                ('id', models.CharField(max_length=80, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('confirmed', 'confirmed'), ('declined', 'declined'), ('paid', 'paid'), ('failed', 'failed')], max_length=10)),
                ('about', models.CharField(max_length=12)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='BookCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_index=True)),
                ('transfers', models.PositiveIntegerField()),
                ('faults', models.JSONField(default=list)),
                ('differences', models.JSONField(default=list)),
            ],
        ),
        migrations.CreateModel(
            name='Cashout',
            fields=[
                ('id', models.CharField(max_length=12, primary_key=True, serialize=False)),
                ('credits', models.PositiveIntegerField()),
                ('fee', models.PositiveIntegerField()),
                ('cents', models.PositiveIntegerField()),
                ('state', models.CharField(choices=[('asked', 'asked'), ('approved', 'approved'), ('sending', 'sending'), ('paid', 'paid'), ('failed', 'failed'), ('refused', 'refused'), ('taken_back', 'taken_back')], db_index=True, max_length=10)),
                ('at', models.DateTimeField(db_index=True)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('settled_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='PayoutAccount',
            fields=[
                ('id', models.CharField(max_length=12, primary_key=True, serialize=False)),
                ('provider', models.CharField(max_length=12)),
                ('state', models.CharField(choices=[('begun', 'begun'), ('confirmed', 'confirmed'), ('declined', 'declined')], max_length=10)),
                ('identity', models.CharField(blank=True, db_index=True, max_length=64)),
                ('at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.AlterField(
            model_name='account',
            name='kind',
            field=models.CharField(choices=[('issue', 'issue'), ('member', 'member'), ('escrow', 'escrow'), ('cashed', 'cashed'), ('fees', 'fees')], max_length=10),
        ),
        migrations.AlterField(
            model_name='transfer',
            name='cause',
            field=models.CharField(choices=[('grant', 'grant'), ('pledge', 'pledge'), ('refund', 'refund'), ('payout', 'payout'), ('purchase', 'purchase'), ('chargeback', 'chargeback'), ('gift', 'gift'), ('cashout', 'cashout'), ('fee', 'fee')], max_length=16),
        ),
        migrations.AddField(
            model_name='cashout',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='cashout',
            name='owner',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cashouts', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='payoutaccount',
            name='owner',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payout_accounts', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='cashout',
            name='account',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cashouts', to='ledger.payoutaccount'),
        ),
        migrations.AddConstraint(
            model_name='cashout',
            constraint=models.CheckConstraint(condition=models.Q(('cents__gt', 0), ('credits__gt', models.F('fee'))), name='cashout_positive'),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(forward, migrations.RunPython.noop)],
            state_operations=[
        migrations.AddField(
            model_name='transfer',
            name='earned',
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='transfer',
            name='promo',
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddConstraint(
            model_name='transfer',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gte', django.db.models.expressions.CombinedExpression(models.F('promo'), '+', models.F('earned'))), ('earned__gte', 0), ('promo__gte', 0)), name='transfer_origins'),
        ),
        migrations.AddConstraint(
            model_name='transfer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('cause__in', ['cashout', 'fee']), _negated=True), ('earned', models.F('amount')), _connector='OR'), name='transfer_cashes_earned'),
        ),
            ],
        ),
    ]
