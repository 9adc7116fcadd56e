from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("steering", "0001_stored_report")]

    operations = [
        migrations.AddField(
            model_name="storedreport",
            name="verdict",
            field=models.CharField(default="", max_length=24),
        ),
    ]
