"""Find what a rep had on a day, so that a change costs the same however many deals there are."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("opportunities", "0001_initial")]

    operations = [
        migrations.AddIndex("opportunity", models.Index(fields=["owner", "created_on"], name="deal_owner_created")),
        migrations.AddIndex("opportunity", models.Index(fields=["owner", "closed_on"], name="deal_owner_closed")),
        migrations.AddIndex("opportunityversion", models.Index(fields=["owner", "expected_close_on"], name="state_owner_expected")),
    ]
