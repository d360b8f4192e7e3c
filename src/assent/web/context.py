"""What every template knows: the site, and who looks at it."""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language

from assent.core.languages import ENGLISH, LANGUAGES, direction, known
from assent.core.ledger import Balance
from assent.core.ledger import member as wallet_of
from assent.journal.queries import unread_by
from assent.ledger.queries import balance_of
from assent.people.queries import Member, by_id
from assent.web.languages import ways_in
from assent.web.second_factor import role_rests, way_to_prove
from assent.web.viewer import viewer

THEMES = ("light", "dark")
DEMO_USERS = (
    ("rita", "requester"),
    ("sam", "supporter"),
    ("cora", "creator"),
    ("chris", "creator"),
    ("mo", "moderator"),
    ("mia", "moderator"),
    ("otto", "operator"),
    ("ada", "auditor"),
)


class Site:
    """The site as the layout needs it. Everything about the viewer is looked up on first use, so
    that a page without it reads no cookie and no database."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self.name: str = settings.SITE_NAME
        self.demo: bool = settings.DEMO
        self.demo_users = DEMO_USERS
        self.takedown_hours: int = settings.TAKEDOWN_HOURS
        self.exit_url: str = settings.EXIT_URL

    @property
    def language(self) -> str:
        """The language that the page is written in."""
        return known(get_language() or ENGLISH)

    @property
    def language_name(self) -> str:
        """That language's own name."""
        return LANGUAGES[self.language]

    @property
    def direction(self) -> str:
        """The direction of its writing, `ltr` or `rtl`."""
        return direction(self.language)

    @property
    def languages(self) -> list[tuple[str, str, str]]:
        """Code, own name and address of this page in each language."""
        # Of what an address says, only the item that it names goes on.
        item = self._request.GET.get("item", "")
        named = f"&item={item}" if len(item) <= 12 and item.isascii() and item.isalnum() else ""
        return [(code, name, f"?lang={code}{named}") for code, name in LANGUAGES.items()]

    @property
    def ways_in(self) -> tuple[tuple[str, str, str], ...]:
        """The way to the takedown form, for those who do not read English."""
        return ways_in()

    @property
    def asks(self) -> str:
        """What keeps the language that an address asked for on the way to the next page."""
        wanted = self._request.GET.get("lang", "")
        return f"?lang={known(wanted)}" if wanted else ""

    @property
    def theme(self) -> str:
        """The theme that the visitor chose; empty for the one of their device."""
        chosen = self._request.COOKIES.get("theme", "")
        return chosen if chosen in THEMES else ""

    @property
    def layout(self) -> str:
        """The layout that works here: a process with the takedown path alone has no home page."""
        try:
            reverse("home")
        except NoReverseMatch:
            return "takedown/base.html"
        return "base.html"

    @cached_property
    def member(self) -> Member | None:
        """The viewer's log-in, or None."""
        person = viewer(self._request)
        return replace(by_id(person.id), role=person.role) if person.id is not None else None

    @cached_property
    def role_rests(self) -> bool:
        """Whether the viewer's role does not count until they prove a second factor."""
        return role_rests(self._request)

    @property
    def way_to_prove(self) -> str:
        """Where they prove one."""
        return way_to_prove(self._request, self._request.get_full_path())

    @cached_property
    def unread(self) -> int:
        """How much the viewer was told and has not read."""
        return unread_by(self.member.id) if self.member else 0

    @cached_property
    def balance(self) -> Balance:
        """The viewer's credits."""
        return balance_of(wallet_of(self.member.key)) if self.member else Balance()


def site(request: HttpRequest) -> dict[str, Site]:
    """Give templates `house`; `site` is a word of the sign-in library's own templates."""
    return {"house": Site(request)}
