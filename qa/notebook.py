"""An answer as a notebook shows it: HTML that stands by itself, without a script."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from footnoted.corpus.wording import counted
from footnoted.qa.escape import environment
from footnoted.qa.receipts import not_in_english

if TYPE_CHECKING:
    from jinja2 import Template

# Colours are the notebook's own, so that it is read in the dark, too.
_TEMPLATE = """
{% macro footnotes(citations) %}
<ol style="margin: .5em 0; padding-left: 2em">
{% for citation in citations %}
<li value="{{ citation.number }}"><span dir="auto" style="font-weight: bold">
{{- [citation.title, citation.publisher] | select | join(" · ") }}</span><br>
<small>{{ citation.document }},
{% if citation.place %}<bdi>{{ citation.place }}</bdi>,
{% endif %}characters {{ citation.start }} to {{ citation.end }}</small>
<blockquote dir="auto" style="margin: .2em 0 .5em; padding-left: .8em; border-left: 2px solid;
 white-space: pre-line">{{ citation.said }}</blockquote></li>
{% endfor %}
</ol>
{% endmacro %}
{% macro numbers(citations) %}<sup>{% for number in citations %}[{{ number }}]{% endfor %}</sup>
{%- endmacro %}
{% macro statement(one, speaker) %}
<p dir="auto">{% if one.doubt %}<s>{{ one.said }}</s>{% else %}{{ one.said }}{% endif %}
{{- numbers(one.citations) }}
{%- if speaker %} — <bdi>{{ speaker }}</bdi>{% endif %}
{%- if one.doubt %} <em>({{ one.doubt }})</em>{% endif %}</p>
{% endmacro %}
{% macro laid_out(answer) %}
{% for under, rows in answer.laid_out %}
{% if under %}<p dir="auto"><strong>{{ under }}</strong></p>{% endif %}
<table style="width: 100%; border-collapse: collapse; text-align: start">
{% if rows[0].is_paired %}
<tr>{% for column in answer.columns %}<th scope="col" dir="auto" style="text-align: start;
 vertical-align: top">{{ column }}</th>{% endfor %}</tr>
{% endif %}
{% for row in rows %}
<tr>{% if not answer.columns and answer.labelled(row) %}<th scope="row" dir="auto"
 style="text-align: start; vertical-align: top">{{ answer.labelled(row) }}</th>{% endif %}
{% for numbers in (row.quoted if row.is_paired else [row.every]) %}
<td style="text-align: start; vertical-align: top">
{% for one in answer.quoted_in(numbers) %}{{ statement(one, answer.said_by(one)) }}{% endfor %}
</td>
{% endfor %}</tr>
{% endfor %}
</table>
{% endfor %}
{% endmacro %}
<div style="max-width: 48em">
{% if answer.understood != answer.question %}
<p dir="auto"><small>Understood as: {{ answer.understood }}</small></p>
{% endif %}
{% if answer.read_as %}
<p dir="auto"><small>Read as: {{ answer.read_as }}</small></p>
{% endif %}
{% if answer.laid_out %}
<p><small>{{ answer.told_first }}</small></p>
{{ laid_out(answer) }}
{% if answer.note %}<p>{{ answer.note }}</p>{% endif %}
{{ footnotes(answer.citations) }}
{% elif answer.answered %}
{% if answer.short %}
<ul>
{% for short in answer.short %}
<li dir="auto"><strong>{{ short.said }}</strong>{{ numbers(short.citations) }}</li>
{% endfor %}
</ul>
{% endif %}
{% for one in answer.main %}{{ statement(one, answer.said_by(one)) }}{% endfor %}
{% if answer.further %}
<p><small>More on this:</small></p>
{% for one in answer.further %}{{ statement(one, answer.said_by(one)) }}{% endfor %}
{% endif %}
{% if answer.not_found %}
<p dir="auto"><strong>{{ answer.not_found }}</strong></p>
{% endif %}
{{ footnotes(answer.citations) }}
{% else %}
<p><strong>{{ answer.refusal }}</strong></p>
{% if answer.coverage.languages | not_in_english(answer.coverage.documents) %}
<p><small>{{ answer.coverage.languages | not_in_english(answer.coverage.documents) }}</small></p>
{% endif %}
{% if answer.nearest %}
<p><small>{{ answer.nearest_are }}:</small></p>
{{ footnotes(answer.nearest) }}
{% endif %}
{% endif %}
{% if answer.written %}
<p><small>{{ answer.written.said }}</small></p>
{% endif %}
{% if answer.within %}
<p><small>{{ answer.within.said }}</small></p>
{% endif %}
{% set covered = answer.coverage %}
<p><small>{{ covered.passages_read }} of {{ covered.passages | counted("passage") }} in
{{ covered.documents | counted("document") }} read
{%- if covered.unreadable %}; {{ covered.unreadable | counted("file") }} unreadable{% endif %};
confidence {{ "%.2f" | format(answer.confidence) }}</small></p>
</div>
"""


def html(answer: object) -> str:
    """``answer``, a ``footnoted.qa.types.Answer``, as HTML."""
    return _template().render(answer=answer)


@cache
def _template() -> Template:
    made = environment()
    made.filters |= {"counted": counted, "not_in_english": not_in_english}
    return made.from_string(_TEMPLATE.lstrip())
