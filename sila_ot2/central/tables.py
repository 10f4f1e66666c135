"""The tables of the central database. Several servers share them; each row names its server.

A new table, or a change of one, is a new version, which brings the tables of the earlier ones up to date; a test
compares the version with the tables.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, DateTime, Float, Integer, LargeBinary, MetaData, String, Table, Text

METADATA = MetaData()
VERSION = 1
"""Of the tables: releases up to that write to them."""

SCHEMA = Table(
    "sila_ot2_schema",
    METADATA,
    Column("only", Integer, primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
)
RUNS = Table(
    "sila_ot2_runs",
    METADATA,
    Column("server_uuid", String(36), primary_key=True),
    Column("run_id", String, primary_key=True),
    Column("robot", String, nullable=False),
    Column("origin", String, nullable=False),
    Column("purpose", String, nullable=False),
    Column("protocol_name", String, nullable=False),
    Column("label", String, nullable=False),
    Column("result", String, nullable=False),
    Column("explanation", Text, nullable=False),
    Column("started_at", DateTime(timezone=True)),
    Column("completed_at", DateTime(timezone=True)),
    Column("seen_ended_at", DateTime(timezone=True), nullable=False),
    Column("duration_s", Float, nullable=False),
    Column("tips_used", Integer, nullable=False),
    Column("record", Text, nullable=False, comment="everything that is known of the run, as JSON"),
    Column("log", LargeBinary, nullable=False, comment="its commands as lines of JSON, compressed by gzip"),
)
PICTURES = Table(
    "sila_ot2_run_pictures",
    METADATA,
    Column("server_uuid", String(36), primary_key=True),
    Column("run_id", String, primary_key=True),
    Column("file_name", String, primary_key=True),
    Column("moment", String, nullable=False),
    Column("taken_at", DateTime(timezone=True), nullable=False),
    Column("content", LargeBinary, nullable=False, comment="JPEG"),
)
AUDIT = Table(
    "sila_ot2_audit",
    METADATA,
    Column("server_uuid", String(36), primary_key=True),
    Column("digest", String(64), primary_key=True, comment="SHA-256 of the line, which the next line repeats"),
    Column("number", BigInteger, nullable=False, index=True),
    Column("line", Text, nullable=False, comment="the entry as it is in the file of the server, JSON"),
)
