"""The admin's login, which limits attempts to guess passwords."""

from datetime import timedelta
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.timesince import timeuntil
from django.utils.timezone import now
from django.utils.translation import gettext

from mnist_django.throttle import Tries, client_address

THROTTLED = "throttled"


class LoginForm(AdminAuthenticationForm):
    """Also refuses the right password while no try is left; otherwise guessing could go on."""

    wait_s = 0

    def clean(self) -> dict[str, Any]:
        name = self.cleaned_data.get("username")
        if self.request is None or name is None or not self.cleaned_data.get("password"):
            return super().clean()
        tries = Tries(name, client_address(self.request))
        if not tries.take():
            self.wait_s = tries.wait_s()
            raise ValidationError(throttle_message(self.wait_s), code=THROTTLED)
        cleaned = super().clean()
        tries.forget()
        return cleaned


class Site(AdminSite):
    login_form = LoginForm

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        response = super().login(request, extra_context)
        form = (getattr(response, "context_data", None) or {}).get("form")
        if isinstance(form, LoginForm) and form.has_error(NON_FIELD_ERRORS, THROTTLED):
            response.status_code = 429
            response.headers["Retry-After"] = str(form.wait_s)
        return response


def throttle_message(wait_s: int) -> str:
    start = now()
    minutes = timeuntil(start + timedelta(seconds=wait_s + 59), start)  # rounds up to whole minutes
    text = gettext("Too many attempts with this username from your address. Try again in %(time)s.")
    return text % {"time": minutes}
