"""The OpenAPI document, completed by what the framework does not know: headers, what the layers
around a call may answer, what each answer means, and an example that runs."""

from __future__ import annotations

from typing import Any

from ninja import NinjaAPI

from assent.api.examples import EXAMPLES

WORDS = {
    200: "Done.",
    201: "Made, and public where it is an item.",
    202: "Taken, and held until it was looked at. Nobody else sees it yet.",
    204: "Done; there is nothing to say.",
    400: "The body cannot be read.",
    401: "No token, or one that we do not know.",
    403: "The token's member may not do this; the sentence says why.",
    404: "There is nothing here that the caller can see.",
    409: "It does not fit what has happened meanwhile, or not the balance.",
    410: "It was taken down.",
    411: "The request does not say how long its body is.",
    413: "The body is larger than what is taken here.",
    422: "Something in it is wrong, or screening refused it; `code` and `fields` say what.",
    503: "It waits for its turn to be looked at under new rules; `retry` is true.",
    429: "Too many calls. `Retry-After` says in how many seconds to come back.",
}
ONCE = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "maxLength": 200},
    "description": "Makes the call safe to repeat: the same key gets the first answer again, and "
    "nothing is done twice. Without a token it needs 16 characters that nobody can guess.",
}
PIN = {
    "name": "X-Case-Pin",
    "in": "header",
    "required": True,
    "schema": {"type": "string"},
    "description": "The PIN of the receipt. It travels in this header only.",
}
RETRY_AFTER = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds to wait."}}
ERROR = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}


class HouseAPI(NinjaAPI):
    """The framework's API with a complete document."""

    def get_openapi_schema(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as its own
        """Return the document that machines read and that the page of the API is made from."""
        found = super().get_openapi_schema(*args, **kwargs)
        for path, methods in found["paths"].items():
            for method, call in methods.items():
                _complete(method, path, call)
        return found


def _complete(method: str, path: str, call: dict[str, Any]) -> None:
    """Add to one call; a second time changes nothing."""
    answers: dict[int | str, Any] = call["responses"]
    parameters = [p for p in call.get("parameters", []) if p["in"] != "header"]
    if method == "post":
        parameters.append(ONCE)
        # The size of a body is looked at before anything else is.
        answers |= {411: {"content": ERROR}, 413: {"content": ERROR}}
    if path.endswith("/takedowns/{number}"):
        parameters.append(PIN)
    call["parameters"] = parameters
    for status, answer in answers.items():
        answer["description"] = WORDS[int(status)]
        if int(status) == 429:
            answer["headers"] = RETRY_AFTER
    call["responses"] = {k: answers[k] for k in sorted(answers, key=int)}
    example = EXAMPLES.get((method.upper(), path.removeprefix("/api/v1")))
    if example:
        call["x-codeSamples"] = [{"lang": "Shell", "label": "curl", "source": example.command}]
