"""How times, amounts and states are written on a page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from assent.catalogue.values import FileView, ItemView
from assent.core.agreement import CLAUSES
from assent.core.leases import Lease
from assent.core.terms import ItemKind, ItemState
from assent.gateways import clock, provenance

register = template.Library()


@register.simple_tag
def agreement() -> tuple[str, ...]:
    """Return the clauses of the agreement for uploaders."""
    return CLAUSES


_PAGE_OF = {
    ItemKind.BOUNTY: "bounty",
    ItemKind.ENTRY: "entry",
    ItemKind.LISTING: "listing",
    ItemKind.VERSION: "version",
    ItemKind.COMMENT: "comment",
}
_ADAPTERS = {"lora": "LoRA", "loha": "LoHa", "lokr": "LoKr", "dora": "DoRA"}


@register.simple_tag
def when(moment: datetime) -> SafeString:
    """Write a moment in UTC."""
    utc = moment.astimezone(UTC)
    text = f"{utc.day} {utc:%B %Y, %H:%M} UTC"
    return format_html('<time datetime="{}">{}</time>', utc.strftime("%Y-%m-%dT%H:%M:%SZ"), text)


@register.simple_tag
def day(on: date | datetime) -> SafeString:
    """Write a day."""
    return format_html(
        '<time datetime="{}">{}</time>', on.strftime("%Y-%m-%d"), f"{on.day} {on:%B %Y}"
    )


@register.simple_tag
def writes_manifests() -> bool:
    """Say whether provenance manifests can be written here."""
    return provenance.is_installed()


@register.simple_tag
def holder(leases: Mapping[str, Lease], kind: str, number: str) -> str:
    """Write who works on a piece of the queue; nothing where nobody does."""
    lease = leases.get(f"{kind}:{number}")
    return f"{lease.holder_name} until {lease.until:%H:%M}" if lease else ""


@register.filter
def credits(amount: int) -> str:
    """Write an amount of credits."""
    return f"{amount:,} credit" if amount == 1 else f"{amount:,} credits"


@register.filter
def signed(amount: int) -> str:
    """Write a movement with its sign, a true minus."""
    if amount == 0:
        return "0"
    return f"+{amount:,}" if amount > 0 else f"−{-amount:,}"


@register.filter
def size(count: int) -> str:
    """Write a number of bytes."""
    if count < 1024:
        return f"{count} bytes"
    if count < 1024**2:
        return f"{count / 1024:.0f} KB"
    return f"{count / 1024**2:,.1f} MB" if count < 1024**3 else f"{count / 1024**3:,.2f} GB"


@register.filter
def time_left(until: datetime) -> str:
    """Write how much time is left until a moment, or by how much it is past."""
    minutes = int((until - clock.now()).total_seconds() // 60)
    hours, rest = divmod(abs(minutes), 60)
    span = f"{hours} h {rest} min" if hours else f"{rest} min"
    return f"{span} left" if minutes >= 0 else f"late by {span}"


@register.filter
def days_left(until: date) -> str:
    """Write how many days are left until the end of a day."""
    left = (until - clock.now().date()).days
    if left < 0:
        return "ended"
    return {0: "ends today", 1: "ends tomorrow"}.get(left, f"{left} days left")


@register.simple_tag
def state(of: ItemState) -> SafeString:
    """Write a state as a badge; the word says it, the colour only repeats it."""
    return format_html('<span class="badge" data-state="{}">{}</span>', of, of.capitalize())


@register.simple_tag
def item_url(item: ItemView) -> str:
    """Return the address of an item's page."""
    return reverse(_PAGE_OF[item.kind], args=[item.id])


@register.filter
def page_name(item: ItemView) -> str:
    """Return the title of an item; an entry, which has none, is called by its creator."""
    return item.title or f"{item.kind.capitalize()} by {item.owner_name}"


@register.filter
def percent(share: float) -> str:
    """Write a share."""
    return f"{share:.0%}"


@register.filter
def base_model(file: FileView) -> str:
    """Return the base model that a file names, if it names one."""
    return str(file.facts.get("base_model") or "")


@register.filter
def adapter(file: FileView) -> str:
    """Describe a file's adapter, such as “LoRA, rank 8”."""
    found = file.facts.get("adapter") or {}
    kind = str(found.get("kind") or "")
    parts = [_ADAPTERS.get(kind, kind), f"rank {found['rank']}" if found.get("rank") else ""]
    return ", ".join(part for part in parts if part)


@register.filter
def pixels(file: FileView) -> str:
    """Return the width and height of a picture."""
    image = file.facts.get("image") or {}
    return f"{image['width']} × {image['height']} px" if image else ""


@register.filter
def initial(name: str) -> str:
    """Return the letter that stands for a person who has no picture."""
    return name[:1].upper()


@register.filter
def hue(name: str) -> int:
    """Return which of eight colours stands for a name: always the same one."""
    return sum(name.encode()) % 8
