"""Who may use a server: accounts, their sessions, and what each may read and change."""
