from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footnoted.qa.follow_up.standing_alone import meanings, standalone, stands_alone
from footnoted.qa.protocols import ANSWER, Meaning

PLAN = "Who opposes the plan?"
OFFICE = "Where will Denmark open an office?"
AMNESTY = "What does Amnesty say about the plan?"
CURIE = "Who is Marie Curie?"
IBUPROFEN = "What are the side effects of ibuprofen?"
FRANCE = "What is the capital of France?"

# Each row is a conversation: the questions before, the follow-up, and what it means.
FRAGMENTS = """
Who opposes the plan? | And the parties? | Who opposes the plan, and the parties?
Who opposes the plan? | What about Amnesty? | Does Amnesty oppose the plan?
Who opposes the plan? | Why? | Why do they oppose the plan?
Who opposes the plan? | Why is that? | Why do they oppose the plan?
Who opposes the plan? | Since when? | Since when do they oppose the plan?
Who opposes the plan? | Who else? | Who else opposes the plan?
Who opposes the plan? | Really? | Who opposes the plan?
Who opposes the plan? | Any others? | Who else opposes the plan?
Does Amnesty oppose the plan? | Who else? | Who else does oppose the plan?
Which parties oppose the plan? | Which others? | Which other parties oppose the plan?
Which parties oppose the plan? | And other parties? | Which other parties oppose the plan?
When was the ferry Maren built? | And the other one? | When was the other ferry built?
Who opposes the plan? | How many? | Who opposes the plan, and how many?
Where will Denmark open an office? | And in 2021? | Where will Denmark open an office in 2021?
Where will Denmark open an office? | In Kigali? | Will Denmark open an office in Kigali?
Where will Denmark open an office? | The cost? | What is the cost of the office?
What does UNHCR say about the plan? | Rwanda? | What does Rwanda say about the plan?
What did UNHCR say? | What about the IOM? | What did the IOM say?
When was the agreement signed? | By whom? | By whom was the agreement signed?
Which parties support the plan? | How many? | How many parties support the plan?
What does the first document say? | What about the other one? | What does the other document say?
Who signed the memorandum? | And Rwanda? | Did Rwanda sign the memorandum?
Who won the World Cup in 2018? | And in 2022? | Who won the World Cup in 2022?
Who won the 2018 World Cup? | And the 2022 World Cup? | Who won the 2022 World Cup?
How many goals did Messi score in 2012? | And Ronaldo? | How many goals did Ronaldo score in 2012?
What are the side effects of ibuprofen? | And of aspirin? | What are the side effects of aspirin?
Can children take aspirin? | And adults? | Can adults take aspirin?
Does the package run on Windows? | And on Linux? | Does the package run on Linux?
How much does the office cost? | And the flights? | How much do the flights cost?
What penalty applies for theft? | And for fraud? | What penalty applies for fraud?
Can the lease be ended? | Under what terms? | Under what terms can the lease be ended?
What did the EU say? | When? | When did the EU say that?
When did the Berlin Wall fall? | Why? | Why did the Berlin Wall fall?
What did the mayor say about the tax? | And the union? | What did the union say about the tax?
What did the mayor say about the tax? | And boats? | What did the mayor say about boats?
What is the new law? | What are the risks? | What are the risks of the new law?
"""

PARTS = """
When was the port of Ribe founded? | And its director? | Who is the port of Ribe's director?
When was the port of Ribe founded? | And Esbjerg? | When was the port of Esbjerg founded?
When was the port of Ribe founded? | No, I meant Esbjerg | When was the port of Esbjerg founded?
Who opposes the plan? | same for the merger | Who opposes the merger?
Who opposes the plan? | I meant the merger | Who opposes the merger?
How much will the office cost? | And the UNHCR? | How much will the office cost, and the UNHCR?
How old is Ada Holm? | And her brother? | How old is Ada Holm's brother?
Which cup did Havdur win? | And the captain? | Who is the captain of Havdur?
When is the pool open? | And the sauna? | When is the sauna open?
Who wrote the report? | great, and when? | When did they write the report?
Who wrote the report? | Please answer in one sentence. | Who wrote the report?
Who wrote the report? | Could you say that again, shorter? | Who wrote the report?
"""

LEFT_OUT = """
Which countries signed the treaty? | Did Sweden? | Did Sweden sign the treaty?
Which countries signed the treaty? | And did Norway too? | Did Norway sign the treaty?
Which countries signed the treaty? | Which did not? | Which countries did not sign the treaty?
Which parties are in the government? | Which are not? | Which parties are not in the government?
How many sailors came? | Which were children? | Which sailors were children?
Who opposes the plan? | Does the union? | Does the union oppose the plan?
Who opposes the plan? | Who doesn't? | Who doesn't oppose the plan?
Who supports the plan? | Who won't? | Who won't support the plan?
Who opposes the plan? | Anyone else? | Who else opposes the plan?
Does the EU support the plan? | Do the member states? | Do the member states support the plan?
Is Denmark in the EU? | Is Norway? | Is Norway in the EU?
Was the agreement signed? | Was the treaty? | Was the treaty signed?
What did the minister say? | Did the mayor? | Did the mayor?
Who opposes the plan? | Did the minister resign? | Did the minister resign?
Who opposes the plan? | Is the office open? | Is the office open?
Who opposes the plan? | Which do? | Which do?
Who wrote the report? | Summarise it. | Summarise the report.
"""

POINTERS = """
Where will they open an office? | How many will work there? | How many will work at the office?
Where will Denmark open an office? | When will it open? | When will the office open?
Where will Denmark open an office? | What will be its purpose? | What will be the office's purpose?
Who opposes the plan? | And who supports it? | Who supports the plan?
Who opposes the plan? | When did they say that? | When did they say that about the plan?
Who opposes the plan? | What did they say about it? | What did they say about the plan?
Who opposes the plan? | Where do they live? | Where do those who oppose the plan live?
Who signed the agreement? | And when was it signed? | When was the agreement signed?
Who is Mattias Tesfaye? | What did he say? | What did Mattias Tesfaye say?
Which parties support it? | How many of them govern? | How many of the parties govern?
What does the law say? | Is it in the second document? | Is the law in the second document?
What is the view of the minister? | Did she resign? | Did the minister resign?
Who leads Arsenal? | How old is he? | How old is the person who leads Arsenal?
Who is Marie Curie? | And when was she born? | When was Marie Curie born?
When did Napoleon invade Russia? | Why did he do that? | Why did Napoleon invade Russia?
When was Ajax founded? | Who is its coach? | Who is Ajax's coach?
What is malaria? | What are its symptoms? | What are malaria's symptoms?
What is the capital of France? | Who lives there? | Who lives in the capital of France?
How does the vaccine work? | Is it safe? | Is the vaccine safe?
How do I install the package? | Does it run on Windows? | Does the package run on Windows?
Can the landlord end the lease? | Is that legal? | Is the lease legal?
What did the judges say about the appeal? | Did they agree? | Did the judges agree?
Who opposes the merger? | thanks, and who is the minister? | Who is the minister?
Which boats were sold? | How much did the second one cost? | How much did the second boat cost?
Where did Columbus land? | Who lived there? | Who lived there (Where did Columbus land)?
"""


def rows(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split(" | ")] for line in table.strip().splitlines()]


@pytest.mark.parametrize(("earlier", "question", "understood"), rows(FRAGMENTS) + rows(PARTS))
def test_a_fragment_takes_its_place_in_the_question_before(
    earlier: str, question: str, understood: str
) -> None:
    assert standalone(question, [earlier]) == understood
    assert not stands_alone(question) and stands_alone(earlier)


@pytest.mark.parametrize(("earlier", "question", "understood"), rows(LEFT_OUT))
def test_what_was_left_out_is_put_in(earlier: str, question: str, understood: str) -> None:
    assert standalone(question, [earlier]) == understood


@pytest.mark.parametrize(("earlier", "question", "understood"), rows(POINTERS))
def test_a_word_that_points_back_gives_way_to_what_it_means(
    earlier: str, question: str, understood: str
) -> None:
    assert standalone(question, [earlier]) == understood


@pytest.mark.parametrize(
    ("asked", "one", "other", "question", "understood"),
    [
        (
            "When was {} built?",
            "the ferry Astrid",
            "the ferry Maren",
            "Which one is older?",
            "Which was built earlier, the ferry Astrid or the ferry Maren?",
        ),
        (
            "When was the port of {} founded?",
            "Ribe",
            "Esbjerg",
            "And which of the two is newer?",
            "Which was founded later, the port of Ribe or the port of Esbjerg?",
        ),
        (
            "How many cars does {} carry?",
            "the Astrid",
            "the Maren",
            "Which is smaller?",
            "Which carries fewer cars, the Astrid or the Maren?",
        ),
        (
            "What is the population of {}?",
            "Ribe",
            "Esbjerg",
            "Which one is larger?",
            "Which is larger, the population of Ribe or the population of Esbjerg?",
        ),
        (
            "When did {} open?",
            "the pier",
            "the slip",
            "Which one opened first?",
            "Which one opened first, the pier or the slip?",
        ),
    ],
)
def test_one_of_two_that_were_asked_of(
    asked: str, one: str, other: str, question: str, understood: str
) -> None:
    before = [asked.format(one), asked.format(other)]
    assert standalone(question, before) == understood
    assert standalone(question, [*before, PLAN]) != understood


@pytest.mark.parametrize(
    "question",
    """
    What is the capital of Denmark?
    Who runs the irregular movements along the migration routes?
    Why did Kaare Dybvad Bek change his mind?
    Why did the minister change his mind?
    Where did Alan Turing publish his paper?
    Does the plan say when it starts?
    What does the statement say about that office?
    What does this document say?
    And what is the purpose of the office?
    Is there a plan to close the school?
    Is it raining in Oslo?
    What time is it?
    Great Britain signed what?
    Are there any risks?
    Is it true that the moon is made of rock?
    What is it like to live in Denmark?
    How long does it take to walk to Rome?
    What happened in Denmark this year?
    Thank you!
    ok
    hello
    Wer hat das Abkommen unterschrieben?
    Quand est-elle née ?
    ¿Cuándo fue firmado?
    日本はどこですか
    ?!
    """.strip().splitlines(),
    ids=str.strip,
)
@pytest.mark.parametrize("earlier", [PLAN, OFFICE, CURIE])
def test_questions_that_stand_alone_are_left_to_the_letter(question: str, earlier: str) -> None:
    assert standalone(question.strip(), [earlier]) == question.strip()
    assert stands_alone(question.strip())


@pytest.mark.parametrize(
    ("history", "question", "understood"),
    [
        ([AMNESTY, "What about UNHCR?"], "And Denmark?", "What does Denmark say about the plan?"),
        (
            [AMNESTY, "What about UNHCR?", "And Denmark?"],
            "Why?",
            "Why does Denmark say that about the plan?",
        ),
        (
            [OFFICE, "How many people will work there?", "When will it open?"],
            "Who will lead it?",
            "Who will lead the office?",
        ),
        (
            [CURIE, "Where was she born?"],
            "What did she discover?",
            "What did Marie Curie discover?",
        ),
        ([CURIE, "Thanks!"], "When did she die?", "When did Marie Curie die?"),
        ([CURIE, FRANCE], "And Germany?", "What is the capital of Germany?"),
        ([CURIE, IBUPROFEN], "Is it safe?", "Is ibuprofen safe?"),
    ],
)
def test_the_topic_is_carried_on_until_another_is_named(
    history: list[str], question: str, understood: str
) -> None:
    assert standalone(question, history) == understood


def test_what_may_be_meant_is_told_likeliest_first() -> None:
    port = "When was the port of Ribe founded?"
    assert meanings("And its director?", [port]) == [
        Meaning("Who is the port of Ribe's director?"),
        Meaning("When was the port of Ribe's director founded?"),
    ]
    assert meanings("Who wrote it?", ["Did the union support the bill?"]) == [
        Meaning("Who wrote the union?"),
        Meaning("Who wrote the bill?"),
    ]
    assert meanings("When was it founded?", [port]) == [
        Meaning("When was the port of Ribe founded?")
    ]
    assert meanings(port, ["Who opposes the plan?"]) == [Meaning(port)]


@pytest.mark.parametrize(
    ("earlier", "question", "meaning"),
    [
        (
            "Who speaks for the union?",
            "What does he want?",
            Meaning(f"What does {ANSWER} want?", "", True),
        ),
        ("Who is the coach?", "How old is she?", Meaning(f"How old is {ANSWER}?", "", True)),
        ("Who criticised the mayor?", "Why did he resign?", Meaning(f"Why did {ANSWER} resign?")),
        (
            "Who chairs the council?",
            "What are her plans?",
            Meaning(f"What are {ANSWER}'s plans?", "", True),
        ),
        ("Where is the head office?", "Who works there?", Meaning(f"Who works in {ANSWER}?")),
    ],
)
def test_what_was_asked_for_may_be_meant(earlier: str, question: str, meaning: Meaning) -> None:
    assert meanings(question, [earlier])[1] == meaning._replace(of=earlier)


def test_the_tenth_turn_still_knows_the_topic() -> None:
    history = [OFFICE, *["When will it open?", "Who will lead it?", "Thank you!"] * 3]
    assert standalone("How much will it cost?", history) == "How much will the office cost?"


def test_the_tenth_turn_reads_as_the_first() -> None:
    history = [PLAN, "And the parties?", "Why?"] * 3
    assert standalone("What is the capital of Denmark?", history) == (
        "What is the capital of Denmark?"
    )


def test_the_question_gets_no_topic_that_it_does_not_point_at() -> None:
    assert standalone("How much will the flights cost?", [PLAN, OFFICE]) == (
        "How much will the flights cost?"
    )


ENGLISH = st.lists(
    st.sampled_from(
        "and but what about who whom why when how many does did is it they them their he her there"
        " that this one other the a plan parties Amnesty Denmark Kigali 2021 in of by to 's say"
        " oppose opened , ( ? . * [ \\ \n 日本 кто 😀".split(" ")
    ),
    max_size=30,
).map(" ".join)
ANY = st.one_of(st.text(max_size=200), ENGLISH)


@settings(max_examples=50, deadline=None)
@given(ANY)
def test_without_history_nothing_changes(question: str) -> None:
    assert standalone(question) == question


@settings(max_examples=50, deadline=None)
@given(st.lists(ANY, max_size=12), ANY)
def test_any_history_gives_a_question_of_bounded_length(history: list[str], question: str) -> None:
    understood = standalone(question, history)
    assert len(understood) <= len(question) + 350
    assert understood == standalone(question, list(history))


@settings(max_examples=50, deadline=None)
@given(st.lists(ANY, max_size=6), ANY)
def test_what_is_understood_stands_alone(history: list[str], question: str) -> None:
    understood = standalone(question, history)
    assert standalone(understood) == understood


@pytest.mark.parametrize(
    "part", ["it ", "of the ", "a.", "And ", "(.*)+", "\n", "x", "?", "'s", "日"]
)
def test_very_long_questions_are_no_trouble(part: str) -> None:
    for question in ("And it?", "Why?", "Who leads it?", part * 5000):
        understood = standalone(question, [part * 50_000, PLAN + part * 5000])
        assert len(understood) <= len(question) + 350
