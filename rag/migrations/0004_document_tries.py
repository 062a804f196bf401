from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rag", "0003_document_level")]

    operations = [
        migrations.AddField(
            model_name="document",
            name="tries",
            field=models.IntegerField(db_default=0),
        ),
    ]
