"""Every setting, from the environment. docs/settings.md describes each name; a test checks that."""

import os
import sys
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

from rubric_studio.environment import database_from_url, env_bool, env_int, env_list, env_text
from rubric_studio.local.addresses import embedded_urls

BASE_DIR = Path(__file__).resolve().parent.parent
VERSION = "0.1.0"
VAR_DIR = Path(env_text("VAR_DIR", str(BASE_DIR / "var")))

DEBUG = env_bool("DEBUG", False)
TESTING = "pytest" in sys.modules


def _secret_key() -> str:
    stored = VAR_DIR / "secret_key"
    key = env_text("SECRET_KEY") or (stored.read_text().strip() if stored.is_file() else "")
    if key or not (TESTING or os.environ.get("BUILDING")):
        return key
    return "only for tests and for building static files " + "x" * 32


SECRET_KEY = _secret_key()
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "SECRET_KEY is not set. `make run` makes one in var/secret_key; elsewhere set SECRET_KEY."
    )
SECRET_KEY_FALLBACKS = env_list("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS") or ["127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")
# Behind TLS, HTTPS=true makes cookies secure, redirects plain HTTP and sends HSTS.
HTTPS = env_bool("HTTPS", False)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.postgres",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "lucide",
    "rest_framework",
    "drf_spectacular",
    "rubric_studio.accounts",
    "rubric_studio.rubrics",
    "rubric_studio.grading",
    "rubric_studio.steering",
    "rubric_studio.api",
    "rubric_studio.local",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "rubric_studio.http.DomainErrorMiddleware",
]

ROOT_URLCONF = "rubric_studio.urls"
WSGI_APPLICATION = "rubric_studio.wsgi.application"

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
            ],
        },
    },
]

_embedded_database, _embedded_redis = embedded_urls(VAR_DIR)
DATABASE_URL = env_text("DATABASE_URL") or _embedded_database or ""
REDIS_URL = env_text("REDIS_URL") or _embedded_redis or ""
# Without an address only commands that need no database work (collectstatic, check).
DATABASES = {"default": database_from_url(DATABASE_URL or "postgresql://localhost/rubric_studio")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL or "redis://localhost:6379/0",
        "KEY_PREFIX": "rs",
    }
}

AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# A sign-in link is good for this many seconds, once.
SIGN_IN_LINK_SECONDS = env_int("SIGN_IN_LINK_SECONDS", 86400)

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
_plain_static = TESTING or DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if _plain_static
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

SECURE_CSP = {
    "default-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
DATA_UPLOAD_MAX_MEMORY_SIZE = env_int("MAX_UPLOAD_BYTES", 64 * 1024 * 1024)
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rubric_studio.api.authentication.BearerToken"],
    "DEFAULT_PERMISSION_CLASSES": ["rubric_studio.api.permissions.HasScope"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rubric_studio.api.parsers.StrictJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "rubric_studio.api.pagination.CreatedCursor",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "rubric_studio.api.errors.problem_response",
    "PAGE_SIZE": 50,
    # ?format= names an interchange format here, not a renderer.
    "URL_FORMAT_OVERRIDE": None,
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "OAS_VERSION": "3.1.1",
    "TITLE": "Rubric Studio",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "RunStatus": "rubric_studio.grading.models.Run.Status",
        "GradeStatus": "rubric_studio.grading.models.Status",
    },
}

# Which of a draft's gates are open, asked before it is published.
SIGN_OFF = "rubric_studio.steering.sign_off.sign_off_of"

CELERY_BROKER_URL = REDIS_URL or "redis://localhost:6379/0"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# Programs' checks have a queue of their own: no check waits for a judge. A worker of both takes
# `-Q celery,cpu`, one for checks alone `-Q cpu`.
CELERY_TASK_ROUTES = {"rubric_studio.grading.tasks.check_answer": {"queue": "cpu"}}
CELERY_TASK_TIME_LIMIT = 900
CELERY_TASK_SOFT_TIME_LIMIT = 840
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 1800,
    "unacked_restore_interval": 2,
    "unacked_restore_throttle": 1,
}
CELERY_VISIBILITY_TIMEOUT = 1800
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 30
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
# A run's row is leased for this long; the sweeper gives up a lease that was not renewed.
GRADING_LEASE_SECONDS = env_int("GRADING_LEASE_SECONDS", 30)
GRADING_SWEEP_SECONDS = env_int("GRADING_SWEEP_SECONDS", 5)
# After this long a worker goes on to the next answer; what is left of this one queues up again.
GRADING_TURN_SECONDS = env_int("GRADING_TURN_SECONDS", 30)
# A judge that does not answer is left alone for so long, longer each time, before what waits fails.
GRADING_RESTS = [float(seconds) for seconds in env_list("GRADING_RESTS") or ("15", "60", "300")]
GRADING_CALLS_IN_FLIGHT = env_int("GRADING_CALLS_IN_FLIGHT", 32)
# People who may try a criterion at once in each web process: each one holds a thread of it.
TRYOUTS_AT_ONCE = env_int("TRYOUTS_AT_ONCE", 2)
CELERY_BEAT_SCHEDULE = {
    "sweep": {
        "task": "rubric_studio.grading.tasks.sweep",
        "schedule": GRADING_SWEEP_SECONDS,
        "options": {"expires": GRADING_SWEEP_SECONDS * 2},
    },
    "reports": {
        "task": "rubric_studio.steering.tasks.measure_reports",
        "schedule": GRADING_SWEEP_SECONDS,
        "options": {"expires": GRADING_SWEEP_SECONDS * 2},
    },
}

# A team's default judge; without JUDGE_BASE_URL the demo judge is it, where it runs.
JUDGE_BASE_URL = env_text("JUDGE_BASE_URL")
JUDGE_MODEL = env_text("JUDGE_MODEL")
JUDGE_API_KEY = env_text("JUDGE_API_KEY")
# host, host:port, address or CIDR that a judge's URL may name although it is not public.
JUDGE_ENDPOINT_ALLOWLIST = env_list("JUDGE_ENDPOINT_ALLOWLIST")
DEMO_JUDGE_URL = env_text("DEMO_JUDGE_URL")
DEMO_JUDGE_KEY = env_text("DEMO_JUDGE_KEY")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env_text("LOG_LEVEL", "WARNING")},
}
