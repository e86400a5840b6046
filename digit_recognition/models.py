"""The registry of trained models. Its active row leads to the model that answers."""

import threading
import time
from pathlib import Path

from django.db import DatabaseError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

import recognizer
from digit_recognition.conf import conf
from digit_recognition.locks import limit_lock_wait
from recognizer.card import ModelCard
from recognizer.errors import ModelError
from recognizer.ink import Pixels, Strokes
from recognizer.model import read_network
from recognizer.numbers.reading import Allow, Reading
from recognizer.prediction import Prediction

REMEMBERED_S = 1.0  # how long a process uses a row of the database before it reads it again


class MissingModel(ModelError):
    """The folder of an imported model is not on this machine. name: the model's."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name


class DigitModelManager(models.Manager["DigitModel"]):
    def active(self) -> "DigitModel":
        """Return the row in use, as it was at most a second ago. Raises `ModelError` if there is none.

        If the database fails, the last row that this process read stays in use.
        """
        if (known := _active.get()) is not None:
            return known
        try:
            with limit_lock_wait(self.db):
                row = self.get(active=True)
        except DigitModel.DoesNotExist:
            raise ModelError("no model is active; run `python manage.py migrate`") from None
        except DatabaseError:
            if (known := _active.stale()) is not None:
                return known
            raise
        _active.put(row)
        return row

    def previous(self) -> "DigitModel | None":
        """Return the model that was in use before, or None."""
        return self.filter(active=False, activated_at__isnull=False).order_by("-activated_at", "-pk").first()

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

    class Origin(models.TextChoices):
        SHIPPED = "shipped", gettext_lazy("shipped")
        IMPORTED = "imported", gettext_lazy("imported")

    name = models.CharField(gettext_lazy("name"), max_length=100, unique=True)
    origin = models.CharField(gettext_lazy("origin"), max_length=20, choices=Origin, default=Origin.SHIPPED)
    version = models.PositiveIntegerField(
        gettext_lazy("version"), null=True, blank=True, help_text=gettext_lazy("of shipped models")
    )
    file = models.CharField(
        gettext_lazy("file"),
        max_length=500,
        help_text=gettext_lazy(
            "Path of model.onnx in the folder of shipped or of imported models. Its model.json is beside it."
        ),
    )
    sha256 = models.CharField(gettext_lazy("SHA-256 of the file"), max_length=64)
    scores = models.JSONField(gettext_lazy("measured scores"), default=list)
    note = models.TextField(gettext_lazy("note"), blank=True, default="")
    active = models.BooleanField(gettext_lazy("in use"), default=False)
    chosen = models.BooleanField(
        gettext_lazy("chosen by a person"),
        default=False,
        help_text=gettext_lazy("A model chosen by a person stays in use when a newer version is shipped."),
    )
    added_at = models.DateTimeField(gettext_lazy("added"), default=timezone.now, editable=False)
    activated_at = models.DateTimeField(gettext_lazy("last put to use"), null=True, blank=True)

    objects = DigitModelManager()

    class Meta:
        verbose_name = gettext_lazy("digit model")
        verbose_name_plural = gettext_lazy("digit models")
        ordering = ["-active", "origin", "-version", "name"]
        constraints = [
            models.UniqueConstraint(fields=["active"], condition=models.Q(active=True), name="one_active_digit_model"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> Path:
        return (conf.IMPORTED if self.origin == self.Origin.IMPORTED else conf.MODELS) / self.file

    @property
    def state(self) -> str:
        """One of "active", "gone" (its file is missing), "retired" (it was in use) and "candidate"."""
        if self.active:
            return "active"
        try:
            here = self.path.is_file()
        except ModelError:
            here = False
        if not here:
            return "gone"
        return "retired" if self.activated_at else "candidate"

    @property
    def accuracies(self) -> dict[str, float]:
        """The share of digits read correctly, by test set."""
        return {score["set"]: score["accuracy"] for score in self.scores if score.get("accuracy") is not None}

    @property
    def card(self) -> ModelCard:
        """The model's `model.json`. Raises `ModelError` like `predict`."""
        return _cache.get(self).card

    def predict(self, ink: Strokes | Pixels) -> Prediction:
        """Answer a drawing. Raises `ModelError` if the file is missing, damaged or not the registered one."""
        return _cache.get(self).predict(ink)

    def read(self, ink: Strokes | Pixels, allow: Allow) -> Reading:
        """Read a number. Raises `ModelError` like `predict`, and if the line network is missing or damaged."""
        return _cache.get(self).read(ink, allow)

    def activate(self) -> None:
        """Use this model, in all processes within a second.

        The newest shipped model is then replaced by later releases. Any other counts as chosen, and stays.
        """
        with transaction.atomic():
            list(DigitModel.objects.select_for_update().values_list("pk"))  # two changes at once wait for each other
            newest = DigitModel.objects.filter(origin=self.Origin.SHIPPED).order_by("-version", "-pk").first()
            DigitModel.objects.filter(active=True).update(active=False, chosen=False)
            self.active, self.chosen, self.activated_at = True, self != newest, timezone.now()
            self.save(update_fields=["active", "chosen", "activated_at"])
        transaction.on_commit(_active.forget)


class _ActiveRow:
    """Remembers the row in use, so that not every request asks the database."""

    def __init__(self) -> None:
        self._row: DigitModel | None = None
        self._asked_at = 0.0  # by time.monotonic

    def get(self) -> DigitModel | None:
        """Return the row if it was read less than `REMEMBERED_S` ago."""
        return self._row if time.monotonic() - self._asked_at < REMEMBERED_S else None

    def stale(self) -> DigitModel | None:
        """Return the row that was read last, however old, or None if there is none."""
        return self._row

    def put(self, row: DigitModel) -> None:
        self._row, self._asked_at = row, time.monotonic()

    def forget(self) -> None:
        self._row, self._asked_at = None, 0.0


class _RecognizerCache:
    """Keeps one recogniser in memory: that of the model that was asked for last."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._key: tuple[Path, str] | None = None
        self._recognizer: recognizer.Recognizer | None = None

    def get(self, row: DigitModel) -> recognizer.Recognizer:
        path = row.path
        with self._lock:
            if self._recognizer is None or self._key != (path, row.sha256):
                self._recognizer, self._key = _load(row, path), (path, row.sha256)
            return self._recognizer

    def network(self, sha256: str) -> bytes | None:
        with self._lock:
            loaded = self._recognizer
        return loaded.network if loaded and loaded.card.sha256 == sha256 else None


def _load(row: DigitModel, path: Path) -> recognizer.Recognizer:
    imported = row.origin == DigitModel.Origin.IMPORTED
    remedy = (
        f"mount the folder of imported models there, or import the file here under the name {row.name}"
        if imported
        else "copy it back, or run `python manage.py migrate` to use the shipped model"
    )
    if not path.parent.is_dir():
        message = f"{path.parent} is gone; {remedy}"
        raise MissingModel(row.name, message) if imported else ModelError(message)
    loaded = recognizer.load(path.parent)
    if loaded.card.sha256 != row.sha256:
        remedy = "import the registered one under this name" if imported else "run `python manage.py migrate`"
        raise ModelError(f"the file of {loaded.name} is not the registered one; {remedy}")
    return loaded


_cache = _RecognizerCache()
_active = _ActiveRow()
