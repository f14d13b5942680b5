"""Requests to a server whose name was looked up once: they go to the numbers found then, whatever the name leads to now."""

from __future__ import annotations

from collections.abc import Sequence

import httpx2


class Pinned(httpx2.AsyncHTTPTransport):
    """Speaks to the first of these numbers that answers. The certificate is still checked against the name."""

    def __init__(self, numbers: Sequence[str]) -> None:
        super().__init__(trust_env=False)
        self._numbers = tuple(numbers)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        host, last = request.url.host, self._numbers[-1]
        request.extensions = {**request.extensions, "sni_hostname": host}
        for number in self._numbers:
            request.url = request.url.copy_with(host=number)
            try:
                return await super().handle_async_request(request)
            except (httpx2.ConnectError, httpx2.ConnectTimeout):
                if number == last:
                    raise
        raise httpx2.ConnectError("the name leads nowhere", request=request)
