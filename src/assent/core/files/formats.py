"""The kinds of file we can tell apart, their names, and what to say about those we do not take."""

from __future__ import annotations

from enum import StrEnum


class Format(StrEnum):
    """What a file is by its content."""

    SAFETENSORS = "safetensors"
    PNG = "png"
    JPEG = "jpeg"
    WEBP = "webp"
    PICKLE = "pickle"
    TORCH_ZIP = "torch-zip"
    ZIP = "zip"
    GGUF = "gguf"
    ONNX = "onnx"
    HDF5 = "hdf5"
    GIF = "gif"
    HEIF = "heif"
    MP4 = "mp4"
    WEBM = "webm"
    PDF = "pdf"
    HTML = "html"
    SVG = "svg"
    JSON = "json"
    SEVEN_ZIP = "7z"
    RAR = "rar"
    GZIP = "gzip"
    BZIP2 = "bzip2"
    XZ = "xz"
    ZSTD = "zstd"
    TAR = "tar"
    PROGRAM = "program"
    EMPTY = "empty"
    UNKNOWN = "unknown"

    @property
    def is_image(self) -> bool:
        """Whether it is a picture of a kind that we take."""
        return self in (Format.PNG, Format.JPEG, Format.WEBP)

    @property
    def label(self) -> str:
        """What the file is, for a person, with its article."""
        return _LABELS[self]

    @property
    def refusal(self) -> str:
        """Why a file of this kind is not taken and what to do; empty for kinds that we take."""
        if self in (Format.EMPTY, Format.UNKNOWN):
            return _WHOLE[self]
        reason = next((words for words, kinds in _REASONS.items() if self in kinds), "")
        return f"This is {self.label}. {reason}" if reason else ""


_LABELS = {
    Format.SAFETENSORS: "a safetensors file",
    Format.PNG: "a PNG image",
    Format.JPEG: "a JPEG image",
    Format.WEBP: "a WebP image",
    Format.PICKLE: "a pickle checkpoint",
    Format.TORCH_ZIP: "a PyTorch checkpoint with a pickle inside",
    Format.ZIP: "a ZIP archive",
    Format.GGUF: "a GGUF model",
    Format.ONNX: "an ONNX model",
    Format.HDF5: "an HDF5 file",
    Format.GIF: "a GIF animation",
    Format.HEIF: "a HEIF or AVIF image",
    Format.MP4: "an MP4 video",
    Format.WEBM: "a WebM or Matroska video",
    Format.PDF: "a PDF document",
    Format.HTML: "a web page",
    Format.SVG: "an SVG drawing",
    Format.JSON: "a file of settings in JSON",
    Format.SEVEN_ZIP: "a 7z archive",
    Format.RAR: "a RAR archive",
    Format.GZIP: "a gzip archive",
    Format.BZIP2: "a bzip2 archive",
    Format.XZ: "an xz archive",
    Format.ZSTD: "a zstd archive",
    Format.TAR: "a tar archive",
    Format.PROGRAM: "a program",
    Format.EMPTY: "an empty file",
    Format.UNKNOWN: "an unknown kind of file",
}

_REASONS = {
    "Opening one can run programs on the buyer's computer, so Assent does not take them. "
    "Please convert it to .safetensors.": (Format.PICKLE, Format.TORCH_ZIP),
    "Assent looks at every file by itself and does not open archives. "
    "Please unpack it and upload the files one by one.": (
        Format.ZIP,
        Format.SEVEN_ZIP,
        Format.RAR,
        Format.GZIP,
        Format.BZIP2,
        Format.XZ,
        Format.ZSTD,
        Format.TAR,
    ),
    "Assent can only check model weights in one format. Please convert it to .safetensors.": (
        Format.GGUF,
        Format.ONNX,
        Format.HDF5,
    ),
    "Assent cannot check moving pictures yet. Please upload a still PNG, JPEG or WebP.": (
        Format.GIF,
        Format.MP4,
        Format.WEBM,
    ),
    "Please save it as PNG, JPEG or WebP and upload that.": (Format.HEIF,),
    "Assent takes models and images. Please upload the .safetensors file that it belongs to.": (
        Format.JSON,
    ),
    "It can carry scripts, so Assent does not take it. "
    "Please export the picture as PNG, JPEG or WebP.": (Format.PDF, Format.HTML, Format.SVG),
    "Assent takes models and images, and never programs. Please upload the .safetensors file or "
    "a PNG, JPEG or WebP.": (Format.PROGRAM,),
}

_WHOLE = {
    Format.EMPTY: "This file is empty. Perhaps the upload did not start: please try again.",
    Format.UNKNOWN: "This is not a kind of file that Assent knows, whatever its name says. Please "
    "upload a .safetensors model, or a PNG, JPEG or WebP image.",
}
