"""A site that publishes a model, on this computer: the two kinds of address that a download asks for, and misfortunes."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


@dataclass(slots=True)
class Site:
    """What is published, what was asked for, and what goes wrong."""

    files: dict[str, bytes]
    asked: list[tuple[str, str]] = field(default_factory=list)  # path and the range that was wished
    breaks_in: str = ""  # the file whose line breaks, after so many bytes, so many times
    breaks_after: int = 5000
    breaks: int = 0
    then_refuses: int = 0  # a status for everything after a break
    claims: int = 0  # bytes that the weights are said to have
    refuses: int = 0  # a status for everything
    lies: bool = False  # about the hashes
    whole_only: bool = False  # cannot begin in the middle
    address: str = ""

    def listed(self) -> list[dict[str, Any]]:
        entries: list[dict[str, Any]] = [{"type": "directory", "path": "unet", "size": 0, "oid": ""}]
        for path, raw in self.files.items():
            git = hashlib.sha1(b"blob %d\0" % len(raw) + raw).hexdigest()
            entry = {"type": "file", "path": path, "size": len(raw), "oid": git}
            if path.endswith(".safetensors"):
                sha256 = hashlib.sha256(raw + (b"!" if self.lies else b"")).hexdigest()
                entry |= {"lfs": {"oid": sha256, "size": len(raw), "pointerSize": 135}, "size": self.claims or len(raw)}
            entries.append(entry)
        return entries


@contextmanager
def published(site: Site) -> Iterator[Site]:
    """The site, answering at its address while the block runs."""

    class Answers(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if site.refuses:
                self.send_error(site.refuses)
            elif "/tree/" in self.path:
                self._give(json.dumps(site.listed()).encode(), "/tree/")
            else:
                self._file(self.path.split("/resolve/")[1].partition("/")[2])

        def _file(self, path: str) -> None:
            wish = self.headers.get("range", "")
            site.asked.append((path, wish))
            start = 0 if site.whole_only else int(wish.removeprefix("bytes=").rstrip("-") or 0)
            self._give(site.files[path][start:], path, 206 if start else 200)

        def _give(self, raw: bytes, path: str, status: int = 200) -> None:
            self.send_response(status)
            self.send_header("content-length", str(len(raw)))
            self.end_headers()
            if path == site.breaks_in and site.breaks:
                site.breaks, site.refuses = site.breaks - 1, site.then_refuses
                self.wfile.write(raw[: site.breaks_after])
                self.wfile.flush()
                self.close_connection = True
                self.connection.shutdown(2)
            else:
                self.wfile.write(raw)

        def log_message(self, *_: Any) -> None:
            """Nothing on the terminal."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        site.address = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield site
        finally:
            server.shutdown()
            thread.join()


def files_of(folder: Path, halved: bool = True) -> dict[str, bytes]:
    """The files of a model as its makers publish them: weights of half precision under a name of their own, beside others."""
    found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    if halved:
        weights = [name for name in found if name.endswith(".safetensors")]
        found |= {name.replace(".safetensors", ".fp16.safetensors"): found[name] for name in weights}
        found |= {name: b"twice as large" for name in weights}
    return found | {
        "README.md": b"# Words",
        "unet/diffusion_pytorch_model.bin": b"\x80\x04",
        "sd_xl.safetensors": b"all",
    }
