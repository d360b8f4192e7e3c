from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0017_look_late'),
    ]

    operations = [
        migrations.RenameField(model_name='case', old_name='slowed', new_name='hides_later'),
    ]
