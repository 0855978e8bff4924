"""Expenses in any currency; without a rate their amount is not known."""

import apps.core.currencies
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0004_rates'),
        ('campaigns', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='expense',
            name='currency',
            field=apps.core.currencies.CurrencyField(blank=True, db_default='', default='', help_text='Empty: the reporting currency.', max_length=3, verbose_name='currency'),
        ),
        migrations.AddField(
            model_name='expense',
            name='original_amount',
            field=models.DecimalField(blank=True, decimal_places=2, help_text='As it was agreed, in that currency.', max_digits=18, null=True, verbose_name='original amount'),
        ),
        migrations.AlterField(
            model_name='expense',
            name='amount',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True, verbose_name='amount'),
        ),
        migrations.AddIndex(
            model_name='expense',
            index=models.Index(condition=models.Q(('currency', ''), _negated=True), fields=['currency', 'spent_on'], name='expense_currency_day'),
        ),
        migrations.AddIndex(
            model_name='expense',
            index=models.Index(condition=models.Q(models.Q(('currency', ''), _negated=True), ('amount', None)), fields=['currency', 'spent_on'], name='expense_without_rate'),
        ),
        migrations.AddConstraint(
            model_name='expense',
            constraint=models.CheckConstraint(condition=models.Q(('currency', ''), ('currency__regex', '^[A-Z]{3}$'), _connector='OR'), name='expense_currency_is_a_code', violation_error_message='A currency is written as its three capital letters, such as EUR.'),
        ),
        migrations.AddConstraint(
            model_name='expense',
            constraint=models.CheckConstraint(condition=models.Q(('amount__isnull', False), ('original_amount__isnull', False), _connector='OR'), name='expense_has_an_amount', violation_error_message='An expense has an amount, or an original amount in another currency. Fill one of them in.'),
        ),
    ]
