"""Pages of a person's own account that django-allauth does not bring."""

from http import HTTPStatus
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from tenants.base.errors import AppError, NotFound
from tenants.people.forms import KeyForm
from tenants.people.keys import issue_key, keys_of, revoke_key
from tenants.people.models import Person


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: HttpRequest) -> HttpResponse:
    """List the keys; a new one is shown in the very answer that made it, and nowhere after."""
    person = _person(request)
    form = KeyForm(request.POST if request.method == "POST" else None)
    secret, status = "", HTTPStatus.OK
    if form.is_bound:
        secret = _issue(person, form)
        status = HTTPStatus.CREATED if secret else HTTPStatus.UNPROCESSABLE_ENTITY
    context = {
        "form": KeyForm() if secret else form,
        "keys": keys_of(person),
        "secret": secret,
    }
    return render(request, "account/keys.html", context, status=status)


@login_required
@require_POST
def revoke(request: HttpRequest, key_id: UUID) -> HttpResponse:
    try:
        revoke_key(_person(request), str(key_id))
    except NotFound as error:
        raise Http404 from error
    return redirect("account_keys")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Explain a form that came back without its cookie."""
    return render(request, "403_csrf.html", status=HTTPStatus.FORBIDDEN)


def _issue(person: Person, form: KeyForm) -> str:
    """Return the new secret, or nothing and the reason in the form."""
    if not form.is_valid():
        return ""
    try:
        _key, secret = issue_key(
            person,
            name=form.cleaned_data["name"],
            scopes=form.scopes,
            expires_at=form.expires_at,
        )
    except AppError as error:
        form.add_error("name" if error.field == "name" else None, str(error))
        return ""
    return secret


def _person(request: HttpRequest) -> Person:
    if not isinstance(request.user, Person):
        raise Http404
    return request.user
