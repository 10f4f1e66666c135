"""What stands in the slots of the deck: declared, loaded, needed by a protocol, in conflict."""
