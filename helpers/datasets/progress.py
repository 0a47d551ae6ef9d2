"""A progress bar for downloads where somebody is looking, and silence where nobody is."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from helpers.datasets.downloading import Progress


@contextlib.contextmanager
def showing(title: str) -> Iterator[tuple[Progress, bool]]:
    """Give a `Progress` to report to, and whether it is silent because there is no terminal."""
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield (lambda name, done, total: None), True
        return
    console.print(f"{title} (Ctrl-C stops; the next fetch goes on from there)", highlight=False)
    from rich import progress as rich_progress

    columns = (
        rich_progress.TextColumn("{task.description}"),
        rich_progress.BarColumn(),
        rich_progress.DownloadColumn(),
        rich_progress.TransferSpeedColumn(),
        rich_progress.TimeRemainingColumn(),
    )
    with rich_progress.Progress(*columns, console=console, transient=True) as bars:
        tasks: dict[str, rich_progress.TaskID] = {}

        def report(name: str, done: int, total: int) -> None:
            if name not in tasks:
                tasks[name] = bars.add_task(name, total=total, completed=done)
            bars.update(tasks[name], completed=done)

        yield report, False
