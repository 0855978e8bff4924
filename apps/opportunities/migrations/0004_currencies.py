"""Deals, their past states and quotes in any currency."""

import apps.core.currencies
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0002_currencies'),
        ('core', '0004_rates'),
        ('customers', '0004_subscription_currencies'),
        ('leads', '0002_instants'),
        ('opportunities', '0003_pulse'),
        ('reps', '0004_calendars'),
    ]

    operations = [
        migrations.AddField(
            model_name='opportunity',
            name='currency',
            field=apps.core.currencies.CurrencyField(blank=True, db_default='', default='', help_text='Empty: the reporting currency.', max_length=3, verbose_name='currency'),
        ),
        migrations.AddField(
            model_name='opportunity',
            name='original_amount',
            field=models.DecimalField(blank=True, decimal_places=2, help_text='As it was agreed, in that currency.', max_digits=18, null=True, verbose_name='original amount'),
        ),
        migrations.AddField(
            model_name='opportunity',
            name='original_cost',
            field=models.DecimalField(blank=True, decimal_places=2, help_text='As it was agreed, in that currency.', max_digits=18, null=True, verbose_name='original direct cost'),
        ),
        migrations.AddField(
            model_name='opportunityversion',
            name='currency',
            field=apps.core.currencies.CurrencyField(blank=True, db_default='', default='', help_text='Empty: the reporting currency.', max_length=3, verbose_name='currency'),
        ),
        migrations.AddField(
            model_name='opportunityversion',
            name='original_amount',
            field=models.DecimalField(blank=True, decimal_places=2, help_text='As it was agreed, in that currency.', max_digits=18, null=True, verbose_name='original amount'),
        ),
        migrations.AddField(
            model_name='quote',
            name='currency',
            field=apps.core.currencies.CurrencyField(blank=True, db_default='', default='', help_text='Empty: the reporting currency.', max_length=3, verbose_name='currency'),
        ),
        migrations.AddField(
            model_name='quote',
            name='original_amount',
            field=models.DecimalField(blank=True, decimal_places=2, help_text='As it was agreed, in that currency.', max_digits=18, null=True, verbose_name='original amount'),
        ),
        migrations.AddIndex(
            model_name='opportunity',
            index=models.Index(condition=models.Q(('currency', ''), _negated=True), fields=['currency', 'closed_on'], name='deal_currency_day'),
        ),
        migrations.AddIndex(
            model_name='opportunity',
            index=models.Index(condition=models.Q(models.Q(('currency', ''), _negated=True), ('amount', None)), fields=['currency', 'closed_on'], name='deal_without_rate'),
        ),
        migrations.AddIndex(
            model_name='opportunityversion',
            index=models.Index(condition=models.Q(('currency', ''), _negated=True), fields=['currency', 'valid_from'], name='state_currency_day'),
        ),
        migrations.AddIndex(
            model_name='opportunityversion',
            index=models.Index(condition=models.Q(models.Q(('currency', ''), _negated=True), ('amount', None)), fields=['currency', 'valid_from'], name='state_without_rate'),
        ),
        migrations.AddIndex(
            model_name='quote',
            index=models.Index(condition=models.Q(('currency', ''), _negated=True), fields=['currency', 'sent_on'], name='quote_currency_day'),
        ),
        migrations.AddIndex(
            model_name='quote',
            index=models.Index(condition=models.Q(models.Q(('currency', ''), _negated=True), ('amount', None)), fields=['currency', 'sent_on'], name='quote_without_rate'),
        ),
        migrations.AddConstraint(
            model_name='opportunity',
            constraint=models.CheckConstraint(condition=models.Q(('currency', ''), ('currency__regex', '^[A-Z]{3}$'), _connector='OR'), name='deal_currency_is_a_code', violation_error_message='A currency is written as its three capital letters, such as EUR.'),
        ),
        migrations.AddConstraint(
            model_name='quote',
            constraint=models.CheckConstraint(condition=models.Q(('currency', ''), ('currency__regex', '^[A-Z]{3}$'), _connector='OR'), name='quote_currency_is_a_code', violation_error_message='A currency is written as its three capital letters, such as EUR.'),
        ),
    ]
