"""What operators rely on: health, readiness, figures, a log, a graceful end, and a new release without a failed request."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from kg.build import pipeline
from kg.release.release import Release
from server.http import request_body
from server.http.wsgi_types import Application, StartResponse
from server.middleware.access_log import with_access_log
from tests.benchmarks.bombs import ENDLESS, ask, family
from tests.support import minimal_curated
from tests.support.paths import BASE, VITK
from tests.support.processes import identify_all, survivors
from tests.support.servers import Running, vitk_environment
from tests.support.waiting import wait_until


def read(address: str) -> str:
    with urllib.request.urlopen(address, timeout=30) as answer:
        return str(answer.read().decode())


def figures_of(running: Running) -> dict[str, float]:
    text = read(f"{running.address}/metrics")
    return {name: float(value) for name, value in re.findall(r"^([^# ]+) ([0-9.e+]+)$", text, re.MULTILINE)}


def test_readiness_and_figures(client: FlaskClient) -> None:
    assert client.get("/readyz").get_json()["status"] == "ready"
    for query in ("ASK {}", "ASK", ENDLESS):
        client.get("/sparql", query_string={"query": query, "timeout": 0.2})
    answer = client.get("/metrics")
    assert answer.mimetype == "text/plain"
    figures = dict(re.findall(r"^([a-z_]+(?:\{[^}]*\})?) ([0-9.]+)$", answer.text, re.MULTILINE))
    for outcome in ("answered", "query_syntax", "query_timeout"):
        assert float(figures[f'vitk_queries_total{{outcome="{outcome}"}}']) >= 1
    assert figures['vitk_query_duration_seconds_bucket{le="+Inf"}'] == figures["vitk_query_duration_seconds_count"]
    assert float(figures["vitk_query_workers"]) == 4
    assert float(figures["vitk_query_worker_restarts_total"]) >= 1
    assert {
        "vitk_query_queue_length",
        "vitk_cache_bytes",
        "vitk_cache_hits_total",
        "vitk_cache_misses_total",
    } <= figures.keys()
    for line in answer.text.splitlines():
        assert re.fullmatch(r"# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[a-z]+=\"[^\"]+\"\})? [0-9.e+-]+", line), line


def with_body(application: Application) -> Application:
    def answer(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        content = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        request_body.attach(environ, content, len(content))
        return application(environ, start_response)

    return answer


def test_the_access_log_contains_each_request_without_its_query(client: FlaskClient, capsys: object) -> None:
    from werkzeug.test import Client

    logging, query = (
        Client(with_access_log(with_body(client.application.wsgi_app))),
        "ASK { <http://ex/secret> ?p 'é' }",
    )
    logging.get("/sparql", query_string={"query": query})
    logging.post("/sparql", data={"query": query})
    logging.post("/sparql", data=query, content_type="application/sparql-query; charset=utf-8")
    logging.get("/page/natto")
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]  # type: ignore[attr-defined]
    assert [(line["path"], line["status"]) for line in lines] == [("/sparql", 200)] * 3 + [("/page/natto", 200)]
    assert {line["query"] for line in lines[:3]} == {hashlib.sha256(query.encode()).hexdigest()[:16]}
    assert lines[3]["query"] == ""
    assert "evaluate" in lines[0]["timing"]
    assert "secret" not in json.dumps(lines)
    assert all(line["bytes"] > 0 and line["microseconds"] > 0 for line in lines)


def test_a_query_under_way_is_answered_before_the_server_ends(
    serve: Callable[..., Running], small_release: Release, small_data_dir: Path
) -> None:
    running = serve("--no-build", data_dir=small_data_dir, query_timeout=1)
    assert ask(running.address, "ASK {}") == 200
    statuses: list[int] = []
    thread = threading.Thread(target=lambda: statuses.append(ask(running.address, ENDLESS)))
    thread.start()
    wait_until(lambda: figures_of(running)["vitk_query_workers_busy"] == 1)
    status = running.end(signal.SIGTERM)
    thread.join()
    assert statuses == [504]
    assert status == 0


def test_threads_that_answer_stay_on_one_processor_and_workers_go_anywhere(
    serve: Callable[..., Running], small_release: Release, small_data_dir: Path
) -> None:
    running = serve("--no-build", data_dir=small_data_dir, in_memory_quads=0)
    assert ask(running.address, "ASK {}") == 200
    serving, zygote, *workers = family(running.process.pid)[1:]
    anywhere, answering = os.sched_getaffinity(0), [os.sched_getaffinity(thread) for thread in threads_of(serving)]
    assert [len(processors) for processors in answering].count(1) >= 1
    assert all(processors == anywhere for pid in (zygote, *workers) for processors in [os.sched_getaffinity(pid)])


def test_whichever_process_answers_figures_are_of_all_that_live(
    serve: Callable[..., Running], small_release: Release, small_data_dir: Path
) -> None:
    running = serve("--no-build", data_dir=small_data_dir, in_memory_quads=0, workers=2)
    sent = 40
    assert {ask(running.address, f"ASK {{}} #{number}") for number in range(sent)} == {200}
    serving = [pid for pid in family(running.process.pid)[1:] if len(family(pid)) > 1 and len(threads_of(pid)) > 4]
    assert len(serving) == 2
    wait_until(lambda: figures_of(running).get("vitk_query_workers") == 8)
    for seen in (figures_of(running) for _ in range(8)):
        assert seen['vitk_queries_total{outcome="answered"}'] == seen["vitk_query_duration_seconds_count"] == sent
        assert seen["vitk_query_workers"] == 8
    killed = identify_all(serving[:1])
    os.kill(serving[0], signal.SIGKILL)
    assert survivors(killed) == []

    def is_replaced() -> bool:
        # Some connections may have gone to the process that was killed.
        try:
            seen = figures_of(running)
        except OSError:
            return False
        return (seen["vitk_query_workers"], seen["vitk_query_duration_seconds_count"]) == (4, sent)

    wait_until(is_replaced)


def threads_of(pid: int) -> list[int]:
    return [int(thread.name) for thread in Path(f"/proc/{pid}/task").iterdir()]


def test_a_release_of_another_version_is_refused_with_what_to_do(
    serve: Callable[..., Running],
    small_release: Release,
    small_data_dir: Path,
    tmp_path: Path,
) -> None:
    folder = Path(shutil.copytree(small_data_dir, tmp_path / "data"))
    manifest = folder / "releases" / small_release.id / "manifest.json"
    older = {**json.loads(manifest.read_text("utf-8")), "format_version": 1}
    (folder / "releases" / "0123456789ab").mkdir()
    (folder / "releases" / "0123456789ab" / "manifest.json").write_text(json.dumps(older), "utf-8")
    running = serve("--no-build", data_dir=folder)
    with pytest.raises(urllib.error.HTTPError) as refused:
        read(f"{running.address}/page/natto?release=0123456789ab")
    assert refused.value.code == 410
    assert "built by an incompatible version of vitk" in refused.value.read().decode()
    (folder / "current").write_text("0123456789ab\n", "utf-8")
    environment = vitk_environment(port=0, data_dir=folder)
    command = [*VITK, "serve", "--no-build"]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 1
    assert "0123456789ab was built by an incompatible version of vitk" in ended.stderr
    assert "vitk build makes one" in ended.stderr


@pytest.mark.system
def test_a_new_release_is_served_without_a_failed_request(
    serve: Callable[..., Running], small_release: Release, small_data_dir: Path, tmp_path: Path
) -> None:
    folder, curated = tmp_path / "data", minimal_curated.write(tmp_path / "curated")
    shutil.copytree(small_data_dir, folder)
    running = serve("--no-build", data_dir=folder)
    before = json.loads(read(running.address + "/healthz"))["release"]
    assert before == small_release.id
    failures: list[Exception] = []
    counts = [0] * 4
    ended = threading.Event()

    def client(number: int) -> None:
        while not ended.is_set():
            counts[number] += 1
            try:
                assert ask(running.address, f"ASK {{ ?s ?p ?o }} #{number} {counts[number]}") == 200
                read(running.address + "/page/phylloquinone")
            except (urllib.error.URLError, ConnectionError, AssertionError) as error:
                failures.append(error)

    threads = [threading.Thread(target=client, args=(number,)) for number in range(len(counts))]
    for thread in threads:
        thread.start()
    second = pipeline.build(curated, folder, BASE, proof=False).release
    assert second.id != before
    wait_until(lambda: json.loads(read(running.address + "/healthz"))["release"] == second.id)
    enough = [count + 20 for count in counts]
    wait_until(lambda: all(count >= least for count, least in zip(counts, enough, strict=True)))
    ended.set()
    for thread in threads:
        thread.join()
    assert failures == []
    assert json.loads(read(running.address + "/healthz"))["release"] == second.id
    for pinned in (before, second.id):
        with urllib.request.urlopen(f"{running.address}/sparql?query=ASK%7B%7D&release={pinned}") as answer:
            assert answer.headers["Vitk-Release"] == pinned
            assert "immutable" in answer.headers["Cache-Control"]
