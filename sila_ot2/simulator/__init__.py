"""A robot that moves nothing: a separate program, reached only over HTTP and MQTT."""
