"""Between protobuf messages and Python values."""
