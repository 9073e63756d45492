"""A code is one receipt: unique where there is one. Evidence is known by its punch, and needs no number of its own."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("attendance", "0004_person_index_by_unique"),
        ("roster", "0004_assignment_index_by_unit"),
    ]

    operations = [
        migrations.RemoveField(
            model_name="punchevidence",
            name="id",
        ),
        migrations.AlterField(
            model_name="punch",
            name="receipt_code",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AlterField(
            model_name="punchevidence",
            name="punch",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                primary_key=True,
                related_name="evidence",
                serialize=False,
                to="attendance.punch",
            ),
        ),
        migrations.AddConstraint(
            model_name="punch",
            constraint=models.UniqueConstraint(
                condition=models.Q(("receipt_code", ""), _negated=True),
                fields=("receipt_code",),
                name="punch_receipt_code_once",
            ),
        ),
    ]
