"""The operator's page: what robots do, in a browser. A client of SiLA servers and a program of its own.

If it ends, or loses its connection, the robots go on.
"""
