"""The site where models are published, spoken with plainly: two kinds of GET, no account, nothing told about this computer.

Its own library would send along which programs are installed here, and cannot be stopped between two pieces of a file. Asked
only when the person asked for a download; HF_ENDPOINT names another site of the same kind, HF_HUB_OFFLINE forbids it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Any
from urllib.parse import quote, urlsplit

from .. import __version__
from ..errors import NoAnswer, NotFound, NotReady, StudioError
from .table import BaseModel

SITE = "https://huggingface.co"
CONNECT_S, SILENCE_S = 10.0, 30.0
TRUE = {"1", "true", "yes", "on"}


@dataclass(frozen=True, slots=True)
class Published:
    """A file as the site lists it: where, how large, its sha256 if it is large, and git's hash if it is small."""

    path: str
    size: int
    sha256: str
    git_sha1: str


class Hub(AbstractContextManager["Hub"]):
    """The site, for the files of one model. Raises NotReady where the person forbade it."""

    def __init__(self, model: BaseModel) -> None:
        import httpx2

        if os.environ.get("HF_HUB_OFFLINE", "").lower() in TRUE:
            raise NotReady(
                "HF_HUB_OFFLINE is set, so nothing is downloaded. Take it away to get {model}; all that is here works without.",
                model=model.title,
            )
        self._model = model
        self._site = (os.environ.get("HF_ENDPOINT") or SITE).rstrip("/")
        token = os.environ.get("HF_TOKEN", "")
        headers = {"user-agent": f"storybook-studio/{__version__}", "accept-encoding": "identity"}
        headers |= {"authorization": f"Bearer {token}"} if token else {}
        timeout = httpx2.Timeout(SILENCE_S, connect=CONNECT_S)
        self._client = httpx2.Client(headers=headers, timeout=timeout, follow_redirects=True)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def files(self) -> tuple[Published, ...]:
        """All files of the model's pinned revision. Raises NoAnswer, NotFound, NotReady."""
        import httpx2

        address = f"{self._site}/api/models/{self._model.repo}/tree/{self._model.revision}?recursive=true"
        try:
            response = self._client.get(address)
            response.raise_for_status()
            return tuple(_published(one) for one in response.json() if one["type"] == "file")
        except httpx2.HTTPError as error:
            raise self.told(error) from error
        except (ValueError, TypeError, KeyError) as error:
            raise self.silent() from error

    @contextmanager
    def opened(self, path: str, start: int) -> Iterator[tuple[int, Iterator[bytes]]]:
        """Where the answer begins, `start` or 0 where the site cannot begin in the middle, and its pieces.

        Raises httpx2.HTTPError, which `told` understands.
        """
        address = f"{self._site}/{self._model.repo}/resolve/{self._model.revision}/{quote(path)}"
        headers = {"range": f"bytes={start}-"} if start else {}
        with self._client.stream("GET", address, headers=headers) as response:
            response.raise_for_status()
            yield (
                start if response.status_code == 206 else 0,
                response.iter_raw(),
            )  # as they come, so that a break loses nothing

    def told(self, error: Exception) -> StudioError:
        """The sentence for what went wrong on the way."""
        import httpx2

        status = error.response.status_code if isinstance(error, httpx2.HTTPStatusError) else 0
        if status in (401, 403):
            return NotReady(
                "{model} is given only to who accepted its licence. Open {page}, accept it there, make an access token for "
                "reading, and start the studio with HF_TOKEN set to that token. Nothing was downloaded.",
                model=self._model.title,
                page=self._model.page,
            )
        if status == 404:
            return NotFound(
                "'{repo}' is not at '{site}' any more in the revision that the studio knows. Update the studio, or bring the "
                "model as a folder.",
                repo=self._model.repo,
                site=urlsplit(self._site).netloc,
            )
        return self.silent()

    def silent(self) -> NoAnswer:
        """For a site that cannot be reached, or that says nothing that can be used."""
        return NoAnswer(
            "'{site}' cannot be reached, or broke off. Look whether this computer is on the internet, and ask again: what has "
            "come of {model} is kept, and the download goes on from there.",
            site=urlsplit(self._site).netloc,
            model=self._model.title,
        )


def passing(error: Exception) -> bool:
    """Whether trying again may help: a line that broke, or a server that is busy."""
    import httpx2

    if isinstance(error, httpx2.HTTPStatusError):
        return error.response.status_code in (408, 429) or error.response.status_code >= 500
    return isinstance(error, httpx2.TransportError)


def _published(told: Any) -> Published:
    large = told.get("lfs") or {}
    return Published(str(told["path"]), int(told["size"]), str(large.get("oid", "")), str(told.get("oid", "")))
