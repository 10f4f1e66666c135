"""What other threads can do with an observable."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sila_ot2.driver.observable import Observable


def is_free(observable: Observable[Any]) -> bool:
    """Whether another thread could set it now."""

    def take() -> bool:
        taken = observable._lock.acquire(blocking=False)
        if taken:
            observable._lock.release()
        return taken

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(take).result()
