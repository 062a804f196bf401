"""The command that makes a key, and the mail that development can read."""

import io
import json
import stat
from pathlib import Path

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import override_settings

from tenants.base.context import scope, visitor_scope
from tenants.hosts import TenantRef
from tenants.people.keys import verify_key
from tenants.people.models import ApiKey, KeyScope, Person


def create_key(*arguments: str) -> str:
    output = io.StringIO()
    call_command("create_key", *arguments, stdout=output)
    return output.getvalue().strip()


def test_create_key_prints_one_document(tenant: TenantRef, owner: Person) -> None:
    said = create_key(
        "--tenant", tenant.slug, "--email", owner.email.upper(), "--name", "demo", "--json"
    )
    document = json.loads(said.splitlines()[-1])

    with scope(visitor_scope(tenant.schema)):
        holder = verify_key(document["key"])
        assert (holder.key_id, holder.person_id) == (document["id"], str(owner.pk))
        assert holder.scopes == {KeyScope.READ, KeyScope.WRITE}
        assert ApiKey.objects.get().expires_at is not None


def test_create_key_for_reading_without_end(tenant: TenantRef, owner: Person) -> None:
    said = create_key(
        *("--tenant", tenant.slug, "--email", owner.email, "--name", "demo"),
        *("--read-only", "--days", "0"),
    )

    with scope(visitor_scope(tenant.schema)):
        assert verify_key(said).scopes == {KeyScope.READ}
        assert ApiKey.objects.get().expires_at is None


@pytest.mark.parametrize("wrong", ["tenant", "email", "name", "days"])
def test_create_key_says_what_is_wrong(tenant: TenantRef, owner: Person, wrong: str) -> None:
    given = {"tenant": tenant.slug, "email": owner.email, "name": "demo", "days": "1"}
    given[wrong] = {"name": " ", "days": "-1"}.get(wrong, "nobody")
    arguments = [part for name, value in given.items() for part in (f"--{name}={value}",)]

    with pytest.raises(CommandError):
        create_key(*arguments)
    with scope(visitor_scope(tenant.schema)):
        assert not ApiKey.objects.exists()


def test_mail_of_development_is_logged_for_its_owner_alone(tmp_path: Path) -> None:
    with override_settings(STATE_DIR=tmp_path, EMAIL_BACKEND="tenants.people.mail.LoggedMail"):
        mail.send_mail("Reset", "Your code: ABCD-EFGH", None, ["ann@example.org"])

    log = tmp_path / "logs" / "mail.log"
    assert "ABCD-EFGH" in log.read_text()
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_mail_of_production_without_a_server_is_dropped_unread(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with override_settings(STATE_DIR=tmp_path, EMAIL_BACKEND="tenants.people.mail.UnsentMail"):
        sent = mail.send_mail("Reset", "Your code: ABCD-EFGH", None, ["ann@example.org"])

    assert sent == 0
    assert list(tmp_path.iterdir()) == []
    assert "mail_not_sent" in caplog.text
    assert "ABCD" not in caplog.text
