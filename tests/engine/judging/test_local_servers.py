import asyncio

import pytest
from aiohttp import web

from rubric_studio.engine.judging.addresses import AddressGuard
from rubric_studio.engine.judging.local_servers import Place, base_url_of, look_around
from tests.scripted_judge import ScriptedJudge


def look(places, *allow):
    return asyncio.run(look_around(AddressGuard(allow), places))


def test_a_server_that_answers_is_found_with_its_models(scripted_judge):
    place, nobody = Place("Ollama", scripted_judge.port), Place("vLLM", 9)
    found = look([place, Place("LM Studio", 9977)], "127.0.0.1")
    assert [(it.place, it.base_url, it.models) for it in found.servers] == [
        (place, scripted_judge.base_url, ("scripted",))
    ]
    assert found.closed == ()
    assert look([nobody], "127.0.0.1").servers == ()


def test_s4_without_the_operators_word_nothing_is_connected_to(scripted_judge):
    place = Place("Ollama", scripted_judge.port)
    found = look([place])
    assert (found.servers, found.closed) == ((), (place,))
    assert scripted_judge.stats()["calls"] == 0


def test_the_name_that_the_operator_allowed_is_the_one_that_is_used():
    assert base_url_of(AddressGuard(["localhost:11434"]), 11434) == "http://localhost:11434/v1"
    assert base_url_of(AddressGuard(["127.0.0.0/8"]), 8000) == "http://127.0.0.1:8000/v1"
    assert base_url_of(AddressGuard(["[::1]:8080"]), 8080) == "http://[::1]:8080/v1"
    assert base_url_of(AddressGuard(["127.0.0.1:8000"]), 8080) == ""


@pytest.mark.parametrize(
    "body, kind",
    [
        ("<html>Not here</html>", "text/html"),
        ('{"detail": "nothing"}', "application/json"),
        ('{"data": "none"}', "application/json"),
        ('{"data": []}', "application/json"),
        ('{"data": [1, {"name": "x"}, {"id": 5}]}', "application/json"),
        ("[", "application/json"),
    ],
)
def test_what_lists_no_models_is_no_judge(body, kind):
    async def models(request):
        return web.Response(text=body, content_type=kind)

    async def run():
        app = web.Application()
        app.router.add_get("/v1/models", models)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        place = Place("vLLM", runner.addresses[0][1])
        found = await look_around(AddressGuard(["127.0.0.1"]), [place])
        await runner.cleanup()
        return found

    assert asyncio.run(run()).servers == ()


def test_one_that_hangs_keeps_nobody_from_being_found():
    async def mute(reader, writer):
        await asyncio.sleep(20)

    async def run(port):
        server = await asyncio.start_server(mute, "127.0.0.1", 0)
        places = [Place("Mute", server.sockets[0].getsockname()[1]), Place("Ollama", port)]
        found = await look_around(AddressGuard(["127.0.0.1"]), places)
        server.close()
        return found

    with ScriptedJudge(model="llama3:8b") as judge:
        found = asyncio.run(run(judge.port))
    assert [it.models for it in found.servers] == [("llama3:8b",)]
