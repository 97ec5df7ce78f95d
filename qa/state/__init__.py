"""What a server keeps beside its documents: in its home, or where several servers share it."""
