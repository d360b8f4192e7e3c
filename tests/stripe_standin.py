"""A stand-in for Stripe on this machine: the documented objects that credits need, no more.

It asks for the secret key and, where something is made, for an idempotency key, and answers the
same key with the same object. What it is told to drop, it takes and then says nothing about.
"""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import stripe

KEY, SECRET = "sk_test_of_the_stand_in", "whsec_of_the_stand_in"


class StandIn(ThreadingHTTPServer):
    """What it made and was asked, and how it misbehaves."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.lock = threading.Lock()
        self.sessions: dict[str, dict[str, Any]] = {}
        self.intents: dict[str, dict[str, Any]] = {}
        self.disputes: dict[str, dict[str, Any]] = {}
        self.answers: dict[str, tuple[dict[str, str], dict[str, Any]]] = {}
        self.asked: list[tuple[str, str]] = []
        self.drops = 0
        self.fails = 0
        self.delay = 0.0
        self.made = 0
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_port}"

    def number(self, kind: str) -> str:
        """The next id of this kind."""
        self.made += 1
        return f"{kind}_{self.made:06d}"

    def pay(self, session_id: str, kind: str = "checkout.session.completed") -> tuple[bytes, str]:
        """Somebody pays on the page; the message about it."""
        with self.lock:
            session = self.sessions[session_id]
            if session["payment_intent"] is None and kind.endswith(("completed", "succeeded")):
                intent = {
                    "id": self.number("pi"), "object": "payment_intent", "status": "succeeded",
                    "amount": session["amount_total"], "amount_received": session["amount_total"],
                    "currency": session["currency"], "created": int(time.time()),
                    "metadata": session["metadata"],
                }  # fmt: skip
                self.intents[intent["id"]] = intent
                session.update(payment_intent=intent["id"], payment_status="paid")
            return self.message(kind, session)

    def dispute(self, session_id: str) -> tuple[bytes, str]:
        """The card's owner disputes it; the message about it."""
        with self.lock:
            intent = self.sessions[session_id]["payment_intent"]
            dispute = {
                "id": self.number("dp"), "object": "dispute", "payment_intent": intent,
                "amount": 1, "created": int(time.time()),
            }  # fmt: skip
            self.disputes[dispute["id"]] = dispute
            return self.message("charge.dispute.created", dispute)

    def message(self, kind: str, about: dict[str, Any]) -> tuple[bytes, str]:
        """A message as Stripe signs it."""
        said = {
            "id": self.number("evt"), "object": "event", "type": kind, "data": {"object": about},
        }  # fmt: skip
        return signed(json.dumps(said))

    def shut(self) -> None:
        """Stop listening."""
        self.shutdown()
        self.server_close()


def signed(body: str, at: float | None = None, secret: str = SECRET) -> tuple[bytes, str]:
    """A body with the signature that belongs to it."""
    moment = int(at or time.time())
    header = stripe.WebhookSignature.generate_signature_header(body, secret, moment)
    return body.encode(), header


class Handler(BaseHTTPRequestHandler):
    """Answers as the documentation says."""

    server: StandIn
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Make a Checkout session, once for each idempotency key."""
        sent = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        key = self.headers.get("Idempotency-Key", "")
        path = urlsplit(self.path).path
        if path != "/v1/checkout/sessions" or not self._may():
            return self._say(404, {"error": {"type": "invalid_request_error"}})
        if not key:
            return self._say(400, {"error": {"type": "invalid_request_error", "message": "key"}})
        with self.server.lock:
            known = self.server.answers.get(key)
            if known and known[0] != sent:
                return self._say(400, {"error": {"type": "idempotency_error"}})
            made = known[1] if known else self._session(sent)
            self.server.answers[key] = (sent, made)
        return self._misbehaving(made)

    def do_GET(self) -> None:
        """List or look up."""
        parts = urlsplit(self.path)
        asked = dict(parse_qsl(parts.query))
        if not self._may():
            return self._say(401, {"error": {"type": "invalid_request_error"}})
        for name in ("payment_intents", "disputes"):
            rows = self.server.intents if name == "payment_intents" else self.server.disputes
            if parts.path == f"/v1/{name}":
                return self._misbehaving(self._page(parts.path, rows, asked))
            one = rows.get(parts.path.removeprefix(f"/v1/{name}/"))
            if one:
                return self._misbehaving(one)
        return self._say(404, {"error": {"type": "invalid_request_error"}})

    def _session(self, sent: dict[str, str]) -> dict[str, Any]:
        session_id = self.server.number("cs")
        session = {
            "id": session_id, "object": "checkout.session", "payment_intent": None,
            "payment_status": "unpaid", "url": f"{self.server.address}/pay/{session_id}",
            "client_reference_id": sent["client_reference_id"],
            "currency": sent["line_items[0][price_data][currency]"],
            "amount_total": int(sent["line_items[0][price_data][unit_amount]"]),
            "metadata": {"assent_purchase": sent["metadata[assent_purchase]"]},
        }  # fmt: skip
        assert sent["payment_intent_data[metadata][assent_purchase]"] == sent["client_reference_id"]
        self.server.sessions[session_id] = session
        return session

    def _page(
        self, url: str, rows: dict[str, dict[str, Any]], asked: dict[str, str]
    ) -> dict[str, Any]:
        """The newest first, three a page, as if three were a hundred."""
        newest = sorted(rows.values(), key=lambda one: str(one["id"]), reverse=True)
        since = int(asked.get("created[gte]", 0))
        newest = [one for one in newest if one["created"] >= since]
        ids = [one["id"] for one in newest]
        start = ids.index(asked["starting_after"]) + 1 if "starting_after" in asked else 0
        return {
            "object": "list", "url": url, "data": newest[start : start + 3],
            "has_more": len(newest) > start + 3,
        }  # fmt: skip

    def _may(self) -> bool:
        self.server.asked.append((self.command, urlsplit(self.path).path))
        return self.headers.get("Authorization") == f"Bearer {KEY}"

    def _misbehaving(self, made: dict[str, Any]) -> None:
        time.sleep(self.server.delay)
        with self.server.lock:
            drops, fails = self.server.drops > 0, self.server.fails > 0
            self.server.drops -= drops
            self.server.fails -= fails and not drops
        if drops:
            self.close_connection = True
            return
        self._say(500 if fails else 200, made if not fails else {"error": {"type": "api_error"}})

    def _say(self, status: int, said: dict[str, Any]) -> None:
        body = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""
