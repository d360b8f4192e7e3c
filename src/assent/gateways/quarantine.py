"""What must be preserved and seen by nobody: bytes sealed for a key whose secret half need not be
on this machine (the age format, by its Rust implementation).

`ASSENT_QUARANTINE_KEY` is the public half, `age1…`, of a key that the operator keeps elsewhere.
Where it is not set, a pair is made on first use in the folder of keys, so that nothing is ever left
unsealed; whoever has that folder can open it.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import pyrage
from django.conf import settings

from assent.gateways import storage


class SealError(RuntimeError):
    """The bytes could not be sealed; they are still where they were."""


def key_is_elsewhere() -> bool:
    """Whether the operator named a key, whose secret half is not here."""
    return bool(settings.QUARANTINE_KEY)


def seal(file_id: str) -> bool:
    """Seal the stored bytes of a file, delete them and their thumbnail; True where there were some.

    Sealed first, then deleted: a machine that dies in between has both. May be called again.
    """
    source, target = storage.path_of(file_id), path_of(file_id)
    if not source.exists():
        return target.exists()
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        pyrage.encrypt_file(str(source), str(fresh), [_recipient()])
        fresh.chmod(0o600)
        fresh.replace(target)
    except (OSError, pyrage.EncryptError, pyrage.RecipientError) as error:
        fresh.unlink(missing_ok=True)
        raise SealError(f"{file_id} could not be sealed") from error
    storage.drop(file_id)
    return True


def read(file_id: str) -> bytes | None:
    """Return the sealed bytes as they are, to hand on; None where there are none. Nothing here
    opens them."""
    path = path_of(file_id)
    return path.read_bytes() if path.exists() else None


def drop(file_id: str) -> None:
    """Delete the sealed bytes of a file; nothing happens where there are none."""
    path_of(file_id).unlink(missing_ok=True)


def path_of(file_id: str) -> Path:
    """Return where the sealed bytes of a file are kept."""
    assert file_id.isalnum(), "a file id is an id of ours"
    return Path(settings.QUARANTINE_DIR) / f"{file_id}.age"


def _recipient() -> pyrage.x25519.Recipient:
    if settings.QUARANTINE_KEY:
        return pyrage.x25519.Recipient.from_str(settings.QUARANTINE_KEY)
    return _own_identity().to_public()


def _own_identity() -> pyrage.x25519.Identity:
    path = Path(settings.DATA_DIR) / "keys" / "quarantine.age"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        fresh = path.with_name(f".{path.name}.{os.getpid()}")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
            out.write(str(pyrage.x25519.Identity.generate()))
        with suppress(FileExistsError):  # another process was faster: its key is the one
            os.link(fresh, path)
        fresh.unlink()
    return pyrage.x25519.Identity.from_str(path.read_text())
