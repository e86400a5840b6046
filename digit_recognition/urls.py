"""The app's addresses. A project may include them under any path."""

from django.urls import path

from digit_recognition import views

app_name = "digit_recognition"
urlpatterns = [
    path("", views.home, name="home"),
    path("predict/", views.predict, name="predict"),
    path("read/", views.read, name="read"),
    path("model/", views.model, name="model"),
    path("token/", views.token, name="token"),
    path("service-worker.js", views.service_worker, name="service-worker"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("parts/<str:sha256>/start.js", views.starter, name="starter"),
    path("parts/<str:sha256>/model.onnx", views.weights, name="weights"),
    path("parts/<str:sha256>/engine.wasm", views.wasm, name="wasm"),
    path("parts/<str:sha256>/<str:name>", views.door, name="door"),
]
