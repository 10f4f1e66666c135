"""Server-initiated connections (SiLA 1.1): the server connects to clients, which then send it their requests."""
