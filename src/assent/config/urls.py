"""Every address of the marketplace."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path, register_converter

from assent.config import urls_takedown
from assent.web.converters import FileName, ItemId, Name
from assent.web.views import (
    account,
    bounties,
    bounty_actions,
    cases,
    comments,
    consents,
    credits,
    decisions,
    drafts,
    entries,
    files,
    home,
    leaving,
    listings,
    my_consent,
    people,
    public,
    queue,
    search,
    sweeps,
    tokens,
    versions,
    wallet,
    watching,
)

register_converter(FileName, "file")
register_converter(ItemId, "item")
register_converter(Name, "name")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("search", search.search, name="search"),
    path("rules", home.rules, name="rules"),
    path("theme", home.theme, name="theme"),
    path("bounties", search.bounties, name="bounties"),
    path("bounties/new", drafts.new, name="bounty_new"),
    path("bounties/<item:bounty_id>", bounties.bounty, name="bounty"),
    path("bounties/<item:bounty_id>/edit", drafts.edit, name="bounty_edit"),
    path("bounties/<item:bounty_id>/pledge", bounty_actions.pledge, name="bounty_pledge"),
    path("bounties/<item:bounty_id>/unpledge", bounty_actions.unpledge, name="bounty_unpledge"),
    path("bounties/<item:bounty_id>/cancel", bounty_actions.cancel, name="bounty_cancel"),
    path("bounties/<item:bounty_id>/enter", entries.enter, name="bounty_enter"),
    path("entries/<item:entry_id>", entries.entry, name="entry"),
    path("entries/<item:entry_id>/status", entries.entry_status, name="entry_status"),
    path("entries/<item:entry_id>/award", entries.award, name="entry_award"),
    path("listings", search.listings, name="listings"),
    path("listings/new", listings.new, name="listing_new"),
    path("listings/<item:listing_id>", listings.listing, name="listing"),
    path("listings/<item:listing_id>/status", listings.listing_status, name="listing_status"),
    path("listings/<item:listing_id>/versions/new", versions.new, name="version_new"),
    path("listings/<item:listing_id>/withdraw", versions.withdraw_listing, name="listing_withdraw"),
    path("versions/<item:version_id>", versions.version, name="version"),
    path("versions/<item:version_id>/status", versions.version_status, name="version_status"),
    path("versions/<item:version_id>/withdraw", versions.withdraw_version, name="version_withdraw"),
    path("comments/on/<item:subject_id>", comments.new, name="comment_new"),
    path("comments/<item:comment_id>", comments.comment, name="comment"),
    path("comments/<item:comment_id>/edit", comments.edit, name="comment_edit"),
    path("comments/<item:comment_id>/withdraw", comments.withdraw, name="comment_withdraw"),
    path("files/<item:file_id>", files.file, name="file"),
    path("files/<item:file_id>/statement", files.file_statement, name="file_statement"),
    path("files/<item:file_id>/thumb", files.thumb, name="thumb"),
    path("users/<name:name>", people.profile, name="profile"),
    path("users/<name:name>/follow", watching.follow, name="follow"),
    path("profile", people.edit, name="profile_edit"),
    path("watching", watching.watching_page, name="watching"),
    path("watching/<item:subject_id>", watching.track, name="track"),
    path("notifications", watching.notifications, name="notifications"),
    path("notifications/letters", watching.letters, name="letters"),
    path("mine", people.mine, name="mine"),
    path("decisions", decisions.decisions, name="decisions"),
    path("decisions/<code:statement_id>", decisions.decision, name="decision"),
    path("appeals/<item:appeal_id>", decisions.appeal_work, name="appeal_work"),
    path("wallet", wallet.wallet, name="wallet"),
    path("queue", queue.queue, name="queue"),
    path("queue/credits/<item:bounty_id>", credits.credits, name="credits"),
    path("queue/<item:item_id>", queue.held, name="held"),
    path("cases/<code:number>", cases.case, name="case_work"),
    path("sweeps", sweeps.sweeps, name="sweeps"),
    path("policies", sweeps.policies, name="policies"),
    path("transparency", public.transparency, name="transparency"),
    path("transparency/books", public.books_page, name="books"),
    path("transparency/books/<file:name>", public.published, name="published"),
    path("transparency/roots", public.roots, name="roots"),
    path("transparency/roots.json", public.roots_json, name="roots_json"),
    path("consents", consents.consents, name="consents"),
    path("consents/ask", consents.ask, name="consent_ask"),
    path("consent/<code:reference>", consents.consent, name="consent"),
    path(".well-known/assent-consent-keys.json", consents.keys, name="consent_keys"),
    path("my-consent", my_consent.my_consent, name="my_consent"),
    path("my-consent/open/<code:secret>", my_consent.open_link, name="consent_link"),
    path("vouching", consents.vouching, name="vouching"),
    path("vouching/<item:invitation_id>", consents.vouch_one, name="vouch"),
    path("api/v1/", include("assent.api.urls")),
    path("account/", account.account, name="account"),
    path("account/sessions/", account.sessions, name="sessions"),
    path("account/tokens/", tokens.tokens, name="tokens"),
    path("account/data/", leaving.data, name="account_data"),
    path("account/data/export/", leaving.export, name="account_export"),
    path("account/data/delete/", leaving.delete, name="account_delete"),
    path("account/2fa/", include("allauth.mfa.urls")),
    path("account/", include("allauth.account.urls")),
    *urls_takedown.urlpatterns,
]

handler400 = "assent.web.errors.bad_request"
handler403 = "assent.web.errors.forbidden"
handler404 = "assent.web.errors.not_found"
handler429 = "assent.web.errors.too_many"
handler500 = "assent.web.errors.server_error"
