"""Changed copies of what was hidden or removed: held for a person, with what they are like."""

from __future__ import annotations

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from PIL import Image

from assent.core.terms import ItemState, WorkType
from assent.flows.publish_listing import Offer, publish_listing
from assent.people.queries import Member
from assent.registry import queries, save
from assent.registry.models import Chunk, FilePrint
from assent.registry.queries import matches_of
from tests.core.fingerprints.prints import Tensors, many, saved
from tests.core.fingerprints.test_pictures import scene, stored
from tests.flows.market import notice, scanned, state


def model(tensors: Tensors, dtype: type = np.float32) -> SimpleUploadedFile:
    return SimpleUploadedFile("hills.safetensors", saved(tensors, dtype))


def image(picture: Image.Image, kind: str = "PNG") -> SimpleUploadedFile:
    return SimpleUploadedFile(f"hills.{kind.lower()}", stored(picture, kind))


def listed(who: Member, work: SimpleUploadedFile, sample: Image.Image | None = None) -> str:
    offer = Offer("Misty hills", "", WorkType.LORA, ("mist",), "SDXL 1.0")
    shown = sample or Image.effect_noise((90, 90), 60).convert("RGB")
    return scanned(publish_listing(who, offer, [work], [image(shown)]))


def test_a_converted_copy_of_what_is_hidden_is_held(cora: Member, chris: Member) -> None:
    original = listed(cora, model(many()))
    assert state(original) is ItemState.PUBLISHED
    notice(original)
    copy = listed(chris, model(many(), np.float16))
    assert state(copy) is ItemState.HELD
    ((_, near),) = matches_of(copy)
    assert (near.item, near.relation) == (original, "same")


def test_a_converted_copy_of_what_is_public_is_published_and_noted(
    cora: Member, chris: Member
) -> None:
    original = listed(cora, model(many()))
    copy = listed(chris, model(many(), np.float16))
    assert state(copy) is ItemState.PUBLISHED
    assert [near.item for _, near in matches_of(original)] == [copy]


def test_another_model_is_like_nothing(cora: Member, chris: Member) -> None:
    notice(listed(cora, model(many(1))))
    other = listed(chris, model(many(2)))
    assert state(other) is ItemState.PUBLISHED
    assert matches_of(other) == []


def test_a_turned_and_re_saved_picture_of_what_is_hidden_is_held(
    cora: Member, chris: Member
) -> None:
    notice(listed(cora, model(many(1)), scene()))
    turned = scene().transpose(Image.Transpose.ROTATE_90).resize((200, 260))
    copy = listed(chris, model(many(2)), turned)
    assert state(copy) is ItemState.HELD
    ((_, near),) = matches_of(copy)
    assert near.detail["bits_apart"] <= 31


def test_what_is_forgotten_matches_nothing_and_leaves_nothing(cora: Member, chris: Member) -> None:
    notice(listed(cora, model(many(1)), scene()))
    with transaction.atomic():
        for row in FilePrint.objects.all():
            save.forget(row.file)
    assert not Chunk.objects.exists()
    assert {bytes(row.bits) + bytes(row.body) for row in FilePrint.objects.all()} == {b""}
    copy = listed(chris, model(many(1), np.float16), scene().resize((200, 150)))
    assert state(copy) is ItemState.PUBLISHED


def test_the_registry_in_memory_forgets_a_transaction_that_was_undone(
    cora: Member, chris: Member
) -> None:
    with transaction.atomic():
        notice(listed(cora, model(many(1))))
        listed(chris, model(many(1), np.float16))
        transaction.set_rollback(True)
    assert state(listed(chris, model(many(1)))) is ItemState.PUBLISHED
    notice(listed(cora, model(many(3))))
    assert state(listed(chris, model(many(3), np.float16))) is ItemState.HELD


def test_what_was_removed_cannot_be_crowded_out_by_copies(
    cora: Member, chris: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a shortlist of two: copies that are held are nearer than what was taken down."""
    monkeypatch.setattr(queries, "SHORTLIST", 2)
    original = listed(cora, model(many()))
    notice(original)
    dice = np.random.default_rng(6)
    changed = {
        name: values + np.float32(0.3) * dice.standard_normal(values.shape).astype(np.float32)
        if ".lora_" in name
        else values
        for name, values in many().items()
    }
    for turn in range(5):
        copy = {name: values + np.float32(1e-4 * turn) for name, values in changed.items()}
        assert state(listed(chris, model(copy))) is ItemState.HELD
