"""A judge's calls in flight, shared by all worker processes through Redis.

A process leases a block of slots and renews it four times a second, so that a call costs no round
trip. A silence that the judge asks one process for is published to the others at once; whoever
misses that learns of it at the next renewal. Without Redis each process falls back to a few slots
of its own, and knows the silences that it was asked for itself.
"""

import asyncio
import contextlib
import logging
import math
from collections import deque
from collections.abc import AsyncIterator

from redis.asyncio import Redis
from redis.exceptions import RedisError

from rubric_studio.engine.judging.limits import AdaptiveLimiter

logger = logging.getLogger(__name__)

SLOTS_WITHOUT_REDIS = 2
RENEWAL = 0.25  # seconds
LIFE = 5.0  # seconds until the slots of a process that vanished are free again

# Of each process: "expiry:granted:wanted". When all want more than there is, each is entitled to
# an equal share, but to no slot that another one still holds. One that is alone leaves a few, so
# that whoever comes never waits for calls that hang.
_SHARE = """
local now = redis.call('TIME')
now = now[1] * 1000 + math.floor(now[2] / 1000)
local me, wanted, busy = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local most, life, silence = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local held, others_want, holders = 0, 0, 1
local all = redis.call('HGETALL', KEYS[1])
for i = 1, #all, 2 do
  local expiry, granted, want = string.match(all[i + 1], '(%d+):(%d+):(%d+)')
  if tonumber(expiry) < now then
    redis.call('HDEL', KEYS[1], all[i])
  elseif all[i] ~= me then
    held, others_want, holders = held + granted, others_want + want, holders + 1
  end
end
local entitled = math.max(math.floor(most / holders), most - others_want)
if holders == 1 and most >= 4 then
  entitled = most - math.max(1, math.floor(most / 8))
end
local granted = math.max(busy, math.min(wanted, entitled, math.max(most - held, 0)))
redis.call('HSET', KEYS[1], me, string.format('%d:%d:%d', now + life, granted, wanted))
redis.call('PEXPIRE', KEYS[1], life * 2)
if silence > 0 then
  local until_ = now + silence
  if until_ > tonumber(redis.call('GET', KEYS[2]) or '0') then
    redis.call('SET', KEYS[2], string.format('%d', until_), 'PX', silence)
    redis.call('PUBLISH', KEYS[2], string.format('%d', silence))
  end
end
return {granted, math.max(0, tonumber(redis.call('GET', KEYS[2]) or '0') - now)}
"""


class SharedLimiter:
    """A limit on one judge's calls: this process's share of `most`, and what refusals teach.

    Use it inside `holding()`, which keeps the share; `acquire` and `release` are the engine's.
    """

    def __init__(self, redis: Redis, name: str, process: str, most: int, most_here: int) -> None:
        self._redis = redis
        self._keys = [f"rs:slots:{name}", f"rs:silence:{name}"]
        self._process = process
        self._most_overall = most
        self._wanted = min(most, most_here)
        self._adaptive = AdaptiveLimiter(self._wanted)
        self._share = 0
        self._in_use = 0
        self._users = 0
        self._listener: asyncio.Task[None] | None = None
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._is_cut_off = False

    @property
    def most(self) -> int:
        return self._wanted

    @contextlib.asynccontextmanager
    async def holding(self) -> AsyncIterator["SharedLimiter"]:
        """Hold a share of the slots, and give it back at the end."""
        self._users += 1
        if self._listener is None:
            self._listener = asyncio.create_task(self._listen())
        await self._renew()
        keeper = asyncio.create_task(self._keep())
        try:
            yield self
        finally:
            keeper.cancel()
            self._users -= 1
            if not self._users:
                await self._leave()

    async def acquire(self) -> int:
        while self._in_use >= self._share or self._adaptive.is_silent:
            turn = asyncio.get_running_loop().create_future()
            self._waiting.append(turn)
            try:
                await turn
            except asyncio.CancelledError:
                self._wake()
                raise
        self._in_use += 1
        try:
            return await self._adaptive.acquire()
        except asyncio.CancelledError:
            self._in_use -= 1
            self._wake()
            raise

    async def release(self, ticket: int, silence: float | None = None) -> None:
        self._in_use -= 1
        await self._adaptive.release(ticket, silence)
        if silence is not None:
            self._be_silent(silence)
            await self._renew(silence)
        self._wake()

    def _be_silent(self, seconds: float) -> None:
        self._adaptive.be_silent(seconds)
        asyncio.get_running_loop().call_later(seconds, self._wake)

    async def _listen(self) -> None:
        """Heed each silence that another process was asked for, as soon as it is."""
        while True:
            with contextlib.suppress(RedisError, OSError):
                async with self._redis.pubsub() as channel:
                    await channel.subscribe(self._keys[1])
                    async for message in channel.listen():
                        if message["type"] == "message":
                            self._be_silent(int(message["data"]) / 1000)
                        else:
                            await self._renew()  # what was published before this began
            await asyncio.sleep(RENEWAL)

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(RENEWAL)
            await self._renew()

    async def _renew(self, silence: float = 0.0) -> None:
        # Whole milliseconds, and never too few of them.
        numbers = [self._wanted, self._in_use, self._most_overall, LIFE * 1000, silence * 1000]
        arguments = [self._process, *(str(math.ceil(number)) for number in numbers)]
        try:
            granted, quiet = await self._redis.eval(_SHARE, 2, *self._keys, *arguments)
        except (RedisError, OSError) as error:
            if not self._is_cut_off:
                logger.warning("Redis can't be reached; calls are few until it can: %s", error)
            self._is_cut_off = True
            self._share = min(SLOTS_WITHOUT_REDIS, self._wanted)
        else:
            self._is_cut_off = False
            self._share = int(granted)
            if quiet:
                self._be_silent(quiet / 1000)
        self._wake()

    async def _leave(self) -> None:
        self._share = 0
        if self._listener is not None:
            self._listener.cancel()
            self._listener = None
        with contextlib.suppress(RedisError, OSError):
            await self._redis.hdel(self._keys[0], self._process)

    def _wake(self) -> None:
        if self._adaptive.is_silent:
            return
        free = self._share - self._in_use
        while free > 0 and self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                free -= 1
