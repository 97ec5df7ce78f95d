"""What a message says itself, and what it quotes of earlier ones, and of whom."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from footnoted.corpus.formats.flow import Block, Close, Item, Open

_DEEPEST = 8

# "On … wrote:" as programs put it above what is quoted.
_WROTE = re.compile(
    r"(?<!\w)(?:wrote|writes|schrieb|a écrit|escribió|ha scritto|escreveu|schreef|skrev|kirjoitti"
    r"|napisała|napisał\(a\)|napisał|pisze|napsala|napsal\(a\)|napsal|napísala|napísal|napisao"
    r"|napisala|írta|yazdı|пишет|написала|написал|написав|написа|пише|έγραψε|a scris|va escriure"
    r"|kirjutas|rakstīja|rašė|menulis|đã viết|כתב|כתבה|كتب|كتبت)(?!\w)"
    r"|写道|寫道|のメール|が書きました|作成|작성|เขียนว่า",
    re.I,
)
_LONGEST_ATTRIBUTION = 300
_MOST_LINES = 4
_LONGEST_HEAD = 6
# After the verb at most a name and an address follow: "schrieb Anna Berg <…>:".
_LONGEST_AFTER = 100
_ADDRESS = re.compile(r"[^\s<>@()\[\]]+@[^\s<>@()\[\]]+")
_ADDRESS_IN_MARKS = re.compile(
    r"<[^<>]*>|[<(\[]*(?:mailto:)?[^\s<>@()\[\]]+@[^\s<>@()\[\]]+[>)\]]*"
)
_BEFORE_NAME = re.compile(
    r".*\d\s*(?:Uhr|h|am|pm|[ap]\.m\.|GMT|UTC|CET|CEST|[+-]\d{4}|\([A-Z]+\))?\)?[\s,;:]*",
    re.I | re.S,
)
_LITTLE_WORDS = re.compile(
    r"^(?:on|am|um|le|el|il|em|op|den|von|by|de|da|от|пользователь)\b[\s,]*", re.I
)
# Some programs put no verb: "26.06.2014, 14:41, "Ann Lee" <…>:".
_WITHOUT_VERB = re.compile(r"\d{1,2}[:.]\d{2}.*<[^<>@\s]+@[^<>@\s]+>\s*[:：]$")
_ON_BEHALF = re.compile(r"\bon behalf of\b.*", re.I | re.S)

# "-----Original Message-----" and what else stands above a whole message that is quoted.
_RULED = re.compile(
    r"^\s*(?:-{2,}|_{2,}|\*{2,}|={2,})?\s*(?:original message|original appointment"
    r"|forwarded message|forwarded by .*|begin forwarded message|ursprüngliche nachricht"
    r"|originalnachricht|weitergeleitete nachricht|anfang der weitergeleiteten nachricht"
    r"|message d['’]origine|message original|message transféré|début du message réexpédié"
    r"|mensaje original|mensaje reenviado|messaggio originale|messaggio inoltrato"
    r"|messaggio riportato|oorspronkelijk bericht|doorgestuurd bericht|mensagem original"
    r"|mensagem encaminhada|ursprungligt meddelande|oprindelig meddelelse|opprinnelig melding"
    r"|alkuperäinen viesti|wiadomość oryginalna|původní zpráva|исходное сообщение"
    r"|пересылаемое сообщение|原始邮件"
    r"|转发的邮件|転送メッセージ|元のメッセージ)\s*:?\s*(?:-{2,}|_{2,}|\*{2,}|={2,})?\s*$",
    re.I,
)
_FROM = r"from|von|de|da|van|från|fra|lähettäjä|od|от|发件人|寄件者|差出人|보낸 사람"
_OTHER = (
    r"sent|date|to|subject|gesendet|datum|an|betreff|envoyé|à|objet|enviado(?: el)?|fecha|para"
    r"|asunto|inviato|data|a|oggetto|verzonden|aan|onderwerp|assunto|skickat|till|ämne|sendt|til|emne"
    r"|wysłano|do|temat|дата|кому|тема|发送时间|收件人|主题|送信日時|宛先|件名|cc"
)
_FROM_LINE = re.compile(rf"^[\s*>]*(?:{_FROM})[\s*]*[:：]\s*\**\s*(\S.*)$", re.I)
_OTHER_LINE = re.compile(rf"^[\s*>]*(?:{_OTHER})[\s*]*[:：]", re.I)
_SIGNATURE = re.compile(r"^-- ?$")
_QUOTED = re.compile(r"^((?:> ?)+)")


def of_plain(text: str, is_flowed: bool = False, joins_without_space: bool = False) -> list[Item]:
    """The blocks of a message in plain text: paragraphs, and quotations as deep as its marks."""
    items: list[Item] = []
    depth = 0
    together: list[str] = []
    is_signature = False

    def end() -> None:
        if together:
            items.append(Block("boilerplate" if is_signature else "paragraph", "\n".join(together)))
            together.clear()

    for level, line in _lines(text, is_flowed, joins_without_space):
        level = min(level, _DEEPEST)
        if level != depth:
            end()
            is_signature = False
            items += [Open("quotation")] * (level - depth) + [Close()] * (depth - level)
            depth = level
        if _SIGNATURE.match(line):
            end()
            is_signature = True
        elif _RULED.match(line) or _begins_headers(together, line):
            end()
            is_signature = False
            together.append(line)
        elif line.strip():
            together.append(line)
        else:
            end()
    end()
    items += [Close()] * depth
    return items


def _begins_headers(together: Sequence[str], line: str) -> bool:
    return bool(_FROM_LINE.match(line)) and not any(map(_OTHER_LINE.match, together[-1:]))


def _lines(text: str, is_flowed: bool, joins_without_space: bool) -> Iterator[tuple[int, str]]:
    """Each line with how deep it is quoted; lines that were only broken to fit are whole again."""
    kept: tuple[int, str] | None = None
    for line in text.splitlines():
        marks = _QUOTED.match(line)
        level = marks[1].count(">") if marks else 0
        said = line[marks.end() :] if marks else line
        if not is_flowed:
            yield level, said
            continue
        said = said.removeprefix(" ") if not marks else said
        if kept and kept[0] == level and said != "-- ":
            said = kept[1] + said
        elif kept:
            yield kept
        kept = None
        if said.endswith(" ") and said != "-- ":
            kept = (level, said[:-1] if joins_without_space else said)
        else:
            yield level, said
    if kept:
        yield kept


def with_writers(items: Sequence[Item]) -> list[Item]:
    """Quotations with their writers; what stands below the headers of another message is quoted."""
    found: list[Item] = []
    depth = 0
    is_quoting = False
    writer = quoted = ""
    for at, item in enumerate(items):
        if isinstance(item, Open):
            depth += 1
            is_of_writer = item.kind == "quotation" and not item.value
            writer = writer or _named_inside(items, at)
            if depth == 1 and is_of_writer:
                # Who answers in between goes on to quote the same.
                writer = quoted = writer or quoted
            found.append(replace(item, value=writer) if is_of_writer else item)
        elif isinstance(item, Close):
            depth -= 1
            found.append(item)
        elif (begins := None if depth else _quoted_from(items, at)) is not None:
            found += (
                [Close(), Open("quotation", begins)] if is_quoting else [Open("quotation", begins)]
            )
            found.append(item)
            is_quoting = True
        else:
            found.append(item)
        writer = attributed(item.text) if isinstance(item, Block) else ""
        if writer and not depth and not isinstance(_at(items, at + 1), Open):
            found += [Close()] * is_quoting
            found.append(Open("quotation", writer))
            is_quoting = True
    return [*found, Close()] if is_quoting else found


def _named_inside(items: Sequence[Item], at: int) -> str:
    """The writer whom a quotation itself names at its head, as some programs put it."""
    inside, below = _at(items, at + 1), _at(items, at + 2)
    if not isinstance(inside, Block):
        return ""
    named = attributed(inside.text) if isinstance(below, Block) else ""
    return named or _quoted_from(items, at + 1) or ""


def _at(items: Sequence[Item], at: int) -> Item | None:
    return items[at] if 0 <= at < len(items) else None


def attributed(text: str) -> str:
    """The writer whom "On …, … wrote:" names at the end of a text, "" if it does not."""
    lines = text.splitlines()
    ends = (" ".join(lines[-many:]) for many in range(1, _MOST_LINES))
    dated = (one for one in ends if re.search(r"\d", _ADDRESS_IN_MARKS.sub("", one)))
    return next(filter(None, map(_attributed, dated)), "") or _attributed(text)


def _attributed(text: str) -> str:
    said = " ".join(text.split())
    if len(said) > _LONGEST_ATTRIBUTION or not said.endswith((":", "：")):
        return ""
    if not re.search(r"\d", said) and not _ADDRESS.search(said):
        return ""
    verb = next(iter(_WROTE.finditer(said)), None)
    if verb is None and _WITHOUT_VERB.search(said):
        return _name(said)
    if verb is None or len(said) - verb.end() > _LONGEST_AFTER:
        return ""
    # The name stands before "wrote", as in most languages, or after "schrieb".
    return _name(said[: verb.start()]) or _name(said[verb.end() :])


def _name(part: str) -> str:
    address = _ADDRESS.search(part)
    plain = _BEFORE_NAME.sub("", _ADDRESS_IN_MARKS.sub(" ", _ON_BEHALF.sub("", part)))
    name = _LITTLE_WORDS.sub("", plain.strip()).strip(" ,;:<>\"'“”()[]")
    if re.search(r"[^\W\d_]{2}", name) and len(name) <= _LONGEST_AFTER:
        return name
    return address[0].strip("\"',:;") if address else ""


def _quoted_from(items: Sequence[Item], at: int) -> str | None:
    """The writer of a message that is quoted from here on, "" if unknown; None if none is."""
    lines = _lines_of(items, at)
    above = _lines_of(items, at - 1)
    if not lines or (len(above) == 1 and _RULED.match(above[0])):
        return None
    is_ruled = bool(_RULED.match(lines[0]))
    if is_ruled and len(lines) == 1:
        lines = lines + _lines_of(items, at + 1)
    head = lines[:_LONGEST_HEAD]
    others = [bool(_OTHER_LINE.match(line)) for line in head]
    for number, line in enumerate(head):
        named = _FROM_LINE.match(line)
        # Two headers are a message's if this is the first; if others are, it takes three.
        is_head = all(others[:number]) and sum(others) >= (2 if number else 1)
        if named and (is_ruled or is_head):
            return _name(named[1]) or named[1].strip()
    return "" if is_ruled else None


def _lines_of(items: Sequence[Item], at: int) -> list[str]:
    item = _at(items, at)
    return item.text.splitlines() if isinstance(item, Block) else []
