"""An adjudicator that is somebody else's program: JSON Lines to it, JSON Lines from it."""

from __future__ import annotations

import json
import shlex
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass

from assent.audit.adjudicate import Opinion, Words
from assent.audit.schema import THEMES
from assent.audit.terms import DamageError

_PATIENCE = 3600  # seconds for one batch


@dataclass(frozen=True, slots=True)
class Program:
    """A command that reads `{"kind", "type", "title", "description", "tags"}` a line and answers
    `{"deepfake": true | false | null, "theme": … | null}` a line, in the same order."""

    command: str

    @property
    def name(self) -> str:
        """Say which command this is."""
        return f"program {self.command}"

    def judge(self, records: Sequence[Words]) -> list[Opinion]:
        """Return the program's opinions, or raise DamageError saying what it did wrong."""
        given = "".join(json.dumps(dict(record)) + "\n" for record in records)
        try:
            done = subprocess.run(  # noqa: S603 - the auditor's own command, without a shell
                shlex.split(self.command), input=given.encode(), stdout=subprocess.PIPE,
                timeout=_PATIENCE, check=False,
            )  # fmt: skip
        except (OSError, ValueError, subprocess.TimeoutExpired) as error:
            raise DamageError(f"the adjudicator did not run: {error}") from error
        if done.returncode:
            raise DamageError(f"the adjudicator ended with exit code {done.returncode}")
        lines = done.stdout.splitlines()
        if len(lines) != len(records):
            raise DamageError(
                f"the adjudicator gave {len(lines)} answers to {len(records)} records"
            )
        return [_opinion(line, number) for number, line in enumerate(lines, 1)]


def _opinion(line: bytes, number: int) -> Opinion:
    try:
        said = json.loads(line)
    except ValueError as error:
        raise DamageError(f"the adjudicator's answer {number} is not JSON") from error
    if not isinstance(said, dict) or said.get("deepfake") not in (True, False, None):
        raise DamageError(
            f'the adjudicator\'s answer {number} has no "deepfake" true, false or null'
        )
    theme = said.get("theme")
    if theme is not None and theme not in THEMES:
        raise DamageError(f"the adjudicator's answer {number} has an unknown theme")
    return Opinion(said.get("deepfake", None), theme)
