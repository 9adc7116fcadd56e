import django.db.models.deletion
import django.db.models.functions.datetime
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('grading', '0007_probe'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='label',
            name='answer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='grading.sampleanswer'),
        ),
        migrations.CreateModel(
            name='Adjudication',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('criterion_key', models.CharField(max_length=80)),
                ('status', models.CharField(choices=[('graded', 'Graded'), ('not_applicable', 'Not applicable'), ('cannot_assess', 'Cannot tell')], max_length=15)),
                ('value', models.FloatField(null=True)),
                ('level', models.TextField(blank=True, default='')),
                ('note', models.TextField(blank=True, default='')),
                ('grading_hash', models.CharField(max_length=64)),
                ('answer_hash', models.CharField(max_length=64)),
                ('is_current', models.BooleanField(default=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('answer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='grading.sampleanswer')),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['created_at', 'pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_current', True)), fields=('answer', 'criterion_key'), name='adjudication_one_current'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'graded'), ('value__gte', 0), ('value__lte', 1)), models.Q(models.Q(('status', 'graded'), _negated=True), ('value__isnull', True)), _connector='OR'), name='adjudication_value_only_when_graded'), models.CheckConstraint(condition=models.Q(('note', ''), _negated=True), name='adjudication_says_why', violation_error_message='Say in a sentence why this verdict holds.')],
            },
        ),
        migrations.CreateModel(
            name='Assignment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('answer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='grading.sampleanswer')),
                ('assigned_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('expert', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['answer__ordinal', 'expert'],
                'constraints': [models.UniqueConstraint(fields=('answer', 'expert'), name='assignment_unique')],
            },
        ),
    ]
