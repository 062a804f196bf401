"""Verbs on people: who belongs to a tenant, and as what."""

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from tenants.base.errors import BadRequest, Conflict
from tenants.base.text import clean_text
from tenants.people.models import Person, Role

EMAIL_CHARS_MAX = 254
NAME_CHARS_MAX = 120


class EmailTaken(Conflict):
    code = "email_taken"
    message = _("Somebody with this address is here already.")


class LastOwner(Conflict):
    code = "last_owner"
    message = _("A tenant keeps at least one owner.")


def create_person(
    *, email: str, role: Role = Role.MEMBER, name: str = "", password: str | None = None
) -> Person:
    """Add a person to the tenant of the scope; without a password, a reset code gives one.

    Whoever adds the person vouches for the address, so it counts as verified.

    Raises:
        BadRequest: the address or the password will not do.
        EmailTaken: the address is known here, in whatever case.
    """
    address = _clean_email(email)
    called = clean_text(name, max_chars=NAME_CHARS_MAX, allow_newlines=False) if name else ""
    person = Person(email=address, role=role, name=called)
    if password is None:
        person.set_unusable_password()
    else:
        _check_password(password, person)
        person.set_password(password)
    try:
        with transaction.atomic():
            person.save(force_insert=True)
            EmailAddress.objects.create(user=person, email=address, verified=True, primary=True)
    except IntegrityError as error:
        raise EmailTaken from error
    return person


def change_role(person: Person, *, role: Role) -> None:
    """Raises: LastOwner."""
    with transaction.atomic():
        _keep_an_owner(person, leaving=role is not Role.OWNER)
        person.role = role
        person.save(update_fields=["role"])


def deactivate_person(person: Person) -> None:
    """Shut the person out at once: sessions and keys of the inactive are refused.

    Raises: LastOwner.
    """
    with transaction.atomic():
        _keep_an_owner(person, leaving=True)
        person.is_active = False
        person.save(update_fields=["is_active"])


def _keep_an_owner(person: Person, *, leaving: bool) -> None:
    # All owners are locked, so two who leave at the same time cannot both count the other.
    owners = Person.objects.select_for_update().filter(role=Role.OWNER, is_active=True)
    ids = {owner.pk for owner in owners.order_by("pk")}
    if leaving and ids == {person.pk}:
        raise LastOwner


def _clean_email(email: str) -> str:
    address = clean_text(email, max_chars=EMAIL_CHARS_MAX, allow_newlines=False, field="email")
    try:
        validate_email(address)
    except ValidationError as error:
        raise BadRequest(_("This is not an e-mail address."), field="email") from error
    return address.lower()


def _check_password(password: str, person: Person) -> None:
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise BadRequest(" ".join(error.messages), field="password") from error
