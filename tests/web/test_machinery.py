"""What every request passes: the demo's guard, sizes, limits, headers, error pages."""

from __future__ import annotations

import json

import pytest
from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.test import Client, RequestFactory, override_settings

from assent.flows.make_token import make_token
from assent.web import errors
from tests.cast import Visitor
from tests.flows.market import lora_file, posted


@override_settings(DEMO=True)
def test_the_demo_answers_only_on_this_machine(stranger: Visitor) -> None:
    for host in ("127.0.0.1", "localhost:8000"):
        assert stranger.get("/", headers={"Host": host}).status == 200
    assert stranger.get("/", headers={"Host": "assent.example"}).status == 403
    for name in ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"):
        page = stranger.get("/", headers={"Host": "localhost", name: "x"})
        assert page.status == 403


@override_settings(DEMO=True)
def test_the_demo_says_that_it_is_one(stranger: Visitor) -> None:
    text = stranger.get("/", headers={"Host": "localhost"}).text
    assert "Everyone and everything here is invented." in text
    assert "the password is demo" in text


def test_outside_the_demo_there_is_no_banner(stranger: Visitor) -> None:
    assert "the password is" not in stranger.get("/").text


def test_a_form_that_is_too_large_is_refused_before_it_is_read(
    stranger: Visitor, rita: Visitor
) -> None:
    big = {"where": "x" * (1024 * 1024)}
    for who, path in ((stranger, "/takedown"), (rita, "/bounties/new"), (stranger, "/theme")):
        page = who.post(path, big)
        assert page.status == 413
        assert "A form without files may hold 1 MB at most." in page.text


@override_settings(MAX_FORM_BYTES=500)
def test_files_are_for_those_who_are_signed_in(
    stranger: Visitor, rita: Visitor, cora: Visitor
) -> None:
    bounty = posted(rita.member)
    path = f"/bounties/{bounty}/enter"
    assert stranger.post(path, {"files": [lora_file()]}).status == 413
    assert cora.post(path, {"files": [lora_file()]}).status == 302
    with override_settings(MAX_UPLOAD_BYTES=600):
        page = cora.post(path, {"files": [lora_file(2)]})
    assert page.status == 413
    assert "All files of one upload may hold" in page.text


@override_settings(MAX_FORM_BYTES=500)
def test_the_api_takes_files_by_token_and_says_no_in_json(rita: Visitor, cora: Visitor) -> None:
    bounty = posted(rita.member)
    path = f"/api/v1/bounties/{bounty}/entries"
    for token, status in (("nonsense", 413), (make_token("cora"), 201)):
        response = Client().post(
            path, {"files": [lora_file()]}, headers={"Authorization": f"Bearer {token}"}
        )
        assert response.status_code == status or (status == 201 and response.status_code == 202)
        assert isinstance(json.loads(response.content), dict)


def test_a_body_of_unknown_length_is_refused(stranger: Visitor) -> None:
    response = stranger.client.generic(
        "POST", "/takedown", b"", CONTENT_LENGTH="", HTTP_TRANSFER_ENCODING="chunked"
    )
    assert response.status_code == 411


@override_settings(RATE_LIMITS={"takedown": "9/hour", "status": "9/hour", "write": "2 per hour"})
def test_too_much_writing_waits(rita: Visitor) -> None:
    pages = [rita.post("/theme", {"theme": "dark"}) for _ in range(3)]
    assert [p.status for p in pages] == [302, 302, 429]
    assert int(pages[-1].headers["Retry-After"]) > 0
    assert "Please wait" in pages[-1].text


def test_every_page_has_the_headers_that_protect_it(stranger: Visitor) -> None:
    headers = stranger.get("/").headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert headers["Cache-Control"] == "private, no-cache"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"


def test_an_unknown_page_is_not_found_and_never_stored(stranger: Visitor) -> None:
    page = stranger.get("/nowhere")
    assert (page.status, page.headers["Cache-Control"]) == (404, "no-store")
    assert "There is nothing here" in page.text


@pytest.mark.parametrize(
    ("exception", "status", "words"),
    [
        (TooManyFilesSent(), 413, "more files or fields"),
        (RequestDataTooBig(), 413, "more text"),
        (ValueError(), 400, "reload the page"),
    ],
)
def test_what_the_framework_refuses_has_a_sentence(
    exception: Exception, status: int, words: str
) -> None:
    response = errors.bad_request(RequestFactory().get("/"), exception)
    assert response.status_code == status
    assert words in response.content.decode()


def test_when_something_breaks_the_page_needs_nothing() -> None:
    response = errors.server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert 'href="/takedown"' in response.content.decode()


def test_forbidden_has_a_page() -> None:
    response = errors.forbidden(RequestFactory().get("/"), PermissionError())
    assert response.status_code == 403
