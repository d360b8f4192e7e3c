"""Letters by e-mail: fixed sentences over coded facts, so that nothing a user wrote gets in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.mail import send_mail

LETTERS: Mapping[str, tuple[str, str]] = {
    "published": ("It is published", "Your {kind} {item} passed screening and is public now."),
    "held": (
        "A moderator looks at it",
        "Your {kind} {item} is held until a moderator has looked at it. Nobody else sees it yet.",
    ),
    "refused": (
        "It was not published",
        "Your {kind} {item} was not published. Its page says why and what you can do.",
    ),
    "removed": (
        "It was removed",
        "Your {kind} {item} was removed for good. It shows a real person who did not agree to it. "
        "The rule is in the house rules under “likeness”.",
    ),
    "case_minor": (
        "A takedown request comes first",
        "A takedown request is about somebody who may be under 18. It stands first in the queue. "
        "Do not open, copy or pass on its files.",
    ),
    "case_look": (
        "A takedown request needs a look now",
        "Something that a takedown request names does not hide before a person has looked. Please "
        "look within the hour. The queue shows which.",
    ),
    "case_clock": (
        "A takedown request waits",
        "{share} per cent of the time to decide a takedown request have passed. "
        "The queue shows which.",
    ),
    "entry_waits": (
        "Somebody handed in work",
        "An entry to your bounty {bounty} is being scanned.",
    ),
    "deadline_near": (
        "A bounty ends soon",
        "Bounty {bounty}, which you support, takes work for two more days at most.",
    ),
    "award_now": (
        "Work waits for your award",
        "Bounty {bounty} is closed and has entries. Please award one within 48 hours; after that a "
        "moderator decides what happens to the credits.",
    ),
    "hidden": (
        "Something of yours is hidden",
        "Your {kind} is hidden until it is decided: nobody sees or loads it. The statement of "
        "reasons is on your page of decisions.",
    ),
    "report_answered": (
        "Your report was answered",
        "A moderator looked at what you reported. Number and PIN of your report open the answer; "
        "thank you for telling us.",
    ),
    "opinion_answered": (
        "A colleague answered your question",
        "You asked for a second opinion on {kind} {item}. The answer is on its page in the queue.",
    ),
    "appeal_answered": (
        "Your objection was answered",
        "Somebody who had no part in the decision about your {kind} has answered. The statement "
        "of reasons is on your page of decisions.",
    ),
    "bought": (
        "You bought credits",
        "Your payment came in: {credits:,} credits are in your wallet.",
    ),
    "suspended": (
        "Your account is suspended",
        "Until {until} you cannot post, pledge, hand in or cash out, because of repeated breaches "
        "of the rules. Bounties of yours without work were cancelled; every supporter has their "
        "own back. Your page of decisions lists each one; object to what is wrong.",
    ),
    "suspension_over": (
        "Your suspension is over",
        "You can post, pledge and hand in again.",
    ),
    "payout_account_confirmed": (
        "You can cash out now",
        "The provider confirmed who you are. If this was not you, end your sessions and change "
        "your password at once.",
    ),
    "payout_account_declined": (
        "Your payout account was not confirmed",
        "The provider could not confirm who you are. You can try again from your wallet.",
    ),
    "cashout_paid": (
        "Your money is on its way",
        "{credits:,} credits were cashed out, and the provider has sent the money to your bank.",
    ),
    "cashout_failed": (
        "Your bank sent the money back",
        "The money for {credits:,} credits could not be paid out. The credits, fee and all, are in "
        "your wallet again.",
    ),
    "cashout_refused": (
        "Your cash-out was refused",
        "{credits:,} credits are in your wallet again, the fee too. The reason: {reason}",
    ),
    "books_wrong": (
        "Cash-outs are stopped: the books are not right",
        "A check found {found} things that cannot be true. Nothing is paid out until a check finds "
        "everything right. assent reconcile shows what it is.",
    ),
    "books_right": (
        "Cash-outs go on",
        "The latest check found the books right again.",
    ),
    "purchase_declined": (
        "Your payment was declined",
        "The payment for {credits:,} credits was declined. Nothing was taken; you can try again.",
    ),
    "name_mentioned": (
        "A protected name is mentioned",
        "Something public mentions the name of somebody who asked for protection: {item}. "
        "Please look at it. Its author is not told, and must not be.",
    ),
    "award_doubted": (
        "An award waits for a moderator",
        "The payout of bounty {bounty} waits until a moderator has looked. Its page says why.",
    ),
    "awarded": (
        "Your entry was awarded",
        "Your entry to bounty {bounty} won {credits} credits. They are yours after cooling-off.",
    ),
    "paid": ("You were paid", "{credits} credits for bounty {bounty} are in your wallet."),
    "consent_given": (
        "Consent was given",
        "The person you asked has signed. Their record is {reference}; name it in your bounty or "
        "listing. Its page says from which day on you may publish.",
    ),
    "consent_over": (
        "A consent record does not cover it any more",
        "Your {kind} {item} is not shown any more, because the consent record that it rests on "
        "does not cover it. What was not paid goes back to those who paid it.",
    ),
    "delete_copy": (
        "Please delete your copy",
        "You downloaded the files of {item} here. They may not be used any more: please delete "
        "your copy, and do not pass it on.",
    ),
    "swept": (
        "The rules have changed",
        "The rules have changed, and {count} of your items are out of sight: the new rules do not "
        "allow them, or a moderator must look first. The page of each, under My items, says which "
        "rule decided and why.",
    ),
    "restored": (
        "It is back",
        "Your {kind} {item} is back as it was: the sweep that took it away was undone.",
    ),
    "refunded": ("Credits came back", "{credits} credits from bounty {bounty} are back with you."),
    "sold": (
        "You sold something",
        "Your listing {item} was bought. {credits:,} credits are yours after the cooling-off.",
    ),
    "sale_paid": (
        "You were paid for a sale",
        "{credits:,} credits for your listing {item} are in your wallet.",
    ),
    "sale_returned": (
        "What you paid is back",
        "The sale of {item} to you is off. {credits:,} credits are in your wallet again.",
    ),
    "sale_doubted": (
        "A sale waits for a moderator",
        "The sale of listing {item} waits until a moderator has looked, and its files do, too.",
    ),
    "commented": ("Somebody commented", "There is a comment on what you put here, {about}."),
    "answered": ("Somebody answered you", "There is an answer to your comment on {about}."),
    "followed_published": (
        "Something new from somebody you follow",
        "Somebody you follow published a {kind}, {about}.",
    ),
    "tracked_entry": ("Work was handed in", "The bounty {about} that you track has a new entry."),
    "tracked_comment": ("A new comment", "There is a comment on {about}, which you track."),
    "tracked_version": ("A new version", "The listing {about} that you track has a new version."),
    "tracked_moved": ("A bounty changed", "The bounty {about} that you track is {state} now."),
}


def send_letter(address: str, name: str, template: str, data: Mapping[str, Any]) -> None:
    """Send one letter; raises what the mail server answers."""
    subject, sentence = LETTERS[template]
    body = f"Hello {name},\n\n{sentence.format(**_facts(data))}\n\n{settings.SITE_URL}/\n"
    send_mail(f"{settings.SITE_NAME}: {subject}", body, settings.DEFAULT_FROM_EMAIL, [address])


INVITATION = """Hello,

somebody asks for your consent to a work of generative AI that shows you: for example a model file
that can make pictures of you. They gave us this address. We pass on no message of theirs.

Nothing is made or published here unless you agree. You need no account, and you may simply ignore
this letter: they are not told what you did.

See what is asked, say yes or no, or never hear of us again:

{url}/my-consent/open/{secret}

The link is yours alone. Whoever has it can answer in your place, so do not pass it on.
"""


def send_invitation(address: str, secret: str) -> None:
    """Send the one letter that asks for consent; the same words for everyone."""
    body = INVITATION.format(url=settings.SITE_URL, secret=secret)
    subject = f"{settings.SITE_NAME}: somebody asks for your consent"
    send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [address])


def said_of(template: str, data: Mapping[str, Any]) -> tuple[str, str]:
    """Return the heading and the sentence of a message, as its letter has them."""
    heading, sentence = LETTERS[template]
    return heading, sentence.format(**_facts(data))


def _facts(data: Mapping[str, Any]) -> dict[str, Any]:
    nothing = dict.fromkeys(
        ("item", "bounty", "about", "state", "reference", "until", "reason"), ""
    )
    return {"kind": "item", "credits": 0, "count": 0, "share": 0, "found": 0} | nothing | dict(data)
