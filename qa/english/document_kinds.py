"""What documents are called."""

from __future__ import annotations

import re

KINDS = (
    r"(?:articles?|blogs?|books?|booklets?|bulletins?|brochures?|chapters?|documents?|docs?|essays?"
    r"|e-?mails?|factsheets?|files?|guides?|handbooks?|handouts?|leaflets?|letters?|manuals?|memos?"
    r"|memorandum|messages?|minutes|newsletters?|notes?|notices?|pages?|papers?|pieces?|posts?"
    r"|presentations?|(?:press )?releases?|readme|records?|reports?|reviews?|slides?|sources?"
    r"|spreadsheets?|statements?|stor(?:y|ies)|summar(?:y|ies)|texts?|transcripts?|web ?pages?)"
)
KIND = re.compile(rf"\b{KINDS}\b", re.I)
