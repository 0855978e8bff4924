"""Up to which day targets are locked."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0005_targets_as'),
    ]

    operations = [
        migrations.AddField(
            model_name='organisation',
            name='targets_locked_until',
            field=models.DateField(blank=True, help_text='Nobody sets, changes or deletes a target that begins on this day or earlier, whatever way they try. Empty: none is locked.', null=True, verbose_name='targets are locked up to'),
        ),
    ]
