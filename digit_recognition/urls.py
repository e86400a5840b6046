"""The app's addresses, to be included anywhere."""

from django.urls import path

from digit_recognition import views

app_name = "digit_recognition"
urlpatterns = [
    path("", views.home, name="home"),
    path("predict/", views.predict, name="predict"),
    path("model/", views.model, name="model"),
]
