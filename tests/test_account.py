"""Who stands at the screen: the header counts only where the installation says so, and only those listed may write."""

from __future__ import annotations

import pytest

from dashboard.config import ConfigError, Settings, settings
from dashboard.store import Actor
from dashboard.ui.account import NOBODY, OPEN, actor_of


def chosen(**environ: str) -> Settings:
    return settings({f"DASHBOARD_{name.upper()}": value for name, value in environ.items()})


HEADER = {"auth": "header", "officers": "wang, li"}


def test_without_sign_in_whoever_reaches_the_server_is_the_officer_whatever_a_header_says():
    assert actor_of(chosen(officers="wang"), ["somebody"]) == OPEN == Actor("open", "officer")


@pytest.mark.parametrize(
    ("named", "actor"),
    [
        (["wang"], Actor("wang", "officer")),
        ([" li "], Actor("li", "officer")),
        (["zhao"], Actor("zhao", "viewer")),
        (["WANG"], Actor("WANG", "viewer")),
        (["wang, li"], Actor("wang, li", "viewer")),
        ([], NOBODY),
        ([""], NOBODY),
        (["wang", "wang"], NOBODY),  # one of them was not put there by the proxy
        (["x" * 61], NOBODY),
    ],
)
def test_behind_a_proxy_only_those_listed_are_officers(named, actor):
    assert actor_of(chosen(**HEADER), named) == actor


def test_nobody_is_an_officer_by_an_empty_list():
    assert actor_of(chosen(auth="header"), [""]).role == "viewer"
    assert actor_of(chosen(auth="header", officers=" , "), [" "]).role == "viewer"


def test_the_header_can_be_named():
    assert chosen(auth="header").auth_header == "X-Remote-User"
    assert chosen(auth_header="X-Forwarded-User").auth_header == "X-Forwarded-User"


@pytest.mark.parametrize(
    ("environ", "sentence"),
    [
        ({"auth": "oidc"}, "DASHBOARD_AUTH 的值“oidc”无效：请写 none 或 header。"),
        (
            {"auth_header": "X User"},
            "DASHBOARD_AUTH_HEADER 的值“X User”无效：请写请求头的名称，如 X-Remote-User。",
        ),
        ({"officers": "a," + "b" * 61}, f"DASHBOARD_OFFICERS 里的账户“{'b' * 61}”太长：请写 60 个字以内。"),
    ],
)
def test_a_setting_that_cannot_be_is_refused(environ, sentence):
    with pytest.raises(ConfigError) as caught:
        chosen(**environ)
    assert str(caught.value) == sentence
