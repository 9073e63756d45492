"""An index that another one begins with costs every row that is written and answers nothing."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("attendance", "0003_requests_and_scopes"),
        ("roster", "0003_windows_end_after_start"),
    ]

    operations = [
        migrations.AlterField(
            model_name="dayplan",
            name="person",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to="roster.person"),
        ),
        migrations.AlterField(
            model_name="dayrecord",
            name="person",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to="roster.person"),
        ),
        migrations.AlterField(
            model_name="punch",
            name="person",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="roster.person"),
        ),
        migrations.AlterField(
            model_name="punchattempt",
            name="person",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="roster.person"),
        ),
        migrations.AlterField(
            model_name="workreport",
            name="person",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to="roster.person"),
        ),
    ]
