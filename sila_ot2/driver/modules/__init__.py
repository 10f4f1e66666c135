"""Control of the modules: what is asked of them, waiting for what they do, and what they did."""
