"""Abbreviations after which a sentence goes on, as English documents of any kind write them."""

from __future__ import annotations

BEFORE_NAMES = frozenset(
    """
    adj adm asst assoc attn brig capt cdr cf cmdr cmdt col cpl dir dr e.g esp excl fr fwd gen gov
    hon i.e incl insp lt ltcol maj messrs mlle mme mr mrs ms mt mx n.b pres prof pvt rep resp revd
    rt sen sgt st supt univ viz vs
    """.split()
)
"""These stand before a name or what they introduce, and end no sentence."""

BEFORE_NUMBERS = frozenset(
    """
    abs abt al annex app appx appr approx apr apt arr art arts aug avg b bd betw bk bldg bldgs c ca
    cal cap cat cert ch chap chs circ cl cls col cols cont conv corr cp d dec def dep dept desc dia
    diam dim dist div doc ed eds eq eqn eqns eqs est exp ext fax feb fig figs fl fn fol fols fri ft
    hwy hr hrs id inst inv issn isbn item jan jul jun lb lbs ln loc lot ltr mar max meas min misc
    mob mod mon mtg n nn no nos nov nr nrs nt oct op opp orig oz p par para paras pars pat pers ph
    pkg pl pls pos pp prep prob prod pt pts qty rd rec ref refs reg regs res rev rm rms rte sat sec
    sect sects secs sep sept ser sheet sig spec std subsec subj suppl sun tab tabs tel temp theor
    thm thu thur thurs thr tol tue tues v var ver vers vol vols wed wk wt yr yrs
    """.split()
)
"""These stand before a number or a mark ("Fig. 3", "Cat. No. 88-B", "App. C"). Many are words of
their own, which end sentences; before a number, they hardly do."""

AT_ENDS = frozenset(
    "a.m al bros co corp d.c dept esq etc gmbh inc jr llc ltd p.m ph.d plc rd sr u.k u.s".split()
)
"""These stand at the end of what they belong to, within a sentence or at its end."""
