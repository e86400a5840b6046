"""The site's addresses: the digit page at the root, the admin beside it."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("digit_recognition.urls")),
]
