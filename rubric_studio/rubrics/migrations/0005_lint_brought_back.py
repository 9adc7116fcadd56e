"""What somebody let stand can be brought back: a later row that says so, as rows are never changed."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('rubrics', '0004_lint_dismissals'),
    ]

    operations = [
        migrations.AddField(
            model_name='lintdismissal',
            name='stands',
            field=models.BooleanField(db_default=True),
        ),
        migrations.AlterField(
            model_name='lintdismissal',
            name='reason',
            field=models.TextField(blank=True),
        ),
        migrations.RemoveConstraint(
            model_name='lintdismissal',
            name='dismissal_has_reason',
        ),
        migrations.AddConstraint(
            model_name='lintdismissal',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), ('stands', True), _negated=True), name='dismissal_has_reason', violation_error_message='Say why this may stay as it is.'),
        ),
    ]
