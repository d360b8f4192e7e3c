"""Who may do what, as one table. What the table does not say is forbidden."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pytest

from assent.core.access import (
    STRANGER,
    Allowed,
    Denied,
    Facts,
    Person,
    Verb,
    may,
    may_use_queue,
)
from assent.core.terms import ItemKind, ItemState, RefusalKind, Role

S = ItemState
OWNER, REQUESTER, SUPPORTER, OTHER = 1, 2, 3, 4

PEOPLE = {
    "stranger": STRANGER,
    "other": Person(OTHER),
    "auditor": Person(OTHER, Role.AUDITOR),
    "moderator": Person(OTHER, Role.MODERATOR),
    "operator": Person(OTHER, Role.OPERATOR),
    "owner": Person(OWNER),
    "owning-moderator": Person(OWNER, Role.MODERATOR),
    "requester": Person(REQUESTER),
    "supporter": Person(SUPPORTER),
}
PUBLIC = {S.OPEN, S.CLOSED, S.SETTLED, S.PUBLISHED, S.AWARDED, S.DECLINED}
GROUPS = {
    "public": PUBLIC,
    "kept": set(S) - {S.HIDDEN, S.REMOVED},
    "every": set(S),
}

# For an entry, `requester` opened its bounty and `supporter` is among those who awarded it; for
# anything else both are like any other member. Lines of one kind and verb add up.
TABLE = """
kind     verb         who                                                    in these states
bounty   comment      owner other auditor requester supporter                public
bounty   comment      moderator operator owning-moderator                    public
bounty   see          stranger other auditor requester supporter             public
bounty   see          owner                                                  kept
bounty   see          moderator operator owning-moderator                    every
bounty   track        other auditor requester supporter moderator operator   public
bounty   see_reasons  owner                                                  kept
bounty   see_reasons  moderator operator owning-moderator                    every
bounty   edit         owner owning-moderator                                 draft
bounty   post         owner owning-moderator                                 draft
bounty   cancel       owner owning-moderator                                 draft held open closed
bounty   amend        owner owning-moderator                                 open
bounty   unpledge     supporter                                              open
bounty   pledge       owner other auditor requester supporter                open
bounty   pledge       moderator operator owning-moderator                    open
bounty   enter        other auditor requester supporter moderator operator   open
bounty   download     owner                                                  kept
bounty   download     moderator operator owning-moderator                    every
bounty   decide       moderator operator                                     every

entry    see          stranger other auditor requester supporter             public
entry    see          owner                                                  kept
entry    see          moderator operator owning-moderator                    every
entry    see_reasons  owner                                                  kept
entry    see_reasons  moderator operator owning-moderator                    every
entry    edit         owner owning-moderator                                 draft
entry    post         owner owning-moderator                                 draft
entry    cancel       owner owning-moderator                                 draft held open closed
entry    award        requester                                              published
entry    download     supporter                                              public
entry    download     owner                                                  kept
entry    download     moderator operator owning-moderator                    every
entry    decide       moderator operator                                     every

listing  see          stranger other auditor requester supporter             public
listing  see          owner                                                  kept
listing  see          moderator operator owning-moderator                    every
listing  track        other auditor requester supporter moderator operator   public
listing  see_reasons  owner                                                  kept
listing  see_reasons  moderator operator owning-moderator                    every
listing  edit         owner owning-moderator                                 draft
listing  post         owner owning-moderator                                 draft
listing  cancel       owner owning-moderator                                 draft held open closed
listing  download     stranger other auditor requester supporter             public
listing  download     owner                                                  kept
listing  download     moderator operator owning-moderator                    every
listing  decide       moderator operator                                     every
listing  comment      owner other auditor requester supporter                public
listing  comment      moderator operator owning-moderator                    public
listing  withdraw     owner owning-moderator                                 held published
listing  add_version  owner owning-moderator                                 published
listing  price        owner owning-moderator                                 held published

version  see          stranger other auditor requester supporter             public
version  see          owner                                                  kept
version  see          moderator operator owning-moderator                    every
version  see_reasons  owner                                                  kept
version  see_reasons  moderator operator owning-moderator                    every
version  edit         owner owning-moderator                                 draft
version  post         owner owning-moderator                                 draft
version  cancel       owner owning-moderator                                 draft held open closed
version  download     stranger other auditor requester supporter             public
version  download     owner                                                  kept
version  download     moderator operator owning-moderator                    every
version  decide       moderator operator                                     every
version  withdraw     owner owning-moderator                                 held published

comment  see          stranger other auditor requester supporter             public
comment  see          owner                                                  kept
comment  see          moderator operator owning-moderator                    every
comment  see_reasons  owner                                                  kept
comment  see_reasons  moderator operator owning-moderator                    every
comment  edit         owner owning-moderator                                 draft
comment  post         owner owning-moderator                                 draft
comment  cancel       owner owning-moderator                                 draft held open closed
comment  decide       moderator operator                                     every
comment  download     owner                                                  kept
comment  download     moderator operator owning-moderator                    every
comment  reword       owner owning-moderator                                 held published
comment  withdraw     owner owning-moderator                                 held published
"""


def lines() -> Iterator[tuple[str, str, list[str], set[ItemState]]]:
    for line in TABLE.strip().splitlines()[1:]:
        if line:
            kind, verb = line[:9].strip(), line[9:22].strip()
            words = line[77:].split()
            states = set().union(*(GROUPS.get(w) or {S(w)} for w in words))
            yield kind, verb, line[22:77].split(), states


def allowed() -> set[tuple[str, str, str, ItemState]]:
    return {(k, v, who, s) for k, v, people, states in lines() for who in people for s in states}


ALLOWED = allowed()


def facts(kind: ItemKind, state: ItemState, bounty: ItemState = S.OPEN) -> Facts:
    """An item of `owner`; an entry's bounty is in the state given."""
    if kind is ItemKind.BOUNTY:
        return Facts(kind, state, OWNER, supporters=frozenset({SUPPORTER}))
    if kind in (ItemKind.VERSION, ItemKind.COMMENT):
        return Facts(kind, state, OWNER, bounty, REQUESTER)
    if kind is not ItemKind.ENTRY:
        return Facts(kind, state, OWNER)
    return Facts(kind, state, OWNER, bounty, REQUESTER, frozenset({SUPPORTER}))


@pytest.mark.parametrize("verb", Verb)
@pytest.mark.parametrize("kind", ItemKind)
def test_the_table_is_the_whole_truth(kind: ItemKind, verb: Verb) -> None:
    wrong = []
    for (who, person), state in product(PEOPLE.items(), S):
        said = isinstance(may(person, verb, facts(kind, state)), Allowed)
        if said != ((kind, verb, who, state) in ALLOWED):
            wrong.append(f"{who} may {'' if said else 'not '}{verb} a {state} {kind}")
    assert wrong == []


PRICED = {ItemKind.LISTING, ItemKind.VERSION}
OPENS = {"owner", "moderator", "operator", "owning-moderator", "supporter"}


@pytest.mark.parametrize("kind", sorted(PRICED))
def test_what_is_sold_is_the_same_but_for_who_buys_and_downloads(kind: ItemKind) -> None:
    """`supporter` bought it. Whoever did not gets everything else as if it were free."""
    for (who, person), state, verb in product(PEOPLE.items(), S, Verb):
        free = facts(kind, state)
        sold = replace(free, price=100, bought_by=frozenset({SUPPORTER}))
        said, before = (isinstance(may(person, verb, f), Allowed) for f in (sold, free))
        if verb is Verb.DOWNLOAD:
            assert said == (before and who in OPENS), (who, state)
        elif verb is Verb.BUY:
            buys = kind is ItemKind.LISTING and state is S.PUBLISHED
            assert said == (buys and who in {"other", "auditor", "moderator", "operator",
                                             "requester"}), (who, state)  # fmt: skip
        else:
            assert said == before, (who, verb, state)


@pytest.mark.parametrize("kind", sorted(PRICED))
def test_what_is_bought_in_doubt_is_neither_bought_again_nor_opened(kind: ItemKind) -> None:
    mine = frozenset({SUPPORTER})
    sold = replace(facts(kind, S.PUBLISHED), price=100, bought_by=mine, doubted=mine)
    for verb in (Verb.BUY, Verb.DOWNLOAD):
        assert isinstance(may(PEOPLE["supporter"], verb, sold), Denied)
    assert isinstance(may(PEOPLE["supporter"], Verb.SEE, sold), Allowed)


def test_a_stranger_is_sent_to_sign_in_before_what_is_sold() -> None:
    for verb in (Verb.DOWNLOAD, Verb.BUY):
        said = may(STRANGER, verb, replace(facts(ItemKind.LISTING, S.PUBLISHED), price=100))
        assert isinstance(said, Denied)
        assert said.kind is RefusalKind.SIGN_IN


@pytest.mark.parametrize("bounty", S)
def test_an_entry_is_as_public_as_its_bounty(bounty: ItemState) -> None:
    for (who, person), state, verb in product(PEOPLE.items(), S, Verb):
        answer = may(person, verb, facts(ItemKind.ENTRY, state, bounty))
        expected = (ItemKind.ENTRY, verb, who, state) in ALLOWED
        if not person.role.is_staff:
            mine = who == "owner"
            expected &= not bounty.is_gone and (mine or bounty.is_public)
        if verb is Verb.AWARD:
            expected &= bounty in (S.OPEN, S.CLOSED)
        assert isinstance(answer, Allowed) == expected, (who, verb, state, bounty)


@pytest.mark.parametrize("kind", [ItemKind.VERSION, ItemKind.COMMENT])
@pytest.mark.parametrize("parent", S)
def test_a_version_and_a_comment_are_as_public_as_what_they_belong_to(
    kind: ItemKind, parent: ItemState
) -> None:
    for (who, person), state, verb in product(PEOPLE.items(), S, Verb):
        expected = (kind, verb, who, state) in ALLOWED
        if not person.role.is_staff:
            expected &= not parent.is_gone and (who == "owner" or parent.is_public)
        assert isinstance(may(person, verb, facts(kind, state, parent)), Allowed) == expected


@pytest.mark.parametrize("kind", ItemKind)
def test_what_was_taken_down_is_gone_for_everyone_but_staff(kind: ItemKind) -> None:
    for person, state, verb in product(PEOPLE.values(), (S.HIDDEN, S.REMOVED), Verb):
        if not person.role.is_staff:
            answer = may(person, verb, facts(kind, state))
            assert isinstance(answer, Denied)
            assert answer.kind is RefusalKind.GONE


@pytest.mark.parametrize("kind", ItemKind)
def test_what_one_may_not_see_is_as_if_it_did_not_exist(kind: ItemKind) -> None:
    unseen = set(S) - PUBLIC - {S.HIDDEN, S.REMOVED}
    for who, state, verb in product(("stranger", "other", "auditor"), unseen, Verb):
        answer = may(PEOPLE[who], verb, facts(kind, state))
        assert isinstance(answer, Denied)
        assert answer.kind is RefusalKind.NOT_FOUND


@pytest.mark.parametrize("kind", ItemKind)
def test_a_stranger_who_asks_for_more_than_to_see_is_asked_to_sign_in(kind: ItemKind) -> None:
    for state, verb in product(PUBLIC, set(Verb) - {Verb.SEE}):
        answer = may(STRANGER, verb, facts(kind, state))
        if verb is not Verb.DOWNLOAD or kind not in (ItemKind.LISTING, ItemKind.VERSION):
            assert isinstance(answer, Denied)
            assert answer.kind is RefusalKind.SIGN_IN


def test_a_requester_cannot_award_their_own_entry() -> None:
    own = Facts(ItemKind.ENTRY, S.PUBLISHED, OWNER, S.OPEN, OWNER)
    assert isinstance(may(Person(OWNER), Verb.AWARD, own), Denied)


def test_where_each_awards_their_own_only_they_with_a_share_do() -> None:
    split = Facts(
        ItemKind.ENTRY, S.AWARDED, OWNER, S.OPEN, REQUESTER,
        supporters=frozenset({SUPPORTER, OWNER}), by_each=True,
    )  # fmt: skip
    assert isinstance(may(Person(SUPPORTER), Verb.AWARD, split), Allowed)
    for who in (REQUESTER, OTHER, OWNER):
        assert isinstance(may(Person(who), Verb.AWARD, split), Denied)


def test_entries_for_supporters_alone_do_not_exist_for_others() -> None:
    hidden = Facts(
        ItemKind.ENTRY, S.PUBLISHED, OWNER, S.OPEN, REQUESTER,
        supporters=frozenset({SUPPORTER}), restricted=True,
    )  # fmt: skip
    for who in (OWNER, REQUESTER, SUPPORTER):
        assert isinstance(may(Person(who), Verb.SEE, hidden), Allowed)
    for person in (STRANGER, Person(OTHER), Person(OTHER, Role.AUDITOR)):
        answer = may(person, Verb.SEE, hidden)
        assert isinstance(answer, Denied)
        assert answer.kind is RefusalKind.NOT_FOUND


def test_words_are_locked_once_somebody_else_has_a_stake() -> None:
    for stake in ({"committed": True}, {"committed": True, "entries": True}):
        taken = Facts(ItemKind.BOUNTY, S.OPEN, OWNER, **stake)
        assert isinstance(may(Person(OWNER), Verb.AMEND, taken), Denied)


def test_credits_stay_once_work_was_handed_in() -> None:
    worked = Facts(
        ItemKind.BOUNTY, S.OPEN, OWNER, supporters=frozenset({SUPPORTER}), committed=True,
        entries=True,
    )  # fmt: skip
    assert isinstance(may(Person(SUPPORTER), Verb.UNPLEDGE, worked), Denied)


def test_only_they_who_awarded_an_entry_open_its_files() -> None:
    lost = Facts(ItemKind.ENTRY, S.DECLINED, OWNER, S.SETTLED, REQUESTER)
    for person in (Person(REQUESTER), Person(SUPPORTER), Person(OTHER)):
        assert isinstance(may(person, Verb.DOWNLOAD, lost), Denied)


def test_every_answer_has_a_reason() -> None:
    for person, kind, state, verb in product(PEOPLE.values(), ItemKind, S, Verb):
        assert may(person, verb, facts(kind, state)).reason


@pytest.mark.parametrize("who", PEOPLE)
def test_only_staff_work_the_queue(who: str) -> None:
    answer = may_use_queue(PEOPLE[who])
    assert isinstance(answer, Allowed) == (who in ("moderator", "operator", "owning-moderator"))
    if who == "stranger":
        assert isinstance(answer, Denied)
        assert answer.kind is RefusalKind.SIGN_IN


def test_a_role_without_a_log_in_is_worth_nothing() -> None:
    nobody = Person(None, Role.OPERATOR)
    assert isinstance(may(nobody, Verb.SEE, facts(ItemKind.BOUNTY, S.HIDDEN)), Denied)
    assert isinstance(may_use_queue(nobody), Denied)
