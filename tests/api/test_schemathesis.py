"""Machine-made calls from the OpenAPI document: no fault of ours, no answer that it does not name.

The same calls in every run; `make prove` makes new ones, and many more.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import count

import hypothesis
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck
from schemathesis import Case
from schemathesis.checks import load_all_checks, not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi import checks

from assent.api.app import api
from assent.catalogue.models import StoredFile
from assent.config.wsgi import application
from assent.people.models import ApiToken
from tests.api.conftest import Caller
from tests.flows.market import handed_in, notice, offered, posted

load_all_checks()
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
]
DOCUMENT = json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/"), default=str))
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT)
SCHEMA.app = application
TURN = count()


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """Keep the test's own connection open, as Django's test client does: its transaction is what
    undoes everything."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def real(rita: Caller, cora: Caller) -> dict[str, str]:
    """What exists, for calls that would otherwise only find nothing."""
    assert rita.member is not None
    assert cora.member is not None
    bounty = posted(rita.member)
    return {
        "bounty_id": bounty,
        "item_id": (entry := handed_in(cora.member, bounty)),
        "entry_id": entry,
        "listing_id": offered(cora.member, 2),
        "file_id": StoredFile.objects.get(item_id=entry, role="image").id,
        "number": notice(posted(rita.member, "Another fox")).number,
        "token_id": str(ApiToken.objects.filter(user_id=cora.member.id)[0].pk),
        "token": rita.token,
    }


def check(case: Case, real: dict[str, str]) -> None:
    """Make the call: every second time to something that exists, three of four times signed in."""
    turn = next(TURN)
    if turn % 2:
        case.path_parameters |= {k: real[k] for k in case.path_parameters if k in real}
    if turn % 4:
        case.headers["Authorization"] = f"Bearer {real['token']}"
    case.call_and_validate(checks=CHECKS)


@SCHEMA.parametrize()
@hypothesis.settings(
    max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
def test_no_call_breaks_anything_or_gets_an_answer_that_is_not_documented(
    case: Case, real: dict[str, str]
) -> None:
    check(case, real)


@pytest.mark.prove
@SCHEMA.parametrize()
@hypothesis.settings(max_examples=1500, deadline=None, suppress_health_check=list(HealthCheck))
def test_nor_do_a_great_many(case: Case, real: dict[str, str]) -> None:
    check(case, real)


def test_an_answer_that_is_not_documented_is_seen(real: dict[str, str]) -> None:
    document = json.loads(json.dumps(DOCUMENT))
    del document["paths"]["/api/v1/items/{item_id}"]["get"]["responses"]["404"]
    schema = schemathesis.openapi.from_dict(document)
    schema.app = application
    call = schema["/api/v1/items/{item_id}"]["GET"]
    call.Case(path_parameters={"item_id": real["item_id"]}).call_and_validate(checks=CHECKS)
    with pytest.raises(FailureGroup):
        call.Case(path_parameters={"item_id": "nothing"}).call_and_validate(checks=CHECKS)
