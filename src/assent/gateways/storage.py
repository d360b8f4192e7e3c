"""Where uploaded bytes live: one private folder, one file an id, never under a public URL."""

from __future__ import annotations

import shutil
from io import RawIOBase
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile


def path_of(key: str) -> Path:
    """Return where the bytes of this file id (or thumbnail) are kept."""
    assert key.replace(".", "").isalnum(), "a storage key is an id of ours, never a user's text"
    return Path(settings.FILES_DIR) / key[:2] / key


def keep(key: str, upload: UploadedFile[bytes]) -> None:
    """Move an upload into place: a rename where it is on disk already, else a copy."""
    target = path_of(key)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = getattr(upload, "temporary_file_path", None)
    if temporary is not None:
        Path(temporary()).replace(target)
        # Django deletes the temporary file when the request ends; give it one to delete.
        Path(temporary()).touch()
    else:
        upload.seek(0)
        with target.open("wb") as out:
            shutil.copyfileobj(upload, out)
    target.chmod(0o600)


def put(key: str, content: bytes) -> None:
    """Write small bytes of our own making, such as a thumbnail."""
    target = path_of(key)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    target.write_bytes(content)


def read(key: str) -> BinaryIO:
    """Open stored bytes for reading; FileNotFoundError where there are none."""
    return path_of(key).open("rb")


def drop(key: str) -> None:
    """Delete the bytes and the thumbnail of a file; nothing happens where there are none."""
    for name in (key, f"{key}.webp"):
        path_of(name).unlink(missing_ok=True)


def stored_ids() -> list[tuple[str, float]]:
    """Return (file id, seconds since 1970 when it was last written) for all that is kept."""
    root = Path(settings.FILES_DIR)
    return [(p.name.split(".")[0], p.stat().st_mtime) for p in root.glob("??/*")]


def clear_uploads(older_than: float) -> int:
    """Delete half-received uploads last written before this many seconds since 1970."""
    found = Path(settings.FILE_UPLOAD_TEMP_DIR).glob("*.upload*")
    stale = [p for p in found if p.stat().st_mtime < older_than]
    for path in stale:
        path.unlink(missing_ok=True)
    return len(stale)


class Fronted(RawIOBase):
    """A stored file with another beginning: `front`, then what follows byte `skip` of the file."""

    def __init__(self, front: bytes, rest: BinaryIO, skip: int) -> None:
        super().__init__()
        self._front = front
        self._rest = rest
        rest.seek(skip)

    def readable(self) -> bool:
        """It can be read, once, from front to end."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill the buffer with what comes next."""
        if self._front:
            part = self._front[: len(buffer)]
            self._front = self._front[len(part) :]
        else:
            part = self._rest.read(len(buffer))
        buffer[: len(part)] = part
        return len(part)

    def close(self) -> None:
        """Close the file behind it."""
        self._rest.close()
        super().close()
