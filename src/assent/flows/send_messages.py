"""Send the messages that wait. Run by the worker's clock, outside any transaction."""

from __future__ import annotations

import logging

from assent.core.messages import NEWS, TOPICS
from assent.gateways import clock
from assent.gateways.mail import send_letter
from assent.journal import save as journal
from assent.journal.queries import unsent_messages
from assent.watching.queries import unwanted_letters

log = logging.getLogger(__name__)


def _is_unwanted(message: journal.Waiting) -> bool:
    """Whether no letter goes out: news of what is gone by now, or of a topic not wanted."""
    if message.about_gone and message.template in NEWS:
        return True
    topic = TOPICS.get(message.template)
    return topic is not None and topic in unwanted_letters(message.user)


def send_messages() -> int:
    """Send each waiting message and return how many went out.

    A message is marked before it is sent: a crash in between loses a letter, which the page says
    as well, rather than sending it twice. A mail server that refuses leaves it marked and logged.
    """
    sent = 0
    for message_id in unsent_messages(clock.now()):
        message = journal.waiting(message_id)
        if message is None or not journal.mark_sent(message_id, clock.now()):
            continue
        if not message.address or _is_unwanted(message):
            continue
        try:
            send_letter(message.address, message.name, message.template, message.data)
        except OSError:
            log.exception("A letter could not be sent")
            continue
        sent += 1
    return sent
