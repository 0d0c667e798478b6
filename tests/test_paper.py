"""Paper: the receipt number that a page asks for while it is printed."""

from __future__ import annotations

import http.client
import json
import re
import sqlite3

import pytest

from serving import Answer, Server
from test_demo_screens import demo  # noqa: F401  fixture


def ask(server: Server, told: object, method: str = "POST", **headers: str) -> Answer:
    """One request for a receipt."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    connection.request(method, "/receipt", body, {k.replace("_", "-"): v for k, v in headers.items()})
    answer = connection.getresponse()
    found = Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
    connection.close()
    return found


def receipts(server: Server) -> int:
    """How many receipts both stores keep."""
    count = 0
    for data in ("live", "demo"):
        with sqlite3.connect(f"file:{server.home / data}.sqlite?mode=ro", uri=True) as connection:
            count += connection.execute("SELECT COUNT(*) FROM receipt").fetchone()[0]
    return count


def test_a_view_gets_its_number_from_its_own_server(demo):  # noqa: F811
    told = {"address": "./county?unit=350582&as_of=2026-01-31&data=demo", "seq": 900}
    first = ask(demo, told, origin=demo.url)
    again = ask(demo, told)

    assert first.status == again.status == 200
    assert first.headers["cache-control"] == "no-store"
    assert json.loads(first.body) == json.loads(again.body)
    assert re.fullmatch(r"Y[2-9A-Z]{6}", json.loads(first.body)["number"])


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"address": "./nowhere?data=demo", "seq": 5}, "没有这一页"),
        ({"address": "https://elsewhere.example/county", "seq": 5}, "没有这一页"),
        ({"address": "./county?data=demo&unit=999", "seq": 5}, "unit=999：没有这个填报单位代码。"),
        ({"address": "./?data=demo&indicator=nothing", "seq": 5}, "indicator=nothing：没有这个指标。"),
        ({"address": "./?data=demo&as_of=2999-01-01", "seq": 5}, "as_of=2999-01-01：还没有到，最晚可以看 "),
        ({"address": "./?receipt=Y222222", "seq": 5}, "receipt=Y222222：没有这个回执号"),
        ({"address": "./?data=demo", "seq": 10**9}, "序号 1000000000 不在库里，最大是 "),
        ({"address": "./?data=demo", "seq": -1}, "序号 -1 不在库里，最大是 "),
        ({"address": "./?data=demo", "seq": "5"}, "取回执号要写明地址和序号"),
        ({"address": "./?data=demo", "seq": True}, "取回执号要写明地址和序号"),
        ({"address": 5, "seq": 5}, "取回执号要写明地址和序号"),
        ({"address": "//[", "seq": 5}, "取回执号要写明地址和序号"),
        ({"seq": 5}, "取回执号要写明地址和序号"),
        ([], "取回执号要写明地址和序号"),
        (b"\xff{", "取回执号要写明地址和序号"),
        ({"address": "./?data=demo", "seq": 5, "more": "x" * 9_000}, "取回执号要写明地址和序号"),
    ],
)
def test_what_could_not_have_been_shown_gets_one_sentence_and_nothing_is_kept(demo, told, sentence):  # noqa: F811
    before = receipts(demo)
    answer = ask(demo, told, origin=demo.url)

    assert answer.status == 400
    assert json.loads(answer.body)["sentence"].startswith(sentence)
    assert receipts(demo) == before


def test_the_sentence_is_in_the_readers_language(demo):  # noqa: F811
    asked = ask(demo, {"address": "./county?lang=en&unit=999", "seq": 5})
    local = ask(demo, b"", accept_language="en-GB,en;q=0.8")

    assert json.loads(asked.body)["sentence"] == "unit=999: there is no unit with this code."
    assert json.loads(local.body)["sentence"].startswith("a receipt is asked for")


def test_another_site_and_another_method_get_none(demo):  # noqa: F811
    told = {"address": "./?data=demo", "seq": 5}
    before = receipts(demo)
    foreign = ask(demo, told, origin="https://elsewhere.example")
    got = ask(demo, told, "GET")

    assert foreign.status == 403
    assert json.loads(foreign.body)["sentence"] == "只有这台服务器自己的页面可以取回执号"
    assert got.status in (404, 405)
    assert receipts(demo) == before
