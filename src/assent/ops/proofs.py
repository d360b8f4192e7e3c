"""Proves the books and the journal from what is stored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from assent.catalogue.context import depicting_items, escrowed_by_bounty
from assent.consent.queries import grant_terms
from assent.core.consent.cover import in_force
from assent.core.ledger import AccountKind, balances, faults
from assent.core.purses import faults as purse_faults
from assent.journal.queries import Root, chain_faults, hash_at, head, published_roots, root_faults
from assent.ledger.cashouts import faults as cashout_faults
from assent.ledger.purchases import faults as purchase_faults
from assent.ledger.queries import all_rows
from assent.ledger.sales import faults as sale_faults


@dataclass(frozen=True, slots=True)
class LedgerProof:
    """What was counted, and a sentence for each fault."""

    transfers: int
    accounts: int
    faults: tuple[str, ...]


def ledger_proof() -> LedgerProof:
    """Check every transfer, and that each escrow holds exactly its live pledges."""
    rows = list(all_rows())
    books = balances(rows)
    prefix = f"{AccountKind.ESCROW}:"
    escrows = {
        name.removeprefix(prefix).rsplit(":", 1)[0]: balance.posted
        for name, balance in books.items()
        if name.startswith(prefix)
    }
    found = [
        *faults(rows),
        *purse_faults(rows),
        *_escrow_faults(escrows, escrowed_by_bounty()),
        *purchase_faults(),
        *cashout_faults(),
        *sale_faults(),
    ]
    return LedgerProof(len(rows), len(books), tuple(found))


def _escrow_faults(escrows: dict[str, int], pledged: dict[str, int]) -> Iterator[str]:
    for bounty in sorted(escrows.keys() | pledged.keys()):
        held, owed = escrows.get(bounty, 0), pledged.get(bounty, 0)
        if held != owed:
            yield f"The escrow of bounty {bounty} holds {held}, its live pledges are {owed}."


@dataclass(frozen=True, slots=True)
class JournalProof:
    """The journal's length and root, and a sentence for each fault."""

    rows: int
    hash: str
    faults: tuple[str, ...]


def journal_proof(
    published: tuple[int, str] | None = None, merkle: Iterable[Root] = ()
) -> JournalProof:
    """Check the chain, the roots of every day, and that roots kept elsewhere are still in it."""
    rows, root = head()
    known = {(one.rows, one.root, one.at): one for _, one in published_roots()}
    known |= {(one.rows, one.root, one.at): one for one in merkle}
    found = [*chain_faults(), *root_faults(known.values())]
    if published is not None and hash_at(published[0]) != published[1]:
        found.append(
            f"The published root at row {published[0]} is not in this journal: "
            "it was rewritten or cut off since."
        )
    return JournalProof(rows, root, tuple(found))


@dataclass(frozen=True, slots=True)
class ConsentProof:
    """How many public items depict somebody, and a sentence for each without a live record."""

    depicting: int
    faults: tuple[str, ...]


def consent_proof(today: date) -> ConsentProof:
    """Check that whatever is public and shows a real person rests on a record in force today."""
    found = list(depicting_items())
    faults = [
        f"The {kind} {item} shows a real person, and no consent record in force covers it."
        for item, kind, grant in found
        if not in_force(grant_terms(grant), today)
    ]
    return ConsentProof(len(found), tuple(faults))
