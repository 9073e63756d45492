"""What holds in every mode: apps, middleware, templates, language, database, cache."""

from urllib.parse import unquote, urlsplit

from wfh_portal.embedded import known_addresses
from wfh_portal.environment import BASE_DIR, data_folder, database, read, read_list, secret_key

MODE = read("PORTAL_MODE")
if MODE not in ("demo", "production", "test"):
    raise SystemExit(f"PORTAL_MODE {MODE!r} tidak dikenal: demo, production atau test.")
PORTAL_DATA = data_folder()
SECRET_KEY = secret_key()
DEBUG = False
ALLOWED_HOSTS = read_list("ALLOWED_HOSTS")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "django_tables2",
    "django_filters",
    "pgtrigger",
    "core",
    "accounts",
    "policy",
    "roster",
    "attendance",
    "performance",
    "allowances",
    "savings",
    "demo",
    "wfh_portal",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.observing.ObservedMiddleware",
    "core.content_policy.ContentPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "core.plain_text.PlainTextMiddleware",
]
ROOT_URLCONF = "wfh_portal.urls"
WSGI_APPLICATION = "wfh_portal.wsgi.application"
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
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
                "wfh_portal.context.portal",
            ],
        },
    },
]

# Servers: the user's own where named, else the embedded ones that were started in PORTAL_DATA.
_embedded = known_addresses(PORTAL_DATA)
_application_url = read("DATABASE_URL") or _embedded.database_url
_owner_url = read("DATABASE_OWNER_URL") or (read("DATABASE_URL") or _embedded.owner_url)
AS_OWNER = read("PORTAL_DATABASE_ROLE") == "owner"
DATABASES = {"default": database(_owner_url if AS_OWNER else _application_url)}
# A server that vanished without a word must not hold a request for the two hours that TCP would wait.
DATABASES["default"]["OPTIONS"] = {
    "connect_timeout": "3",
    "tcp_user_timeout": "15000",
    **DATABASES["default"]["OPTIONS"],
}
# The role that grants are given to after migrate; tests and the status page compare current_user with it.
APPLICATION_DATABASE_ROLE = unquote(urlsplit(_application_url).username or "")
# Evidence: the application may add rows here, never change or delete one (core.grants; triggers refuse everybody).
APPEND_ONLY_TABLES = ("attendance_punch", "core_auditentry", "core_auditseal", "policy_policyversion")
# What the roster asks of the runs above it (roster.hooks).
ROSTER_AWAY = "attendance.operations.plans.away_on_days"
ROSTER_LOCKED_MONTHS = "allowances.queries.hooks.locked_months"
ROSTER_IMPORT_USED = "allowances.queries.hooks.import_used"
REDIS_URL = read("REDIS_URL") or _embedded.redis_url
REDIS_PREFIX = read("REDIS_PREFIX")
# Counts against floods go on in each process while Valkey is away; sessions are read from the database then.
CACHES = {
    "default": {
        "BACKEND": "core.caching.SoftRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": REDIS_PREFIX + "cache",
        "OPTIONS": {"local": True},
    },
    "sessions": {
        "BACKEND": "core.caching.SoftRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": REDIS_PREFIX + "sessions",
    },
}

LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Jakarta"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = PORTAL_DATA / "uploads"
_static_storage = {
    "test": "django.contrib.staticfiles.storage.StaticFilesStorage",
}.get(MODE, "whitenoise.storage.CompressedManifestStaticFilesStorage")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _static_storage},
}

EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if read('EMAIL_HOST') else 'console'}.EmailBackend"
EMAIL_HOST = read("EMAIL_HOST")
EMAIL_PORT = int(read("EMAIL_PORT"))
EMAIL_HOST_USER = read("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = read("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = bool(EMAIL_HOST)
DEFAULT_FROM_EMAIL = read("DEFAULT_FROM_EMAIL")
# A mail server that does not answer must not hold a worker.
EMAIL_TIMEOUT = 20
# core.alerts writes to them.
ALERT_EMAILS = read_list("ALERT_EMAILS")

# allowances.exports signs the bundle of a run with it.
BUNDLE_SIGNING_KEY = read("BUNDLE_SIGNING_KEY")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "core.logs.JsonLines"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": read("LOG_LEVEL")},
    # At DEBUG it writes every statement with its values.
    "loggers": {"django.db.backends": {"level": "INFO"}},
}
# Monitoring reads /metrics with it.
METRICS_TOKEN = read("METRICS_TOKEN")

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.UserRateThrottle"],
    # A program that reads a run of 85,000 in pages of 200 needs four minutes.
    "DEFAULT_THROTTLE_RATES": {"user": "120/min"},
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "core.api.answer_error",
    "COERCE_DECIMAL_TO_STRING": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Portal Kerja ASN",
    "DESCRIPTION": (
        "Perhitungan, slip dengan penjelasannya, dan peraturan yang berlaku; hanya membaca. Masuk lewat sesi portal, "
        "dengan hak yang sama seperti di halamannya. Jumlah rupiah ditulis tepat sebagai teks."
    ),
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api",
    "ENUM_NAME_OVERRIDES": {"RunState": "allowances.models.Run.State"},
}
