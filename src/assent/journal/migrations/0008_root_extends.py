"""What proves that each published tree extends the one before. Null for the days before this.

A column that may be null is added in place on SQLite too, so that the triggers of the table stay.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journal", "0007_message_after")]
    operations = [
        migrations.AddField("publishedroot", "extends", models.JSONField(null=True)),
    ]
