"""The pages of Administration: accounts, roles, and the way to everything else that the office keeps."""
