"""Findings of lint that somebody let stand: can be added, never changed or deleted."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


PROTECT = """
CREATE TRIGGER rubrics_lintdismissal_append_only BEFORE UPDATE OR DELETE ON rubrics_lintdismissal
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rubrics_lintdismissal_no_truncate BEFORE TRUNCATE ON rubrics_lintdismissal
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

UNPROTECT = """
DROP TRIGGER rubrics_lintdismissal_append_only ON rubrics_lintdismissal;
DROP TRIGGER rubrics_lintdismissal_no_truncate ON rubrics_lintdismissal;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('rubrics', '0003_version_override'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='LintDismissal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('criterion_key', models.CharField(blank=True, max_length=80)),
                ('rule', models.CharField(max_length=3)),
                ('subject_hash', models.CharField(max_length=64)),
                ('reason', models.TextField()),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='dismissals', to='rubrics.question')),
            ],
            options={
                'ordering': ['-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='dismissal_has_reason', violation_error_message='Say why this may stay as it is.')],
            },
        ),
        migrations.RunSQL(PROTECT, UNPROTECT),
    ]
