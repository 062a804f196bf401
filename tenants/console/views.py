"""The console's pages: each asks one question of the house and draws the answer."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tenants.console.house_state import house_state
from tenants.people.models import Person
from tenants.policies.views import for_owners


@require_safe
@for_owners
def status(request: HttpRequest, person: Person) -> HttpResponse:
    """Show whether everything runs, what waits and for how long."""
    return render(request, "console/status.html", {"house": house_state()})
