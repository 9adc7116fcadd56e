"""A judge's limit that processes share through Redis: who may call, and who hears of a silence."""

import asyncio
from contextlib import AsyncExitStack

import pytest
from redis.asyncio import Redis

from rubric_studio.grading.working import slots
from rubric_studio.grading.working.slots import SharedLimiter

LONG = 3600  # seconds; a test that waits for it fails


@pytest.fixture(autouse=True)
def no_renewal(monkeypatch):
    """What a process learns it is told, or it asks for it when it begins."""
    monkeypatch.setattr(slots, "RENEWAL", LONG)


def together(valkey_url, work):
    """Run `work(one, other, join)`: the limiters of two processes; `join(name)` makes another."""

    async def run():
        async with AsyncExitStack() as stack:
            redis = await stack.enter_async_context(Redis.from_url(valkey_url))
            await redis.flushdb()

            async def join(name, most=8, most_here=4):
                limiter = SharedLimiter(redis, "judge", name, most, most_here)
                return await stack.enter_async_context(limiter.holding())

            await work(await join("one"), await join("other"), join)

    asyncio.run(run())


async def until(is_so):
    async with asyncio.timeout(10):
        while not is_so():
            await asyncio.sleep(0.01)


def is_silent(limiter):
    return limiter._adaptive.is_silent


def test_j8_a_silence_that_one_is_asked_for_is_told_to_the_other(valkey_url):
    async def work(one, other, join):
        ticket = await one.acquire()
        assert not is_silent(other)
        await one.release(ticket, silence=LONG)
        await until(lambda: is_silent(other))
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await other.acquire()

    together(valkey_url, work)


def test_j8_who_comes_in_a_silence_learns_of_it_before_the_first_call(valkey_url):
    async def work(one, other, join):
        await one.release(await one.acquire(), silence=LONG)
        late = await join("late")
        assert is_silent(late)

    together(valkey_url, work)


def test_j8_all_go_on_when_the_silence_is_over(valkey_url):
    async def work(one, other, join):
        await one.release(await one.acquire(), silence=0.2)
        await until(lambda: is_silent(other))
        async with asyncio.timeout(10):
            for limiter in (one, other):
                await limiter.release(await limiter.acquire())

    together(valkey_url, work)


def test_a_shorter_silence_ends_no_longer_one(valkey_url):
    async def work(one, other, join):
        first, second = await one.acquire(), await one.acquire()
        await one.release(first, silence=LONG)
        await one.release(second, silence=0.1)
        await until(lambda: is_silent(other))
        await asyncio.sleep(0.3)
        assert is_silent(one)
        assert is_silent(other)
        assert is_silent(await join("late"))

    together(valkey_url, work)


def test_no_more_calls_than_the_judge_takes_whoever_makes_them(valkey_url):
    async def work(one, other, join):
        third = await join("third")
        limiters = (one, other, third)
        begun = [asyncio.create_task(it.acquire()) for it in limiters for _ in range(6)]
        await asyncio.sleep(0.3)
        assert 3 <= sum(it.done() for it in begun) <= 8
        for it in begun:
            it.cancel()

    together(valkey_url, work)
