"""Subscriptions in any currency, changes of what is paid that have no exchange rate, and orders that wait for one."""

import apps.core.currencies
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0003_currencies'),
        ('reps', '0004_calendars'),
    ]

    operations = [
        migrations.RenameIndex(
            model_name='order',
            new_name='order_currency_day',
            old_name='order_currency_ordered_on',
        ),
        migrations.AddField(
            model_name='subscription',
            name='currency',
            field=apps.core.currencies.CurrencyField(blank=True, db_default='', default='', help_text='Empty: the reporting currency.', max_length=3, verbose_name='currency'),
        ),
        migrations.AddField(
            model_name='subscription',
            name='original_amount',
            field=models.DecimalField(blank=True, decimal_places=2, help_text='As it was agreed, in that currency.', max_digits=18, null=True, verbose_name='original amount'),
        ),
        migrations.AlterField(
            model_name='movement',
            name='kind',
            field=models.CharField(choices=[('new', 'New'), ('expansion', 'Expansion'), ('contraction', 'Contraction'), ('churned', 'Churned'), ('reactivated', 'Reactivated'), ('passed', 'Passed on'), ('unrated', 'Exchange rate missing')], max_length=11, verbose_name='kind'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(condition=models.Q(models.Q(('currency', ''), _negated=True), ('amount', None)), fields=['currency', 'ordered_on'], name='order_without_rate'),
        ),
        migrations.AddIndex(
            model_name='subscription',
            index=models.Index(condition=models.Q(('currency', ''), _negated=True), fields=['currency', 'started_on'], name='subscription_currency_day'),
        ),
        migrations.AddIndex(
            model_name='subscription',
            index=models.Index(condition=models.Q(models.Q(('currency', ''), _negated=True), ('amount', None)), fields=['currency', 'started_on'], name='subscription_without_rate'),
        ),
        migrations.AddConstraint(
            model_name='subscription',
            constraint=models.CheckConstraint(condition=models.Q(('currency', ''), ('currency__regex', '^[A-Z]{3}$'), _connector='OR'), name='subscription_currency_is_a_code', violation_error_message='A currency is written as its three capital letters, such as EUR.'),
        ),
        migrations.AddConstraint(
            model_name='subscription',
            constraint=models.CheckConstraint(condition=models.Q(('original_amount__isnull', True), ('original_amount__gte', 0), _connector='OR'), name='subscription_original_amount_is_not_negative', violation_error_message='The amount of a subscription is 0 or more.'),
        ),
    ]
