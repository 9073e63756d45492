"""An index that another one begins with costs every row that is written and answers nothing."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("roster", "0003_windows_end_after_start"),
    ]

    operations = [
        migrations.AlterField(
            model_name="assignment",
            name="unit",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="roster.unit"),
        ),
    ]
