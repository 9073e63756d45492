"""An index that another one begins with costs every row that is written and answers nothing."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("performance", "0001_initial"),
        ("roster", "0004_assignment_index_by_unit"),
    ]

    operations = [
        migrations.AlterField(
            model_name="behaviour",
            name="person",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to="roster.person"),
        ),
        migrations.AlterField(
            model_name="indicator",
            name="person",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to="roster.person"),
        ),
    ]
