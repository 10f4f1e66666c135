"""The client for asyncio: the same names, awaited."""
