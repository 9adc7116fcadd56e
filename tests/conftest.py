import pytest
from hypothesis import HealthCheck, settings

# How long an example takes tells of the machine alone; what must be fast is measured in bench/.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

pytest_plugins = [
    "tests.blinded",
    "tests.browser",
    "tests.cast",
    "tests.grading_cast",
    "tests.judge_fixtures",
    "tests.worker",
]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Let the tests that commit clean up after themselves.

    They end with TRUNCATE, which the append-only tables refuse. The triggers against UPDATE and
    DELETE stay.
    """
    from django.db import connection

    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, quote_ident(tgname) FROM pg_trigger"
            " WHERE tgname LIKE '%\\_no\\_truncate' AND NOT tgisinternal"
        )
        for table, trigger in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
