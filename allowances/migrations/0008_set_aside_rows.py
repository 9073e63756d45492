"""Who is set aside as rows, so that chunks of a draft need not write the whole list; drafts that stand keep theirs."""

import django.db.models.deletion
from django.db import migrations, models

KEEP = """
    INSERT INTO allowances_setaside (run_id, person_id, item)
    SELECT DISTINCT ON (run.id, person.id) run.id, person.id, item
    FROM allowances_run AS run, jsonb_array_elements(run.set_aside) AS item, roster_person AS person
    WHERE run.state = 'draft' AND person.id = (item ->> 'person')::bigint
"""


class Migration(migrations.Migration):
    dependencies = [
        ("allowances", "0007_regulation_effects"),
        ("roster", "0002_upload_parts"),
    ]

    operations = [
        migrations.CreateModel(
            name="SetAside",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("item", models.JSONField(help_text="As it stands in `Run.set_aside`")),
                (
                    "person",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="roster.person"),
                ),
                (
                    "run",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="aside_rows",
                        to="allowances.run",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("run", "person"), name="setaside_once")],
            },
        ),
        migrations.RunSQL(KEEP, migrations.RunSQL.noop),
    ]
