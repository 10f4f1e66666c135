"""Traces and metrics by OpenTelemetry; loaded only when it is on."""
