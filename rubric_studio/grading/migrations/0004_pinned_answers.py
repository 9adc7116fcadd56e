from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("grading", "0003_run_estimate")]

    operations = [
        migrations.AddField(
            model_name="sampleanswer",
            name="is_pinned",
            field=models.BooleanField(default=False),
        ),
    ]
