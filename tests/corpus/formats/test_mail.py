from __future__ import annotations

import io
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from PIL import Image

from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.files import read
from footnoted.corpus.formats import format_of
from footnoted.corpus.formats.mail.files import Eml, Mbox, messages
from footnoted.corpus.formats.mail.msg import Msg
from footnoted.corpus.formats.mail.quotes import attributed
from footnoted.corpus.formats.pdf.tesseract import Tesseract
from footnoted.corpus.types import Contents
from support.damage import damaged
from support.extracted import check, said
from support.msg import msg_file

REPLY = """Hi Tom,

the works start on Monday.

On Sun, 2 Feb 2025 at 10:00, Tom Rees <tom@example.org>
wrote:

> When do they start?
>
> > An older question
> I must know.

Thanks
--\u0020
Anna Berg
Phone 123
"""


def _message(text: str = REPLY, subject: str = "Re: Brücke") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Anna Bérg <anna@example.org>"
    message["To"] = "Tom Rees <tom@example.org>"
    message["Date"] = "Mon, 03 Feb 2025 23:12:00 +0100"
    message["Subject"] = subject
    message.set_content(text)
    return message


def _read(tmp_path: Path, data: bytes, name: str = "a.eml") -> Contents:
    path = tmp_path / name
    path.write_bytes(data)
    contents = format_of(path).read(path)
    for one in contents.texts:
        check(one)
    return contents


def test_a_message_says_who_wrote_what_to_whom(tmp_path: Path) -> None:
    (text,) = _read(tmp_path, _message().as_bytes()).texts
    assert (text.title, text.author, text.date) == ("Re: Brücke", "Anna Bérg", "2025-02-03")
    assert said(text, "row")[:2] == [
        ("From: Anna Bérg <anna@example.org>", ""),
        ("To: Tom Rees <tom@example.org>", ""),
    ]
    assert said(text, "cell")[1] == ("Tom Rees <tom@example.org>", "To")
    assert said(text, "quotation") == [
        ("When do they start?\n\nAn older question\n\nI must know.", "Tom Rees"),
        ("An older question", ""),
    ]
    assert said(text, "boilerplate") == [("Anna Berg\nPhone 123", "")]
    assert ("the works start on Monday.", "") in said(text, "paragraph")


@pytest.mark.parametrize(
    ("line", "writer"),
    [
        ("On Mon, Jan 6, 2025 at 9:15 AM Ina Holm <ina@example.org> wrote:", "Ina Holm"),
        ("Am 06.01.2025 um 09:15 schrieb Ina Holm:", "Ina Holm"),
        ("Am Mo., 6. Jan. 2025 um 09:15 Uhr schrieb Ina Holm <ina@example.org>:", "Ina Holm"),
        ("Le lun. 6 janv. 2025 à 09:15, Ina Holm <ina@example.org> a écrit :", "Ina Holm"),
        ("El lun, 6 ene 2025 a las 9:15, Ina Holm (<ina@example.org>) escribió:", "Ina Holm"),
        ("Il giorno lun 6 gen 2025 alle ore 09:15 Ina Holm ha scritto:", "Ina Holm"),
        ("Op ma 6 jan 2025 om 09:15 schreef Ina Holm <ina@example.org>:", "Ina Holm"),
        ("On 06/01/2025 09:15, ina@example.org wrote:", "ina@example.org"),
        ('06.01.2025, 09:15, "Ina Holm" <ina@example.org>:', "Ina Holm"),
        ("Mon, 6 Jan 2025 09:15:00 +0100 от Ina Holm <ina@example.org>:", "Ina Holm"),
        ("On Mon, 6 Jan 2025 09:15:00 +0100, Ina Holm <ina at n01mail.example> wrote:", "Ina Holm"),
        (
            "Thanks, all of you.\nOn Mon, 6 Jan 2025, 09:15 Ina Holm\n<ina@example.org> wrote:",
            "Ina Holm",
        ),
        ("In 2025 she wrote the following words, which I like.", ""),
        ("He wrote:", ""),
    ],
)
def test_whoever_is_quoted_is_named_in_many_languages(line: str, writer: str) -> None:
    assert attributed(line) == writer


@pytest.mark.parametrize(
    "above",
    [
        "-----Original Message-----\nFrom: Ina Holm <ina@example.org>\nSent: Monday\nTo: Tom",
        "-----Ursprüngliche Nachricht-----\n\nVon: Ina Holm\nGesendet: Montag\nAn: Tom",
        "From: Ina Holm <ina@example.org>\nSent: Monday\nTo: Tom\nSubject: Works",
        "De : Ina Holm <ina@example.org>\nEnvoyé : lundi\nÀ : Tom\nObjet : Travaux",
        "On Mon, 6 Jan 2025 at 09:15, Ina Holm <ina@example.org> wrote:",
    ],
)
def test_a_whole_message_below_its_headers_is_quoted(above: str, tmp_path: Path) -> None:
    data = _message(f"Yes.\n\n{above}\n\nMay we come?\n\nIna\n").as_bytes()
    (text,) = _read(tmp_path, data).texts
    ((quoted, writer),) = said(text, "quotation")
    assert quoted.endswith("May we come?\n\nIna")
    assert writer == "Ina Holm"
    assert "Yes." not in quoted


def test_a_page_is_read_where_there_is_no_plain_text(tmp_path: Path) -> None:
    message = _message()
    message.set_content(
        "<p>Yes, on Friday.</p><div class=gmail_quote><div>On Mon, Feb 3, 2025 at 9:00 AM Tom Rees "
        "wrote:</div><blockquote><div>When?</div></blockquote></div>",
        subtype="html",
    )
    (text,) = _read(tmp_path, message.as_bytes()).texts
    assert said(text, "quotation") == [("When?", "Tom Rees")]
    assert said(text, "paragraph")[0] == ("Yes, on Friday.", "")


def test_an_excuse_for_a_page_gives_way_to_it(tmp_path: Path) -> None:
    message = _message("Your program shows no pages.")
    message.add_alternative("<p>" + "The ferry leaves at nine. " * 10 + "</p>", subtype="html")
    (text,) = _read(tmp_path, message.as_bytes()).texts
    assert "ferry" in text.text
    assert "Your program" not in text.text


def test_lines_that_were_broken_to_be_sent_are_whole(tmp_path: Path) -> None:
    message = _message("x")
    message.replace_header("Content-Type", 'text/plain; charset="utf-8"; format=flowed')
    message.set_payload("The ferry leaves \nat nine.\n> It is \n> late.\n-- \nAnna\n")
    (text,) = _read(tmp_path, message.as_bytes()).texts
    assert said(text, "paragraph") == [("The ferry leaves at nine.", ""), ("It is late.", "")]


def test_unknown_and_broken_headers_are_read_as_they_can_be(tmp_path: Path) -> None:
    data = (
        "From: =?x-none?Q?Caf=E9?= <a@example.org>\nSubject: =?utf-8?B?!!!?= ok\n"
        "Date: soon\nContent-Type: text/plain; charset=x-none\n\nGrüße aus Köln.\n"
    ).encode()
    (text,) = _read(tmp_path, data).texts
    assert text.author == "Café"
    assert text.date is None
    assert text.text.endswith("Grüße aus Köln.")


def test_attachments_are_documents_of_their_own(tmp_path: Path) -> None:
    message = _message()
    message.add_attachment("name,age\nAnna,5\n", filename="../list.csv")
    message.add_attachment("name,age\nBert,6\n", filename="list.csv")
    message.add_attachment(b"\0\1", "application", "octet-stream", filename="old.xyz")
    message.add_attachment(b"\x89PNG", "image", "png", filename="a.png")
    message.add_attachment(_message("Inner words.", "Old: news"))
    (tmp_path / "m.eml").write_bytes(message.as_bytes())
    (file,) = read(tmp_path / "m.eml")
    names = ["m.eml", "m.eml/list.csv", "m.eml/list (2).csv", "m.eml/Old news.eml"]
    assert [one.id for one in file.documents] == names
    assert "Inner words." in file.documents[-1].text
    assert file.documents[1].title == "list"
    left_out, unread = file.warnings
    assert left_out == "1 attached picture or recording left out"
    assert unread.startswith("attachment old.xyz: no reader for .xyz files")
    assert file.lost == (unread,)


def test_pictures_are_attachments_but_logos_and_what_no_reader_reads(tmp_path: Path) -> None:
    message = _message("See below.")
    message.add_alternative("<p>See below.<img src='cid:a'><img src='cid:b'></p>", subtype="html")
    _, page = message.iter_parts()
    assert isinstance(page, EmailMessage)
    page.add_related(_picture(160, 80), "image", "png", cid="<a>", filename="logo.png")
    page.add_related(_picture(900, 300), "image", "png", cid="<b>", filename="pasted.png")
    message.add_attachment(_picture(160, 80), "image", "png", filename="note.png")
    message.add_attachment(_picture(9, 9), "image", "png", filename="dot.png")
    message.add_attachment(b"GIF89a", "image", "gif", filename="laughs.gif")
    contents = _read(tmp_path, message.as_bytes())
    assert [one.name for one in contents.attachments] == ["pasted.png", "note.png"]
    assert contents.warnings == ("3 attached pictures or recordings left out",)
    assert not contents.lost


def _picture(width: int, height: int) -> bytes:
    held = io.BytesIO()
    Image.new("L", (width, height), 250).save(held, "PNG")
    return held.getvalue()


@pytest.mark.skipif(not Tesseract().version, reason="needs tesseract")
def test_a_picture_without_text_is_no_loss(tmp_path: Path) -> None:
    message = _message()
    message.add_attachment(_picture(400, 300), "image", "png", filename="snow.png")
    (tmp_path / "m.eml").write_bytes(message.as_bytes())
    (file,) = read(tmp_path / "m.eml")
    (empty,) = file.warnings
    assert empty.startswith("attachment snow.png: holds no text; tesseract")
    assert not file.lost


def test_attachments_in_attachments_are_read_but_not_for_ever(tmp_path: Path) -> None:
    message = _message("Deepest words.", "0")
    for level in range(1, 6):
        outer = _message(f"Words {level}.", str(level))
        outer.add_attachment(message)
        message = outer
    (tmp_path / "m.eml").write_bytes(message.as_bytes())
    (file,) = read(tmp_path / "m.eml")
    assert [one.title for one in file.documents] == ["5", "4", "3", "2"]
    assert file.warnings[-1].endswith("1 attachments inside attachments left out")
    assert file.lost == file.warnings[-1:]


def test_each_message_of_many_is_a_text(tmp_path: Path) -> None:
    data = (
        "From anna@example.org Mon Feb  3 10:00:00 2025\nFrom: A <a@example.org>\nSubject: One\n\n"
        "First.\n\n>From the start it rained.\n\nFrom the start: all said so.\nAnd more.\n\n"
        "From éva@example.org Mon Feb  3 11:00:00 2025\nFrom: B <b@example.org>\nSubject: Two\n\n"
        "Second.\n"
    ).encode()
    (tmp_path / "all").write_bytes(data)
    assert isinstance(format_of(tmp_path / "all"), Mbox)
    (file,) = read(tmp_path / "all")
    assert [(one.id, one.title) for one in file.documents] == [("all#1", "One"), ("all#2", "Two")]
    assert "\n\nFrom the start it rained.\n\nFrom the start: all" in file.documents[0].text
    assert len(list(messages(data.replace(b"\n", b"\r\n")))) == 2


def test_messages_of_outlook(tmp_path: Path) -> None:
    rows = "name,age\n" + "Anna,5\n" * 1000
    data = msg_file(
        [
            (0x001A, "IPM.Note"),
            (0x0037, "Plan"),
            (0x0C1A, "Anna Berg"),
            (0x0C1F, "anna@example.org"),
            (0x1000, "The plan is ready.\r\n\r\nAnna"),
            (0x0039, datetime(2025, 2, 3, 10)),
            (0x340D, 0x40000),
        ],
        [[(0x3001, "Tom Rees"), (0x39FE, "tom@example.org"), (0x0C15, 1)]],
        [[(0x3707, "list.csv"), (0x3701, rows.encode()), (0x3705, 1)]],
    )
    contents = _read(tmp_path, data, "a.bin")
    (text,) = contents.texts
    assert (text.title, text.author, text.date) == ("Plan", "Anna Berg", "2025-02-03")
    assert said(text, "paragraph") == [("The plan is ready.", ""), ("Anna", "")]
    assert ("Tom Rees <tom@example.org>", "To") in said(text, "cell")
    assert contents.attachments[0].name == "list.csv"
    assert contents.attachments[0].data.decode() == rows
    for number, broken in enumerate(damaged(data)):
        _refused_or_read(Msg(), tmp_path / f"{number}.msg", broken)


def test_pictures_in_messages_of_outlook(tmp_path: Path) -> None:
    name, content, by_value, content_id = 0x3707, 0x3701, 0x3705, 0x3712
    # Small files would stand in streams of another kind; what follows an image is not looked at.
    small, large = (_picture(*size) + bytes(5000) for size in ((160, 80), (400, 300)))
    data = msg_file(
        [(0x001A, "IPM.Note"), (0x1000, "See below.")],
        attachments=[
            [(name, "logo.png"), (content, small), (by_value, 1), (content_id, "a")],
            [(name, "pasted.png"), (content, large), (by_value, 1), (content_id, "b")],
            [(name, "note.png"), (content, small), (by_value, 1)],
        ],
    )
    contents = _read(tmp_path, data, "a.bin")
    assert [one.name for one in contents.attachments] == ["pasted.png", "note.png"]
    assert contents.warnings == ("1 attached picture or recording left out",)
    assert not contents.lost


def test_broken_mail_is_refused_or_read(tmp_path: Path) -> None:
    message = _message()
    message.add_alternative("<p>Hi <b>there</b></p>", subtype="html")
    message.add_attachment(b"\0\1", "application", "pdf", filename="old.pdf")
    for number, broken in enumerate(damaged(message.as_bytes())):
        _refused_or_read(Eml(), tmp_path / f"{number}.eml", broken)
        _refused_or_read(Mbox(), tmp_path / f"{number}.mbox", b"From x 10:00\n" + broken)


def test_parts_nested_without_end_are_refused_or_read(tmp_path: Path) -> None:
    deep = "".join(
        f'Content-Type: multipart/mixed; boundary="b{at}"\n\n--b{at}\n' for at in range(3000)
    )
    _refused_or_read(Eml(), tmp_path / "a.eml", f"Subject: x\n{deep}\nText.\n".encode())


def _refused_or_read(form: Eml | Mbox | Msg, path: Path, data: bytes) -> None:
    path.write_bytes(data)
    try:
        contents = form.read(path)
    except UnusableInput as error:
        assert "\n" not in str(error)
    else:
        for one in contents.texts:
            check(one)


def _quoted(text: str, tmp_path: Path) -> list[tuple[str, str]]:
    (found,) = _read(tmp_path, _message(text).as_bytes()).texts
    return said(found, "quotation")


def test_who_answers_in_between_quotes_the_same(tmp_path: Path) -> None:
    text = "On 6 Jan 2025 at 09:15, Ina Holm wrote:\n> When?\n\nOn Monday.\n\n> Where?\n\nHere.\n"
    assert _quoted(text, tmp_path) == [("When?", "Ina Holm"), ("Where?", "Ina Holm")]


def test_a_quotation_may_name_its_writer_itself(tmp_path: Path) -> None:
    head = "> On 6 Jan 2025, at 09:15, Ina Holm <ina@example.org> wrote:\n>\n> When?\n"
    headers = "> Subject: Works\n> From: Ina Holm <ina@example.org>\n> To: Anna\n>\n> When?\n"
    for text in (head, headers):
        ((_, writer),) = _quoted(f"On Monday.\n\n{text}", tmp_path)
        assert writer == "Ina Holm"


def test_headers_of_a_quoted_message_stand_in_any_order(tmp_path: Path) -> None:
    text = "Fine.\n\nDate: Mon, 6 Jan 2025\nSubject: Works\nFrom: Ina Holm\nTo: Anna\n\nWhen?\n"
    ((quoted, writer),) = _quoted(text, tmp_path)
    assert writer == "Ina Holm"
    assert quoted.endswith("When?")


def test_a_message_below_a_quoted_one_is_of_another(tmp_path: Path) -> None:
    text = (
        "Fine.\n\nFrom: Ina Holm\nSent: Monday\nTo: Anna\n\nWhen?\n\n"
        "On 5 Jan 2025 at 09:15, Tom Rees <tom@example.org> wrote:\n\nThe works are late.\n"
    )
    assert [writer for _, writer in _quoted(text, tmp_path)] == ["Ina Holm", "Tom Rees"]
