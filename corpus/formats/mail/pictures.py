"""The pictures that come with mail: which may hold text, and which are there to be looked at."""

from __future__ import annotations

from io import BytesIO

from footnoted.corpus.formats.pdf import IMAGES

# Of the shorter side, in pixels: what is smaller, if it stands in the text, is the sender's logo.
_SMALLEST, _SMALLEST_SHOWN = 50, 200


def may_hold_text(picture: bytes, is_shown: bool) -> bool:
    """Whether a picture is of a kind that is read, and large enough to be worth it.

    ``is_shown`` says that it stands in the text of the message.
    """
    import PIL.Image

    if not picture.startswith(IMAGES):
        return False
    try:
        with PIL.Image.open(BytesIO(picture)) as image:
            return min(image.size) >= (_SMALLEST_SHOWN if is_shown else _SMALLEST)
    except Exception:  # Pillow raises whatever it stumbles over, which whoever reads it tells
        return True


def left_out(many: int) -> tuple[str, ...]:
    """What is said of so many that are not read."""
    if not many:
        return ()
    what = "pictures or recordings" if many > 1 else "picture or recording"
    return (f"{many} attached {what} left out",)
