"""Say what would happen to a draft's words if it were posted now. Nothing is written.

Protected names are left out: whether somebody asked for protection must not be read off a preview,
and a name that nobody listed gets the answer that any stranger's gets. Posting looks at them too.
"""

from __future__ import annotations

from assent.catalogue import queries
from assent.catalogue.submissions import submission_of
from assent.consent.queries import grant_id_of
from assent.core.access import Verb
from assent.core.casework import Ruling, rule_on
from assent.core.screening.policies import default_policy
from assent.core.screening.screen import screen
from assent.effects.screened import cover_for
from assent.gateways import clock
from assent.people.queries import Member


def preview_draft(requester: Member, bounty_id: str) -> Ruling:
    """Return what the words alone would lead to, or refuse: it is nobody else's to ask."""
    at = clock.now()
    bounty = queries.bounty(requester.person, bounty_id)
    queries.require(requester.person, Verb.EDIT, bounty.facts)
    submission = submission_of(bounty.item, bounty.work_type)
    verdict = screen(submission, default_policy(), at=at.date())
    grant = grant_id_of(bounty.grant or "")
    return rule_on(verdict, cover_for(verdict, grant, requester.key, bounty.work_type, at))
