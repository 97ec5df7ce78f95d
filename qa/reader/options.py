"""The measured choices of reading, in one place, as a recipe holds those of training."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """How much is read, and what of it is said. A calibration was fitted with the defaults."""

    passages: int = 10
    """How many of the passages that were found are read."""
    candidates: int = 12
    """Of all spans, how many of the likeliest are looked at more closely."""
    checked: int = 4
    """The texts of so many of the likeliest are checked. More texts take longer and say hardly more
    (benchmarks/README.md, "Tried")."""
    least_chance: float = 0.15
    """Beside an answer that is hardly likely itself, others need to be as likely as this."""
    least_doubtful: float = 0.3
    """What is less likely to be answered is declined without a candidate."""
    most_answers: int = 20
    """A list of more would no longer be read."""
    most_further: int = 8
    """How many sentences at most say more on what is answered."""
    reach_of_one: float = 1.0
    reach_of_a_statement: float = 2.0
    reach_of_several: float = 3.0
    """In logits, how far below the best sentence another still says something on the question.
    Where one thing is asked for, what is further off is mostly another thing (benchmarks/README.md,
    "Tried")."""
    side_weight: float = 3.5
    furniture_weight: float = -2.0
    id_weight: float = 0.7
    echo_weight: float = 1.0
    """In logits, for what is on the side that is asked for, for headlines and credits, for
    sentences that name the id that is asked for, and for what stands before the question's own
    words. Stated and not fitted: the public questions hardly
    ask for sides or ids, and their texts hold no headlines or credits."""


MEASURED = ReadingOptions()
"""As shipped, and as the calibration was fitted."""
