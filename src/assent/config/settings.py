"""Settings of the marketplace; every one an operator may set is in docs/reference/settings.md."""

from __future__ import annotations

import os
from pathlib import Path

from assent.config import environment as env

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = env.data_dir()
DEMO = env.flag("ASSENT_DEMO")
SITE_NAME = env.text("ASSENT_SITE_NAME", "Assent")
# Who runs it (name and postal address) and how anybody, courts and authorities too, writes to them.
OPERATOR = env.text("ASSENT_OPERATOR", "")
CONTACT_MAIL = env.text("ASSENT_CONTACT_MAIL", "")
# Who decides where consent is disputed, at the marketplace's cost: a name and an address.
ARBITRATOR = env.text("ASSENT_ARBITRATOR", "")
# Size of the firm in the law of the EU: what has to be published changes with it, nothing else.
EU_SIZE = env.text("ASSENT_EU_SIZE", "small")
# The EU's transparency database: statements are sent there only where both are given.
DSA_ADDRESS = env.text("ASSENT_DSA_ADDRESS", "")
DSA_TOKEN = env.text("ASSENT_DSA_TOKEN", "")
# Other sites that are told what was removed, where the person said that they may be; and the
# folder with the keys of those whose removal notices are taken here.
REMOVAL_RECIPIENTS = env.words("ASSENT_REMOVAL_RECIPIENTS", "")
REMOVAL_SENDERS = env.text("ASSENT_REMOVAL_SENDERS", "") or DATA_DIR / "senders"
# What the yearly report of the EU says of the training of moderators.
MODERATOR_TRAINING = env.text("ASSENT_MODERATOR_TRAINING", "")
SITE_URL = env.text("ASSENT_SITE_URL", "http://127.0.0.1:8000")

SECRET_KEY = env.secret("ASSENT_SECRET_KEY", DATA_DIR)
# Fingerprints, protected names and PINs are digests under this key; losing it loses them.
DIGEST_KEY = env.secret("ASSENT_DIGEST_KEY", DATA_DIR)
# While keys change, protected names are kept under this one too: they cannot be hashed again.
NEXT_DIGEST_KEY = env.text("ASSENT_NEXT_DIGEST_KEY", "")
KEYS_DIR = DATA_DIR / "keys"
DEBUG = False
ALLOWED_HOSTS = env.words("ASSENT_HOSTS", "127.0.0.1 localhost [::1]")
CSRF_TRUSTED_ORIGINS = [SITE_URL] if SITE_URL.startswith("https://") else []
# How many proxies of the operator's stand in front: only what they write down is believed.
PROXIES = env.number("ASSENT_PROXIES", 0)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXIES else None
TAKEDOWN_ONLY = env.flag("ASSENT_TAKEDOWN_ONLY")
ROOT_URLCONF = "assent.config.urls_takedown" if TAKEDOWN_ONLY else "assent.config.urls"
WSGI_APPLICATION = "assent.config.wsgi.application"
AUTH_USER_MODEL = "people.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "assent.people",
    "assent.catalogue",
    "assent.consent",
    "assent.casework",
    "assent.ledger",
    "assent.sweeps",
    "assent.registry",
    "assent.watching",
    "assent.journal",
    "assent.ops",
    "assent.web",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "assent.api.shape.JsonErrors",
    "assent.web.middleware.DemoGuard",
    "assent.web.middleware.WaitingNotices",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "assent.web.middleware.BodyLimit",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "assent.web.middleware.RefusalPages",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "assent.web.context.site",
            ]
        },
    }
]

DATABASES = {"default": env.database(DATA_DIR)}

# Passwords, sessions, sign-in ------------------------------------------------------------------
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_USERNAME_MIN_LENGTH = 3
ACCOUNT_ADAPTER = "assent.web.accounts.AccountAdapter"
# Nobody learns whose address is known here: signing up with one that is taken goes on as with any
# other, and only its owner, by letter, can confirm it.
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
SECURE = SITE_URL.startswith("https://")
MFA_ADAPTER = "assent.web.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1
# Browsers offer passkeys over TLS, and to "localhost" without it.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE
STAFF_PROOF_SECONDS = env.number("ASSENT_STAFF_PROOF_HOURS", 12) * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
# With this prefix a browser takes the cookie from this very host alone, over TLS.
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrftoken"
CSRF_COOKIE_HTTPONLY = True
# The sign-in library counts wrong passwords here; with few entries, a flood would push them out.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 200_000},
    }
}
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "assent.web.errors.csrf_failed"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
X_FRAME_OPTIONS = "DENY"
# A form that leads on to a provider's own page is let through to that page, and to no other.
CHECKOUT_PAGES = (
    ["https://checkout.stripe.com"] if env.text("ASSENT_PAYMENTS", "") == "stripe" else []
)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "style-src": ["'self'"],
        "script-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'", *CHECKOUT_PAGES],
        "frame-ancestors": ["'none'"],
        "frame-src": ["'none'"],
        "worker-src": ["'none'"],
    }
}

# Files -----------------------------------------------------------------------------------------
FILES_DIR = DATA_DIR / "files"
FILE_UPLOAD_TEMP_DIR = str(DATA_DIR / "uploads")
FILE_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
MAX_UPLOAD_BYTES = env.number("ASSENT_MAX_UPLOAD_MB", 2048) * 1024 * 1024
MAX_FORM_BYTES = 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = MAX_FORM_BYTES
# Where takedown notices wait while the database is away: best on a disk that is not its own.
INTAKE_DIR = DATA_DIR / env.text("ASSENT_INTAKE", "intake")
# Reports and dumps that anybody may load.
PUBLISHED_DIR = DATA_DIR / "published"
# What shows apparent minors and must be preserved: sealed for this key, `age1…`, whose secret half
# is kept elsewhere.
QUARANTINE_DIR = DATA_DIR / "quarantine"
QUARANTINE_KEY = env.text("ASSENT_QUARANTINE_KEY", "")
# What NCMEC gives a provider who reports to its CyberTipline; another address for a stand-in.
NCMEC_USER = env.text("ASSENT_NCMEC_USER", "")
NCMEC_PASSWORD = env.text("ASSENT_NCMEC_PASSWORD", "")
NCMEC_ADDRESS = env.text("ASSENT_NCMEC_ADDRESS", "")
# Monthly reports to an acquirer: for the operator alone.
ACQUIRER_DIR = DATA_DIR / "acquirer"
# What the sandbox payment provider remembers by itself.
SANDBOX_DIR = DATA_DIR / "sandbox"
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Work that waits -------------------------------------------------------------------------------
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
WORKER_LEASE_SECONDS = env.number("ASSENT_WORKER_LEASE_SECONDS", 30)

# The published keys (a JWK set, in a file) of bodies whose word proves who somebody is.
VERIFIER_KEYS = env.text("ASSENT_VERIFIER_KEYS", "")

# Where "Exit this page" on the takedown pages leads: somewhere that nobody asks about.
EXIT_URL = env.text("ASSENT_EXIT_URL", "https://www.wikipedia.org/")

# Mail ------------------------------------------------------------------------------------------
EMAIL_BACKEND = env.text("ASSENT_MAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH = str(DATA_DIR / "mail")
EMAIL_HOST = env.text("ASSENT_MAIL_HOST", "localhost")
EMAIL_PORT = env.number("ASSENT_MAIL_PORT", 25)
EMAIL_HOST_USER = env.text("ASSENT_MAIL_USER", "")
EMAIL_HOST_PASSWORD = env.text("ASSENT_MAIL_PASSWORD", "")
EMAIL_USE_TLS = env.flag("ASSENT_MAIL_TLS")
DEFAULT_FROM_EMAIL = env.text("ASSENT_MAIL_FROM", "Assent <no-reply@localhost>")

# House rules an operator may tune (never the ones in docs/concepts/rules.md) ---------------------
CONSENT_HOLD_DAYS = env.number("ASSENT_CONSENT_HOLD_DAYS", 14)
# What the house keeps of the price of a listing, in per cent.
SALE_FEE = min(env.number("ASSENT_SALE_FEE", 5), 50)
PAYOUT_COOLING_OFF_SECONDS = env.number("ASSENT_PAYOUT_COOLING_OFF_SECONDS", 3 * 24 * 3600)
# Where credits are paid: `sandbox` takes no money and is for trying out; empty sells none.
PAYMENTS = env.text("ASSENT_PAYMENTS", "")
STRIPE_KEY = env.text("ASSENT_STRIPE_KEY", "")
STRIPE_WEBHOOK_SECRET = env.text("ASSENT_STRIPE_WEBHOOK_SECRET", "")
# Another address than Stripe's own: for a stand-in.
STRIPE_ADDRESS = env.text("ASSENT_STRIPE_ADDRESS", "")
if not PAYMENTS and (DATA_DIR / "demo-is-built").exists():
    PAYMENTS = "sandbox"  # a command on the demo sees the provider that its pages use
TAKEDOWN_HOURS = min(env.number("ASSENT_TAKEDOWN_HOURS", 48), 48)
TAKEDOWN_HIDES_PER_NOTICE = env.number("ASSENT_TAKEDOWN_HIDES_PER_NOTICE", 50)
TAKEDOWN_HIDES_PER_HOUR = env.number("ASSENT_TAKEDOWN_HIDES_PER_HOUR", 500)
# How many in a hundred decisions on held items somebody else looks at without knowing them.
QUALITY_SHARE = min(env.number("ASSENT_QUALITY_SHARE", 5), 100)
# After pictures of so many items in a day, whoever opened them is told gently.
PICTURES_A_DAY = env.number("ASSENT_PICTURES_A_DAY", 60)
RATE_LIMITS = {
    "takedown": env.text("ASSENT_RATE_TAKEDOWN", "20 per hour"),
    "takedown_most": env.text("ASSENT_RATE_TAKEDOWN_MOST", "300 per hour"),
    "status": env.text("ASSENT_RATE_STATUS", "30 per 10 minute"),
    "letters": env.text("ASSENT_RATE_LETTERS", "10 per day"),
    "write": env.text("ASSENT_RATE_WRITE", "120 per minute"),
    "removals": env.text("ASSENT_RATE_REMOVALS", "120 per hour"),
    "read": env.text("ASSENT_RATE_READ", "600 per minute"),
}

# Words, time -----------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
# The takedown pages and letters choose among assent.core.languages; the rest is English.
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {
        "django_tasks_db": {"level": "ERROR"},
        # A refused request is no fault of ours, and its address may hold a case number.
        "django.request": {"level": "ERROR"},
        # Whoever knocks under a wrong name is answered 400; a traceback for each only fills a disk.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
    "root": {"handlers": ["stderr"], "level": os.environ.get("ASSENT_LOG_LEVEL", "WARNING")},
}
