"""One file of settings. What a force sets is read from the environment (docs/howto/run.md lists each)."""

from __future__ import annotations

from pathlib import Path

from csp.constants import NONE, SELF

from lodestar.config import environment as env
from lodestar.config.logs import logging_settings

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = env.kind()
PRODUCTION = ENVIRONMENT == "production"
VAR = Path(env.text("LODESTAR_VAR") or ROOT / "var")

SECRET_KEY = env.secret_key(where=VAR, environment=ENVIRONMENT)
DEBUG = False
ALLOWED_HOSTS = [host for host in env.text("LODESTAR_HOSTS", "" if PRODUCTION else "*").split(",") if host]
if PRODUCTION and not ALLOWED_HOSTS:
    raise env.BadSetting("LODESTAR_HOSTS is not set. Set the names this server answers to, with commas between.")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if host != "*"]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "csp",
    "lodestar.store",
    "lodestar.doors.web",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "lodestar.doors.web.middleware.Policy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "lodestar.doors.web.middleware.SignedIn",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "lodestar.doors.web.middleware.Frame",
    "axes.middleware.AxesMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [ROOT / "lodestar" / "doors" / "web" / "templates"],
        "OPTIONS": {"environment": "lodestar.doors.web.jinja.environment"},
    },
    {  # allauth's own plain pages and mails, where we have none of ours
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]
ROOT_URLCONF = "lodestar.config.urls"
PACK_WRITERS = "lodestar.config.writers.WRITERS"  # for commands and jobs: doors do not know each other
ASGI_APPLICATION = "lodestar.config.asgi.application"
DATABASES = {"default": env.database(where=VAR)}
SILENCED_SYSTEM_CHECKS = ["axes.W003"] if ENVIRONMENT == "test" else []

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = False

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024

# Signing in: password with lock-out, TOTP and passkeys, and OIDC where the force gives an issuer.
AUTH_USER_MODEL = "store.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
if ENVIRONMENT == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "lodestar.doors.web.signing_in.Adapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = False  # the lock-out is axes', kept in the database and on record
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Lodestar"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
MFA_REQUIRED = env.flag("LODESTAR_MFA_REQUIRED", default=PRODUCTION)
AXES_FAILURE_LIMIT = env.number("LODESTAR_LOCK_OUT_AFTER", 5)
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "locked_out.html"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address"]
SOCIALACCOUNT_ADAPTER = "lodestar.doors.web.signing_in.OidcAdapter"
SOCIALACCOUNT_PROVIDERS = {}
if env.text("LODESTAR_OIDC_SERVER"):
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "APPS": [
            {
                "provider_id": "force",
                "name": env.text("LODESTAR_OIDC_NAME", "your force account"),
                "client_id": env.text("LODESTAR_OIDC_CLIENT_ID"),
                "secret": env.text("LODESTAR_OIDC_SECRET"),
                "settings": {"server_url": env.text("LODESTAR_OIDC_SERVER")},
            }
        ]
    }
OIDC_ON = bool(SOCIALACCOUNT_PROVIDERS)

# Sessions and headers.
SESSION_ENGINE = "lodestar.doors.web.sessions"
SESSION_COOKIE_AGE = 12 * 3600  # one long shift
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "lodestar.doors.web.errors.csrf_failure"
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("LODESTAR_BEHIND_PROXY") else None
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [NONE],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# Notices go out by mail; a demonstration keeps them in a folder.
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if PRODUCTION else 'filebased'}.EmailBackend"
EMAIL_FILE_PATH = VAR / "mail"
EMAIL_HOST = env.text("LODESTAR_MAIL_HOST", "localhost")
EMAIL_PORT = env.number("LODESTAR_MAIL_PORT", 25)
DEFAULT_FROM_EMAIL = env.text("LODESTAR_MAIL_FROM", "lodestar@force.example")
EMAIL_TIMEOUT = 10

AUDIT_ANCHORS = VAR / "audit-anchors.txt"
LOGGING_CONFIG = None
logging_settings(test=ENVIRONMENT == "test")
