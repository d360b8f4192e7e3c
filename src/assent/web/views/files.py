"""Stored files: downloads and small pictures, each after asking whether the viewer may."""

from __future__ import annotations

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from assent.flows.note_review import note_review
from assent.flows.open_file import open_file, signed_provenance, signed_statement
from assent.web.viewer import viewer

IMAGE_TYPES = {"png": "image/png", "jpeg": "image/jpeg", "webp": "image/webp"}


@require_safe
def file(request: HttpRequest, file_id: str) -> HttpResponseBase:
    """Download a file: always saved, never shown in the page's own place."""
    who = viewer(request)
    found, stream = open_file(who, file_id)
    if found.role == "work":
        note_review(who, found.item, "file")
    kind = IMAGE_TYPES.get(str(found.facts.get("format"))) if found.role == "image" else None
    response = FileResponse(
        stream,
        as_attachment=True,
        filename=found.name,
        content_type=kind or "application/octet-stream",
    )
    response["Content-Length"] = str(found.size)
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def thumb(request: HttpRequest, file_id: str) -> HttpResponseBase:
    """A sample image made small by us. A browser may keep it, but has to ask every time, so that
    what is taken down is not shown again."""
    found, stream = open_file(viewer(request), file_id, thumbnail=True)
    tag = f'"{found.id}"'
    if request.headers.get("If-None-Match") == tag:
        stream.close()
        response: HttpResponse | FileResponse = HttpResponseNotModified()
    else:
        response = FileResponse(stream, content_type="image/webp")
    response["Cache-Control"] = "private, no-cache"
    response["ETag"] = tag
    return response


@require_safe
def file_statement(request: HttpRequest, file_id: str) -> HttpResponse:
    """What we say of a file of work, signed: its hashes, that AI made it, its consent record."""
    found, signed = signed_statement(viewer(request), file_id)
    response = HttpResponse(signed + "\n", content_type="application/jose")
    response["Content-Disposition"] = f'attachment; filename="{found.id}.assent.jws"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def file_provenance(request: HttpRequest, file_id: str) -> HttpResponse:
    """The same in a small ZIP with a C2PA manifest, where manifests can be written."""
    found, archive = signed_provenance(viewer(request), file_id)
    response = HttpResponse(archive, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{found.id}.provenance.zip"'
    response["Cache-Control"] = "private, no-store"
    return response
