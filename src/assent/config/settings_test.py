"""Settings for the tests: a private data folder, quick password hashing, mail in memory."""

from __future__ import annotations

import os
import tempfile

if "ASSENT_DATA" not in os.environ:
    os.environ["ASSENT_DATA"] = tempfile.mkdtemp(prefix="assent-test-")
os.environ.setdefault("ASSENT_SECRET_KEY", "only-for-tests-" + "x" * 40)
os.environ.setdefault("ASSENT_DIGEST_KEY", "only-for-tests-" + "y" * 40)

from assent.config.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
RATE_LIMITS = {
    "letters": "1000 per minute",
    "takedown": "1000 per hour",
    "takedown_most": "1000 per hour",
    "status": "1000 per hour",
    "write": "10000 per minute",
    "read": "10000 per minute",
    "removals": "1000 per minute",
}
ACCOUNT_RATE_LIMITS = False
