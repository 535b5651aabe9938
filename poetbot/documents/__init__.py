"""Any file to text or records: what is in it, read within bounds."""
