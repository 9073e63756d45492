"""An index that another one begins with costs every row that is written and answers nothing."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("allowances", "0008_set_aside_rows"),
    ]

    operations = [
        migrations.AlterField(
            model_name="line",
            name="run",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="allowances.run"
            ),
        ),
        migrations.AlterField(
            model_name="runinput",
            name="run",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="inputs", to="allowances.run"
            ),
        ),
    ]
