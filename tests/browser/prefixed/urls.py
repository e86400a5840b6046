"""The one address of the site below a prefix."""

from django.urls import include, path

urlpatterns = [path("digits/", include("digit_recognition.urls"))]
