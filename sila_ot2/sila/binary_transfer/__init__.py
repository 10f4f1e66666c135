"""SiLA binary transfer: uploads, downloads, and where their bytes are kept."""
