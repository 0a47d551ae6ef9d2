"""A kernel's client that is ready as soon as the kernel is."""

from __future__ import annotations

import time
from queue import Empty

from jupyter_client.asynchronous.client import AsyncKernelClient


class PromptClient(AsyncKernelClient):
    """jupyter_client's, which would wait another 0.2 s until no message comes that nobody is waiting for."""

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
