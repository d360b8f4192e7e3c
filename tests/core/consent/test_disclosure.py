"""The disclosure layer, against the examples printed in RFC 9901 and against forgeries."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assent.core.consent.disclosure import (
    DisclosureError,
    combined,
    decoded,
    digest,
    disclosure,
    encoded,
    hidden,
    revealed,
    split,
)

# Disclosures and digests as the RFC prints them: (salt, name, value, disclosure, digest).
GIVEN_NAME = (
    "WyIyR0xDNDJzS1F2ZUNmR2ZyeU5STjl3IiwgImdpdmVuX25hbWUiLCAiSm9obiJd",
    "jsu9yVulwQQlhFlM_3JlzMaSFzglhQG0DpfayQwLUK4",
)
FAMILY_NAME = (
    "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0",
    "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0",
)
ELEMENT = ('["lklxF5jMYlGTPUovMNIvCA", "FR"]', "w0I8EKcdCtUPkGCNUrfwVp2xEgNjtoIDlOxc9-PlOhs")


def test_a_disclosure_is_the_rfcs() -> None:
    assert disclosure("2GLC42sKQveCfGfryNRN9w", "given_name", "John") == GIVEN_NAME[0]
    assert disclosure("_26bc4LT-ac6q2KI6cBW5es", "family_name", "Möbius") == FAMILY_NAME[0]


@pytest.mark.parametrize(("text", "expected"), [GIVEN_NAME, FAMILY_NAME])
def test_a_digest_is_the_rfcs(text: str, expected: str) -> None:
    assert digest(text) == expected


def test_an_array_elements_digest_is_the_rfcs() -> None:
    element = encoded(ELEMENT[0].encode())
    assert digest(element) == ELEMENT[1]
    payload = {"nationalities": ["DE", {"...": ELEMENT[1]}]}
    assert revealed(payload, [element]) == {"nationalities": ["DE", "FR"]}
    assert revealed(payload, []) == {"nationalities": ["DE"]}


def test_claims_come_back_from_what_is_shown() -> None:
    payload = {"iss": "house", "_sd": [GIVEN_NAME[1], FAMILY_NAME[1]], "_sd_alg": "sha-256"}
    assert revealed(payload, [GIVEN_NAME[0]]) == {"iss": "house", "given_name": "John"}
    assert revealed(payload, []) == {"iss": "house"}
    both = revealed(payload, [FAMILY_NAME[0], GIVEN_NAME[0]])
    assert both == {"iss": "house", "given_name": "John", "family_name": "Möbius"}


def test_a_disclosure_inside_a_disclosure() -> None:
    inner = disclosure("s2", "street", "Harbour 1")
    outer = disclosure("s1", "address", {"_sd": [digest(inner)], "city": "Bergen"})
    payload = {"_sd": [digest(outer)]}
    assert revealed(payload, [outer]) == {"address": {"city": "Bergen"}}
    assert revealed(payload, [outer, inner]) == {
        "address": {"city": "Bergen", "street": "Harbour 1"}
    }
    with pytest.raises(DisclosureError, match="belongs to nothing"):
        revealed(payload, [inner])


NAMED = disclosure("s", "name", "Vera")
FORGED: dict[str, tuple[dict[str, Any], list[str]]] = {
    "not signed": ({"_sd": []}, [NAMED]),
    "shown twice": ({"_sd": [digest(NAMED)]}, [NAMED, NAMED]),
    "digest twice": ({"_sd": [digest(NAMED), digest(NAMED)]}, [NAMED]),
    "weaker digest": ({"_sd": [digest(NAMED)], "_sd_alg": "md5"}, [NAMED]),
    "claim that is there": ({"_sd": [digest(NAMED)], "name": "Mia"}, [NAMED]),
    "reserved name": (
        {"_sd": [digest(disclosure("s", "_sd", []))]},
        [disclosure("s", "_sd", [])],
    ),
    "element as property": ({"_sd": [digest(encoded(b'["s", 1]'))]}, [encoded(b'["s", 1]')]),
    "property as element": ({"a": [{"...": digest(NAMED)}]}, [NAMED]),
    "no base64": ({"_sd": [digest("%%%")]}, ["%%%"]),
    "no JSON": ({"_sd": [digest(encoded(b"{"))]}, [encoded(b"{")]),
    "no array": ({"_sd": [digest(encoded(b"{}"))]}, [encoded(b"{}")]),
    "no name": ({"_sd": [digest(encoded(b'["s", 1, 2]'))]}, [encoded(b'["s", 1, 2]')]),
    "no list": ({"_sd": "x"}, []),
}


@pytest.mark.parametrize("how", FORGED)
def test_what_was_forged_is_refused(how: str) -> None:
    payload, shown = FORGED[how]
    with pytest.raises(DisclosureError):
        revealed(payload, shown)


def test_a_compact_form_ends_with_a_tilde() -> None:
    assert split(combined("a.b.c", ["d", "e"])) == ("a.b.c", ["d", "e"])
    with pytest.raises(DisclosureError):
        split("a.b.c~d")


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=8,
)
names = st.text(min_size=1, max_size=8).filter(lambda n: n not in ("_sd", "...", "_sd_alg"))


@given(st.dictionaries(names, plain, min_size=1, max_size=6), st.data())
def test_whatever_is_hidden_comes_back(claims: dict[str, Any], data: st.DataObject) -> None:
    secret = data.draw(st.lists(st.sampled_from(sorted(claims)), unique=True))
    payload, shown = hidden(claims, secret, [f"salt{n}" for n in range(len(secret))])
    text = json.dumps(payload)
    assert revealed(json.loads(text), shown) == claims
    kept = {name: value for name, value in claims.items() if name not in secret}
    assert revealed(json.loads(text), []) == kept


@given(st.binary(max_size=40))
def test_base64url_comes_back(raw: bytes) -> None:
    assert decoded(encoded(raw)) == raw
