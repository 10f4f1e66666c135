"""SiLA server discovery: announcing and finding servers on the network."""
