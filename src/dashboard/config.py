"""Settings from the environment. The only file that reads it; knows nothing of the store."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
# In a checkout the data files lie beside src/; an installed package carries them inside.
_CHECKOUT = Path(__file__).parents[1].name == "src"
DATA = ROOT / "data" if _CHECKOUT else Path(__file__).with_name("data")
PAGES = ROOT / "pages"

# Name, default as the README prints it, meaning. A test holds the README's table against this one.
SETTINGS = (
    ("PORT", "8501", "where `make run` and `python app.py` serve"),
    ("HOST", "127.0.0.1", "the address they listen on; 0.0.0.0 for the whole intranet"),
    ("DASHBOARD_HOME", "var", "where the stores and your own catalogue files live"),
    (
        "DASHBOARD_DATABASE_URL",
        "SQLite in DASHBOARD_HOME",
        "the live store, e.g. postgresql+psycopg://user@host/db",
    ),
    ("DASHBOARD_DEMO_DATABASE_URL", "SQLite in DASHBOARD_HOME", "the demo store"),
    ("DASHBOARD_DEMO", "on", "off: no demo store, no switch to it"),
    ("DASHBOARD_DEFAULT_DATA", "auto", "which store opens first: live, demo, or auto (see below)"),
    ("DASHBOARD_AUTH", "none", "who may write: none, everybody; header, the accounts listed (see below)"),
    ("DASHBOARD_AUTH_HEADER", "X-Remote-User", "the header in which your proxy names the account"),
    ("DASHBOARD_OFFICERS", "nobody", "accounts that are officers under `header`, with commas between them"),
    (
        "DASHBOARD_MAP_STYLE",
        "none",
        "the address of a map style (JSON) of your own, drawn under stations and points (see below)",
    ),
    ("DASHBOARD_MAP_CREDIT", "none", "whose basemap that is and its 审图号, printed under these maps"),
)
LONGEST_ACCOUNT = 60
_LONGEST_CREDIT = 120


class ConfigError(Exception):
    """A setting that cannot be used; the message names it and the way out."""


@dataclass(frozen=True)
class Basemap:
    """A ground of the installation's own: the address of its style, the only origin it may come from, and the
    line that stands under it."""

    style: str
    origin: str
    credit: str


@dataclass(frozen=True)
class Settings:
    """What an installation may decide. Paths are absolute, URLs are SQLAlchemy's."""

    port: int
    host: str
    home: Path
    database_url: str
    demo_database_url: str
    default_data: str
    demo: bool
    auth: str = "none"
    auth_header: str = "X-Remote-User"
    officers: frozenset[str] = frozenset()
    basemap: Basemap | None = None

    @property
    def catalogue_overlay(self) -> Path:
        """Files here win over the shipped catalogue, so an upgrade loses nothing."""
        return self.home / "catalogue"

    def url(self, data: str) -> str:
        """Database of one of the two stores, ``live`` or ``demo``."""
        return {"live": self.database_url, "demo": self.demo_database_url}[data]


def settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings; raises ConfigError for a value that is none of those allowed."""
    home = _home(environ)
    default_data = _choice(environ, "DASHBOARD_DEFAULT_DATA", ("auto", "live", "demo"))
    demo = _choice(environ, "DASHBOARD_DEMO", ("on", "off")) == "on"
    if default_data == "demo" and not demo:
        raise ConfigError("DASHBOARD_DEFAULT_DATA 是 demo，而 DASHBOARD_DEMO 是 off：请改其中一个。")
    port = environ.get("PORT") or "8501"
    if not port.isdigit() or not 1 <= int(port) <= 65535:
        raise ConfigError(f"PORT 的值“{port}”无效：请写 1 到 65535 之间的数字。")
    return Settings(
        port=int(port),
        host=environ.get("HOST") or "127.0.0.1",
        home=home,
        database_url=environ.get("DASHBOARD_DATABASE_URL") or f"sqlite:///{home / 'live.sqlite'}",
        demo_database_url=environ.get("DASHBOARD_DEMO_DATABASE_URL") or f"sqlite:///{home / 'demo.sqlite'}",
        default_data=default_data,
        demo=demo,
        auth=_choice(environ, "DASHBOARD_AUTH", ("none", "header")),
        auth_header=_header(environ),
        officers=_officers(environ),
        basemap=_basemap(environ),
    )


def _home(environ: Mapping[str, str]) -> Path:
    """The folder of the installation. Only its last part is made: further up it is a slip of the pen."""
    asked = environ.get("DASHBOARD_HOME") or (ROOT if _CHECKOUT else Path.cwd()) / "var"
    home = Path(asked).expanduser().resolve()
    if not home.parent.is_dir():
        raise ConfigError(
            f"DASHBOARD_HOME 的值“{asked}”无效：没有 {home.parent} 这个文件夹，请改正写法，或先建好它。"
        )
    return home


def _header(environ: Mapping[str, str]) -> str:
    found = environ.get("DASHBOARD_AUTH_HEADER") or "X-Remote-User"
    if not re.fullmatch(r"[A-Za-z0-9-]+", found):
        raise ConfigError(f"DASHBOARD_AUTH_HEADER 的值“{found}”无效：请写请求头的名称，如 X-Remote-User。")
    return found


def _officers(environ: Mapping[str, str]) -> frozenset[str]:
    """The accounts listed; under ``header`` nobody is an officer who is not."""
    named = [name.strip() for name in environ.get("DASHBOARD_OFFICERS", "").split(",")]
    for name in named:
        if len(name) > LONGEST_ACCOUNT:
            raise ConfigError(f"DASHBOARD_OFFICERS 里的账户“{name}”太长：请写 {LONGEST_ACCOUNT} 个字以内。")
    return frozenset(filter(None, named))


# What may stand in an address that becomes part of a header: nothing that ends it.
_ADDRESS = re.compile(r"https?://[A-Za-z0-9\[][A-Za-z0-9.:\[\]-]*(/[\w\-.~%!$&()*+=:@/?]*)?", re.ASCII)


def _basemap(environ: Mapping[str, str]) -> Basemap | None:
    """The ground of the maps; None without one. Whose it is and its 审图号 are the installation's to say."""
    style = (environ.get("DASHBOARD_MAP_STYLE") or "").strip()
    credit = " ".join((environ.get("DASHBOARD_MAP_CREDIT") or "").split())
    if not style:
        return None
    origin = _origin(style)
    if len(credit) > _LONGEST_CREDIT:
        raise ConfigError(f"DASHBOARD_MAP_CREDIT 太长：请写 {_LONGEST_CREDIT} 个字以内。")
    return Basemap(style, origin, credit)


def _origin(style: str) -> str:
    """Scheme, host and port of the address of a style, which is all that a browser may ask besides this server."""
    why = ""
    if "{z}" in style:
        why = "这是瓦片的地址，请写引用它的样式（JSON）的地址"
    elif "@" in style.partition("//")[2].partition("/")[0]:
        why = "地址里不能有账户或密码，它们会送到每个浏览器"
    elif re.search("mapbox|cartocdn", style):
        why = "地址里有 mapbox 或 cartocdn 时，页面会把它当作要密钥的外部服务"
    elif not _ADDRESS.fullmatch(style):
        why = "请写样式（JSON）的完整地址，如 http://maps.example/style.json"
    if not why:
        try:
            found = urlsplit(style)
            port = f":{found.port}" if found.port else ""
            name = f"[{found.hostname}]" if ":" in (found.hostname or "") else found.hostname
            return f"{found.scheme}://{name}{port}"
        except ValueError:
            why = "请写样式（JSON）的完整地址，如 http://maps.example/style.json"
    raise ConfigError(f"DASHBOARD_MAP_STYLE 的值“{style}”无效：{why}。")


def _choice(environ: Mapping[str, str], name: str, allowed: tuple[str, ...]) -> str:
    """The value of a setting, the first of those allowed when it is not set."""
    found = environ.get(name) or allowed[0]
    if found not in allowed:
        raise ConfigError(f"{name} 的值“{found}”无效：请写 {' 或 '.join(allowed)}。")
    return found
