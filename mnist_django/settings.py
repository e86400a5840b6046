"""The site's settings. The defaults work right after cloning; environment variables override them.

docs/deployment.md lists the variables.
"""

from pathlib import Path

from mnist_django import environment

BASE_DIR = Path(__file__).resolve().parent.parent

DEBUG = environment.boolean("DEBUG", default=True)
SECRET_KEY = environment.secret("SECRET_KEY", default="for-development-only-" + "0" * 40 if DEBUG else None)
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS", default="127.0.0.1,localhost")
CSRF_TRUSTED_ORIGINS = environment.words("CSRF_TRUSTED_ORIGINS", default="")

# Off by default: `make serve` is plain http on 127.0.0.1, and browsers send secure cookies only over https.
HTTPS = environment.boolean("HTTPS", default=False)
CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = False  # the proxy redirects to https: only it knows how the site was reached
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0  # one year

# With these silenced, `check --deploy` has no warnings under HTTPS=true. Under HTTPS=false it still warns of HSTS
# (W004) and cookies (W012, W016).
SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # HSTS for subdomains would affect other sites; the owner of the domain must decide
    "security.W021",  # the browsers' preload list is hard to leave again; the owner of the domain must decide
    "security.W008",  # the proxy redirects to https; see docs/nginx.conf
]

# The number of our own proxies in front of the site. Only the last PROXIES addresses of X-Forwarded-For are trusted;
# with 0 the header is ignored.
PROXIES = environment.number("PROXIES", default=0)

INSTALLED_APPS = [
    "mnist_django",
    "digit_recognition",
    "mnist_django.apps.SiteAdminConfig",  # django.contrib.admin with our own login
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "mnist_django.security.SecurityHeaders",
    # In DEBUG, `runserver` serves static files itself, and STATIC_ROOT may not exist yet.
    *([] if DEBUG else ["whitenoise.middleware.WhiteNoiseMiddleware"]),
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

# `data:` allows the 28×28 picture that the network saw. `wasm-unsafe-eval` lets the page's worker run the network.
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

# The page needs only to copy answers to the clipboard. Pasted pictures and photos from the system's camera app need no
# permission.
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

DATABASE = environment.path("DATABASE", default=BASE_DIR / "db.sqlite3")
DATABASES = {
    "default": {
        "ENGINE": "mnist_django.sqlite",
        "NAME": DATABASE,
    },
}
# All workers share this cache. It counts login attempts, so MAX_ENTRIES is high: nobody can push out others' entries.
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

# Uploads stay in memory or are dropped, and never touch the disk: at every address Django reads a form, for its CSRF
# token, before a view can refuse it.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]

# Bytes. Base64 in a form field makes a picture of 12 MB a third larger. `predict/` has its own limit for each content
# type.
DATA_UPLOAD_MAX_MEMORY_SIZE = 18_100_000

LANGUAGE_CODE = "en"
# Each under its own name, for visitors who read no other language.
LANGUAGES = [("en", "English"), ("ne", "नेपाली"), ("es", "Español"), ("fr", "Français"), ("ar", "العربية")]
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

# Models that `manage.py import_model` made. They lie beside the database, because they belong to it.
DIGIT_RECOGNITION_IMPORTED = environment.path("IMPORTED", default=DATABASE.parent / "imported")

STATIC_URL = "static/"
STATIC_ROOT = environment.path("STATIC_ROOT", default=BASE_DIR / "staticfiles")
WHITENOISE_KEEP_ONLY_HASHED_FILES = True  # nothing requests the others, and compressing them would double the time
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "mnist_django.static_files.HashedStaticFiles",
    },
}

# Log to the terminal only. Django's default would also mail errors to ADMINS, with the data that visitors sent.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
        "discreet": {"()": "mnist_django.logs.DiscreetFormatter"},
    },
    "handlers": {
        "terminal": {"class": "logging.StreamHandler", "formatter": "plain"},
        "refusals": {"class": "logging.StreamHandler", "formatter": "discreet"},
    },
    "loggers": {
        "django": {"handlers": ["terminal"], "level": "INFO"},
        "django.security": {"handlers": ["refusals"], "propagate": False},
        # Below ERROR, Django logs the address of each refused request. Visitors may type anything into an address.
        "django.request": {"level": "ERROR"},
        "gunicorn.http": {"level": "ERROR"},  # otherwise each HEAD request is a line
    },
}
