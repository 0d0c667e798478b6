"""Python's argument parser in Chinese: what it says of a wrong command line, its usage and its help."""

from __future__ import annotations

import argparse
import re
from typing import Any, NoReturn, TypeAlias

# What argparse says, and how it is said here; an error of our own comes with the argument's name before it.
_SAYINGS = (
    (r"the following arguments are required: (.*)", r"缺少 \1。"),
    (r"unrecognized arguments: (.*)", r"不认识 \1。"),
    (r"argument (\S+): invalid choice: '?(.*?)'? \(choose from (.*)\)", r"\1 不能是“\2”，可以写 \3。"),
    (r"argument (\S+): expected one argument", r"\1 后面要写一个值。"),
    (r"argument (\S+): ignored explicit argument '(.*)'", r"\1 后面不能写“\2”。"),
    (r"argument (\S+): (.*)", r"\1：\2。"),
)


class Parser(argparse.ArgumentParser):
    """A parser whose errors are a sentence and the usage, with exit code 2."""

    def __init__(self, **named: Any) -> None:
        super().__init__(add_help=False, allow_abbrev=False, formatter_class=_Formatter, **named)
        self._positionals.title, self._optionals.title = "要写的", "可写的"
        self.add_argument("-h", "--help", action="help", help="看这份说明")

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and how it is written."""
        usage = " ".join(self.format_usage().split())
        self.exit(2, f"{_said(message)}\n{usage}\n")


class _Formatter(argparse.HelpFormatter):
    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)


def _said(message: str) -> str:
    for pattern, sentence in _SAYINGS:
        found = re.fullmatch(pattern, message)
        if found:
            return found.expand(sentence).replace("', '", "、").replace("'", "").replace(", ", "、")
    return message


Commands: TypeAlias = "argparse._SubParsersAction[Parser]"
