"""All settings in one file. Values come from the environment, with types; nonsense stops the start.

PMO_ENV is `production` unless said otherwise; `manage.py`, `./dev` and the tests say `local`.
"""

import secrets
from pathlib import Path

import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
if (BASE_DIR / ".env").exists():
    env.read_env(BASE_DIR / ".env")

ENVIRONMENT = env.str("PMO_ENV", "production")
if ENVIRONMENT not in {"local", "production"}:
    raise ImproperlyConfigured(f"PMO_ENV is “{ENVIRONMENT}”; it must be “local” or “production”.")
PRODUCTION = ENVIRONMENT == "production"
DEBUG = env.bool("DEBUG", False)
DEMO = env.bool("PMO_DEMO", False)
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("DEBUG may not be on under PMO_ENV=production.")
if PRODUCTION and DEMO:
    raise ImproperlyConfigured("PMO_DEMO offers sign-in without a password and may not be on under PMO_ENV=production.")

VAR_DIR = BASE_DIR / env.str("PMO_VAR", "var")


def local_secret() -> str:
    """Return this machine's own key, made once and kept in `var/`; never used in production."""
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    path = VAR_DIR / "secret_key"
    if not path.exists():
        path.write_text(secrets.token_urlsafe(64))
        path.chmod(0o600)
    return path.read_text()


SECRET_KEY = env.str("SECRET_KEY") if PRODUCTION else env.str("SECRET_KEY", "") or local_secret()
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if PRODUCTION else ["127.0.0.1", "localhost", "[::1]", "testserver"])
BASE_URL = env.str("PMO_BASE_URL", f"http://127.0.0.1:{env.int('PORT', 8000)}").rstrip("/")
CSRF_TRUSTED_ORIGINS = [BASE_URL] if BASE_URL.startswith("https://") else []

INSTALLED_APPS = [
    "pmo",
    "portfolio",
    "staffing",
    "budgets",
    "governance",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "simple_history",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "pmo.middleware.SessionLimits",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "pmo.middleware.SignInRequired",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "pmo.urls"
WSGI_APPLICATION = "pmo.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "pmo.context.frame",
            ],
            "builtins": ["pmo.templatetags.ui"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# One machine: SQLite in WAL with IMMEDIATE transactions and FULL sync (measured: nothing acknowledged is lost in a power cut).
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'plumbline.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"]["OPTIONS"] = {
        "pool": {"min_size": 1, "max_size": env.int("PMO_DB_POOL", 8)},
        "options": "-c lock_timeout=15s -c statement_timeout=60s -c idle_in_transaction_session_timeout=60s",
    }
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# Throttles count here, so in production every process must count in the same place.
CACHES = {"default": env.cache("CACHE_URL", default="dbcache://pmo_cache" if PRODUCTION else "locmemcache://")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Time
LANGUAGE_CODE = "en-us"
TIME_ZONE = env.str("TZ", "America/Chicago")
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = False

# Accounts
AUTH_USER_MODEL = "pmo.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "pmo.backends.SessionBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "pmo.accounts.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
# Tries per address and per account, whichever address they come from; axes below locks the pair of both.
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "20/m/ip,100/h/ip,10/15m/key",
    "change_password": "5/m/user,10/15m/user",
}
ACCOUNT_FORMS = {
    "login": "pmo.account_forms.LoginForm",
    "change_password": "pmo.account_forms.ChangePasswordForm",
    "set_password": "pmo.account_forms.SetPasswordForm",
    "reset_password": "pmo.account_forms.ResetPasswordForm",
    "reset_password_from_key": "pmo.account_forms.ResetPasswordKeyForm",
    "reauthenticate": "pmo.account_forms.ReauthenticateForm",
}
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Plumbline: "
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Plumbline"
MFA_FORMS = {
    "authenticate": "pmo.account_forms.AuthenticateCodeForm",
    "reauthenticate": "pmo.account_forms.ReauthenticateCodeForm",
    "activate_totp": "pmo.account_forms.ActivateTOTPForm",
}
USERSESSIONS_TRACK_ACTIVITY = False
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "pmo.accounts.login_name"
AXES_CLIENT_IP_CALLABLE = "pmo.accounts.client_address"
AXES_LOCKOUT_TEMPLATE = "account/locked.html"
AXES_RESET_ON_SUCCESS = True

# Sessions: idle and absolute limits are kept by pmo.middleware.SessionLimits.
SESSION_IDLE_MINUTES = env.int("PMO_SESSION_IDLE_MINUTES", 30)
SESSION_ABSOLUTE_HOURS = env.int("PMO_SESSION_ABSOLUTE_HOURS", 12)
SESSION_COOKIE_AGE = SESSION_ABSOLUTE_HOURS * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "pmo.views.errors.csrf_failure"

# Headers
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
PERMISSIONS_POLICY: dict[str, list[str]] = {name: [] for name in ("camera", "microphone", "geolocation", "payment", "usb")}
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
if PRODUCTION:
    SECURE_SSL_REDIRECT = env.bool("PMO_SSL_REDIRECT", True)
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    if env.bool("PMO_BEHIND_PROXY", False):
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
        ALLAUTH_TRUSTED_PROXY_COUNT = 1

# Static files and uploads
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env.str("PMO_STATIC_ROOT", str(VAR_DIR / "static")))
if not PRODUCTION:
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns of a folder that is not there
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
MEDIA_ROOT = Path(env.str("PMO_MEDIA_ROOT", str(VAR_DIR / "files")))
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a table of 500 rows with 18 columns, sent in one form
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# Mail and background work
# On one's own machine mails are files in `var/mail`, so that a link in them can be followed. The people of the demo are made
# up, their addresses are somebody else's: there no mail leaves the machine, whatever EMAIL_URL says.
FILE_MAIL = f"filemail:///{VAR_DIR / 'mail'}"
EMAIL_CONFIG = env.email("EMAIL_URL", default="consolemail://" if PRODUCTION else FILE_MAIL)
if DEMO:
    EMAIL_CONFIG = env.email_url_config(FILE_MAIL)
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 20  # seconds; a mail server that does not answer must not hold up the worker
DEFAULT_FROM_EMAIL = env.str("PMO_FROM_EMAIL", "Plumbline <plumbline@localhost>")
TASKS = {
    "default": {
        "BACKEND": env.str("PMO_TASKS_BACKEND", "django_tasks_db.DatabaseBackend"),
        "ENQUEUE_ON_COMMIT": True,
    }
}

# The key that seals record copies, a PKCS #12 file. Without one, record copies are sealed with a self-made key on one's own
# machine, and not at all in production.
SIGNING_KEY_FILE = env.str("PMO_SIGNING_KEY_FILE", "")
SIGNING_KEY_PASSWORD = env.str("PMO_SIGNING_KEY_PASSWORD", "")

# The office
CITY_NAME = env.str("PMO_CITY", "City of Port Ansel")
OFFICE_NAME = "IT Project Management Office"
FISCAL_START_MONTH = env.int("PMO_FISCAL_START_MONTH", 7)
HOLIDAY_COUNTRY = env.str("PMO_HOLIDAY_COUNTRY", "US")
HOLIDAY_SUBDIVISION = env.str("PMO_HOLIDAY_SUBDIVISION", "TX")
PAGE_SIZE = 50

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("PMO_LOG_LEVEL", "WARNING")},
}
# A reason is a sentence or two, not a label.
SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = True
SILENCED_SYSTEM_CHECKS: list[str] = []
