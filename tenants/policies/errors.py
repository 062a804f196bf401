"""What can go wrong with a policy; the one in force stays in force."""

from django.utils.translation import gettext_lazy as _

from tenants.base.errors import AppError, Forbidden


class PolicyRefused(AppError):
    code = "policy_refused"
    status = 422
    message = _("The policy was not published: %(why)s. The one in force stays in force.")


class PolicyChanged(AppError):
    code = "policy_changed"
    status = 409
    message = _(
        "Somebody published another version in the meantime. Yours was not published;"
        " look at the new one first."
    )


class NotAnOwner(Forbidden):
    code = "not_an_owner"
    message = _("Only owners may see and change the policy.")
