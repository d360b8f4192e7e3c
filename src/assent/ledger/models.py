"""Accounts and transfers. A transfer is one row with a debit and a credit account, so a book that
does not balance cannot be written down. Database triggers refuse any edit or delete."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from assent.core.cashouts import AccountState, BankKind, CashoutState
from assent.core.ledger import AccountKind, Cause, PayoutState, SaleState, TransferKind
from assent.core.purchases import EventKind, PurchaseState
from assent.core.terms import Rating


class Account(models.Model):
    """A ledger account; `name` is `kind:holder:scrip`, as in `escrow:7k3m…:credit`."""

    name = models.CharField(max_length=60, unique=True)
    kind = models.CharField(max_length=10, choices=[(k.value, k.value) for k in AccountKind])
    holder = models.CharField(max_length=24, blank=True)
    scrip = models.CharField(max_length=12, default="credit")


class Transfer(models.Model):
    """One positive amount from the debit account to the credit account. `resolves` points a
    post, void or expire row at the pending one that it settles, at most once. `promo` of the
    credits are promotional and `earned` were earned by whoever they leave."""

    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=8, choices=[(k.value, k.value) for k in TransferKind])
    debit = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="debits")
    credit = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="credits")
    amount = models.BigIntegerField()
    cause = models.CharField(max_length=16, choices=[(c.value, c.value) for c in Cause])
    subject = models.CharField(max_length=24, blank=True, db_index=True)
    promo = models.BigIntegerField(default=0)
    earned = models.BigIntegerField(default=0)
    resolves = models.OneToOneField("self", null=True, on_delete=models.PROTECT)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="transfer_positive"),
            models.CheckConstraint(condition=~Q(debit=F("credit")), name="transfer_two_accounts"),
            models.CheckConstraint(
                condition=Q(kind__in=["posted", "pending"], resolves__isnull=True)
                | Q(kind__in=["post", "void", "expire"], resolves__isnull=False),
                name="transfer_resolves",
            ),
            models.CheckConstraint(
                condition=Q(promo__gte=0, earned__gte=0, amount__gte=F("promo") + F("earned")),
                name="transfer_origins",
            ),
            # Promotional and bought credits never leave as money.
            models.CheckConstraint(
                condition=~Q(cause__in=["cashout", "fee"]) | Q(earned=F("amount")),
                name="transfer_cashes_earned",
            ),
        ]


class Payout(models.Model):
    """What a creator gets for one pledge; at most one per (bounty, pledge, entry)."""

    id = models.CharField(primary_key=True, max_length=12)
    bounty = models.ForeignKey("catalogue.Bounty", on_delete=models.PROTECT)
    pledge = models.ForeignKey("catalogue.Pledge", on_delete=models.PROTECT)
    entry = models.ForeignKey("catalogue.Entry", on_delete=models.PROTECT)
    creator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    amount = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=[(s.value, s.value) for s in PayoutState])
    due_at = models.DateTimeField(db_index=True)
    doubt = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["bounty", "pledge", "entry"], name="one_payout_per_pledge_and_entry"
            )
        ]


class Sale(models.Model):
    """Somebody bought a listing: at most one that lasts for each (listing, buyer). `licence` is
    the one that it had on that day, `opened_at` when the buyer first downloaded a file."""

    id = models.CharField(primary_key=True, max_length=12)
    listing = models.ForeignKey("catalogue.Listing", on_delete=models.PROTECT, related_name="sales")
    buyer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="bought"
    )
    seller = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="sold"
    )
    price = models.PositiveIntegerField()
    fee = models.PositiveIntegerField()
    licence = models.CharField(max_length=20, blank=True)
    state = models.CharField(max_length=8, choices=[(s.value, s.value) for s in SaleState])
    at = models.DateTimeField(db_index=True)
    due_at = models.DateTimeField()
    doubt = models.CharField(max_length=20, blank=True)
    opened_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "due_at"])]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["listing", "buyer"],
                condition=~Q(state=SaleState.RETURNED.value),
                name="one_sale_that_lasts",
            ),
            models.CheckConstraint(condition=Q(price__gt=F("fee")), name="sale_leaves_a_share"),
            models.CheckConstraint(condition=~Q(buyer=F("seller")), name="sale_two_people"),
        ]


class Purchase(models.Model):
    """Somebody wants to buy credits: written before the provider is asked."""

    id = models.CharField(primary_key=True, max_length=12)
    buyer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="purchases"
    )
    credits = models.PositiveIntegerField()
    cents = models.PositiveIntegerField()
    provider = models.CharField(max_length=12)
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in PurchaseState])
    at = models.DateTimeField(db_index=True)
    settled_at = models.DateTimeField(null=True)


class PaymentEvent(models.Model):
    """Something that a provider told us: each counts once."""

    id = models.CharField(primary_key=True, max_length=80)
    purchase = models.ForeignKey(Purchase, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=10, choices=[(k.value, k.value) for k in EventKind])
    cents = models.PositiveIntegerField()
    at = models.DateTimeField()


class GiftCode(models.Model):
    """Credits for whoever has the code, once. The code itself is kept as a digest alone."""

    id = models.CharField(primary_key=True, max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    credits = models.PositiveIntegerField()
    expires_at = models.DateTimeField()
    redeemed_at = models.DateTimeField(null=True)
    redeemed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="gifts"
    )


class PayoutAccount(models.Model):
    """Where a member is paid out to: the provider knows the person and the bank, we keep a keyed
    digest of who it is, so that one person behind two log-ins can be seen."""

    id = models.CharField(primary_key=True, max_length=12)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="payout_accounts"
    )
    provider = models.CharField(max_length=12)
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in AccountState])
    identity = models.CharField(max_length=64, blank=True, db_index=True)
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)


class Cashout(models.Model):
    """Earned credits that somebody asked to have paid out as money."""

    id = models.CharField(primary_key=True, max_length=12)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="cashouts"
    )
    account = models.ForeignKey(PayoutAccount, on_delete=models.PROTECT, related_name="cashouts")
    credits = models.PositiveIntegerField()
    fee = models.PositiveIntegerField()
    cents = models.PositiveIntegerField()
    state = models.CharField(
        max_length=10, choices=[(s.value, s.value) for s in CashoutState], db_index=True
    )
    at = models.DateTimeField(db_index=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(max_length=300, blank=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(credits__gt=F("fee"), cents__gt=0), name="cashout_positive"
            )
        ]


class BankMessage(models.Model):
    """Something that a provider told us of an account or a payout: each counts once."""

    id = models.CharField(primary_key=True, max_length=80)
    kind = models.CharField(max_length=10, choices=[(k.value, k.value) for k in BankKind])
    about = models.CharField(max_length=12)
    at = models.DateTimeField()


class BookCheck(models.Model):
    """What a check of the books found; while the latest one found a fault, nothing is paid out."""

    at = models.DateTimeField(db_index=True)
    transfers = models.PositiveIntegerField()
    faults = models.JSONField(default=list)
    differences = models.JSONField(default=list)


class Scrip(models.Model):
    """A currency as data: the database refuses a transfer that its row does not allow."""

    code = models.CharField(primary_key=True, max_length=12)
    name = models.CharField(max_length=40)
    ceiling = models.CharField(max_length=10, choices=[(r.value, r.value) for r in Rating])
    funds_bounties = models.BooleanField()
    cashes_out = models.BooleanField()
    enabled = models.BooleanField()


class Rail(models.Model):
    """A way to pay for a scrip; `allows_adult` is what its contract says."""

    code = models.CharField(primary_key=True, max_length=12)
    scrip = models.ForeignKey(Scrip, on_delete=models.PROTECT, related_name="rails")
    allows_adult = models.BooleanField()
