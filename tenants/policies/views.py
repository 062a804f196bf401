"""The owner's policy page: what is secret, tried on a text before it is in force."""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from tenants.base.errors import AppError, BadRequest
from tenants.base.pages import is_fragment, tells_errors
from tenants.people.models import Person
from tenants.policies.draft import Posted, fields_of, posted_of
from tenants.policies.errors import PolicyChanged, PolicyRefused
from tenants.policies.forms import PublishForm, ReplaceForm
from tenants.policies.presenting import destination_labels, draft_form, level_rows
from tenants.policies.proposing import Proposal, proposed
from tenants.policies.publishing import NOTE_CHARS_MAX, check_owner, publish_policy
from tenants.policies.refusal_wording import refusal_label, section_refused
from tenants.policies.standing import document_in_force, policy_in_force, versions
from tenants.policies.trials import try_draft
from tenants.policies.trying import TEXT_CHARS_MAX
from tenants.policies.yaml_text import document_of, yaml_of

# As long as "0 minutes ago" would be said otherwise.
JUST_NOW = timedelta(minutes=1)

OwnersView = Callable[[HttpRequest, Person], HttpResponse]


@dataclass(slots=True)
class Shown:
    """What a page says and keeps besides the version in force, when something was posted."""

    posted: Posted | None = None
    note: str = ""
    text: str = ""
    yaml: str = ""
    message: str = ""
    section_refused: str = ""
    is_stale: bool = False
    proposal: Proposal | None = None
    status: int = field(default=HTTPStatus.OK)


def for_owners(view: OwnersView) -> Callable[[HttpRequest], HttpResponse]:
    """Let owners in; others get the page that says no, and visitors the sign-in."""

    @login_required
    @tells_errors
    @functools.wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        person = request.user
        if not isinstance(person, Person) or not (person.is_owner or is_fragment(request)):
            raise PermissionDenied
        check_owner(person)
        return view(request, person)

    return guarded


@require_http_methods(["GET", "HEAD", "POST"])
@for_owners
def policy(request: HttpRequest, person: Person) -> HttpResponse:
    """Draw the page, or publish what its form says."""
    if request.method != "POST":
        return _page(request, Shown())
    posted, form = dict(request.POST.lists()), PublishForm(request.POST)
    shown = Shown(posted, request.POST.get("note", ""), request.POST.get("text", ""))
    return _published(request, person, form, shown, lambda: fields_of(posted, document_in_force()))


@require_http_methods(["GET", "HEAD", "POST"])
@for_owners
def replace(request: HttpRequest, person: Person) -> HttpResponse:
    """Publish a policy that was pasted or uploaded as YAML."""
    if request.method != "POST":
        return redirect("policy")
    form = ReplaceForm(request.POST, request.FILES)
    shown = Shown(note=request.POST.get("note", ""))

    def fields() -> Mapping[str, Any]:
        shown.yaml = form.text
        return document_of(shown.yaml)

    return _published(request, person, form, shown, fields)


@require_http_methods(["GET", "HEAD", "POST"])
@for_owners
def attempt(request: HttpRequest, person: Person) -> HttpResponse:
    """Judge a text by the form beside it; a script gets the result alone."""
    if request.method != "POST":
        return redirect("policy")
    posted, text = dict(request.POST.lists()), request.POST.get("text", "")
    if is_fragment(request):
        return render(request, "policies/_trial.html", {"tried": try_draft(text, posted)})
    return _page(request, Shown(posted, note=request.POST.get("note", ""), text=text))


@require_safe
@for_owners
def download(request: HttpRequest, person: Person) -> HttpResponse:
    """Give the policy in force as a file."""
    document = document_in_force()
    name = f"policy-{document['version']}.yaml"
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(
        yaml_of(document), content_type="application/yaml; charset=utf-8", headers=disposition
    )


def _published(
    request: HttpRequest,
    person: Person,
    form: PublishForm,
    shown: Shown,
    fields: Callable[[], Mapping[str, Any]],
) -> HttpResponse:
    """Publish, or draw the page again with everything that was typed and what is in the way."""
    try:
        if not form.is_valid():
            raise BadRequest(_("The form was not complete. Load the page anew."))
        proposal = proposed(fields(), based_on=form.cleaned_data["based_on"])
        if not proposal.may_be_published(form.cleaned_data["confirmed"]):
            shown.proposal = proposal
            return _page(request, shown)
        published = publish_policy(
            proposal.fields,
            author=person,
            based_on=form.cleaned_data["based_on"],
            note=form.cleaned_data["note"],
        )
    except AppError as error:
        _tell(shown, error)
        return _page(request, shown)
    said = _("Version %(version)s is in force.") % {"version": published.version}
    messages.success(request, said)
    return redirect("policy")


def _tell(shown: Shown, error: AppError) -> None:
    shown.message, shown.status = str(error), error.status
    shown.is_stale = isinstance(error, PolicyChanged)
    # Who wrote YAML knows its lines by their names; who filled in the form, by its headings.
    if isinstance(error, PolicyRefused) and shown.posted:
        shown.message = str(PolicyRefused(why=refusal_label(error)))
        shown.section_refused = section_refused(error)


def _page(request: HttpRequest, shown: Shown) -> HttpResponse:
    document = document_in_force()
    rows = versions()
    context = {
        "shown": shown,
        "tried": try_draft(shown.text, shown.posted) if shown.posted else None,
        "version": document["version"],
        "versions": rows,
        "newest": rows[0] if rows else None,
        "is_new": bool(rows) and timezone.now() - rows[0].created_at < JUST_NOW,
        "levels": level_rows(policy_in_force()),
        "destinations": destination_labels(),
        "form": draft_form(shown.posted or posted_of(document)),
        "text_chars_max": TEXT_CHARS_MAX,
        "note_chars_max": NOTE_CHARS_MAX,
    }
    return render(request, "policies/policy.html", context, status=shown.status)
