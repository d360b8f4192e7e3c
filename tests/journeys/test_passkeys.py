"""A moderator of a real marketplace, not the demo, with a passkey in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.market import Market, running_market

pytestmark = pytest.mark.server

PASSWORD = "a long password of hers"


@pytest.fixture(scope="module")
def real_market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Market]:
    """A marketplace that is no demo, with one moderator."""
    with running_market(tmp_path_factory.mktemp("real")) as found:
        added = found.command(
            "add-member", "mona", "--email", "mona@example.org", "--role", "moderator",
            "--password", PASSWORD,
        )  # fmt: skip
        assert added.returncode == 0, added.stderr
        yield found


@pytest.fixture
def page(browser: Browser) -> Page:
    """A browser with a passkey reader that says yes."""
    opened = browser.new_context(viewport={"width": 360, "height": 800}).new_page()
    reader = opened.context.new_cdp_session(opened)
    reader.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
        "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    reader.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return opened


def press(page: Page, name: str) -> None:
    """Press by keyboard, as somebody without a mouse does."""
    button = page.get_by_role("main").get_by_role("button", name=name)
    button.focus()
    page.keyboard.press("Enter")


def test_a_moderator_adds_a_passkey_and_signs_in_with_it(
    page: Page, real_market: Market, screenshots: Path
) -> None:
    faults: list[str] = []
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    # Browsers offer passkeys without TLS only under this name.
    home = real_market.url.replace("127.0.0.1", "localhost")

    page.goto(f"{home}/account/login/?next=/queue")
    page.fill("input[name=login]", "mona")
    page.fill("input[name=password]", PASSWORD)
    press(page, "Sign in")
    expect(page).to_have_url(f"{home}/account/2fa/")
    expect(page.get_by_role("main")).to_contain_text("Your role rests")
    page.screenshot(path=screenshots / "passkey-1-rests.png", full_page=True)

    page.goto(f"{home}/account/2fa/webauthn/add/")
    page.fill("input[name=password]", PASSWORD)
    press(page, "Confirm")
    page.fill("input[name=name]", "My phone")
    page.check("input[name=passwordless]")
    page.screenshot(path=screenshots / "passkey-2-add.png", full_page=True)
    press(page, "Add")
    expect(page).to_have_url(f"{home}/account/2fa/recovery-codes/")
    page.screenshot(path=screenshots / "passkey-3-codes.png", full_page=True)
    page.goto(f"{home}/queue")
    expect(page.get_by_role("heading", level=1)).to_have_text("Queue")

    page.locator(".me-menu summary").click()
    page.get_by_role("banner").get_by_role("button", name="Sign out").click()
    page.goto(f"{home}/account/login/")
    page.screenshot(path=screenshots / "passkey-4-login.png", full_page=True)
    press(page, "Use a passkey instead")
    expect(page.get_by_role("banner")).to_contain_text("mona")
    page.goto(f"{home}/queue")
    expect(page.get_by_role("heading", level=1)).to_have_text("Queue")
    page.goto(f"{home}/account/2fa/webauthn/")
    expect(page.get_by_role("main")).to_contain_text("My phone")
    page.screenshot(path=screenshots / "passkey-5-keys.png", full_page=True)
    assert faults == [], "the content policy or a script complained"


def test_a_closed_window_is_said_in_words(page: Page, real_market: Market) -> None:
    page.goto(f"{real_market.url}/account/login/")
    press(page, "Use a passkey instead")
    expect(page.get_by_role("alert")).to_contain_text("localhost instead of 127.0.0.1")
