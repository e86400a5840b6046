"""The registry of trained models. Its active row leads to the model that answers."""

import threading
from pathlib import Path

from django.db import models, transaction
from django.utils.translation import gettext_lazy

import recognizer
from digit_recognition.conf import conf
from digit_recognition.locks import limit_lock_wait
from recognizer.card import ModelCard
from recognizer.errors import ModelError
from recognizer.ink import Pixels, Strokes
from recognizer.model import read_network
from recognizer.prediction import Prediction


class DigitModelManager(models.Manager["DigitModel"]):
    def active(self) -> "DigitModel":
        """Return the row in use. Raises `ModelError` if there is none."""
        try:
            with limit_lock_wait(self.db):
                return self.get(active=True)
        except DigitModel.DoesNotExist:
            raise ModelError("no model is active; run `python manage.py migrate`") from None

    def network(self, sha256: str) -> bytes | None:
        """Return `model.onnx` of a registered model, in use or not, or None if no model has that SHA-256.

        The model that this process has loaded comes from memory, even if its file or row is gone. Raises `ModelError`
        if the file is missing or damaged.
        """
        content = _cache.network(sha256)
        if content is not None:
            return content
        with limit_lock_wait(self.db):
            model = self.filter(sha256=sha256).first()
        return read_network(model.path, sha256) if model else None


class DigitModel(models.Model):
    """A trained model: its file, its measured scores, and whether it is in use."""

    name = models.CharField(gettext_lazy("name"), max_length=100, unique=True)
    version = models.PositiveIntegerField(gettext_lazy("version"))
    file = models.CharField(
        gettext_lazy("file"),
        max_length=500,
        help_text=gettext_lazy("Path of model.onnx in the folder of shipped models. Its model.json is beside it."),
    )
    sha256 = models.CharField(gettext_lazy("SHA-256 of the file"), max_length=64)
    scores = models.JSONField(gettext_lazy("measured scores"), default=list)
    active = models.BooleanField(gettext_lazy("in use"), default=False)
    chosen = models.BooleanField(
        gettext_lazy("chosen by a person"),
        default=False,
        help_text=gettext_lazy("A model chosen by a person stays in use when a newer version is shipped."),
    )

    objects = DigitModelManager()

    class Meta:
        verbose_name = gettext_lazy("digit model")
        verbose_name_plural = gettext_lazy("digit models")
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["active"], condition=models.Q(active=True), name="one_active_digit_model"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> Path:
        return conf.MODELS / self.file

    @property
    def card(self) -> ModelCard:
        """The model's `model.json`. Raises `ModelError` like `predict`."""
        return _cache.get(self.path, self.sha256).card

    def predict(self, ink: Strokes | Pixels) -> Prediction:
        """Answer a drawing. Raises `ModelError` if the file is missing, damaged or not the registered one."""
        return _cache.get(self.path, self.sha256).predict(ink)

    def activate(self) -> None:
        """Use this model. If it is the newest, later releases replace it; an older one counts as chosen and stays."""
        with transaction.atomic():
            newest = DigitModel.objects.order_by("-version", "-pk").first()
            DigitModel.objects.filter(active=True).update(active=False, chosen=False)
            self.active, self.chosen = True, self != newest
            self.save(update_fields=["active", "chosen"])


class _RecognizerCache:
    """Holds one recogniser. Loads it at first use, and another if another model is asked for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._key: tuple[Path, str] | None = None
        self._recognizer: recognizer.Recognizer | None = None

    def get(self, path: Path, sha256: str) -> recognizer.Recognizer:
        with self._lock:
            if self._recognizer is None or self._key != (path, sha256):
                self._recognizer, self._key = _load(path, sha256), (path, sha256)
            return self._recognizer

    def network(self, sha256: str) -> bytes | None:
        with self._lock:
            loaded = self._recognizer
        return loaded.network if loaded and loaded.card.sha256 == sha256 else None


def _load(path: Path, sha256: str) -> recognizer.Recognizer:
    if not path.parent.is_dir():
        raise ModelError(
            f"{path.parent} is gone; copy it back, or run `python manage.py migrate` to use the shipped model"
        )
    loaded = recognizer.load(path.parent)
    if loaded.card.sha256 != sha256:
        raise ModelError(f"the file of {loaded.name} is not the registered one; run `python manage.py migrate`")
    return loaded


_cache = _RecognizerCache()
