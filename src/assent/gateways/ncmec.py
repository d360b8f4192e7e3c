"""Sends a report to NCMEC's CyberTipline: opened with `/submit` and closed with `/finish`, as the
documentation of 2026 says. Tried against a stand-in, never against the service."""

from __future__ import annotations

import re

import urllib3
from django.conf import settings

PRODUCTION = "https://report.cybertip.org/ispws"
TEST = "https://exttest.cybertip.org/ispws"
_CODE = re.compile(rb"<responseCode>(\d+)</responseCode>")
_REPORT = re.compile(rb"<reportId>(\d{1,20})</reportId>")
_TIMEOUT = urllib3.Timeout(connect=10, read=30)


class NotTakenError(RuntimeError):
    """The report was not taken; the message says why."""


def send(xml: bytes, *, production: bool) -> str:
    """Open and close a report, and return its number. A report that was opened and could not be
    closed is dropped by the service itself, so that it can be sent again."""
    if not (settings.NCMEC_USER and settings.NCMEC_PASSWORD):
        raise NotTakenError("ASSENT_NCMEC_USER and ASSENT_NCMEC_PASSWORD are not set.")
    base = settings.NCMEC_ADDRESS or (PRODUCTION if production else TEST)
    opened = _post(f"{base}/submit", body=xml, kind="text/xml; charset=utf-8")
    number = _REPORT.search(opened)
    if number is None:
        raise NotTakenError("The service gave the report no number.")
    report_id = number[1].decode()
    _post(f"{base}/finish", fields={"id": report_id})
    return report_id


def _post(
    url: str, *, body: bytes | None = None, kind: str = "", fields: dict[str, str] | None = None
) -> bytes:
    who = f"{settings.NCMEC_USER}:{settings.NCMEC_PASSWORD}"
    headers = dict(urllib3.make_headers(basic_auth=who))
    if kind:
        headers["Content-Type"] = kind
    pool = urllib3.PoolManager(timeout=_TIMEOUT, retries=False)
    try:
        answer = pool.request(
            "POST", url, body=body, fields=fields, headers=headers, redirect=False
        )
    except urllib3.exceptions.HTTPError as error:
        raise NotTakenError("The service does not answer.") from error
    finally:
        pool.clear()
    code = _CODE.search(answer.data)
    if answer.status != 200 or code is None or code[1] != b"0":
        said = code[1].decode() if code else "none"
        raise NotTakenError(f"The service answered {answer.status}, its code is {said}.")
    return answer.data
