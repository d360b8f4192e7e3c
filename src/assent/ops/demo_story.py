"""What happens in the demo's fortnight. Every person, place and work is invented."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Protocol

from assent.catalogue.context import waiting_files_of
from assent.core.access import Actor
from assent.core.consent.terms import Advice, SignedTerms, Signer, Verb
from assent.core.notices import NoticeForm
from assent.core.offers import BountyDraft
from assent.core.screening.policies import default_policy
from assent.core.terms import WorkType
from assent.flows.award_entry import award_entry
from assent.flows.buy_listing import buy_listing
from assent.flows.cancel_bounty import cancel_bounty
from assent.flows.close_due import close_due
from assent.flows.decide_case import remove_in_case
from assent.flows.decide_held import decide_held
from assent.flows.file_notice import Receipt, file_notice
from assent.flows.hand_in_entry import hand_in_entry
from assent.flows.pay_due import pay_due
from assent.flows.pledge_credits import pledge_credits
from assent.flows.post_bounty import post_bounty
from assent.flows.publish_listing import Offer, publish_listing
from assent.flows.record_consent import record_consent
from assent.flows.run_sweep import run_sweep
from assent.flows.save_draft import save_draft
from assent.flows.scan_file import scan_file
from assent.flows.settle_sales import settle_sales
from assent.flows.start_sweep import start_sweep
from assent.gateways import clock
from assent.gateways.verifier import DEMO_PERSON, vouch_for_demo_person
from assent.ops import demo_talk
from assent.ops.demo_files import lora, picture
from assent.people.queries import Member

Cast = Mapping[str, Member]


class Days(Protocol):
    """Sets the clock to a number of days before today."""

    def day(self, before: int) -> AbstractContextManager[None]:
        """Let the clock stand there within the block."""
        ...


def tell(cast: Cast, days: Days) -> None:
    """Live through the fortnight, oldest day first."""
    with days.day(14):
        demo_talk.introduce(cast)
        listings = _listings(cast)
        _paid(cast)
    with days.day(13):
        _decided_takedown(cast)
        _waits_for_award(cast)
    with days.day(12):
        buy_listing(cast["rita"], listings[2], 120)
    with days.day(9):
        pay_due()
        settle_sales()
    with days.day(8):
        _cancelled_and_refused(cast)
        _consented(cast)
    with days.day(6):
        close_due()
    with days.day(5):
        lighthouses = _open_ones(cast)
        _just_awarded(cast)
    said = demo_talk.talk(cast, lighthouses, listings[0])
    for _ in range(6):
        with days.day(4):
            next(said)
    with days.day(2):
        buy_listing(cast["sam"], listings[2], 120)
        _scan(demo_talk.second_version(cast["cora"], listings[0]))
    with days.day(1):
        _held_and_draft(cast)
        for dry_run in (True, False):
            by = Actor(cast["otto"].key)
            run_sweep(start_sweep(default_policy().id, dry_run=dry_run, by=by))
    with days.day(0):
        _open_takedown(cast)


def _bounty(
    who: Member, title: str, text: str, work: WorkType, tags: str, credits_: int, days: int = 30,
    grant: str = "",
) -> str:  # fmt: skip
    deadline = clock.now().date() + timedelta(days=days)
    draft = BountyDraft(title, text, work, tuple(tags.split(", ")), credits_, deadline, grant)
    return save_draft(who, draft)


def _posted(*args: str | int | Member | WorkType, **more: str | int) -> str:
    who = args[0]
    assert isinstance(who, Member)
    bounty_id = _bounty(*args, **more)  # type: ignore[arg-type]
    post_bounty(who, bounty_id)
    return bounty_id


def _entry(who: Member, bounty_id: str, name: str, note: str, seed: int) -> str:
    pictures = [picture(f"{name}-{n}", seed + n) for n in range(2)]
    entry_id = hand_in_entry(who, bounty_id, note, [lora(name, seed)], pictures)
    _scan(entry_id)
    return entry_id


def _scan(item_id: str) -> None:
    for file_id in waiting_files_of(item_id):
        scan_file(file_id)


def _listings(cast: Cast) -> list[str]:
    made = []
    for seed, (who, title, text, tags, licence, price) in enumerate(
        (
            ("cora", "Misty hill country", "Soft layered hills in morning light. Strength 0.7 "
             "works for most scenes.", "landscape, mist, painterly", "CC-BY-4.0", 0),
            ("chris", "Ceramic glaze textures", "Crackle and celadon glazes for product renders "
             "and still lifes.", "texture, ceramics, still life", "CC0-1.0", 0),
            ("cora", "Paper-cut forests", "Layered paper silhouettes with a warm back light.",
             "paper craft, forest, silhouette", "OpenRAIL-M", 120),
        )
    ):  # fmt: skip
        offer = Offer(
            title, text, WorkType.LORA, tuple(tags.split(", ")), "SDXL 1.0", "1.0",
            licence=licence, price=price,
        )  # fmt: skip
        name = title.lower().replace(" ", "-")
        listing = publish_listing(
            cast[who], offer, [lora(name, 300 + seed)], [picture(name, 40 + seed)]
        )
        _scan(listing)
        made.append(listing)
    return made


def _paid(cast: Cast) -> None:
    bounty = _posted(
        cast["rita"], "Botanical ink plates",
        "Pen-and-ink plant studies with hatching, as in an old herbarium. White paper, no text.",
        WorkType.LORA, "botanical, ink, illustration", 400, days=20,
    )  # fmt: skip
    pledge_credits(cast["sam"], bounty, 150)
    won = _entry(
        cast["cora"], bounty, "botanical-ink-v2", "Trained on 48 ink plates, all drawn for it.", 11
    )
    _entry(cast["chris"], bounty, "herbarium-lines", "Rank 8, works best at 0.8.", 15)
    award_entry(cast["rita"], won)


def _decided_takedown(cast: Cast) -> None:
    bounty = _posted(
        cast["chris"], "Studio portrait lighting set",
        "Soft key light, grey backdrop, catalogue look. Generic adults only.",
        WorkType.IMAGE, "lighting, studio", 90,
    )  # fmt: skip
    receipt = file_notice(_notice(bounty, "N. O."))
    remove_in_case(cast["mo"], receipt.number)


def _waits_for_award(cast: Cast) -> None:
    bounty = _posted(
        cast["sam"], "Railway poster lettering",
        "Bold inter-war travel lettering with deep shadows, for imaginary stations.",
        WorkType.LORA, "lettering, poster, vintage", 300, days=6,
    )  # fmt: skip
    _entry(cast["cora"], bounty, "platform-caps", "Two weights in one file.", 21)
    _entry(cast["chris"], bounty, "express-gothic", "Made for wide formats.", 24)


def _cancelled_and_refused(cast: Cast) -> None:
    cancelled = _posted(
        cast["rita"], "Cloud atlas for flight maps", "Clouds seen from above, soft edges.",
        WorkType.IMAGE, "clouds, sky", 120,
    )  # fmt: skip
    cancel_bounty(cast["rita"], cancelled)
    _posted(
        cast["sam"], "My colleague as a birthday-card astronaut",
        "LoRA of my colleague from accounting, it must look exactly like her. "
        "I have 30 photos from her profile.",
        WorkType.LORA, "birthday, portrait", 80,
    )  # fmt: skip


def _consented(cast: Cast) -> None:
    today = clock.now().date()
    terms = SignedTerms(
        names=vouch_for_demo_person().names,
        signer=Signer.PERSON,
        authority="",
        purpose="Cover portraits for the audiobook series “Salt Roads”, no other use.",
        material="A LoRA from 30 portraits that she chose herself.",
        answers={verb.value: verb in (Verb.TRAIN, Verb.GENERATE, Verb.DISPLAY) for verb in Verb},
        work_types=frozenset({WorkType.LORA, WorkType.IMAGE}),
        territory="worldwide",
        starts_on=today,
        ends_on=today + timedelta(days=365),
        pay="5 % of the audiobooks’ proceeds",
        advice=Advice.COUNSEL,
        adult=True,
        never_sexual=True,
        cannot_untrain=True,
        signature=DEMO_PERSON,
    )
    had_terms = clock.now() - timedelta(days=4)
    reference = record_consent(vouch_for_demo_person(), cast["rita"], terms, had_terms)
    bounty = _posted(
        cast["rita"], f"Audiobook covers with {DEMO_PERSON}",
        f"LoRA of {DEMO_PERSON} for the covers of her audiobook series. She recorded her consent.",
        WorkType.LORA, "portrait, audiobook, consent", 600, days=45, grant=reference,
    )  # fmt: skip
    decide_held(cast["mo"], bounty, approve=True, reason="The record covers exactly this use.")


def _open_ones(cast: Cast) -> str:
    first = _posted(
        cast["rita"], "Watercolour lighthouses",
        "Loose watercolour of lighthouses and harbours, visible paper grain, muted blues.",
        WorkType.LORA, "watercolour, harbour, painterly", 350,
    )  # fmt: skip
    pledge_credits(cast["sam"], first, 200)
    pledge_credits(cast["chris"], first, 50)
    _entry(cast["cora"], first, "harbour-wash", "Trained on my own sketchbook, 62 pages.", 31)
    _posted(
        cast["sam"], "Isometric market stalls",
        "Thirty stalls on one grid: bread, fish, flowers, tools. Transparent background.",
        WorkType.IMAGE, "isometric, game art", 250, days=14,
    )  # fmt: skip
    _posted(
        cast["rita"], "Captioned photos of sourdough loaves",
        "At least 200 photos that you took yourself, each with a caption of crust and crumb.",
        WorkType.DATASET, "dataset, food, captions", 500, days=60,
    )  # fmt: skip
    return first


def _just_awarded(cast: Cast) -> None:
    bounty = _posted(
        cast["sam"], "Low-poly forest animals",
        "Badger, heron, fox and hare in flat-shaded triangles for a board game.",
        WorkType.LORA, "low poly, animals, game art", 220,
    )  # fmt: skip
    award_entry(cast["sam"], _entry(cast["chris"], bounty, "lowpoly-woods", "Rank 8.", 51))


def _held_and_draft(cast: Cast) -> None:
    _posted(
        cast["sam"], "The detective from that harbour series",
        "The live-action detective, same face as the actor in season two, for a fan poster.",
        WorkType.LORA, "fan art, poster", 140,
    )  # fmt: skip
    _bounty(
        cast["rita"], "Linocut birds of the marsh", "Two-colour linocut, bold shapes.",
        WorkType.LORA, "linocut, birds", 200,
    )  # fmt: skip


def _open_takedown(cast: Cast) -> None:
    bounty = _posted(
        cast["chris"], "Café window reflections",
        "Rainy glass with reflections, evening street, warm lamps. Passers-by out of focus.",
        WorkType.IMAGE, "rain, reflections, street", 110,
    )  # fmt: skip
    receipt = file_notice(_notice(bounty, "M."))
    _keep_for_visitors(receipt)


def _notice(item: str, signature: str) -> NoticeForm:
    return NoticeForm((item,), "me", True, signature, None, {"language": "en"})


def _keep_for_visitors(receipt: Receipt) -> None:
    """Leave the open case's number and PIN beside the demo, for its status page."""
    from django.conf import settings

    path = settings.DATA_DIR / "demo-case.txt"
    path.write_text(
        f"An open takedown case of the demo\nNumber {receipt.number}\nPIN    {receipt.pin}\n"
    )
