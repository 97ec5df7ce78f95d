"""Mail: single messages, and files of many."""
