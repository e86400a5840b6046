"""The site's settings. They run right after clone; the environment overrides them through `environment`."""

from pathlib import Path

from mnist_django import environment

BASE_DIR = Path(__file__).resolve().parent.parent

DEBUG = environment.boolean("DEBUG", default=True)
SECRET_KEY = environment.secret("SECRET_KEY", default="for-development-only-" + "0" * 40 if DEBUG else None)
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS", default="127.0.0.1,localhost")
CSRF_TRUSTED_ORIGINS = environment.words("CSRF_TRUSTED_ORIGINS", default="")

# Off by default: `make serve` is plain http on 127.0.0.1, where browsers would not send a secure cookie back.
HTTPS = environment.boolean("HTTPS", default=False)
CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = False  # a proxy's work, which alone knows how it was reached
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0  # one year

# `check --deploy` is then silent under HTTPS=true; under HTTPS=false it warns of HSTS (W004) and cookies (W012, W016).
SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # HSTS for all subdomains would speak for sites that are not this one,
    "security.W021",  # and a place in the browsers' preload list is hard to undo: both are up to the domain's owner
    "security.W008",  # the proxy redirects to https; docs/nginx.conf does
]

# How many proxies of ours stand before the site: the last so many addresses in X-Forwarded-For can be believed.
PROXIES = environment.number("PROXIES", default=0)

INSTALLED_APPS = [
    "mnist_django",
    "digit_recognition",
    "mnist_django.apps.SiteAdminConfig",  # django.contrib.admin with a login of our own
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "mnist_django.security.SecurityHeaders",
    # In DEBUG `runserver` serves static files itself, and there is no folder of collected ones yet.
    *([] if DEBUG else ["whitenoise.middleware.WhiteNoiseMiddleware"]),
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

# `data:` is the 28×28 picture that the network saw; `wasm-unsafe-eval` lets the page's own worker run the network.
CONTENT_SECURITY_POLICY = {
    "default-src": "'none'",
    "script-src": "'self' 'wasm-unsafe-eval'",
    "worker-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}

# The page copies an answer to the clipboard. It needs no permission for pasted pictures, nor for photos, which the
# system's own camera takes.
PERMISSIONS_POLICY = {
    "clipboard-write": "(self)",
    **dict.fromkeys(
        [
            "accelerometer",
            "autoplay",
            "browsing-topics",
            "camera",
            "clipboard-read",
            "compute-pressure",
            "display-capture",
            "encrypted-media",
            "fullscreen",
            "gamepad",
            "geolocation",
            "gyroscope",
            "hid",
            "identity-credentials-get",
            "idle-detection",
            "keyboard-map",
            "local-fonts",
            "magnetometer",
            "microphone",
            "midi",
            "otp-credentials",
            "payment",
            "picture-in-picture",
            "publickey-credentials-create",
            "publickey-credentials-get",
            "screen-wake-lock",
            "serial",
            "storage-access",
            "sync-xhr",
            "usb",
            "window-management",
            "xr-spatial-tracking",
        ],
        "()",
    ),
}

ROOT_URLCONF = "mnist_django.urls"
WSGI_APPLICATION = "mnist_django.wsgi.application"
ASGI_APPLICATION = "mnist_django.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
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

DATABASES = {
    "default": {
        "ENGINE": "mnist_django.sqlite",
        "NAME": environment.path("DATABASE", default=BASE_DIR / "db.sqlite3"),
    },
}
# The one place that all workers share: it counts tries to log in. Enough entries that nobody can push others' out.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# Uploads stay in memory or are dropped: at every address Django reads a form for its token before the view refuses.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]

# A picture of 4 MB grows by a third as base64 in a form's field; `predict/` holds each kind of body to its own limit.
DATA_UPLOAD_MAX_MEMORY_SIZE = 6_100_000

LANGUAGE_CODE = "en"
# Each by its own name: who looks for a language may read no other.
LANGUAGES = [("en", "English"), ("ne", "नेपाली"), ("es", "Español"), ("fr", "Français"), ("ar", "العربية")]
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = environment.path("STATIC_ROOT", default=BASE_DIR / "staticfiles")
WHITENOISE_KEEP_ONLY_HASHED_FILES = True  # nothing asks for the others, and packing them takes as long again
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "mnist_django.static_files.HashedStaticFiles",
    },
}

# To the terminal alone. Django's own set-up would mail errors to ADMINS together with what a visitor sent.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
        "discreet": {"()": "mnist_django.logs.Discreet"},
    },
    "handlers": {
        "terminal": {"class": "logging.StreamHandler", "formatter": "plain"},
        "refusals": {"class": "logging.StreamHandler", "formatter": "discreet"},
    },
    "loggers": {
        "django": {"handlers": ["terminal"], "level": "INFO"},
        "django.security": {"handlers": ["refusals"], "propagate": False},
        # Below an error Django logs the address of each refused request, and an address is typed, too.
        "django.request": {"level": "ERROR"},
        "gunicorn.http": {"level": "ERROR"},  # else a line for each HEAD request, whose answer has no body
    },
}
