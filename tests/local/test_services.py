import os
from urllib.parse import urlsplit

import psycopg
import redis


def test_the_tests_have_a_database_of_their_own():
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        (version,) = connection.execute("SHOW server_version_num").fetchone()
    assert int(version) >= 150_000


def test_the_tests_have_a_broker_of_their_own():
    client = redis.Redis.from_url(os.environ["REDIS_URL"])
    client.set("rubric-studio-test", "kept")
    assert client.getdel("rubric-studio-test") == b"kept"
    client.close()


def test_both_listen_on_this_machine_alone():
    for name in ("DATABASE_URL", "REDIS_URL"):
        assert urlsplit(os.environ[name]).hostname in ("127.0.0.1", "localhost")
