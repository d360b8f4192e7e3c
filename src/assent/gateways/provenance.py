"""Writes C2PA manifests, where the optional library is installed: in sample pictures, and around
the signed statement beside a file of work.

The key and its certificates are two files in `keys/provenance/`. Without an authority's, we make
our own: a manifest then holds, and readers say that they do not know who signed it. Nothing is
fetched, neither when a manifest is written nor when one is read.
"""

from __future__ import annotations

import io
import json
import logging
import shutil
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier
from django.conf import settings

from assent.gateways import clock

log = logging.getLogger(__name__)
KEY, CERTIFICATES = "key.pem", "certificates.pem"
# The purpose "C2PA claim signing" (C2PA 2.1, 14.5.1), and the one that older readers ask for.
_PURPOSES = (ObjectIdentifier("1.3.6.1.4.1.62558.2.1"), ExtendedKeyUsageOID.EMAIL_PROTECTION)
_YEARS = timedelta(days=3650)
_OFFLINE = {
    "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False},
    "builder": {"thumbnail": {"enabled": False}},
}


def is_installed() -> bool:
    """Return whether manifests can be written here."""
    return find_spec("c2pa") is not None


def signed_picture(picture: bytes, mime: str, assertions: Sequence[Mapping[str, Any]]) -> bytes:
    """Return a picture with a manifest in it. `mime` is image/png, image/jpeg or image/webp. A
    picture that the library cannot write into is returned as it is: the manifest tells more about
    it, and is no gate."""
    from c2pa import C2paError

    try:
        return _signed(picture, mime, "picture", assertions)
    except C2paError:
        log.exception("No manifest could be written into a picture, which is served without one")
        return picture


def signed_archive(
    files: Mapping[str, bytes], title: str, assertions: Sequence[Mapping[str, Any]]
) -> bytes:
    """Return a ZIP of small files with a manifest in it, which holds for each of them."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return _signed(out.getvalue(), "application/x-zip", title, assertions)


def _signed(
    content: bytes, mime: str, title: str, assertions: Sequence[Mapping[str, Any]]
) -> bytes:
    import c2pa

    certificates, key = _credentials(_folder())
    info = c2pa.C2paSignerInfo(b"es256", certificates, key, None)
    manifest = {
        "claim_generator_info": [{"name": "Assent"}],
        "title": title,
        "assertions": list(assertions),
    }
    out = io.BytesIO()
    settings_ = c2pa.Settings.from_dict(_OFFLINE)
    with (
        c2pa.Context(settings_) as context,
        c2pa.Signer.from_info(info) as signer,
        c2pa.Builder(json.dumps(manifest), context) as builder,
    ):
        builder.sign(signer, mime, io.BytesIO(content), out)
    return out.getvalue()


def _folder() -> Path:
    return Path(settings.KEYS_DIR) / "provenance"


@cache
def _credentials(folder: Path) -> tuple[bytes, bytes]:
    """Return (certificates, private key) in PEM, made on the first use."""
    if not folder.exists():
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _make(folder)
    return (folder / CERTIFICATES).read_bytes(), (folder / KEY).read_bytes()


def _make(folder: Path) -> None:
    """Make an authority of our own, of which only the certificate is kept, and a signer under it.
    Both files come into place at once, so that no process finds one without the other."""
    above, ours = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    chain = (
        _certificate("signer", ours.public_key(), above, is_authority=False),
        _certificate("authority", above.public_key(), above, is_authority=True),
    )
    pem = serialization.Encoding.PEM
    private = ours.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    aside = Path(tempfile.mkdtemp(dir=folder.parent))  # for its owner alone
    (aside / KEY).write_bytes(private)
    (aside / CERTIFICATES).write_bytes(b"".join(one.public_bytes(pem) for one in chain))
    try:
        aside.rename(folder)
    except OSError:  # another process was faster, and its files stay
        shutil.rmtree(aside)


def _certificate(
    name: str, public: ec.EllipticCurvePublicKey, by: ec.EllipticCurvePrivateKey, is_authority: bool
) -> x509.Certificate:
    at = clock.now()
    usage = dict.fromkeys(
        ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
         "encipher_only", "decipher_only"), False,
    )  # fmt: skip
    made = (
        x509.CertificateBuilder()
        .subject_name(_named(name))
        .issuer_name(_named("authority"))
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + _YEARS)
        .add_extension(x509.BasicConstraints(is_authority, 0 if is_authority else None), True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key()), critical=False
        )
        .add_extension(
            x509.KeyUsage(
                digital_signature=not is_authority,
                key_cert_sign=is_authority,
                crl_sign=is_authority,
                **usage,
            ),
            critical=True,
        )
    )
    if not is_authority:
        made = made.add_extension(x509.ExtendedKeyUsage(_PURPOSES), critical=False)
    return made.sign(by, hashes.SHA256())


def _named(name: str) -> x509.Name:
    site = str(settings.SITE_URL).partition("//")[2] or "assent"
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, site[:60]),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{site[:40]} provenance {name}"),
        ]
    )
