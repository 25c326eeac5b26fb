"""Titles of tasks that nobody can verify. Patterns match a whole title of five words at the most, without a number.

German and Dutch put the verb last in such phrases, the others first. Japanese and Arabic are held to whole titles: what they add to a verb
stands in front of it or in it, so that a pattern would catch good ones.
"""

from __future__ import annotations

SHORT = {
    "en": (
        r"(?:get|obtain|secure|seek|gain) (?:\w+ ){0,2}"
        r"(?:approved|approval|sign[- ]?off|signed|signed off|buy[- ]?in|agreement|alignment|consensus|done)",
        r"(?:discuss|review|finali[sz]e|handle|address|explore|align on|agree on|look at|look into|work on|push|progress) (?:the )?"
        r"(?:pricing|price|budget|contract|legal|security|terms|proposal|requirements|scope|next steps|timeline|details|options|paperwork)",
        r"(?:follow[- ]?up|check[- ]?in|touch base|sync|catch up|connect|align|circle back)(?: (?:with|on) (?:\w+ ?){1,2})?",
    ),
    "de": (
        r"(?:\w+ ){1,3}(?:klären|abklären|besprechen|diskutieren|abstimmen|vorantreiben|finalisieren|anstoßen|nachfassen|nachhalten)",
        r"(?:budget|freigabe|zustimmung|genehmigung)(?: \w+)? (?:einholen|besorgen|freigeben lassen|sichern)",
    ),
    "fr": (
        r"(?:discuter|parler|revoir|finaliser|gérer|traiter|avancer sur|faire le point sur|valider) (?:(?:de|du|des|le|la|les|sur) |l'|d')?"
        r"(?:prix|budget|contrat|tarifs?|juridique|sécurité|conditions|proposition|besoins|périmètre|planning|détails|suite)",
        r"(?:faire valider|obtenir) (?:le |la |l')?(?:budget|accord|validation|approbation)",
    ),
    "es": (
        r"(?:discutir|hablar de|revisar|finalizar|gestionar|tratar|cerrar|avanzar con|ver) (?:el |la |los |las )?"
        r"(?:precio|precios|presupuesto|contrato|legal|seguridad|condiciones|propuesta|requisitos|alcance|detalles|próximos pasos)",
        r"(?:obtener|conseguir) (?:el |la )?(?:presupuesto|aprobación|visto bueno|acuerdo)",
    ),
    "nl": (
        r"(?:\w+ ){1,3}(?:bespreken|afstemmen|uitzoeken|oppakken|doornemen|finaliseren|opvolgen|afhandelen)",
        r"(?:budget|akkoord|goedkeuring)(?: \w+)? (?:krijgen|regelen|ophalen)",
    ),
    "pt": (
        r"(?:discutir|falar sobre|rever|revisar|finalizar|tratar|avançar com|ver) (?:o |a |os |as )?"
        r"(?:preço|preços|orçamento|contrato|jurídico|segurança|condições|proposta|requisitos|escopo|âmbito|detalhes|próximos passos)",
        r"(?:obter|conseguir) (?:o |a )?(?:orçamento|aprovação|acordo|ok)",
    ),
    "it": (
        r"(?:discutere|parlare|rivedere|finalizzare|gestire|trattare|valutare|vedere) (?:(?:il|lo|la|i|gli|le|del|dei|di) |l'|dell')?"
        r"(?:prezzo|prezzi|budget|contratto|legale|sicurezza|condizioni|proposta|requisiti|ambito|dettagli|prossimi passi)",
        r"(?:ottenere|avere) (?:(?:il|la) |l')?(?:budget|approvazione|ok|via libera|accordo)",
    ),
    "sv": (
        r"(?:diskutera|prata om|gå igenom|stämma av|följa upp|hantera|slutföra|driva) (?:\w+ ?){1,2}",
        r"(?:få|säkra|inhämta) (?:budget|budgeten|godkännande|klartecken|ok)(?: \w+)?",
    ),
}
"""Short phrases of a verb and a matter."""

WHOLE = {
    "en": (
        "next steps, internal discussions, internal alignment, stakeholder alignment, align stakeholders, legal, security, "
        "procurement, budget, pricing, negotiate, negotiations, onboarding, implementation, demo, meeting, call"
    ),
    "de": (
        "nachfassen, abstimmung, interne abstimmung, nächste schritte, rücksprache, verhandlung, einkauf, recht, budget, "
        "besprechung, termin"
    ),
    "fr": ("relancer, faire le point, point interne, prochaines étapes, alignement interne, négociation, juridique, achats, réunion"),
    "es": "seguimiento, hacer seguimiento, próximos pasos, alineación interna, negociación, legal, compras, reunión",
    "nl": "opvolgen, opvolging, afstemming, interne afstemming, volgende stappen, onderhandeling, inkoop, juridisch, overleg",
    "pt": "acompanhamento, fazer acompanhamento, próximos passos, alinhamento interno, negociação, jurídico, compras, reunião",
    "it": "follow up, prossimi passi, allineamento interno, trattativa, negoziazione, legale, acquisti, riunione",
    "sv": "uppföljning, följa upp, avstämning, intern avstämning, nästa steg, förhandling, inköp, juridik, möte",
    "ja": "フォローアップ, 社内調整, 社内検討, 検討, 情報共有, 打ち合わせ, 打合せ, すり合わせ, 次のステップ, 交渉, 法務, 調達, 予算",
    "ar": "متابعة, المتابعة, مناقشة, تنسيق داخلي, التنسيق الداخلي, الخطوات التالية, تفاوض, التفاوض, اجتماع",
}
"""Titles that say nothing as they stand."""
