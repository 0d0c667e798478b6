"""What taking back asks and refuses, whatever it takes back: a reason without numbers of persons, and a store that has it."""

from __future__ import annotations

from ..store import Store, StoreError
from .cells import clean, person_number

_NAMES = {"live": "正式库", "demo": "演示库"}


class TakeBackError(StoreError):
    """What was to be taken back stays; the message says why in one sentence and names the way out."""


def reason_given(reason: str, example: str) -> str:
    """The reason that must be given; raises TakeBackError when there is none, or a number of a person in it."""
    why = without_persons(reason)
    if not why:
        raise TakeBackError(f"没有写撤回的原因：请用 --reason 写明，如 {example}。")
    return why


def without_persons(reason: str) -> str:
    """The reason as one line, empty when there is none; raises TakeBackError for a number of a person in it."""
    why = clean(reason)
    if number := person_number(why):
        raise TakeBackError(f"--reason 含身份证号或手机号码（{number}）：本系统不收个人信息，请改去号码。")
    return why


def not_here(store: Store, what: str) -> TakeBackError:
    """That this store has nothing of the kind, ``what`` with its mark at the end, and how the other one is asked."""
    other = "live" if store.kind == "demo" else "demo"
    away = f"要撤回{_NAMES[other]}里的，请在命令后面加 --data {other}。"
    return TakeBackError(f"{_NAMES[store.kind]}里没有{what}{away}")
