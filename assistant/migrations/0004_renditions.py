from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assistant", "0003_boundary")]

    operations = [
        migrations.AddField(
            model_name="message",
            name="html",
            field=models.TextField(blank=True, db_default=""),
        ),
        migrations.AddField(
            model_name="message",
            name="rendered_by",
            field=models.SmallIntegerField(db_default=0),
        ),
    ]
