"""How a department, two people or nobody stand where one person's name was meant.

Left out on purpose: words that are surnames as well (Board), and `y` and `e` between two names, for surnames have them.
"""

from __future__ import annotations

TEAM_NAMES = {
    "en": (
        "legal, procurement, purchasing, finance, it, security, infosec, information security, management, leadership, "
        "operations, engineering, marketing, hr, human resources, sales, compliance, customer success, customer, client, "
        "vendor, buyer, seller, us, them, both, everyone, all"
    ),
    "de": (
        "recht, einkauf, finanzen, buchhaltung, controlling, edv, sicherheit, informationssicherheit, geschäftsführung, "
        "geschäftsleitung, vorstand, betriebsrat, personal, vertrieb, kunde, wir, beide, alle"
    ),
    "fr": (
        "juridique, achats, finances, informatique, dsi, sécurité, direction, direction générale, ressources humaines, rh, "
        "client, nous, tous"
    ),
    "es": (
        "compras, finanzas, sistemas, informática, seguridad, dirección, jurídico, asesoría jurídica, recursos humanos, rrhh, "
        "cliente, todos"
    ),
    "nl": "juridisch, juridische zaken, inkoop, financiën, beveiliging, directie, ondernemingsraad, personeelszaken, klant, allen",
    "pt": "jurídico, compras, finanças, financeiro, segurança, ti, diretoria, direção, recursos humanos, cliente, todos",
    "it": ("legale, ufficio legale, acquisti, ufficio acquisti, amministrazione, sicurezza, direzione, risorse umane, cliente, tutti"),
    "sv": "juridik, inköp, ekonomi, säkerhet, ledning, ledningen, personalavdelningen, kunden, alla",
    "ja": "法務, 購買, 調達, 経理, 財務, 情報システム, 情シス, セキュリティ, 経営陣, お客様, 貴社, 弊社",
    "ar": "الشؤون القانونية, المشتريات, المالية, تقنية المعلومات, الأمن السيبراني, الموارد البشرية, العميل, الجميع",
}
"""Names that are a department's, as they stand."""

TEAM_WORDS = {
    "en": "team, department, dept, committee, steering group",
    "de": "abteilung, rechtsabteilung, einkaufsabteilung, it-abteilung, ausschuss",
    "fr": "équipe, département, service juridique, service achats, service informatique, comité",
    "es": "equipo, departamento, comité",
    "nl": "afdeling, commissie",
    "pt": "equipe, equipa, departamento, comitê, comité",
    "it": "squadra, reparto, dipartimento, ufficio, comitato",
    "sv": "teamet, avdelning, avdelningen, kommitté",
    "ja": "チーム, 法務部, 購買部, 調達部, 経理部, 財務部, 総務部, 人事部, 営業部, 情報システム部, 委員会",
    "ar": "فريق, قسم, إدارة, لجنة",
}
"""Words that make a name one of several people's."""

TWO = (
    r"\w\s*[&+/;、]\s*\w",
    r"\w (?:and|et|och) \w",
    r"\w (?<!von )und (?!zu )\w",
    r"\w en \w",
)
"""What stands between two names. Spanish and Portuguese surnames have `y` and `e`; Arabic writes its `and` as a part of the name."""

NOBODY = {
    "en": "tbd, tbc, tba, tbn, n/a, na, unknown, to be defined, to be determined, to be confirmed, to be named, not known, open",
    "de": "n.n, nn, n. n, offen, noch offen, unbekannt, wird noch benannt",
    "fr": "à définir, à confirmer, à déterminer, à nommer, inconnu",
    "es": "por definir, por confirmar, pendiente, a definir",
    "nl": "n.t.b, ntb, nader te bepalen, nog onbekend, onbekend",
    "pt": "a definir, a confirmar, por definir, pendente",
    "it": "da definire, da confermare, da nominare",
    "sv": "ej klart, ej utsedd, meddelas senare, okänd",
    "ja": "未定, 未確定, 調整中",
    "ar": "غير محدد, يحدد لاحقا, لم يحدد بعد",
}
"""What keeps the place for a name."""

BUDGET = {
    "en": "budget, spend, purchase",
    "de": "budget, etat, ausgaben",
    "fr": "budget, dépenses",
    "es": "presupuesto, gasto",
    "nl": "budget, uitgaven",
    "pt": "orçamento, verba",
    "it": "budget, spesa",
    "sv": "budget, utgifter",
    "ja": "予算",
    "ar": "ميزانية, موازنة",
}
"""What a decision about the budget speaks of."""
