"""A team's rules of the prompt can be added, never changed, deleted or truncated."""

from django.db import migrations

PROTECT = """
CREATE TRIGGER grading_promptrules_append_only BEFORE UPDATE OR DELETE ON grading_promptrules
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER grading_promptrules_no_truncate BEFORE TRUNCATE ON grading_promptrules
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

UNPROTECT = """
DROP TRIGGER grading_promptrules_append_only ON grading_promptrules;
DROP TRIGGER grading_promptrules_no_truncate ON grading_promptrules;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("grading", "0005_fewer_indexes_of_grades"),
        ("rubrics", "0002_append_only"),
    ]

    operations = [migrations.RunSQL(PROTECT, UNPROTECT)]
