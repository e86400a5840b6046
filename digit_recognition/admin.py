"""Shows the registry in Django's admin, read-only, with an action that chooses the model in use."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext, gettext_lazy

from digit_recognition.models import DigitModel
from recognizer.errors import ModelError


@admin.register(DigitModel)
class DigitModelAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    list_display = ["name", "version", "active", "chosen", "sha256"]
    actions = ["use"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: DigitModel | None = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: DigitModel | None = None) -> list[str]:
        return [field.name for field in DigitModel._meta.fields]

    @admin.action(description=gettext_lazy("Use the selected model"), permissions=["change"])
    def use(self, request: HttpRequest, queryset: QuerySet[DigitModel]) -> None:
        if queryset.count() != 1:
            self.message_user(request, gettext("Select exactly one model."), messages.ERROR)
            return
        model = queryset.get()
        try:
            model.card  # noqa: B018 - loads the model
        except ModelError as error:
            self.message_user(request, str(error), messages.ERROR)
            return
        model.activate()
        self.message_user(request, gettext("%(model)s is now in use.") % {"model": model}, messages.SUCCESS)
