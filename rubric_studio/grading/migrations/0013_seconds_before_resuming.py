from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("grading", "0012_past_runs_were_seen")]

    operations = [
        migrations.AddField(
            model_name="run",
            name="seconds_before",
            field=models.FloatField(default=0, editable=False),
        ),
    ]
