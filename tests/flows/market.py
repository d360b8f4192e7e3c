"""Short words for what people do in a marketplace, so that a test reads as a story."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from assent.catalogue.context import waiting_files_of
from assent.catalogue.models import Item
from assent.core.access import Actor
from assent.core.casework import Ruling
from assent.core.ledger import Balance, escrow, member
from assent.core.notices import NoticeForm
from assent.core.offers import BountyDraft
from assent.core.terms import ItemState, Role, WorkType
from assent.flows.accept_agreement import accept_agreement
from assent.flows.add_member import add_member
from assent.flows.add_version import add_version
from assent.flows.file_notice import Receipt, file_notice
from assent.flows.grant_credits import grant_credits
from assent.flows.hand_in_entry import hand_in_entry
from assent.flows.open_file import open_file
from assent.flows.post_bounty import post_bounty
from assent.flows.publish_listing import Offer, publish_listing
from assent.flows.save_draft import save_draft
from assent.flows.scan_file import scan_file
from assent.gateways import clock
from assent.ledger.queries import balance_of
from assent.people.queries import Member
from tests.core.files.files_made import lora, picture

HOUSE = Actor("house")

# Titles that screening allows, holds and refuses, for reasons that will not change.
FOX = "A watercolour fox"
OWN_FACE = "My own face as a LoRA"
UNSURE = "A mystery woman"
SINGER = "LoRA of Taylor Swift"


def join(name: str, credits_: int = 0, role: Role = Role.MEMBER) -> Member:
    """Somebody new, with this many credits."""
    who = add_member(name, f"{name}@example.org", "a long password", role, by=HOUSE)
    accept_agreement(who)
    if credits_:
        grant_credits(who.party, credits_, f"welcome:{who.key}", by=HOUSE)
    return who


def words(title: str = FOX, credits_: int = 100, days: int = 30, **more: Any) -> BountyDraft:
    """A bounty as somebody writes it; its deadline is this many days from now."""
    deadline = clock.now().date() + timedelta(days=days)
    found = {"description": "Loose brush work.", "work_type": WorkType.LORA, "tags": ("fox",)}
    return BountyDraft(title=title, credits=credits_, deadline=deadline, **(found | more))


def drafted(who: Member, title: str = FOX, credits_: int = 100, **more: Any) -> str:
    """A draft of theirs, by its id."""
    return save_draft(who, words(title, credits_, **more))


def posted(who: Member, title: str = FOX, credits_: int = 100, **more: Any) -> str:
    """A bounty that they posted, wherever screening put it."""
    bounty = drafted(who, title, credits_, **more)
    post_bounty(who, bounty)
    return bounty


def ruled(who: Member, title: str, **more: Any) -> tuple[str, Ruling]:
    """A bounty that they posted, and what was ruled."""
    bounty = drafted(who, title, **more)
    return bounty, post_bounty(who, bounty)


def lora_file(seed: int = 1, notes: dict[str, str] | None = None) -> SimpleUploadedFile:
    """A tiny LoRA, whose training notes name nobody unless told to."""
    return SimpleUploadedFile("fox.safetensors", lora(seed, notes or {"made_with": "care"}))


def picture_file(seed: int = 1) -> SimpleUploadedFile:
    """A tiny picture, another one for each seed."""
    return SimpleUploadedFile("sample.png", picture(size=(32 + seed, 24)))


def scanned(item: str) -> str:
    """The same item, once the worker has seen its files."""
    for file_id in waiting_files_of(item):
        scan_file(file_id)
    return item


def handed_in(who: Member, bounty: str, seed: int = 1, note: str = "") -> str:
    """An entry of theirs, scanned."""
    return scanned(hand_in_entry(who, bounty, note, [lora_file(seed)], [picture_file(seed)]))


def offered(who: Member, seed: int = 1, title: str = "Misty hills", price: int = 0) -> str:
    """A listing of theirs, scanned."""
    offer = Offer(title, "", WorkType.LORA, ("mist",), "SDXL 1.0", price=price)
    return scanned(publish_listing(who, offer, [lora_file(seed)], [picture_file(seed)]))


def versioned(who: Member, listing: str, name: str = "2.0", seed: int = 7, note: str = "") -> str:
    """A new version of a listing of theirs, scanned."""
    files = [lora_file(seed)], [picture_file(seed)]
    return scanned(add_version(who, listing, name, note, *files))


def opened(who: Member, file_id: str, **more: bool) -> bytes:
    """The bytes of a file as this person gets them."""
    with open_file(who.person, file_id, **more)[1] as stream:
        return stream.read()


def notice(*where: str, **more: Any) -> Receipt:
    """A takedown notice that names these."""
    return file_notice(NoticeForm(where, "me", good_faith=True, signature="x", **more))


def state(item: str) -> ItemState:
    """Where the item is now."""
    return ItemState(Item.objects.values_list("state", flat=True).get(id=item))


def wallet(who: Member) -> Balance:
    """What they have."""
    return balance_of(member(who.key))


def chest(bounty: str) -> Balance:
    """What the bounty's escrow holds."""
    return balance_of(escrow(bounty))


def in_days(days: float) -> AbstractContextManager[None]:
    """This many days from now, for as long as the block lasts."""
    return clock.at(clock.now() + timedelta(days=days))
