"""Why a policy is not understood, said to who filled in its form: where, and what is wanted."""

import re

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenants.policies.errors import PolicyRefused
from tenants.policies.wording import KIND_LABELS

# The contract names the place first: `words[2].pattern: not a regular expression: …`.
_PLACE = re.compile(r"(?P<section>\w+)(?:\[(?P<row>\d+)\])?(?:\.(?P<name>[^:]+))?: (?P<why>.+)")
_SECTIONS: dict[str, str | Promise] = {
    "kinds": _("What is found by its kind"),
    "words": _("Words of your own"),
    "terms": _("Words that tell of a kind"),
    "labels": _("Labels of documents"),
    "paths": _("Where files come from"),
    "collections": _("Collections"),
    "default": _("A text in which nothing is found"),
}
_WHYS: dict[str, str | Promise] = {
    "must be L0, L1 or L2": _("must be L0, L1 or L2"),
    "must be a number above 0, at most 1": _("must be a number above 0, at most 1"),
    "must be a text of 1 to 200 characters": _("must be a text of 1 to 200 characters"),
    "not a regular expression": _("not a regular expression"),
    "also matches where there is nothing": _("also matches where there is nothing"),
    "repeats what already repeats; this can take for ever": _(
        "repeats what already repeats; this can take for ever"
    ),
    "stands there twice": _("stands there twice"),
}


def section_refused(error: PolicyRefused) -> str:
    """Return the section of the form that is meant, or nothing where it is none of them."""
    found = _PLACE.fullmatch(str(error.params["why"]))
    return found["section"] if found and found["section"] in _SECTIONS else ""


def refusal_label(error: PolicyRefused) -> str:
    """Say where and why as the form calls it; what is not known here, as the contract says it."""
    said = str(error.params["why"])
    found = _PLACE.fullmatch(said)
    if found is None or found["section"] not in _SECTIONS:
        return said
    why, colon, detail = found["why"].partition(": ")
    where = [str(_SECTIONS[found["section"]])]
    if found["row"] is not None:
        where.append(str(_("row %(row)s") % {"row": int(found["row"]) + 1}))
    elif found["name"]:
        where.append(str(KIND_LABELS.get(found["name"].partition(".")[0], found["name"])))
    return f"{', '.join(where)}: {_WHYS.get(why, why)}{colon}{detail}"
