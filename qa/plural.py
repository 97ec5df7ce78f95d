"""Numbers of things, in the singular and the plural."""


def counted(number: int, noun: str) -> str:
    """So many of what ``noun`` names: "1 file", "2,000 files"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
