"""The server as a process: health, headers, assets, logs, refusals to start, and a clean end."""

from __future__ import annotations

import asyncio
import gzip
import json
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import psycopg
import pytest
from starlette.responses import HTMLResponse

from dashboard import __version__
from dashboard.config import ROOT
from dashboard.ui import server as front
from dashboard.ui import static_files
from dashboard.ui.frame import ROOMS
from serving import Lines, Server, command, environment, free_port, serving, starting

NEWEST_SCHEMA = max(
    file.name[1:5] for file in (ROOT / "src/dashboard/migrations/versions").glob("r*.py")
)  # r0002_points_as_given.py

PROBE = f"""
import os, socket, sys
import streamlit as st
from starlette.responses import JSONResponse
from starlette.routing import Route
sys.path.insert(0, {str(ROOT / "src")!r})
from dashboard.ui import server

def sockets(_request):
    found = []
    for fd in os.listdir("/proc/self/fd"):
        try:
            if os.readlink(f"/proc/self/fd/{{fd}}").startswith("socket:"):
                one = socket.socket(fileno=os.dup(int(fd)))
                if one.family == socket.AF_INET and one.getsockname()[1] == st.get_option("server.port"):
                    listens = bool(one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))
                    found.append([listens, one.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)])
                one.close()
        except OSError:
            continue
    return JSONResponse(found)

server.start_or_exit()
app = st.App(server.SHELL, lifespan=server.lifespan, routes=[*server.ROUTES, Route("/sockets", sockets)])
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("server")) as running:
        yield running


# --- health -----------------------------------------------------------------------------------------


def test_health_tells_version_stores_stamp_schema_and_uptime(server):
    answer = server.get("/healthz")
    told = json.loads(answer.body)

    assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
    assert answer.headers["cache-control"] == "no-store"
    assert set(told) == {"status", "version", "stores", "outlines", "uptime_s"}
    assert (told["status"], told["version"], told["outlines"]) == ("ok", __version__, "ok")
    assert told["stores"] == {"live": {"reachable": True, "stamp": 44, "schema_version": NEWEST_SCHEMA}}
    assert told["uptime_s"] >= 0
    assert json.loads(server.get("/healthz").body)["uptime_s"] >= told["uptime_s"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_health_is_only_read(server, method):
    assert server.get("/healthz", method).status == 405


def test_health_is_503_while_the_store_is_down_and_200_when_it_is_back(tmp_path, postgres_database):
    address, name = postgres_database.replace("+psycopg", "").rsplit("/", 1)
    with (
        serving(tmp_path, DASHBOARD_DATABASE_URL=postgres_database) as running,
        psycopg.connect(f"{address}/postgres", autocommit=True) as connection,
    ):
        assert running.get("/healthz").status == 200
        connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,)
        )
        down = running.get("/healthz")
        assert (down.status, json.loads(down.body)["status"]) == (503, "store down")
        assert json.loads(down.body)["stores"] == {
            "live": {"reachable": False, "stamp": None, "schema_version": None}
        }
        assert b"127.0.0.1" not in down.body
        assert running.get("/").status == 200
        connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        assert running.get("/healthz").status == 200
        running.interrupt()
        assert [line for line in running.err.all() if "Traceback" in line] == []


@pytest.mark.parametrize(
    ("path", "browser", "lang", "words"),
    [
        ("/nothing", "zh-CN,zh;q=0.9", "zh-CN", "没有这一页"),
        ("/nothing", "zh-TW", "zh-TW", "沒有這一頁"),
        ("/nothing", "en-GB,en;q=0.9", "en", "There is no such page"),
        ("/nothing?lang=en", "zh-CN", "en", "There is no such page"),
        ("/nothing?lang=xx", "", "zh-CN", "没有这一页"),
    ],
)
def test_an_address_that_is_no_page_is_said_in_the_readers_language(server, path, browser, lang, words):
    answer = server.get(path, accept_language=browser)
    html = answer.body.decode()

    assert answer.status == 404
    assert f'<html lang="{lang}">' in html
    assert f"<title>{words}</title>" in html
    assert f"<h2>{words}</h2>" in html


@pytest.mark.parametrize(
    ("path", "home"),
    [
        ("/nothing", "./"),
        ("/nothing/deep", "../"),
        ("/county/x", "../"),
        ("/county/x/y?unit=350582", "../../"),
        ("/index.html", "./"),
        ("/overview", "./"),
        ("/static/js/nothing.js", "../../"),
        ("/_stcore/nothing", "../"),
    ],
)
def test_an_address_that_is_no_page_is_404_however_deep_and_leads_home(server, path, home):
    answer = server.get(path)
    html = answer.body.decode()
    addresses = re.findall(r'(?:href|src)="([^"]+)"', html)

    assert answer.status == 404
    assert "<h2>没有这一页</h2>" in html
    assert addresses[-1] == home
    assert addresses[:-1] == [
        home + front.asset_url(n)[2:] for n in ("dashboard.css", "paper.css", "boot.js")
    ]
    assert {server.get(urljoin(path, address)).status for address in addresses} == {200}


@pytest.mark.parametrize("path", ["/", *(f"/{name}?as_of=2025-06-30" for name, _ in ROOMS[1:])])
def test_a_page_of_ours_is_answered(server, path):
    assert server.get(path).status == 200


@pytest.mark.parametrize(
    "path", ["/_stcore/health", "/_stcore/host-config", "/favicon.png", "/manifest.json"]
)
def test_what_streamlit_serves_itself_is_answered(server, path):
    answer = server.get(path)

    assert answer.status == 200
    assert "没有这一页".encode() not in answer.body


def test_a_document_that_is_not_streamlits_own_is_passed_on_as_it_is():
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": "/component/a.map/index.html", "headers": []}
    asyncio.run(front.Frontage(HTMLResponse("<head></head>"))(scope, None, send))

    assert (sent[0]["status"], sent[1]["body"]) == (200, b"<head></head>")


# --- headers ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/county?unit=350582",
        "/healthz",
        "/assets/x/dashboard.css",
        "/assets/x/nothing.css",
        "/_stcore/health",
        "/_stcore/host-config",
        "/static/nothing.js",
        "/nothing",
    ],
)
def test_every_kind_of_answer_carries_the_headers(server, path):
    headers = server.get(path).headers

    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy["frame-ancestors"] == "'self'"
    assert policy["object-src"] == "'none'"
    assert policy["default-src"] == "'self' 'unsafe-inline' 'unsafe-eval' data: blob:"
    assert not any("http" in value for value in policy.values())


def test_a_refused_method_carries_the_headers_too(server):
    assert server.get("/healthz", "POST").headers["x-content-type-options"] == "nosniff"


def test_streamlits_own_files_carry_the_headers_and_are_kept_for_long(server):
    (script,) = re.findall(r'src="(\./static/js/index\.[^"]+)"', server.get("/").body.decode())
    answer = server.get(script[1:])

    assert answer.status == 200
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "immutable" in answer.headers["cache-control"]


def test_streamlits_scripts_are_packed_for_those_who_can_unpack_them(server):
    (script,) = re.findall(r'src="\.(/static/js/index\.[^"]+)"', server.get("/").body.decode())
    plain, packed = server.get(script), server.get(script, accept_encoding="gzip, br")

    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["vary"] == "accept-encoding"
    assert packed.headers["x-content-type-options"] == "nosniff"
    assert "immutable" in packed.headers["cache-control"]
    assert gzip.decompress(packed.body) == plain.body
    assert len(packed.body) < len(plain.body) / 2


@pytest.mark.parametrize("page", static_files.COMPONENTS)
def test_a_page_announces_the_modules_it_draws_with_and_every_one_of_them_is_there(server, page):
    text = server.get("/" if page == "overview" else f"/{page}").body.decode()
    announced = set(
        re.findall(r'<link rel="modulepreload" fetchpriority="low"[^>]* href="\./static/js/([^"]+)"', text)
    )

    assert {name.split(".")[0] for name in announced} >= set(static_files.COMPONENTS[page])
    assert [n for n in announced if not (static_files.FOLDER / "js" / n).is_file()] == []
    assert ("DeckGlJsonChart" in text) == (page in ("stations", "points"))


def test_every_page_says_what_it_draws_with():
    assert set(static_files.COMPONENTS) == {name for name, _ in ROOMS}


def test_the_document_is_never_kept_and_loads_nothing_from_elsewhere(server):
    answer = server.get("/", accept_encoding="gzip")
    text = answer.body.decode()

    assert answer.headers["cache-control"] == "no-cache"
    assert int(answer.headers["content-length"]) == len(answer.body)
    assert "etag" not in answer.headers
    assert re.findall(r'(?:src|href)="(?:https?:)?//[^"]*"', text) == []
    assert text.index(front.asset_url("dashboard.css")) < text.index("/static/")
    assert front.asset_url("boot.js") in text


def test_a_document_is_answered_in_full_whatever_the_browser_remembers(server):
    answer = server.get("/county", if_none_match="*", if_modified_since="Thu, 01 Jan 2099 00:00:00 GMT")

    assert answer.status == 200
    assert b"dashboard.css" in answer.body


# --- assets -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("dashboard.css", "text/css"),
        ("paper.css", "text/css"),
        ("boot.js", "text/javascript"),
        ("icon.png", "image/png"),
    ],
)
def test_assets_are_kept_for_ever_under_an_address_that_moves_with_their_content(server, name, kind):
    address = front.asset_url(name)
    answer = server.get(address[1:])

    assert re.fullmatch(rf"\./assets/[0-9a-f]{{12}}/{re.escape(name)}", address)
    assert answer.status == 200
    assert answer.headers["content-type"].split(";")[0] == kind
    assert answer.headers["cache-control"] == "public, immutable, max-age=31536000"


def test_assets_are_packed_for_those_who_can_unpack_them(server):
    path = front.asset_url("dashboard.css")[1:]
    plain, packed = server.get(path), server.get(path, accept_encoding="gzip, deflate")

    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["vary"] == "accept-encoding"
    assert gzip.decompress(packed.body) == plain.body
    assert len(packed.body) < len(plain.body) / 2


def test_the_stylesheet_begins_with_the_tokens(server):
    assert server.get(front.asset_url("dashboard.css")[1:]).body.startswith(b":root{--ground:#0B1526;")


@pytest.mark.parametrize(
    "path",
    ["/assets/x/../server.py", "/assets/x/..%2Fserver.py", "/assets/x/%2e%2e", "/assets/x/nothing.css"],
)
def test_nothing_but_assets_is_served_as_one(server, path):
    answer = server.get(path)

    assert answer.status in (400, 404) or b"<!doctype html>" in answer.body.lower()
    assert b"import " not in answer.body.split(b"<script", 1)[0]


# --- sockets ----------------------------------------------------------------------------------------


def test_the_server_listens_on_this_machine_only(server):
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    rows += [line.split() for line in Path("/proc/net/tcp6").read_text().splitlines()[1:]]
    listening = {
        r[1].split(":")[0] for r in rows if r[3] == "0A" and int(r[1].split(":")[1], 16) == server.port
    }

    assert listening == {"0100007F"}


def test_answers_are_sent_without_delay(tmp_path):
    (tmp_path / "probe.py").write_text(PROBE, encoding="utf-8")
    with serving(tmp_path / "home", ROOT, str(tmp_path / "probe.py")) as running:
        found = json.loads(running.get("/sockets").body)

    assert sorted(listens for listens, _ in found)[-1] is True
    assert len(found) >= 2
    assert [nodelay for _, nodelay in found if not nodelay] == []


# --- logs -------------------------------------------------------------------------------------------


def test_every_line_of_the_log_is_json_with_time_level_and_event(tmp_path):
    with serving(tmp_path) as running:
        running.get("/county?unit=350582")
        running.process.terminate()
        running.process.wait(60)
        lines = [json.loads(line) for line in running.err.all() if line]

    assert [line["event"] for line in lines] == ["started", "stopped"]
    for line in lines:
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", line["at"])
        assert line["level"] == "info"
    assert lines[0]["address"] == f"http://127.0.0.1:{running.port}"
    assert lines[0]["version"] == __version__


def test_ctrl_c_ends_the_server_cleanly(tmp_path):
    with serving(tmp_path) as running:
        code = running.interrupt()
        said = [*running.out.all(), *running.err.all()]

    assert code in (0, 130)
    assert [line for line in said if "Traceback" in line or "Error" in line] == []
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", running.port))


INTERRUPTED = "已中断。没有做完的，下次启动会接着做。"


@pytest.mark.parametrize("script", ["app.py", "./app.py"])  # the second by streamlit run
def test_ctrl_c_while_the_demo_is_made_is_one_line_and_the_next_start_goes_on(tmp_path, script):
    with starting(tmp_path, script=script, DASHBOARD_DEMO="on") as running:
        running.err.first_with("正在生成截至 ")
        code = running.interrupt()
        said = running.err.all()
    with serving(tmp_path) as running:
        told = json.loads(running.get("/healthz").body)

    assert (code, said[1:]) == (130, [INTERRUPTED])
    assert told["stores"]["live"]["stamp"] == 44


def test_ctrl_c_while_the_libraries_are_loaded_is_one_line(tmp_path):
    with starting(tmp_path, DASHBOARD_DEMO="on") as running:
        libraries = Path(f"/proc/{running.process.pid}/maps")
        while "numpy" not in libraries.read_text():
            time.sleep(0.01)
        code = running.interrupt()

        assert (code, running.err.all()) == (130, [INTERRUPTED])


SWALLOWED = """
import signal, weakref
from dashboard import interruption

class Thing: pass

interruption.ends_the_process()
thing = Thing()
kept = weakref.ref(thing, lambda _: signal.raise_signal(signal.SIGINT))
del thing
print("went on")
"""


def test_ctrl_c_is_not_swallowed_by_a_callback_of_the_garbage_collection(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", SWALLOWED],
        env=environment(tmp_path, {}),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )

    assert (done.returncode, done.stderr) == (130, INTERRUPTED + "\n")
    assert "went on" not in done.stdout


def test_ctrl_c_ends_the_command_in_the_same_way(tmp_path):
    words = [sys.executable, "-m", "dashboard", "init"]
    environ = environment(tmp_path, {"DASHBOARD_DEMO": "on"})
    with subprocess.Popen(words, env=environ, stderr=subprocess.PIPE, text=True, encoding="utf-8") as process:
        said = Lines(process.stderr)
        said.first_with("正在生成截至 ")
        process.send_signal(signal.SIGINT)

        assert (process.wait(60), said.all()[1:]) == (130, [INTERRUPTED])


def test_a_second_start_finds_everything_in_place_and_takes_nothing_twice(tmp_path):
    stamps = []
    for _ in range(2):
        with serving(tmp_path) as running:
            stamps.append(json.loads(running.get("/healthz").body)["stores"]["live"]["stamp"])

    assert stamps == [44, 44]


def test_by_default_the_demo_is_made_at_the_first_start_and_the_second_is_five_seconds_work_at_most(tmp_path):
    with serving(tmp_path, DASHBOARD_DEMO="") as running:
        stores = json.loads(running.get("/healthz").body)["stores"]
        assert {data: told["reachable"] for data, told in stores.items()} == {"live": True, "demo": True}
        events = [json.loads(line)["event"] for line in running.err.so_far()]
        assert [e.startswith("正在生成截至 ") for e in events] == [True, False]
    with serving(tmp_path, DASHBOARD_DEMO="") as running:
        assert running.cpu_s() < 5  # not by the clock: others may be at work on this machine
        assert json.loads(running.get("/healthz").body)["stores"] == stores
        assert len(running.err.so_far()) == 1


# --- refusals ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("refused")
    assert command(folder, "init").returncode == 0
    return folder


def newer_schema(home: Path) -> dict[str, str]:
    with sqlite3.connect(home / "live.sqlite") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    return {}


def another_program_writes(home: Path) -> dict[str, str]:
    (home / "live.sqlite").write_bytes(b"not a database at all " * 500)
    return {}


def malformed_overlay(home: Path) -> dict[str, str]:
    (home / "catalogue").mkdir()
    (home / "catalogue" / "indicators.yaml").write_text(
        "volunteers_count:\n  decimals: many\n", encoding="utf-8"
    )
    return {}


def broken_yaml(home: Path) -> dict[str, str]:
    (home / "catalogue").mkdir()
    (home / "catalogue" / "lists.yaml").write_text("'2025':\n  title: [\n", encoding="utf-8")
    return {}


def database_of_the_other_kind(home: Path) -> dict[str, str]:
    with sqlite3.connect(home / "live.sqlite") as connection:
        connection.execute("UPDATE meta SET kind = 'demo'")
    return {}


REFUSALS = [
    (
        newer_schema,
        f"数据库的结构（9999）比程序新（{NEWEST_SCHEMA}）：请安装与数据库相配的新版程序，不要用旧程序打开它。",
    ),
    (
        another_program_writes,
        "{home}/live.sqlite 不是 SQLite 数据库：请把它移到别处，启动时会另建一个；若原来是，请恢复备份。",
    ),
    (
        malformed_overlay,
        "自有目录文件 {home}/catalogue/indicators.yaml，条目“volunteers_count”：decimals 写的是“many”，",
    ),
    (broken_yaml, "自有目录文件 {home}/catalogue/lists.yaml 第 "),
    (
        database_of_the_other_kind,
        "这个数据库存的是 demo 数据，不能当作 live 打开：",
    ),
    (
        lambda _home: {
            "DASHBOARD_DATABASE_URL": f"postgresql+psycopg://nobody:secret@127.0.0.1:{free_port()}/x"
        },
        "连不上数据库 postgresql+psycopg://nobody:***@127.0.0.1:",
    ),
    (
        lambda _home: {"DASHBOARD_DATABASE_URL": "mysql+nothing://u:secret@x"},
        "DASHBOARD_DATABASE_URL 写的是 mysql+nothing，用不了：可以写 ",
    ),
    (
        lambda _home: {"DASHBOARD_DEFAULT_DATA": "both"},
        "DASHBOARD_DEFAULT_DATA 的值“both”无效：请写 auto 或 live 或 demo。",
    ),
    (
        lambda _home: {"DASHBOARD_DEFAULT_DATA": "demo", "DASHBOARD_DEMO": "off"},
        "DASHBOARD_DEFAULT_DATA 是 demo，而 DASHBOARD_DEMO 是 off：请改其中一个。",
    ),
]


@pytest.mark.parametrize(("spoil", "sentence"), REFUSALS)
def test_the_command_refuses_in_one_sentence_with_code_two(home, tmp_path, spoil, sentence):
    spoilt = Path(shutil.copytree(home, tmp_path / "home"))
    done = command(spoilt, "init", **spoil(spoilt))

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(sentence.format(home=spoilt)), done.stderr
    assert done.stderr.count("\n") == 1
    assert "secret" not in done.stderr


@pytest.mark.parametrize(("spoil", "sentence"), REFUSALS)
def test_the_server_refuses_in_one_sentence_and_never_listens(home, tmp_path, spoil, sentence):
    spoilt = Path(shutil.copytree(home, tmp_path / "home"))
    with starting(spoilt, **spoil(spoilt)) as running:
        code = running.process.wait(60)
        said = running.err.all()

    assert code == 1
    assert len(said) == 1, said
    assert said[0].startswith("无法启动：" + sentence.format(home=spoilt))
    assert "secret" not in said[0]
    with pytest.raises(ConnectionRefusedError), socket.create_connection(("127.0.0.1", running.port)):
        pass


def test_a_server_that_refuses_does_not_say_that_it_can_be_viewed(home):
    with starting(home, DASHBOARD_DEFAULT_DATA="both") as running:
        running.process.wait(60)

    assert [line for line in running.out.all() if "URL" in line or "view your" in line] == []


def test_a_port_that_is_taken_is_one_line_that_names_it(home, server):
    with starting(home, port=server.port) as running:
        code = running.process.wait(60)
        said = [line for line in running.err.all() if line]

    assert code == 1
    assert len(said) == 1
    assert str(server.port) in said[0]
    assert server.get("/healthz").status == 200


def test_a_port_that_is_taken_is_said_before_anything_is_made(tmp_path, server):
    with starting(tmp_path, port=server.port) as running:
        assert running.process.wait(60) == 1
        assert running.out.all() == []

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("port", ["abc", "0", "65536"])
def test_a_port_that_is_none_is_one_sentence(home, port):
    with starting(home, PORT=port) as running:
        code = running.process.wait(60)
        said = running.err.all()

    assert (code, said) == (1, [f"无法启动：PORT 的值“{port}”无效：请写 1 到 65535 之间的数字。"])


@pytest.mark.parametrize("host", ["nonsense", "256.1.1.1", "192.0.2.7", "2001:db8::7", "a..b"])
def test_a_host_that_is_not_this_machine_is_one_sentence_that_names_it(home, host):
    with starting(home, HOST=host) as running:
        code = running.process.wait(60)
        said = running.err.all()

    assert code == 1
    assert said == [
        f"无法启动：HOST 的值“{host}”不是本机的地址：请写 127.0.0.1（只限本机）、0.0.0.0（整个内网），"
        "或本机在内网里的地址。"
    ]
    assert running.out.all() == []


def test_streamlit_run_refuses_in_the_same_sentence(home):
    with starting(home, script="./app.py", DASHBOARD_DEFAULT_DATA="both") as running:
        code = running.process.wait(60)
        said = running.err.all()

    assert code == 1
    assert said == ["无法启动：DASHBOARD_DEFAULT_DATA 的值“both”无效：请写 auto 或 live 或 demo。"]


def test_streamlit_run_serves_the_same_product(home):
    with serving(home, script="./app.py") as running:
        assert json.loads(running.get("/healthz").body)["status"] == "ok"
        assert front.asset_url("boot.js").encode() in running.get("/county").body


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    done = command(tmp_path / "file", "init")

    assert done.returncode == 2
    assert done.stderr.startswith("建不了存放数据的文件夹（")
    assert done.stderr.count("\n") == 1
