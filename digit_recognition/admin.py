"""The registry in Django's admin: read-only, except for the choice of the model in use."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext, gettext_lazy

from digit_recognition.models import DigitModel
from digit_recognition.numerals import percent
from recognizer.errors import ModelError

SETS = (  # the test sets whose scores are shown: title, name
    (gettext_lazy("MNIST, uploaded"), "mnist-test"),
    (gettext_lazy("pen digits"), "pendigits-test"),
    (gettext_lazy("thin lines"), "mchaver"),
)
STATES = {
    "active": gettext_lazy("in use"),
    "retired": gettext_lazy("was in use"),
    "candidate": gettext_lazy("candidate"),
    "gone": gettext_lazy("file missing"),
}


@admin.register(DigitModel)
class DigitModelAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # a class without parameters at run time
    list_display = ["name", "shown_state", "origin", "mnist", "pendigits", "mchaver", "added_at", "activated_at"]
    actions = ["use"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: DigitModel | None = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: DigitModel | None = None) -> list[str]:
        return [field.name for field in DigitModel._meta.fields]

    @admin.display(description=gettext_lazy("state"))
    def shown_state(self, model: DigitModel) -> str:
        return str(STATES[model.state])

    @admin.display(description=SETS[0][0])
    def mnist(self, model: DigitModel) -> str:
        return _share(model, SETS[0][1])

    @admin.display(description=SETS[1][0])
    def pendigits(self, model: DigitModel) -> str:
        return _share(model, SETS[1][1])

    @admin.display(description=SETS[2][0])
    def mchaver(self, model: DigitModel) -> str:
        return _share(model, SETS[2][1])

    @admin.action(description=gettext_lazy("Use the selected model"), permissions=["change"])
    def use(self, request: HttpRequest, queryset: QuerySet[DigitModel]) -> HttpResponse | None:
        if queryset.count() != 1:
            self.message_user(request, gettext("Select exactly one model."), messages.ERROR)
            return None
        model = queryset.get()
        try:
            model.card  # noqa: B018 - loads the model
        except ModelError as error:
            self.message_user(request, str(error), messages.ERROR)
            return None
        before = DigitModel.objects.filter(active=True).first()
        if before == model:
            self.message_user(request, gettext("%(model)s is now in use.") % {"model": model}, messages.SUCCESS)
            return None
        if "confirmed" not in request.POST:
            return self._ask(request, model, before)
        model.activate()
        self.log_change(request, model, gettext("Put to use. Before: %(model)s.") % {"model": before or "–"})
        self.message_user(request, gettext("%(model)s is now in use.") % {"model": model}, messages.SUCCESS)
        return None

    def _ask(self, request: HttpRequest, model: DigitModel, before: DigitModel | None) -> HttpResponse:
        scores = {title: [_share(row, name) for row in (before, model) if row] for title, name in SETS}
        context = self.admin_site.each_context(request) | {
            "title": gettext("Use %(model)s?") % {"model": model},
            "model": model,
            "before": before,
            "scores": scores,
            "opts": self.model._meta,
        }
        return TemplateResponse(request, "admin/digit_recognition/use.html", context)


def _share(model: DigitModel, name: str) -> str:
    """Return the accuracy on a test set, as text. Only a perfect score is shown as 100%."""
    share = model.accuracies.get(name)
    if share is None:
        return "–"
    return percent(min(share * 100, 99.99) if share < 1 else 100, ".2f")
