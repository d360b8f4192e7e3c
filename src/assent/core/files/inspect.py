"""The two looks at a file: a cheap one while it is uploaded, and the full one in the worker."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Flag, auto
from typing import BinaryIO

from assent.core.files.config_clues import Clue
from assent.core.files.formats import Format
from assent.core.files.hashes import FileHashes, hash_file
from assent.core.files.images import ImageFacts, check_image, decode_fully
from assent.core.files.metadata import ModelNotes, read_notes
from assent.core.files.picture_notes import picture_notes
from assent.core.files.polyglots import second_kind, second_kind_inside
from assent.core.files.problems import Problem
from assent.core.files.safetensors_header import Header, read_header
from assent.core.files.sniff import sniff
from assent.core.files.training_subject import Subject

MAX_MODEL_BYTES = 10_000_000_000


class Accept(Flag):
    """What may be uploaded in a place."""

    MODELS = auto()
    IMAGES = auto()
    ANY = MODELS | IMAGES


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that may be stored and waits for the full look. Sizes in bytes and pixels."""

    name: str
    format: Format
    bytes: int
    width: int | None = None
    height: int | None = None
    tensors: int | None = None

    def as_record(self) -> dict[str, object]:
        """The result as JSON."""
        return {
            "name": self.name,
            "format": self.format.value,
            "bytes": self.bytes,
            "width": self.width,
            "height": self.height,
            "tensors": self.tensors,
        }


@dataclass(frozen=True, slots=True)
class FileFacts:
    """Everything known about a file. `notes` and `header` are there for models, `image` for
    pictures; `made_from` is what a picture says it was made from."""

    name: str
    format: Format
    hashes: FileHashes
    problems: tuple[Problem, ...]
    image: ImageFacts | None = None
    notes: ModelNotes | None = None
    header: Header | None = None
    made_from: tuple[Subject, ...] = ()
    made_from_cut: bool = False

    @property
    def safe(self) -> bool:
        """Whether nothing speaks against the file; a check that failed is a problem."""
        return not self.problems

    @property
    def subjects(self) -> tuple[Subject, ...]:
        """Whom or what a model was trained on, or a picture made from, as the file says."""
        return self.notes.subjects if self.notes else self.made_from

    def claims(self) -> dict[str, bool]:
        """Hashes that the file's notes claim, and whether each holds. One that does not says that
        the weights were edited after the trainer saved them, or that the note was copied."""
        notes = self.header.metadata if self.header else {}
        made = {
            "sshs_model_hash": self.hashes.sshs_model_hash,
            "sshs_legacy_hash": self.hashes.sshs_legacy_hash,
            "modelspec.hash_sha256": self.hashes.data_sha256,
        }
        return {
            note: notes[note].lower().removeprefix("0x") == made_here
            for note, made_here in made.items()
            if note in notes and made_here is not None
        }

    def as_record(self) -> dict[str, object]:
        """The facts as JSON; `training_subject` in it is for screening and staff only."""
        hashes, notes, image = self.hashes, self.notes, self.image
        return {
            "path": self.name,
            "format": self.format.value,
            "bytes": hashes.bytes,
            "sha256": hashes.sha256,
            "blake3": hashes.blake3,
            "crc32": hashes.crc32,
            "autov1": hashes.autov1,
            "autov2": hashes.autov2,
            "autov3": hashes.autov3,
            "tensor_hash": hashes.tensor_hash,
            "sshs_model_hash": hashes.sshs_model_hash,
            "sshs_legacy_hash": hashes.sshs_legacy_hash,
            "claimed_hashes": self.claims(),
            "safe": self.safe,
            "problems": [problem.as_record() for problem in self.problems],
            "metadata": dict(notes.public) if notes else {},
            "training_subject": [one.as_record() for one in self.subjects],
            "training_subject_cut": notes.subjects_cut if notes else self.made_from_cut,
            "base_model": notes.base_model if notes else None,
            "adapter": notes.adapter.as_record() if notes and notes.adapter else None,
            "image": {"width": image.width, "height": image.height} if image else None,
            "fingerprint": None,
        }


def check_quickly(fileobj: BinaryIO, name: str, size: int, accept: Accept) -> Checked | Problem:
    """Look at headers only, within an upload request; `size` in bytes.

    Raises only what `fileobj` raises. Passing means "worth storing", not "clean".
    """
    kind = sniff(fileobj, size)
    if wrong := _wrong_kind(kind, name, accept):
        return wrong
    if kind.is_image:
        image = check_image(fileobj)
        if isinstance(image, Problem):
            return image
        return Checked(name, kind, size, width=image.width, height=image.height)
    header = _check_model(fileobj, size)
    if isinstance(header, Problem):
        return header
    return Checked(name, kind, size, tensors=len(header.tensors))


def examine(
    fileobj: BinaryIO,
    name: str,
    size: int,
    progress: Callable[[int], object] | None = None,
    beside: Iterable[Clue] = (),
) -> FileFacts:
    """Find out everything about a file of `size` bytes; reads all of it, runs none of it. `beside`
    are clues from files that lie beside a model.

    Models are streamed in bounded memory; a picture is decoded whole (some 4 bytes a pixel).
    Raises only what `fileobj` raises: a disk that fails says nothing about the file.
    """
    kind = sniff(fileobj, size)
    wrong = _wrong_kind(kind, name, Accept.ANY)
    header = _check_model(fileobj, size) if kind is Format.SAFETENSORS else None
    image = check_image(fileobj) if kind.is_image else None
    sound = header if isinstance(header, Header) else None
    hashes = hash_file(fileobj, sound, progress)
    found = [wrong, header, image, _changed(hashes, size)]
    if sound or isinstance(image, ImageFacts):
        found.append(second_kind_inside(fileobj, size))
    if isinstance(image, ImageFacts):
        found.append(decode_fully(fileobj))
    made_from: tuple[Subject, ...] = ()
    cut = False
    if isinstance(image, ImageFacts) and not any(isinstance(one, Problem) for one in found):
        made_from, cut = picture_notes(fileobj, kind)
    return FileFacts(
        name=name,
        format=kind,
        hashes=hashes,
        problems=tuple(one for one in found if isinstance(one, Problem)),
        image=image if isinstance(image, ImageFacts) else None,
        notes=read_notes(sound, beside) if sound else None,
        header=sound,
        made_from=made_from,
        made_from_cut=cut,
    )


def _wrong_kind(kind: Format, name: str, accept: Accept) -> Problem | None:
    if kind.refusal:
        return Problem(f"kind_{kind.value}", _behind_its_name(kind, name) + kind.refusal)
    if kind.is_image and Accept.IMAGES not in accept:
        wanted = "a model is expected here. Please upload a .safetensors file."
    elif not kind.is_image and Accept.MODELS not in accept:
        wanted = "a picture is expected here. Please upload a PNG, JPEG or WebP."
    else:
        return None
    return Problem("wrong_kind", f"This is {kind.label}, and {wanted}")


def _behind_its_name(kind: Format, name: str) -> str:
    """Say it when a file is named like something that we take but is not."""
    ending = name.lower().rpartition(".")[2]
    known = ending in ("safetensors", "png", "jpg", "jpeg", "webp")
    if not known or kind in (Format.EMPTY, Format.UNKNOWN):
        return ""
    return f"The name ends in .{ending}, but the content says otherwise. "


def _check_model(fileobj: BinaryIO, size: int) -> Header | Problem:
    if size > MAX_MODEL_BYTES:
        most = f"{MAX_MODEL_BYTES / 1e9:.0f} GB"
        return Problem("model_too_big", f"This model is larger than {most}, which is all we take.")
    header = read_header(fileobj, size)
    if isinstance(header, Header) and not header.tensors:
        return Problem(
            "no_tensors",
            "This safetensors file holds no tensors, so there is no model in it. "
            "Please save the model again and upload that.",
        )
    if isinstance(header, Header) and (second := second_kind(fileobj, size)):
        return second
    return header


def _changed(hashes: FileHashes, size: int) -> Problem | None:
    """The look is about one file: if its length changed meanwhile, nothing found is certain."""
    if hashes.bytes == size:
        return None
    return Problem(
        "changed_while_reading",
        "This file changed while it was looked at. Please upload it again.",
    )


def public_facts(facts: FileFacts) -> Mapping[str, object]:
    """What a buyer may see: never a training subject, never a problem."""
    record = facts.as_record()
    return {key: record[key] for key in ("format", "bytes", "metadata", "base_model", "adapter")}
