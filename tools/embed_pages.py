#!/usr/bin/env python3
"""Turns built web pages into a C++ and an assembly file that embed them: plain, gzip and brotli, where those are smaller.

Usage: embed_pages.py DIST OUT. An empty or missing DIST makes a program without pages.
"""
import gzip
import subprocess
import sys
from pathlib import Path

dist, out = Path(sys.argv[1]), Path(sys.argv[2])
out.mkdir(parents=True, exist_ok=True)
blobs, entries = [], []


def embed(name: str, data: bytes) -> str:
    """Writes the bytes beside the C++ file and answers the expression that names them."""
    file = out / name
    file.write_bytes(data)
    blobs.append((name.replace(".", "_"), file.resolve()))
    symbol = blobs[-1][0]
    return f"std::string_view({symbol}, static_cast<std::size_t>({symbol}_end - {symbol}))"


files = sorted(file for file in dist.rglob("*") if file.is_file()) if dist.exists() else []
for number, file in enumerate(files):
    path = file.relative_to(dist).as_posix()
    plain = file.read_bytes()
    packed = {"plain": plain}
    if file.suffix in {".html", ".js", ".css", ".svg", ".json", ".webmanifest"}:
        packed["gz"] = gzip.compress(plain, 9, mtime=0)
        packed["br"] = subprocess.run(["brotli", "-q", "11", "-c"], input=plain, stdout=subprocess.PIPE, check=True).stdout
    sizes = {form: data for form, data in packed.items() if form == "plain" or len(data) < len(plain)}
    forms = {form: embed(f"page{number}.{form}", data) for form, data in sizes.items()}
    entries.append(f'        {{"{path}", {{"{path}", {forms["plain"]}, {forms.get("br", "{}")}, {forms.get("gz", "{}")}}}}},')

lines = ['// Made by tools/embed_pages.py.', '#include "http/pages.hpp"', '', 'extern "C" {']
for symbol, _ in blobs:
    lines += [f"extern const char {symbol}[];", f"extern const char {symbol}_end[];"]
lines.append("}")
lines += ["", "namespace okno::http {", "", "const std::map<std::string_view, Page>& embedded_pages() {",
          "    static const std::map<std::string_view, Page> pages{", *entries, "    };", "    return pages;", "}", "",
          "}  // namespace okno::http", ""]
# In assembly of its own: ccache takes no C++ that includes bytes.
assembly = [".section .rodata"]
for symbol, file in blobs:
    assembly += [f".global {symbol}", f"{symbol}:", f'.incbin "{file}"', f".global {symbol}_end", f"{symbol}_end:", ".byte 0"]
assembly += ['.section .note.GNU-stack,"",@progbits', ""]
(out / "pages.S").write_text("\n".join(assembly))
(out / "pages.cpp").write_text("\n".join(lines))
