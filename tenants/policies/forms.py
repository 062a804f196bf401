"""What the policy page posts beside the policy itself."""

from django import forms

from tenants.base.errors import TooLarge
from tenants.policies.publishing import NOTE_CHARS_MAX
from tenants.policies.yaml_text import BYTES_MAX


class PublishForm(forms.Form):
    """`based_on` is the version the page was drawn from, `confirmed` the token of a proposal."""

    based_on = forms.IntegerField(min_value=1)
    note = forms.CharField(required=False, max_length=NOTE_CHARS_MAX)
    confirmed = forms.CharField(required=False, max_length=64)


class ReplaceForm(PublishForm):
    """A whole policy as YAML, pasted or as a file; a file goes before what was pasted."""

    yaml = forms.CharField(required=False, strip=False)
    file = forms.FileField(required=False, allow_empty_file=True)

    @property
    def text(self) -> str:
        """Return the YAML.

        Raises: TooLarge.
        """
        file = self.cleaned_data["file"]
        if file is None:
            return str(self.cleaned_data["yaml"])
        if file.size > BYTES_MAX:
            raise TooLarge
        return str(file.read().decode("utf-8-sig", errors="replace"))
