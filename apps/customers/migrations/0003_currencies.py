"""Orders in any currency."""

import apps.core.currencies
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0004_rates'),
        ('customers', '0002_subscriptions'),
        ('reps', '0004_calendars'),
    ]

    operations = [
        migrations.AddField(
            model_name='order',
            name='currency',
            field=apps.core.currencies.CurrencyField(blank=True, db_default='', default='', help_text='Empty: the reporting currency.', max_length=3, verbose_name='currency'),
        ),
        migrations.AddField(
            model_name='order',
            name='original_amount',
            field=models.DecimalField(blank=True, decimal_places=2, help_text='As it was agreed, in that currency.', max_digits=18, null=True, verbose_name='original amount'),
        ),
        migrations.AddField(
            model_name='order',
            name='original_cost',
            field=models.DecimalField(blank=True, decimal_places=2, help_text='As it was agreed, in that currency.', max_digits=18, null=True, verbose_name='original direct cost'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(condition=models.Q(('currency', ''), _negated=True), fields=['currency', 'ordered_on'], name='order_currency_ordered_on'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('currency', ''), ('currency__regex', '^[A-Z]{3}$'), _connector='OR'), name='order_currency_is_a_code', violation_error_message='A currency is written as its three capital letters, such as EUR.'),
        ),
    ]
