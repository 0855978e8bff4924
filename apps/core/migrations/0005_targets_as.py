"""Which version of a target past results are held against."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0004_rates'),
    ]

    operations = [
        migrations.AddField(
            model_name='organisation',
            name='targets_as',
            field=models.CharField(choices=[('latest', 'as they are now'), ('in_force', 'as they were on their last day')], db_default='latest', default='latest', help_text='When a target is changed after its last day: does the result count against the new one? Looking back as of a day always shows the targets of that day.', max_length=8, verbose_name='past results are held against targets'),
        ),
    ]
