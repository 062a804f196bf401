"""A conversation, and all that hangs on it, is its owner's alone."""

from django.db import migrations

from tenants.base.rls import child_policy, owner_policy


class Migration(migrations.Migration):
    dependencies = [("assistant", "0001_initial")]

    operations = [
        owner_policy("assistant_conversation", "owner_id"),
        child_policy("assistant_message", "conversation_id", "assistant_conversation"),
        child_policy("assistant_run", "conversation_id", "assistant_conversation"),
        child_policy("assistant_citation", "message_id", "assistant_message"),
    ]
