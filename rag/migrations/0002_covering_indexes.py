"""Word search reads two indexes and no table: postings with their count, passages with their length."""

from django.db import migrations, models

COVERED = """
ALTER TABLE posting DROP CONSTRAINT posting_pkey,
    ADD CONSTRAINT posting_pkey PRIMARY KEY (collection_id, term, chunk_id) INCLUDE (tf)
"""
PLAIN = """
ALTER TABLE posting DROP CONSTRAINT posting_pkey,
    ADD CONSTRAINT posting_pkey PRIMARY KEY (collection_id, term, chunk_id)
"""


class Migration(migrations.Migration):
    dependencies = [("rag", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="chunk",
            index=models.Index(fields=["id"], include=["length"], name="chunk_length"),
        ),
        migrations.RunSQL(COVERED, PLAIN),
    ]
