"""Follow somebody, or stop: their new things are then told as news."""

from __future__ import annotations

from assent.core.terms import Refusal, RefusalKind, Refused
from assent.gateways import clock
from assent.people.queries import Member, by_name
from assent.watching import save

_YOURSELF = Refusal("follow_yourself", "You cannot follow yourself.", RefusalKind.CONFLICT)


def follow_member(follower: Member, name: str, *, follow: bool) -> Member:
    """Follow or unfollow a member and return them, or refuse. They are not told."""
    # load
    followed = by_name(name)
    # think
    if followed.id == follower.id:
        raise Refused(_YOURSELF)
    # save
    if follow:
        save.follow(follower.id, followed.id, clock.now())
    else:
        save.unfollow(follower.id, followed.id)
    return followed
