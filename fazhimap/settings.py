"""The one settings file. Everything that a deployment may change is an environment variable."""

import logging
import os
from pathlib import Path
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from fazhimap import localdb


def flag(name: str, default: bool = False) -> bool:
    """An on/off environment variable: 1, true, yes or on, in any case, is on."""
    return os.environ.get(name, str(default)).strip().lower() in {"1", "true", "yes", "on"}


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated environment variable as a list without blanks."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def untraced(record: logging.LogRecord) -> bool:
    """Keep a line of the log without its traceback."""
    record.exc_info = None
    return True


BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = localdb.data_dir()

DEBUG = flag("FAZHIMAP_DEBUG")
SECRET_KEY = localdb.secret_key()
PUBLIC_URL = os.environ.get("FAZHIMAP_URL", "").strip().rstrip("/")  # what readers type, if set
ALLOWED_HOSTS = words("FAZHIMAP_HOSTS", "localhost,127.0.0.1,[::1]")
if PUBLIC_URL:
    ALLOWED_HOSTS.append(urlsplit(PUBLIC_URL).hostname or "")
HTTPS = flag("FAZHIMAP_HTTPS")

INSTALLED_APPS = [
    "mapui",  # before the admin, whose base_site.html it replaces
    "mapui.apps.MaintenanceConfig",  # the admin
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.gis",
    "pgtrigger",
    "pghistory",
    "sites",
    "events",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "mapui.middleware.content_security_policy",
    "mapui.outward.offline.mark_public",
    "django.middleware.gzip.GZipMiddleware",
    "mapui.middleware.ClearFailures",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "pghistory.middleware.HistoryMiddleware",
]

ROOT_URLCONF = "fazhimap.urls"
WSGI_APPLICATION = "fazhimap.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "mapui.context.page",
            ],
        },
    },
]

DATABASES = {"default": localdb.database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
PGHISTORY_APPEND_ONLY = True
# GDAL 3.9 would guard against foreign spatial reference texts; ours are numbers, all 4326.
SILENCED_SYSTEM_CHECKS = ["gis.W001"]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", _("英文"))]
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [
    ("vendor/leaflet", BASE_DIR / "node_modules/leaflet/dist"),
    ("vendor/markercluster", BASE_DIR / "node_modules/leaflet.markercluster/dist"),
    ("vendor/mongolian", BASE_DIR / "node_modules/@fontsource/noto-sans-mongolian/files"),
    ("basemap", BASE_DIR / "fixtures/basemap"),
]
MEDIA_ROOT = DATA_DIR / "uploads"  # served by our own pages only
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "mapui.storage.HashedStatic"},
}

LOGGING = {  # on standard error, whether debugging or not; paths only, never a query string
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"untraced": {"()": "django.utils.log.CallbackFilter", "callback": untraced}},
    "handlers": {
        "console": {"class": "logging.StreamHandler"},
        "line": {"class": "logging.StreamHandler", "filters": ["untraced"]},
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        # A wrong host or too large a form is the sender's fault, and not ours: one line.
        "django.security": {"handlers": ["line"], "propagate": False},
        # Its only warning: of an answer to HEAD the body is left out, as it should be.
        "gunicorn.http.wsgi": {"level": "ERROR"},
    },
}
LOGIN_URL = "admin:login"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if "://" in PUBLIC_URL else []
CSRF_FAILURE_VIEW = "mapui.problems.csrf_failure"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"

# The product's own settings.
TODAY = os.environ.get("FAZHIMAP_TODAY", "")  # a fixed Shanghai date for tests and demonstrations
COVERAGE_PUBLIC = flag("COVERAGE_PUBLIC", default=True)
READ_RATE = os.environ.get("FAZHIMAP_READ_RATE", "6000/m")  # API reads per address
# How many proxies of ours stand in front, whose X-Forwarded-For says who asks.
NINJA_NUM_PROXIES = int(os.environ.get("FAZHIMAP_PROXIES", "0"))
if NINJA_NUM_PROXIES:  # they say, too, whether the reader came by HTTPS
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CITY = os.environ.get("FAZHIMAP_CITY", "1502")  # the division that the pages are about
BASEMAP = os.environ.get("FAZHIMAP_BASEMAP", "")  # "", "osm", "amap" or "tianditu"
TIANDITU_KEY = os.environ.get("FAZHIMAP_TIANDITU_KEY", "")
ROUTING_URL = os.environ.get("ROUTING_URL", "")  # a routing server's; none: minutes are estimated
ROUTING_KIND = os.environ.get("ROUTING_KIND", "osrm").strip().lower()  # "osrm" or "valhalla"
FURNITURE = {
    "name": os.environ.get("FAZHIMAP_NAME", ""),
    "operator": os.environ.get("FAZHIMAP_OPERATOR", ""),
    "contact": os.environ.get("FAZHIMAP_CONTACT", ""),
    "icp": os.environ.get("FAZHIMAP_ICP", ""),
    "police": os.environ.get("FAZHIMAP_POLICE", ""),
    "site_code": os.environ.get("FAZHIMAP_SITE_CODE", ""),
    "approval": os.environ.get("FAZHIMAP_MAP_APPROVAL", ""),
    "emblem": os.environ.get("FAZHIMAP_EMBLEM", ""),  # a picture file's path
}
EMBEDDERS = words("FAZHIMAP_EMBEDDERS")  # origins that may frame our pages, or self; none
VERIFICATION = words("FAZHIMAP_VERIFICATION")  # files at the root: MP_verify_abc.txt=content
MONGOLIAN_ORDER = os.environ.get("FAZHIMAP_MONGOLIAN_ORDER", "after")  # the Chinese name, or before
MONGOLIAN_SIZE = os.environ.get("FAZHIMAP_MONGOLIAN_SIZE", "80")  # per cent of the Chinese name
