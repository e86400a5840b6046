"""The site's addresses: the digit page at the root, the admin and the language switch below it."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("languages/", include("django.conf.urls.i18n")),
    path("", include("digit_recognition.urls")),
]
