import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("grading", "0004_pinned_answers")]

    operations = [
        migrations.AlterField(
            model_name="grade",
            name="run",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="grades",
                to="grading.run",
            ),
        ),
        migrations.AlterField(
            model_name="grade",
            name="run_answer",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="grades",
                to="grading.runanswer",
            ),
        ),
    ]
