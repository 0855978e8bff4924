"""Ramps: how much of a target somebody has in the first months."""

import apps.goals.models
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('goals', '0004_versions'),
    ]

    operations = [
        migrations.CreateModel(
            name='Ramp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, unique=True, verbose_name='name')),
                ('shares', models.CharField(help_text='Such as 25 50 75; after them the whole target counts.', max_length=200, validators=[apps.goals.models.validate_shares], verbose_name='per cent by month since the start')),
            ],
            options={
                'verbose_name': 'ramp',
                'verbose_name_plural': 'ramps',
                'ordering': ['name'],
            },
        ),
    ]
