"""Exchange rates, and the one function that converts by them."""

import apps.core.currencies
from django.db import migrations, models

COMPANY_MONEY = """
CREATE FUNCTION core_company_money(amount numeric, currency text, day date) RETURNS numeric LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT round($1 * (SELECT r.rate FROM core_rate r WHERE r.currency = $2 AND r.day <= $3 AND r.day >= $3 - 7 ORDER BY r.day DESC LIMIT 1), 2)
$$
"""


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0003_closing'),
    ]

    operations = [
        migrations.AlterField(
            model_name='organisation',
            name='currency',
            field=apps.core.currencies.CurrencyField(default='USD', help_text='ISO 4217 code, such as EUR.', max_length=3, verbose_name='reporting currency'),
        ),
        migrations.CreateModel(
            name='Rate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('currency', apps.core.currencies.CurrencyField(help_text='ISO 4217 code, such as EUR.', max_length=3, verbose_name='currency')),
                ('day', models.DateField(db_index=True, verbose_name='day')),
                ('rate', models.DecimalField(decimal_places=12, help_text='How much of the reporting currency one unit of this currency is worth on that day.', max_digits=24, verbose_name='rate')),
            ],
            options={
                'verbose_name': 'exchange rate',
                'verbose_name_plural': 'exchange rates',
                'ordering': ['-day', 'currency'],
                'constraints': [models.UniqueConstraint(fields=('currency', 'day'), name='one_rate_per_currency_and_day', violation_error_message='There is a rate of this currency for this day already. Change that one.'), models.CheckConstraint(condition=models.Q(('rate__gt', 0)), name='rate_is_more_than_nothing', violation_error_message='A rate is more than 0.'), models.CheckConstraint(condition=models.Q(('currency__regex', '^[A-Z]{3}$')), name='rate_currency_is_a_code', violation_error_message='A currency is written as its three capital letters, such as EUR.')],
            },
        ),
        migrations.RunSQL(COMPANY_MONEY, "DROP FUNCTION core_company_money(numeric, text, date)"),
    ]
