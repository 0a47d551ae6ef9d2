"""A kernel's client that is ready as soon as the kernel is."""

from __future__ import annotations

import time
from queue import Empty

import zmq.asyncio
from jupyter_client.asynchronous.client import AsyncKernelClient
from traitlets import default

_MILLISECONDS_TO_RECONNECT = 2


class PromptClient(AsyncKernelClient):
    """jupyter_client's, which would wait longer than needed, twice.

    It connects before the kernel listens, and ZeroMQ tries again after 0.1 s only. And when the kernel has
    answered, it waits another 0.2 s until no message comes that nobody is waiting for.
    """

    @default("context")
    def _prompt_context(self) -> zmq.asyncio.Context:
        context: zmq.asyncio.Context = super()._context_default()
        context.reconnect_ivl = _MILLISECONDS_TO_RECONNECT
        return context

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Called by nbclient: returns once the kernel answers and what it displays arrives.

        Raises RuntimeError where it ends first, or doesn't answer within `timeout` seconds.
        """
        deadline = time.monotonic() + (timeout or float("inf"))
        while not await self._answers():
            if not await self.is_alive():
                raise RuntimeError("The kernel came to an end before it answered.")
            if time.monotonic() > deadline:
                raise RuntimeError(f"The kernel did not answer in {timeout} seconds.")

    async def _answers(self) -> bool:
        self.kernel_info()
        try:
            await self.get_shell_msg(timeout=1)  # to this request, or an earlier one: either will do
            await self.get_iopub_msg(timeout=0.2)  # else it isn't connected yet, and would miss outputs
        except Empty:
            return False
        return True
