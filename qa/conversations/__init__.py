"""Conversations: questions asked one after another, kept with their answers."""
