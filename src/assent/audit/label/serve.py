"""The page for coders: on this machine only, behind an address that nobody can guess."""

from __future__ import annotations

import base64
import hashlib
import html
import re
import secrets
from collections.abc import Callable, Mapping
from functools import cache
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources
from urllib.parse import parse_qs, quote, unquote, urlsplit

import jinja2
from markupsafe import Markup

from assent.audit.label.store import FIELDS, Coding, Store
from assent.audit.schema import THEMES

MAX_FORM = 4096  # bytes
_NAME = re.compile(r"[\w .-]{1,40}")

# (field, question, (key, value, words)). The themes are the study's, in its words.
QUESTIONS = (
    ("deepfake", "Does it ask for, or offer, the likeness of a real person?",
     (("y", "yes", "yes"), ("n", "no", "no"), ("o", "unsure", "cannot tell"))),
    ("theme", "What is it mainly about?",
     tuple((str(at), name, name.replace("_", " ").replace("nsfw", "NSFW"))
           for at, name in enumerate(THEMES, 1))),
    ("gender", "If a real person: who is depicted?",
     (("f", "female", "a woman"), ("m", "male", "a man"),
      ("b", "non_binary", "a non-binary person"), ("k", "unsure", "cannot tell"))),
)  # fmt: skip
_ALLOWED = {name: {value for _, value, _ in answers} for name, _, answers in QUESTIONS}


class CodingServer(ThreadingHTTPServer):
    """Serves one store at http://127.0.0.1:PORT/TOKEN/."""

    daemon_threads = True

    def __init__(self, store: Store, now: Callable[[], str], port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.store, self.now = store, now
        self.token = secrets.token_urlsafe(24)

    @property
    def url(self) -> str:
        """The address to open."""
        return f"http://127.0.0.1:{self.server_port}/{self.token}/"


class _Handler(BaseHTTPRequestHandler):
    server: CodingServer
    server_version, sys_version = "assent", ""

    def do_GET(self) -> None:
        """Show the next item of a coder, or ask who is there."""
        coder = self._coder()
        if coder is None:
            return
        if not coder:
            self._show(_render(size=0))
            return
        store, query = self.server.store, parse_qs(urlsplit(self.path).query)
        place = store.before(coder) if "back" in query else store.next(coder)
        self._show(_item_page(store, coder, place))

    def do_POST(self) -> None:
        """Take an answer, and go on."""
        coder = self._coder()
        if coder is None:
            return
        form = self._form()
        if form is None:
            self._refuse(HTTPStatus.BAD_REQUEST, "This form cannot be read.")
        elif not coder:
            self._begin(form.get("coder", "").strip())
        else:
            self._keep(coder, form)

    def _begin(self, name: str) -> None:
        if _NAME.fullmatch(name):
            self._go(f"/{self.server.token}/{quote(name)}")
        else:
            self._refuse(HTTPStatus.BAD_REQUEST, "A name has at most 40 letters, digits or spaces.")

    def _keep(self, coder: str, form: Mapping[str, str]) -> None:
        place = int(form.get("place", "")) if form.get("place", "").isdigit() else 0
        answers = {name: form.get(name) or None for name in FIELDS}
        wrong = [
            n for n, value in answers.items() if value is not None and value not in _ALLOWED[n]
        ]
        if wrong or answers["deepfake"] is None or answers["theme"] is None:
            self._refuse(
                HTTPStatus.BAD_REQUEST, "An answer is missing or is none of those offered."
            )
        elif self.server.store.words(place) is None:
            self._refuse(HTTPStatus.NOT_FOUND, "There is no such record.")
        else:
            self.server.store.save(Coding(place, coder, **answers), self.server.now())
            self._go(f"/{self.server.token}/{quote(coder)}")

    def _coder(self) -> str | None:
        """The coder's name in the address ("" where there is none yet); None once refused.

        The right host keeps other sites from reaching us by a name of their own, the token keeps
        everybody else out, and a form must come from our own page.
        """
        path = unquote(urlsplit(self.path).path)
        token, _, coder = path.removeprefix("/").partition("/")
        ours = f"127.0.0.1:{self.server.server_port}"
        origin = self.headers.get("Origin")
        if self.headers.get("Host") != ours or origin not in (None, f"http://{ours}"):
            self._refuse(HTTPStatus.FORBIDDEN, "This page answers under its own address only.")
        elif not secrets.compare_digest(token.encode(), self.server.token.encode()):
            self._refuse(HTTPStatus.NOT_FOUND, "Nothing here. Use the address that was printed.")
        elif coder and not _NAME.fullmatch(coder):
            self._refuse(HTTPStatus.NOT_FOUND, "There is no such coder.")
        else:
            return coder
        return None

    def _form(self) -> dict[str, str] | None:
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > MAX_FORM:
            return None
        try:
            text = self.rfile.read(int(length)).decode("utf-8")
            return {name: values[-1] for name, values in parse_qs(text, max_num_fields=20).items()}
        except ValueError:
            return None

    def _go(self, where: str) -> None:
        self.send_response(HTTPStatus.SEE_OTHER)
        self.send_header("Location", where)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _refuse(self, status: HTTPStatus, sentence: str) -> None:
        self.close_connection = True
        self._show(f"<!doctype html><title>{status}</title><p>{html.escape(sentence)}", status)

    def _show(self, page: str, status: HTTPStatus = HTTPStatus.OK) -> None:
        body = page.encode()
        self.send_response(status)
        for name, value in {
            "Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(body)),
            "Cache-Control": "no-store", "Referrer-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff", "Content-Security-Policy": _policy(),
        }.items():  # fmt: skip
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: addresses here hold the token."""


def _item_page(store: Store, coder: str, place: int | None) -> str:
    words = store.words(place) if place else None
    told = store.coding(place, coder) if place else None
    return _render(
        size=store.size(), done=store.done(coder), place=place if words else None, again=bool(told),
        words=_readable(words or {}),
        told={name: getattr(told, name) for name in FIELDS} if told else {},
    )  # fmt: skip


def _readable(words: Mapping[str, str | None]) -> dict[str, str | None]:
    """Words without their HTML: the page escapes them again, and loads nothing that they name."""
    text = re.sub(r"<br\s*/?>|</p>", "\n", words.get("description") or "")
    plain = html.unescape(re.sub(r"<[^>]+>", "", text)).strip()
    return {**words, "description": plain, "tags": (words.get("tags") or "").replace("|", ", ")}


@cache
def _file(name: str) -> str:
    return (resources.files("assent.audit.label") / name).read_text("utf-8")


def _render(**facts: object) -> str:
    made = jinja2.Environment(autoescape=True, undefined=jinja2.ChainableUndefined)
    style, script = (Markup(_file(name)) for name in ("page.css", "page.js"))  # noqa: S704 - ours
    return made.from_string(_file("page.html")).render(
        title="Coding a sample", questions=QUESTIONS, style=style, script=script, **facts
    )


@cache
def _policy() -> str:
    style, script = (
        base64.b64encode(hashlib.sha256(_file(name).encode()).digest()).decode()
        for name in ("page.css", "page.js")
    )
    return (
        f"default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{script}';"
        " form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )
