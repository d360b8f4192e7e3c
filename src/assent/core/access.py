"""Who may do what. Every answer has a reason, and silence means no."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from assent.core.terms import ItemKind, ItemState, RefusalKind, Role


class Verb(StrEnum):
    """What a person asks to do with an item."""

    SEE = "see"
    SEE_REASONS = "see_reasons"
    EDIT = "edit"
    POST = "post"
    CANCEL = "cancel"
    AMEND = "amend"
    PLEDGE = "pledge"
    UNPLEDGE = "unpledge"
    ENTER = "enter"
    AWARD = "award"
    DOWNLOAD = "download"
    DECIDE = "decide"
    COMMENT = "comment"
    REWORD = "reword"
    WITHDRAW = "withdraw"
    ADD_VERSION = "add_version"
    TRACK = "track"
    BUY = "buy"
    PRICE = "price"


class Scope(StrEnum):
    """What a token may be used for. Every token reads."""

    READ = "read"
    WRITE = "write"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks. `id` is None for a stranger."""

    id: int | None = None
    role: Role = Role.MEMBER


STRANGER = Person()


def role_in_force(role: Role, *, proved: bool, over: bool = False) -> Role:
    """Return the role that counts: a role with power rests until a second factor is proved, where a
    token was not made for it, and once its time is over."""
    return role if proved and not over else Role.MEMBER


def may_make_token(person: Person, scopes: frozenset[Scope]) -> Answer:
    """Return whether the person may make a token with these scopes for themselves."""
    if person.id is None:
        return _SIGN_IN
    if Scope.STAFF in scopes and person.role is Role.MEMBER:
        return Denied("Only a role that counts in this session can be put into a token.")
    return Allowed("it acts for you alone")


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a log-in's journal key, or the name of a part of the machine."""

    key: str
    id: int | None = None


WORKER = Actor("worker")
A_STRANGER = Actor("stranger")


@dataclass(frozen=True, slots=True)
class Facts:
    """What must be known about an item to answer. For an entry, `bounty_state` is its bounty's
    state, `awarded_by` the people who awarded it, `supporters` those whose pledge is still to be
    awarded, and `by_each` whether each of them awards their own. `restricted` entries are for
    supporters alone. `committed` says that somebody else has a stake in a bounty, and `entries`
    whether work was handed in. For a version or a comment, the two fields of the bounty
    are those of the item that it belongs to. `price` is what the listing costs, or the one that a
    version belongs to, `bought_by` whoever paid it, and `doubted` those of them whose sale a
    moderator has yet to look at."""

    kind: ItemKind
    state: ItemState
    owner: int
    bounty_state: ItemState | None = None
    bounty_owner: int | None = None
    awarded_by: frozenset[int] = frozenset()
    supporters: frozenset[int] = frozenset()
    by_each: bool = False
    restricted: bool = False
    committed: bool = False
    entries: bool = False
    price: int = 0
    bought_by: frozenset[int] = frozenset()
    doubted: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Allowed:
    """Yes, and why."""

    reason: str


@dataclass(frozen=True, slots=True)
class Denied:
    """No, and why; `kind` says how the edge answers (not found, gone, not allowed, sign in)."""

    reason: str
    kind: RefusalKind = RefusalKind.NOT_ALLOWED


Answer = Allowed | Denied

_GONE = Denied("It was taken down.", RefusalKind.GONE)
_UNSEEN = Denied("There is nothing here that you can see.", RefusalKind.NOT_FOUND)
_SIGN_IN = Denied("Please sign in first.", RefusalKind.SIGN_IN)


def may(person: Person, verb: Verb, item: Facts) -> Answer:
    """Return whether the person may do this to the item, with the reason."""
    seen = _see(person, item)
    if isinstance(seen, Denied) or verb is Verb.SEE:
        return seen
    if person.id is None and not (verb is Verb.DOWNLOAD and item.kind in _ON_OFFER):
        return _SIGN_IN
    return _RULES[verb](person, item)


def may_use_queue(person: Person) -> Answer:
    """Return whether the person may see what is held and decide on it."""
    if person.id is None:
        return _SIGN_IN
    if person.role.is_staff:
        return Allowed(f"{person.role} works the queue")
    return Denied("Only moderators and operators work the queue.")


def may_see_compliance(person: Person) -> Answer:
    """Return whether the person may see the evidence for the rules of card networks."""
    if person.id is None:
        return _SIGN_IN
    if person.role in (Role.OPERATOR, Role.REVIEWER):
        return Allowed(f"{person.role} looks at the evidence")
    return Denied("Only operators and reviewers of card networks see this.")


def may_run_sweeps(person: Person) -> Answer:
    """Return whether the person may announce a policy version, and carry it to every item."""
    if person.id is None:
        return _SIGN_IN
    if person.role is Role.OPERATOR:
        return Allowed("operators run sweeps")
    return Denied("Only operators run sweeps.")


def _see(person: Person, item: Facts) -> Answer:
    if person.id is not None and person.role.is_staff:
        return Allowed(f"{person.role} sees every item")
    if item.state.is_gone or (item.bounty_state is not None and item.bounty_state.is_gone):
        return _GONE
    if person.id is not None and person.id == item.owner:
        return Allowed("it is yours")
    if item.state.is_public and (item.bounty_state is None or item.bounty_state.is_public):
        if item.restricted and not _has_a_stake(person, item) and not _reviews(person):
            return _UNSEEN
        return Allowed("it is public")
    return _UNSEEN


def _reviews(person: Person) -> bool:
    """Whether a card network or an acquirer looks, who may look behind every door that is open to
    those who paid; never at what is held, hidden or about a case."""
    return person.id is not None and person.role is Role.REVIEWER


def _has_a_stake(person: Person, item: Facts) -> bool:
    return person.id is not None and (
        person.id == item.bounty_owner or person.id in item.supporters | item.awarded_by
    )


def _owner_only(person: Person, item: Facts) -> Answer:
    if person.id == item.owner:
        return Allowed("it is yours")
    return Denied("Only the person who made this can do that.")


def _owner_in(*states: ItemState) -> Callable[[Person, Facts], Answer]:
    def rule(person: Person, item: Facts) -> Answer:
        answer = _owner_only(person, item)
        if isinstance(answer, Denied) or item.state in states:
            return answer
        return Denied(f"This is {item.state} and can no longer be changed that way.")

    return rule


def _reasons(person: Person, item: Facts) -> Answer:
    if person.id == item.owner or person.role.is_staff:
        return Allowed("you are its owner or a moderator")
    return Denied("Only its owner and moderators see why.")


def _pledge(person: Person, item: Facts) -> Answer:
    if item.kind is ItemKind.BOUNTY and item.state is ItemState.OPEN:
        return Allowed("the bounty is open")
    return Denied("Credits can be added only while a bounty is open.")


def _enter(person: Person, item: Facts) -> Answer:
    if item.kind is not ItemKind.BOUNTY or item.state is not ItemState.OPEN:
        return Denied("Work can be handed in only while a bounty is open.")
    if person.id == item.owner:
        return Denied("You cannot hand in work to your own bounty.")
    return Allowed("the bounty is open")


def _amend(person: Person, item: Facts) -> Answer:
    answer = _owner_only(person, item)
    if isinstance(answer, Denied):
        return answer
    if item.kind is not ItemKind.BOUNTY or item.state is not ItemState.OPEN:
        return Denied(f"This is {item.state} and can no longer be changed.")
    if item.committed:
        return Denied("Others have credits or work in it, so its words and deadline are locked.")
    return Allowed("nobody else has a stake in it yet")


def _unpledge(person: Person, item: Facts) -> Answer:
    if item.kind is not ItemKind.BOUNTY or item.state is not ItemState.OPEN:
        return Denied("Credits can be taken back only while a bounty is open.")
    if person.id == item.owner:
        return Denied("This is your own bounty: cancel it instead.")
    if person.id not in item.supporters:
        return Denied("You have no credits in this bounty.")
    if item.entries:
        return Denied("Work has been handed in, so credits stay until it is decided.")
    return Allowed("nothing has been handed in yet")


def _award(person: Person, item: Facts) -> Answer:
    if item.kind is not ItemKind.ENTRY:
        return Denied("Only an entry can be awarded.")
    if item.by_each and person.id not in item.supporters:
        return Denied("Each supporter awards their own share, and you have none to award.")
    if not item.by_each and person.id != item.bounty_owner:
        return Denied("Only the requester of the bounty can award it.")
    if item.owner == person.id:
        return Denied("You cannot award your own entry.")
    if item.state is not ItemState.PUBLISHED and not (
        item.by_each and item.state is ItemState.AWARDED
    ):
        return Denied("This entry is not waiting for an award.")
    if item.bounty_state not in (ItemState.OPEN, ItemState.CLOSED):
        return Denied("This bounty has been decided already.")
    return Allowed("your pledge is yours to award" if item.by_each else "you opened the bounty")


def _download(person: Person, item: Facts) -> Answer:
    if person.id is not None and (person.id == item.owner or person.role.is_staff):
        return Allowed("you are its owner or a moderator")
    if item.kind in _ON_OFFER:
        return _download_offered(person, item)
    if _reviews(person):
        return Allowed("reviewers look behind every public door")
    if person.id in item.awarded_by:
        return Allowed("you awarded it")
    return Denied("The files of an entry open to whoever awarded it, and to nobody else.")


def _download_offered(person: Person, item: Facts) -> Answer:
    if not item.price:
        return Allowed("it is a public listing")
    if person.id is None:
        return _SIGN_IN
    if person.id in item.doubted:
        return Denied(
            "You have bought it, and a moderator looks at the sale before its files open."
        )
    if person.id in item.bought_by:
        return Allowed("you bought it")
    if _reviews(person):
        return Allowed("reviewers look behind every public door")
    return Denied(f"Its files open to whoever bought it, for {item.price:,} credits.")


def _buy(person: Person, item: Facts) -> Answer:
    if item.kind is not ItemKind.LISTING or item.state is not ItemState.PUBLISHED:
        return Denied("Only what is on offer can be bought.")
    if person.id == item.owner:
        return Denied("It is yours.")
    if not item.price:
        return Denied("It is free: nothing has to be paid.")
    if person.id in item.bought_by:
        return Denied("You have bought it.")
    return Allowed("it is on offer")


def _price(person: Person, item: Facts) -> Answer:
    if item.kind is not ItemKind.LISTING:
        return Denied("Only a listing has a price.")
    return _owner_in(ItemState.HELD, ItemState.PUBLISHED)(person, item)


def _decide(person: Person, item: Facts) -> Answer:
    if not person.role.is_staff:
        return Denied("Only moderators and operators decide.")
    if person.id == item.owner:
        return Denied("You cannot decide on your own item.")
    return Allowed(f"you are a {person.role}")


_ON_OFFER = (ItemKind.LISTING, ItemKind.VERSION)
_TALKED_ABOUT = (ItemKind.BOUNTY, ItemKind.LISTING)
_TAKEN_BACK = (ItemKind.LISTING, ItemKind.VERSION, ItemKind.COMMENT)


def _comment(person: Person, item: Facts) -> Answer:
    if item.kind in _TALKED_ABOUT and item.state.is_public:
        return Allowed("it is public")
    return Denied("Comments are for public bounties and listings.")


def _track(person: Person, item: Facts) -> Answer:
    if item.kind not in _TALKED_ABOUT or not item.state.is_public:
        return Denied("Public bounties and listings can be tracked.")
    if person.id == item.owner:
        return Denied("You hear of your own items anyway.")
    return Allowed("it is public")


def _reword(person: Person, item: Facts) -> Answer:
    if item.kind is not ItemKind.COMMENT:
        return Denied("Only a comment can be changed after it was sent.")
    return _owner_in(ItemState.HELD, ItemState.PUBLISHED)(person, item)


def _withdraw(person: Person, item: Facts) -> Answer:
    if item.kind not in _TAKEN_BACK:
        return Denied("Only comments, listings and their versions are withdrawn.")
    return _owner_in(ItemState.HELD, ItemState.PUBLISHED)(person, item)


def _add_version(person: Person, item: Facts) -> Answer:
    if item.kind is not ItemKind.LISTING:
        return Denied("Only a listing has versions.")
    return _owner_in(ItemState.PUBLISHED)(person, item)


_RULES: dict[Verb, Callable[[Person, Facts], Answer]] = {
    Verb.SEE_REASONS: _reasons,
    Verb.EDIT: _owner_in(ItemState.DRAFT),
    Verb.POST: _owner_in(ItemState.DRAFT),
    Verb.CANCEL: _owner_in(ItemState.DRAFT, ItemState.HELD, ItemState.OPEN, ItemState.CLOSED),
    Verb.AMEND: _amend,
    Verb.PLEDGE: _pledge,
    Verb.UNPLEDGE: _unpledge,
    Verb.ENTER: _enter,
    Verb.AWARD: _award,
    Verb.DOWNLOAD: _download,
    Verb.DECIDE: _decide,
    Verb.COMMENT: _comment,
    Verb.REWORD: _reword,
    Verb.WITHDRAW: _withdraw,
    Verb.ADD_VERSION: _add_version,
    Verb.TRACK: _track,
    Verb.BUY: _buy,
    Verb.PRICE: _price,
}
