"""Fingerprints of picture files: decoded as people see them, then PDQ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
from PIL import Image

from assent.core.files.images import DEFAULT_LIMITS, ImageLimits, as_seen
from assent.core.files.problems import Problem
from assent.core.fingerprints.pdq import NEAR, QUALITY_LEAST, Pdq, distance, luma, pdq

_SIDE_MOST = 4096  # above, a whole-number reduction comes first, to bound the memory


@dataclass(frozen=True, slots=True)
class PicturePrint:
    """PDQ of a picture on white and, where it is transparent, on black."""

    papers: tuple[Pdq, ...]

    @property
    def bits(self) -> bytes:
        """The 32 bytes that stand for the picture."""
        return self.papers[0].as_it_is

    @property
    def quality(self) -> int:
        """The best quality, 0 to 100; below 50 the picture matches nothing."""
        return max(paper.quality for paper in self.papers)

    def stored(self) -> Iterator[bytes]:
        """The hashes to remember: as it is, on each paper, where it is not too plain."""
        for paper in self.papers:
            if paper.quality >= QUALITY_LEAST:
                yield paper.as_it_is

    def asked(self) -> Iterator[bytes]:
        """The hashes to look for: all eight positions on each paper."""
        for paper in self.papers:
            if paper.quality >= QUALITY_LEAST:
                yield from paper.hashes


def print_picture(
    fileobj: BinaryIO, limits: ImageLimits = DEFAULT_LIMITS
) -> PicturePrint | Problem:
    """Fingerprint a PNG, JPEG or WebP; raises only what `fileobj` raises."""
    seen = as_seen(fileobj, limits)
    if isinstance(seen, Problem):
        return seen
    return PicturePrint(tuple(print_image(picture) for picture in seen))


def print_image(picture: Image.Image) -> Pdq:
    """Hash a picture in RGB."""
    factor = -(-max(picture.size) // _SIDE_MOST)
    small = picture.reduce(factor) if factor > 1 else picture
    return pdq(luma(np.asarray(small)))


def picture_distance(a: PicturePrint, b: PicturePrint) -> int | None:
    """Return the least distance over papers and positions, 0 to 256; None where one of them is
    too plain to compare. Up to 31 is a match."""
    found = [distance(x, y) for x in a.stored() for y in b.asked()]
    return min(found) if found else None


def is_near(a: PicturePrint, b: PicturePrint) -> bool:
    """Whether two pictures match."""
    found = picture_distance(a, b)
    return found is not None and found <= NEAR
