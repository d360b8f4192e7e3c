"""How the pages for people who ask for a takedown speak: in their language, with English beside
every text that nobody who speaks it has checked."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from assent.core.languages import ENGLISH
from assent.gateways.letters import written
from assent.web import languages

register = template.Library()


@register.simple_tag
def say(text: str, **facts: object) -> SafeString:
    """Write a sentence, `%(name)s` in it filled with the facts."""
    said = str(text)
    language = get_language() or ENGLISH
    if language == ENGLISH or not said:
        return _filled(said, facts)
    translated = gettext(said)
    if languages.is_checked(language, said, translated):
        return _filled(translated, facts)
    if translated == said:  # a test looks whether this word is the same, or was forgotten
        return format_html("<bdi data-same>{}</bdi>", _filled(said, facts))
    return format_html(
        '{} <span class="beside" lang="en" dir="ltr">{}</span>',
        _filled(translated, facts),
        _filled(said, facts),
    )


@register.simple_tag
def plain(text: str, **facts: object) -> SafeString:
    """Write a sentence where only one fits: in a title, an attribute, on a button."""
    return _filled(gettext(str(text)), facts)


@register.filter
def beside(text: str) -> SafeString:
    """Write a text that comes from a form or from the rules."""
    return say(text)


@register.filter
def alone(text: str) -> SafeString:
    """Write a text that comes from a form, where only one fits."""
    return plain(text)


@register.simple_tag
def moment(at: datetime) -> SafeString:
    """Write a moment in UTC, the month in the language of the page."""
    stamp = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    return format_html('<time datetime="{}"><bdi>{}</bdi></time>', stamp, written(at))


def _filled(text: str, facts: dict[str, object]) -> SafeString:
    if not facts:
        return conditional_escape(text)
    safe = {name: conditional_escape(str(value)) for name, value in facts.items()}
    return mark_safe(conditional_escape(text) % safe)  # noqa: S308 - both parts are escaped
