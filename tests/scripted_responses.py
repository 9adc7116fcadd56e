"""Wrong responses of the scripted judge."""

from aiohttp import web


def error(status, message, code=None, headers=None):
    body = {"error": {"message": message, "code": code}}
    return web.json_response(body, status=status, headers=headers)


def plain_fault(fault, request):
    """The response of a fault that needs no more than saying something wrong."""
    page = "<!doctype html><html><body>Welcome to the router</body></html>"
    key = request.headers.get("Authorization", "")
    match fault.kind:
        case "no_credit":
            return error(429, "You exceeded your quota.", code="insufficient_quota")
        case "server_error":
            return error(500, f"Internal error {key}")
        case "broken_json":
            return web.Response(text='{"choices": [{"mess', content_type="application/json")
        case "html":
            return web.Response(text=page, content_type="text/html")
        case "bad_gateway_page":
            return web.Response(status=502, text=page, content_type="text/html")
        case "unauthorized":
            return error(401, f"Incorrect API key provided: {key}")
        case "model_not_found":
            return error(404, "The model does not exist.")
        case "bad_request":
            return error(400, f"Too many tokens. {key}")
        case "no_response_format":
            return error(400, "response_format of type json_schema is not supported")
        case "huge":
            return web.json_response({"choices": [{"message": {"content": "x" * (2 << 20)}}]})
        case "error_in_success":
            return web.json_response({"error": {"code": 502, "message": "Upstream is away."}})
        case "not_chat":
            return web.json_response({"hello": "world"})
    raise AssertionError(fault.kind)
