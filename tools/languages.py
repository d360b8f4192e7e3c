"""The catalogues of translations for the takedown pages and letters.

    python -m tools.languages missing        what has no translation yet, as JSON
    python -m tools.languages take CODE FILE fill a catalogue from JSON {English: translation}
    python -m tools.languages compile        write every .mo from its .po
    python -m tools.languages checked CODE [TEXT...]
                                             somebody who speaks it has checked these texts (or all)

What the pages say is found by asking them: their templates, forms and refusals.
"""

from __future__ import annotations

import importlib
import io
import json
import os
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

import django
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

SRC = Path(__file__).resolve().parent.parent / "src" / "assent"
LOCALE = SRC / "locale"
TEMPLATES = SRC / "web" / "templates" / "takedown"
_SAID = re.compile(r"{%\s*(?:say|plain)\s+(?:\"([^\"]+)\"|'([^']+)')")
# What a catalogue's head says of its making, which changes each time or says nothing.
_FORM_LETTER = re.compile(r'"(POT-Cr|PO-Rev|Generated|Report-|Last-T|Language-T)')
_ANY_DAY = datetime(2026, 1, 1, tzinfo=UTC)
REFUSING = (
    "assent.casework.status",
    "assent.flows.complain",
    "assent.flows.complete_notice",
    "assent.flows.confirm_contact",
    "assent.flows.find_case",
    "assent.flows.object_misuse",
    "assent.flows.write_in_case",
)
# Only staff can meet these.
_STAFF = ("case_moved_on", "second_person", "no_contact")
# The same in every language.
NAMES = ("PIN",)


def folder_of(code: str) -> Path:
    """Return the folder of a language's catalogue, named as Django looks for it."""
    language, _, script = code.partition("-")
    return LOCALE / (f"{language}_{script.capitalize()}" if script else language) / "LC_MESSAGES"


def said() -> list[str]:
    """Return every English text that the takedown pages and letters can show."""
    found = [text for part in (_templates, _forms, _refusals, _sentences) for text in part()]
    return [text for text in dict.fromkeys(found) if text and text not in NAMES]


def _templates() -> list[str]:
    pages = sorted(TEMPLATES.glob("*.html"))
    return [a or b for page in pages for a, b in _SAID.findall(page.read_text())]


def _forms() -> list[str]:
    from assent.web.forms import takedown

    found = [*takedown.FAULTS.values(), takedown.NO_ADDRESS]
    for form in (takedown.TakedownForm(), takedown.StatusForm()):
        for field in form:
            found += [str(field.label), str(field.help_text)]
            found += [str(label) for _, label in getattr(field.field, "choices", [])]
    return found


def _refusals() -> list[str]:
    from assent.core.terms import Refusal

    modules = [importlib.import_module(name) for name in REFUSING]
    every = [one for m in modules for one in vars(m).values() if isinstance(one, Refusal)]
    return [one.sentence for one in every if one.code not in _STAFF]


def _sentences() -> list[str]:
    from assent.core import notices
    from assent.gateways import letters
    from assent.web import quiet
    from assent.web.views import my_case

    rules = (notices.INCOMPLETE, notices.TOO_MANY_LINES, notices.SIGNATURE_TOO_LONG)
    return [*notices.ASK.values(), *rules, quiet.TOO_MANY, *my_case.SENTENCES, *letters.SENTENCES]


def catalogue(code: str) -> Catalog:
    """Return a language's catalogue; an empty one where it has none yet."""
    path = folder_of(code) / "django.po"
    if not path.exists():
        return Catalog(locale=None, domain="django", fuzzy=False, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, domain="django")


def translations(code: str) -> dict[str, str]:
    """Return English text to translation, of what a catalogue has."""
    return {str(m.id): str(m.string) for m in catalogue(code) if m.id and m.string}


def compiled(code: str) -> bytes:
    """Return the catalogue as the running site reads it."""
    out, found = io.BytesIO(), catalogue(code)
    found.creation_date = found.revision_date = _ANY_DAY  # so that the same makes the same
    write_mo(out, found)
    return out.getvalue()


def take(code: str, given: dict[str, str]) -> None:
    """Write a catalogue that holds what is said, and nothing else."""
    known = {**translations(code), **given}
    new = Catalog(
        domain="django", fuzzy=False, charset="utf-8", project="Assent", version="1",
        header_comment="# Checked texts are listed in checked.json; see tools/languages.py.",
    )  # fmt: skip
    for text in said():
        new.add(text, known.get(text, ""))
    folder_of(code).mkdir(parents=True, exist_ok=True)
    out = io.BytesIO()
    write_po(out, new, width=100, omit_header=False)
    lines = out.getvalue().decode().splitlines(keepends=True)
    stable = [line for line in lines if not _FORM_LETTER.match(line)]
    (folder_of(code) / "django.po").write_text("".join(stable))
    (folder_of(code) / "django.mo").write_bytes(compiled(code))


def check(code: str, texts: list[str]) -> None:
    """Note that somebody who speaks the language has checked these texts."""
    from assent.web.languages import CHECKED, mark

    path = LOCALE / CHECKED
    every = json.loads(path.read_text())
    known = translations(code)
    marks = {mark(text, known[text]) for text in texts or known}
    every[code] = sorted({*every.get(code, []), *marks})
    path.write_text(json.dumps(every, indent=1, sort_keys=True) + "\n")


def main(arguments: list[str]) -> int:
    """Do what the first word says."""
    from assent.core.languages import ENGLISH, LANGUAGES

    codes = [code for code in LANGUAGES if code != ENGLISH]
    match arguments:
        case ["missing"]:
            lacks = {c: [t for t in said() if t not in translations(c)] for c in codes}
            sys.stdout.write(json.dumps(lacks, ensure_ascii=False, indent=1) + "\n")
        case ["take", code, path]:
            take(code, json.loads(Path(path).read_text()))
        case ["compile"]:
            for code in codes:
                (folder_of(code) / "django.mo").write_bytes(compiled(code))
        case ["checked", code, *texts]:
            check(code, texts)
        case _:
            sys.stderr.write(__doc__ or "")
            return 2
    return 0


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assent.config.settings_test")
    django.setup()
    raise SystemExit(main(sys.argv[1:]))
