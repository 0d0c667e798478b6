"""A printed page read back: how large its sheets are, and what is written on each, as Chromium's PDF writer leaves it."""

from __future__ import annotations

import re
import unicodedata
import zlib
from dataclasses import dataclass
from functools import cached_property

_OBJECT = re.compile(rb"(\d+) 0 obj\s*(.*?)\s*endobj", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*)\r?\nendstream", re.DOTALL)
# Radicals that a font draws like the letter, and that no normal form takes for it.
_RADICALS = str.maketrans("⺠⻄⻅⻆⻉⻋⻓⻔⻘⻚⻛⻢⻬", "民西见角贝车长门青页风马齐")
_SHOWN = re.compile(rb"/(F\d+) [\d.]+ Tf|(?<!ActualText )<([0-9A-F]+)>")


@dataclass(frozen=True)
class Pdf:
    """A PDF in memory."""

    data: bytes

    @cached_property
    def _objects(self) -> dict[int, bytes]:
        return {int(n): body for n, body in _OBJECT.findall(self.data)}

    @cached_property
    def _sheets(self) -> list[bytes]:
        return [body for body in self._objects.values() if re.search(rb"/Type\s*/Page\b", body)]

    @property
    def sizes_mm(self) -> list[tuple[int, int]]:
        """Width and height of each sheet."""
        boxes = [re.search(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", sheet) for sheet in self._sheets]
        return [(round(float(b[1]) / 72 * 25.4), round(float(b[2]) / 72 * 25.4)) for b in boxes if b]

    @property
    def texts(self) -> list[str]:
        """What is written on each sheet, without blanks: a PDF places letters and knows no words."""
        written = [unicodedata.normalize("NFKC", self._written(sheet)) for sheet in self._sheets]  # ⽰ is 示
        return [re.sub(r"\s", "", text).translate(_RADICALS) for text in written]

    def _stream(self, number: int) -> bytes:
        found = _STREAM.search(self._objects[number])
        assert found
        return zlib.decompress(found[1]) if b"FlateDecode" in self._objects[number] else found[1]

    def _written(self, sheet: bytes) -> str:
        fonts = {name: self._letters(int(n)) for name, n in re.findall(rb"/(F\d+) (\d+) 0 R", sheet)}
        contents = re.search(rb"/Contents (\d+) 0 R", sheet)
        assert contents
        font: dict[str, str] = {}
        text = ""
        for name, codes in _SHOWN.findall(self._stream(int(contents[1]))):
            font = fonts[name] if name else font
            wide = max(map(len, font), default=2)  # one byte a letter, or two
            text += "".join(font.get(codes[i : i + wide].decode(), "") for i in range(0, len(codes), wide))
        return text

    def _letters(self, font: int) -> dict[str, str]:
        """Letters by the code that stands for them in this font."""
        told = re.search(rb"/ToUnicode (\d+) 0 R", self._objects[font])
        table = self._stream(int(told[1])).decode() if told else ""
        found: dict[str, str] = {}
        for block in re.findall(r"beginbfchar(.*?)endbfchar", table, re.DOTALL):
            for code, letter in re.findall(r"<(\w+)>\s*<(\w+)>", block):
                found[code.upper()] = bytes.fromhex(letter).decode("utf-16-be")
        for block in re.findall(r"beginbfrange(.*?)endbfrange", table, re.DOTALL):
            for first, last, letter in re.findall(r"<(\w+)>\s*<(\w+)>\s*<(\w+)>", block):
                for step in range(int(last, 16) - int(first, 16) + 1):
                    found[f"{int(first, 16) + step:0{len(first)}X}"] = chr(int(letter, 16) + step)
        return found
