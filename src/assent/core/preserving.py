"""What is kept of what shows an apparent minor, for how long, and the report about it.

18 U.S.C. 2258A(h): what is reported is preserved for one year, under access controls. The report
has the elements of the CyberTipline's documentation (report.cybertip.org/ispws, 2026); of these
only the kind of incident and its time must be there. Its rules are checked here as they are
documented: nobody could check them against the service.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from xml.etree import ElementTree as ET

PRESERVED_FOR = timedelta(days=365)
EXTENDED_MAX = timedelta(days=5 * 365)
INCIDENT = "Child Pornography (possession, manufacture, and distribution)"
SCHEMA = "https://report.cybertip.org/ispws/xsd"
ESP_ID_MAX, SCREEN_NAME_MAX, URL_MAX = 255, 256, 2083
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


@dataclass(frozen=True, slots=True)
class Tip:
    """What a report says. `esp_identifier` stands for the uploader, and is not their name here;
    `hashes` are the SHA-256 of the files, in hexadecimal."""

    at: datetime
    reporter_mail: str
    legal_url: str
    urls: Sequence[str]
    esp_identifier: str
    screen_name: str
    hashes: Sequence[str]
    generated: bool


def tip_xml(tip: Tip) -> bytes:
    """Return the report as XML in UTF-8, its elements in the order of the schema."""
    root = ET.Element("report")
    root.set("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance")
    root.set("xsi:noNamespaceSchemaLocation", SCHEMA)
    summary = ET.SubElement(root, "incidentSummary")
    ET.SubElement(summary, "incidentType").text = INCIDENT
    ET.SubElement(summary, "incidentDateTime").text = tip.at.isoformat(timespec="seconds")
    if tip.urls:
        page = ET.SubElement(ET.SubElement(root, "internetDetails"), "webPageIncident")
        for url in tip.urls:
            ET.SubElement(page, "url").text = url
    reporter = ET.SubElement(root, "reporter")
    person = ET.SubElement(reporter, "reportingPerson")
    ET.SubElement(person, "email").text = tip.reporter_mail
    if tip.legal_url:
        ET.SubElement(reporter, "legalURL").text = tip.legal_url
    user = ET.SubElement(root, "personOrUserReported")
    ET.SubElement(user, "espIdentifier").text = tip.esp_identifier
    ET.SubElement(user, "screenName").text = tip.screen_name
    ET.SubElement(root, "additionalInfo").text = _told(tip)
    ET.indent(root, " ")
    return bytes(ET.tostring(root, encoding="UTF-8", xml_declaration=True))


def _told(tip: Tip) -> str:
    made = "They were put here as the work of generative AI." if tip.generated else ""
    sums = " ".join(tip.hashes)
    return " ".join(
        part
        for part in (
            "A notice or a case worker says that this shows somebody who may be under 18.",
            made,
            "It is not served, sealed, and preserved for one year. No file was opened for this "
            "report.",
            f"SHA-256 of the files: {sums}" if sums else "",
        )
        if part
    )


# The documentation's rules -----------------------------------------------------------------------

_ORDER = ("incidentSummary", "internetDetails", "reporter", "personOrUserReported",
          "additionalInfo")  # fmt: skip
_LENGTHS = {
    "personOrUserReported/espIdentifier": ESP_ID_MAX,
    "personOrUserReported/screenName": SCREEN_NAME_MAX,
    "internetDetails/webPageIncident/url": URL_MAX,
}


def faults(xml: bytes) -> list[str]:
    """Return what is against the documented rules of a report that we made, a sentence each."""
    root = ET.fromstring(xml)  # noqa: S314 - our own bytes, not somebody's
    return list(_faults(root))


def _faults(root: ET.Element) -> Iterator[str]:
    if root.tag != "report":
        yield "The document is not a report."
    names = [child.tag for child in root]
    if names != [name for name in _ORDER if name in names]:
        yield "An element is unknown, doubled or in the wrong place."
    if _text(root, "incidentSummary/incidentType") != INCIDENT:
        yield "The kind of incident is missing, or is not one of the documented ones."
    if not _TIME.fullmatch(_text(root, "incidentSummary/incidentDateTime")):
        yield "The time of the incident is missing, or without its zone."
    if not _MAIL.fullmatch(_text(root, "reporter/reportingPerson/email")):
        yield "The reporter’s address is missing: set ASSENT_CONTACT_MAIL."
    for where, most in _LENGTHS.items():
        if any(len(one.text or "") > most for one in root.findall(where)):
            yield f"{where} is longer than {most} characters."


def _text(root: ET.Element, where: str) -> str:
    found = root.find(where)
    return (found.text or "") if found is not None else ""
