import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('grading', '0006_prompt_rules_append_only'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Probe',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('exploit', 'Exploit'), ('steer', 'Steer test'), ('invariant', 'Must change nothing')], max_length=10)),
                ('family', models.CharField(max_length=40)),
                ('criterion_key', models.CharField(blank=True, default='', max_length=80)),
                ('does', models.TextField(blank=True, default='')),
                ('could_fool', models.JSONField(default=list)),
                ('inserted', models.JSONField(default=list)),
                ('text_hash', models.CharField(max_length=64)),
                ('made_from', models.CharField(max_length=64)),
                ('expected', models.JSONField(default=dict)),
                ('stated_at', models.DateTimeField(null=True)),
                ('proposed_by', models.CharField(blank=True, default='', max_length=200)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('accepted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('answer', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='probe', to='grading.sampleanswer')),
                ('base', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='probes_of', to='grading.sampleanswer')),
            ],
            options={
                'ordering': ['answer__ordinal'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['steer', 'invariant']), _negated=True), models.Q(('base__isnull', False), ('stated_at__isnull', False)), _connector='OR'), name='probe_edit_has_base_and_statement', violation_error_message='State what the edit should change before it is graded.'), models.CheckConstraint(condition=models.Q(('answer', models.F('base')), _negated=True), name='probe_is_not_its_base')],
            },
        ),
    ]
