from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ('grading', '0009_withdrawn_comparisons'),
    ]

    operations = [
        migrations.AddField(
            model_name='sampleanswer',
            name='is_held_out',
            field=models.BooleanField(default=False),
        ),
    ]
