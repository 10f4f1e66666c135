"""The robot's interface: the only HTTP, its JSON, its refusals, its notifications."""

import sys

# Where click is installed, as it is with rocrate, httpx imports its own command line, and with that rich and pygments.
# It takes an ImportError for "not installed", and None makes Python raise one.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
