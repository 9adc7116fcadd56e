from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ('grading', '0008_assignments_and_adjudications'),
    ]

    operations = [
        migrations.AddField(
            model_name='comparison',
            name='is_withdrawn',
            field=models.BooleanField(default=False),
        ),
    ]
