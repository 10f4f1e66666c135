"""Control of the modules: commands for them, waiting for what they do, and what they did."""
