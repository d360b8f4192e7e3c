"""What the demo's people say of themselves and to each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from assent.flows.add_version import add_version
from assent.flows.edit_profile import edit_profile
from assent.flows.follow_member import follow_member
from assent.flows.post_comment import post_comment
from assent.flows.track_item import track_item
from assent.ops.demo_files import lora, picture
from assent.people.queries import Member

ABOUT = {
    "rita": "I commission plates for books about plants and places.",
    "cora": "I draw first and train afterwards: every set starts in my own sketchbooks.",
    "chris": "Textures, lettering and game art. Small files, written down settings.",
}


def introduce(cast: Mapping[str, Member]) -> None:
    """Let them write their profiles, and follow whose work they like."""
    for name, text in ABOUT.items():
        edit_profile(cast[name], text)
    for follower, followed in (("sam", "cora"), ("rita", "cora"), ("rita", "chris")):
        follow_member(cast[follower], followed, follow=True)


def talk(cast: Mapping[str, Member], bounty: str, listing: str) -> Iterator[None]:
    """Questions with answers, thanks, and one that waits for a moderator: one at each step, so
    that each has its own minute."""
    rita, sam, cora, chris = (cast[name] for name in ("rita", "sam", "cora", "chris"))
    track_item(sam, bounty, track=True)
    asked, _ = post_comment(chris, bounty, "Should the harbours be calm, or stormy as well?")
    yield
    post_comment(rita, bounty, "Both, please. Two thirds calm.", reply_to=asked)
    yield
    post_comment(sam, bounty, "A lamp lit at dusk would be lovely.")
    yield
    post_comment(sam, bounty, "My neighbour sits on that pier every day, with the same hat.")
    yield
    asked, _ = post_comment(sam, listing, "Does it work at a strength above one?")
    yield
    answer = "It holds up to 1.1. The next version is steadier there."
    post_comment(cora, listing, answer, reply_to=asked)
    yield


def second_version(creator: Member, listing: str) -> str:
    """A second version of a listing, whose files wait for their scan; returns its id."""
    note = "Steadier at high strengths, and the far hills keep their edges."
    files = [lora("misty-hill-country-v2", 340)], [picture("misty-hill-country-v2", 47)]
    return add_version(creator, listing, "2.0", note, *files)
