"""An example of every call: curl as somebody types it, in an order that tells one story.

The tests run them, one after the other, against a real marketplace. `$API` is the address that
ends in `/api/v1`, `$TOKEN` a requester's token, `$CREATOR` a creator's.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Example:
    """A command, the status that it gets, and what of the answer later ones use: (variable, where
    in the answer)."""

    command: str
    status: int = 200
    keeps: tuple[tuple[str, str], ...] = ()


SIGNED = '-H "Authorization: Bearer $TOKEN"'
BY_CREATOR = '-H "Authorization: Bearer $CREATOR"'

EXAMPLES: dict[tuple[str, str], Example] = {
    ("GET", "/me"): Example(f"curl $API/me {SIGNED}"),
    ("GET", "/wallet"): Example(f"curl $API/wallet {SIGNED}"),
    ("GET", "/agreement"): Example(
        f"curl $API/agreement {BY_CREATOR}", keeps=(("AGREEMENT", "version"),)
    ),
    ("POST", "/agreement"): Example(
        f"""curl $API/agreement {BY_CREATOR} \\
  -H "Idempotency-Key: agreed-1" -H "Content-Type: application/json" \\
  -d '{{"version": "'$AGREEMENT'"}}'"""
    ),
    ("POST", "/bounties"): Example(
        f"""curl $API/bounties {SIGNED} \\
  -H "Idempotency-Key: harbour-1" -H "Content-Type: application/json" \\
  -d '{{"title": "Foggy harbour at dawn", "description": "Wooden boats, no people.",
       "type": "LoraCreation", "tags": ["harbour", "fog"], "credits": 300,
       "deadline": "'$(date -u -d "+30 days" +%F)'"}}'""",
        201,
        (("BOUNTY", "id"),),
    ),
    ("GET", "/bounties"): Example('curl "$API/bounties?state=open&q=harbour"'),
    ("GET", "/bounties/{bounty_id}"): Example("curl $API/bounties/$BOUNTY"),
    ("POST", "/bounties/{bounty_id}/pledges"): Example(
        f"""curl $API/bounties/$BOUNTY/pledges {SIGNED} \\
  -H "Idempotency-Key: harbour-1-more" -H "Content-Type: application/json" \\
  -d '{{"credits": 50}}'""",
        201,
    ),
    ("POST", "/bounties/{bounty_id}/pledges/take-back"): Example(
        f"""curl $API/bounties/$BOUNTY/pledges/take-back {SIGNED} \\
  -H "Content-Type: application/json" -d '{{}}'""",
        403,
    ),
    ("POST", "/bounties/{bounty_id}/amend"): Example(
        f"""curl $API/bounties/$BOUNTY/amend {SIGNED} \\
  -H "Content-Type: application/json" \\
  -d '{{"title": "Harbour at dusk", "type": "LoraCreation",
       "deadline": "'$(date -u -d "+30 days" +%F)'"}}'""",
        200,
    ),
    ("POST", "/bounties/{bounty_id}/entries"): Example(
        f"""curl $API/bounties/$BOUNTY/entries {BY_CREATOR} \\
  -F "files=@harbour.safetensors" -F "note=Strength 0.7\"""",
        202,
        (("ENTRY", "id"),),
    ),
    ("POST", "/bounties/{bounty_id}/award"): Example(
        f"""curl $API/bounties/$BOUNTY/award {SIGNED} \\
  -H "Content-Type: application/json" -d '{{"entry": "'$ENTRY'"}}'"""
    ),
    ("GET", "/entries/{entry_id}"): Example(
        "curl $API/entries/$ENTRY", keeps=(("FILE", "files.0.id"),)
    ),
    ("GET", "/files/{file_id}"): Example(
        f"curl $API/files/$FILE {SIGNED} -o harbour-copy.safetensors"
    ),
    ("POST", "/items/{item_id}/comments"): Example(
        f"""curl $API/items/$BOUNTY/comments {BY_CREATOR} \\
  -H "Content-Type: application/json" -d '{{"text": "Thank you! Try it at strength 0.7."}}'""",
        201,
    ),
    ("GET", "/items/{item_id}/comments"): Example("curl $API/items/$BOUNTY/comments"),
    ("POST", "/listings"): Example(
        f"""curl $API/listings {BY_CREATOR} -H "Idempotency-Key: fog-1" \\
  -F "title=Fog over water" -F "type=LoraCreation" -F "tags=fog, water" \\
  -F "files=@harbour.safetensors\"""",
        202,
        (("LISTING", "id"),),
    ),
    ("GET", "/listings"): Example('curl "$API/listings?type=LoraCreation"'),
    ("GET", "/listings/{listing_id}"): Example(f"curl $API/listings/$LISTING {BY_CREATOR}"),
    ("POST", "/listings/{listing_id}/price"): Example(
        f"""curl $API/listings/$LISTING/price {BY_CREATOR} \\
  -H "Content-Type: application/json" -d '{{"price": 40}}'"""
    ),
    ("POST", "/listings/{listing_id}/buy"): Example(
        f"""curl $API/listings/$LISTING/buy {SIGNED} \\
  -H "Idempotency-Key: fog-1-mine" -H "Content-Type: application/json" \\
  -d '{{"price": 40}}'""",
        201,
        (("SALE", "id"),),
    ),
    ("GET", "/bought"): Example(f"curl $API/bought {SIGNED}"),
    ("GET", "/sold"): Example(f"curl $API/sold {BY_CREATOR}"),
    ("POST", "/sales/{sale_id}/back"): Example(
        f"""curl $API/sales/$SALE/back {SIGNED} \\
  -H "Content-Type: application/json" -d '{{}}'"""
    ),
    ("GET", "/notifications"): Example(f"curl $API/notifications {SIGNED}"),
    ("GET", "/items"): Example("curl $API/items", keeps=(("ITEM", "items.0.id"),)),
    ("GET", "/items/{item_id}"): Example("curl $API/items/$ITEM"),
    ("POST", "/takedowns"): Example(
        """curl $API/takedowns -H "Content-Type: application/json" \\
  -H "Idempotency-Key: $(head -c 18 /dev/urandom | base64)" \\
  -d '{"where": ["'$ITEM'"], "relation": "me", "good_faith": true, "signature": "M."}'""",
        201,
        (("NUMBER", "number"), ("PIN", "pin")),
    ),
    ("GET", "/takedowns/{number}"): Example('curl $API/takedowns/$NUMBER -H "X-Case-Pin: $PIN"'),
    ("GET", "/tokens"): Example(f"curl $API/tokens {SIGNED}", keeps=(("OLD_TOKEN", "items.0.id"),)),
    ("DELETE", "/tokens/{token_id}"): Example(
        f"curl -X DELETE $API/tokens/$OLD_TOKEN {SIGNED}", 204
    ),
}
