"""The SiLA face: one class per feature, a dozen lines per command."""
