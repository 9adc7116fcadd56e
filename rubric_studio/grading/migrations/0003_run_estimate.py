from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("grading", "0002_evidence_panels_and_checks")]

    operations = [
        migrations.AddField(
            model_name="run",
            name="estimate",
            field=models.JSONField(editable=False, null=True),
        ),
    ]
