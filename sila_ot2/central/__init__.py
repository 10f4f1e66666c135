"""Copies of ended runs, their pictures and the audit trail in a central database; loaded only when there is one."""
