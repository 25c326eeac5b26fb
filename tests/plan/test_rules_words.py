"""The lists of words, language by language: what they catch, and what is good and looks much like it."""

from __future__ import annotations

import pytest

from planmark.plan.rules.wording import names_budget, names_nobody, names_team, names_two, says_little, sellers_words
from planmark.plan.rules.wording.people import BUDGET, NOBODY, TEAM_NAMES, TEAM_WORDS
from planmark.plan.rules.wording.seller import ALONE, ANYWHERE
from planmark.plan.rules.wording.vague import WHOLE
from planmark.plan.scalars import LANGUAGES

SELLERS = {
    "en": [
        "Contract close",
        "Closed-won",
        "PO in",
        "Get the PO",
        "Sign the deal by Friday",
        "Before our quarter end",
        "Close",
        "Meet the economic buyer",
    ],
    "de": ["Deal abschließen", "Unterschrift einholen", "Abschluss", "Vor Ende unseres Quartals", "Closed won"],
    "fr": ["Conclure l’affaire", "Obtenir la signature", "Avant notre fin de trimestre", "Closing"],
    "es": ["Cerrar el trato", "Conseguir la firma", "Cierre", "Antes de cerrar nuestro trimestre"],
    "nl": ["Deal sluiten", "Handtekening binnenhalen", "Afsluiten"],
    "pt": ["Fechar o negócio", "FECHAR O NEGOCIO", "Obter a assinatura", "Fechamento"],
    "it": ["Chiudere la trattativa", "Ottenere la firma", "Chiusura"],
    "sv": ["Stänga affären", "Ta hem affären", "Avslut"],
    "ja": ["クロージング面談", "受注", "案件をクローズする"],
    "ar": ["إغلاق الصفقة", "اغلاق الصفقة مع المدير", "الحصول على التوقيع"],
}
BUYERS = {
    "en": [
        "Project launch",
        "Close the three open points",
        "Contract signed by both sides",
        "Closing session of the training",
        "Quarter close runs in the new way",
        "Sign the mutual confidentiality agreement",
        "Purchase order sent",
        "Import of the purchase orders",
        "Budget approved",
    ],
    "de": ["Projektstart", "Vertrag unterschrieben", "Quartalsabschluss im neuen System", "Abschlussbericht", "Schulung abschließen"],
    "fr": ["Lancement du projet", "Contrat signé par les deux parties", "Clôture trimestrielle dans le nouvel outil"],
    "es": ["Inicio del proyecto", "Contrato firmado", "Cierre contable en el nuevo sistema"],
    "nl": ["Start van het project", "Contract getekend", "Kwartaalafsluiting in het nieuwe systeem"],
    "pt": ["Início do projeto", "Contrato assinado", "Fechamento contábil no novo sistema"],
    "it": ["Avvio del progetto", "Contratto firmato", "Chiusura contabile nel nuovo sistema"],
    "sv": ["Projektstart", "Avtal undertecknat", "Avslutande utbildning"],
    "ja": ["本番稼働", "受注管理システムとの連携", "契約締結"],
    "ar": ["إطلاق المشروع", "توقيع العقد", "إغلاق الحسابات"],
}
VAGUE = {
    "en": [
        "Get budget approved",
        "Follow up",
        "Touch base with legal",
        "Discuss pricing",
        "Finalise contract",
        "Secure executive buy-in",
        "Next steps",
        "Legal",
    ],
    "de": ["Budget klären", "Vertrag abstimmen", "Freigabe einholen", "Nachfassen", "Nächste Schritte"],
    "fr": ["Discuter du prix", "Faire le point", "Obtenir l’accord", "Prochaines étapes"],
    "es": ["Revisar el contrato", "Obtener aprobación", "Seguimiento"],
    "nl": ["Contract bespreken", "Budget regelen", "Afstemming"],
    "pt": ["Discutir preços", "Obter aprovação", "Próximos passos"],
    "it": ["Rivedere il contratto", "Ottenere l’approvazione", "Prossimi passi"],
    "sv": ["Diskutera pris", "Få godkännande", "Uppföljning"],
    "ja": ["フォローアップ", "社内調整", "検討"],
    "ar": ["متابعة", "التنسيق الداخلي", "اجتماع"],
}
CLEAR = {
    "en": [
        "Sign the mutual confidentiality agreement",
        "Maria approves EUR 120,000",
        "Export twelve months of orders",
        "Review clause 7 and 11",
        "Send the draft contract to Claire Orr",
        "Legal review of the data processing terms",
        "Train five planners",
        "Go-live",
        "First weekly meeting in Rotterdam",
    ],
    "de": [
        "Vertraulichkeitsvereinbarung unterschreiben",
        "Maria gibt 120.000 EUR frei",
        "Zwölf Monate Auftragsdaten exportieren",
        "Testumgebung einrichten",
    ],
    "fr": ["Signer l’accord de confidentialité", "Exporter douze mois de commandes", "Former cinq planificateurs"],
    "es": ["Firmar el acuerdo de confidencialidad", "Exportar doce meses de pedidos"],
    "nl": ["Geheimhoudingsovereenkomst tekenen", "Twaalf maanden orders exporteren"],
    "pt": ["Assinar o acordo de confidencialidade", "Exportar doze meses de pedidos"],
    "it": ["Firmare l’accordo di riservatezza", "Esportare dodici mesi di ordini"],
    "sv": ["Underteckna sekretessavtalet", "Exportera tolv månaders order"],
    "ja": ["秘密保持契約に署名する", "十二か月分の受注データを出力する"],
    "ar": ["توقيع اتفاقية السرية", "تصدير طلبات اثني عشر شهرا"],
}


def test_every_language_that_ships_has_its_lists() -> None:
    languages = {language.partition("-")[0] for language in LANGUAGES}
    for lists in (ANYWHERE, ALONE, WHOLE, TEAM_NAMES, TEAM_WORDS, NOBODY, BUDGET, SELLERS, BUYERS, VAGUE, CLEAR):
        assert set(lists) == languages


@pytest.mark.parametrize(("language", "text"), [(language, text) for language, texts in SELLERS.items() for text in texts])
def test_the_seller_s_words_are_found(language: str, text: str) -> None:
    """And told as they are written."""
    found = sellers_words(text, language)
    assert found
    assert found in text


@pytest.mark.parametrize(("language", "text"), [(language, text) for language, texts in BUYERS.items() for text in texts])
def test_the_buyer_s_words_are_none_of_the_seller_s(language: str, text: str) -> None:
    assert sellers_words(text, language) == ""


@pytest.mark.parametrize(("language", "text"), [(language, text) for language, texts in VAGUE.items() for text in texts])
def test_a_title_of_which_nobody_can_tell_when_it_is_done(language: str, text: str) -> None:
    assert says_little(text, language)


@pytest.mark.parametrize(("language", "text"), [(language, text) for language, texts in CLEAR.items() for text in texts])
def test_a_title_that_one_can_verify(language: str, text: str) -> None:
    assert not says_little(text, language)


@pytest.mark.parametrize("language", ["de", "fr", "es", "nl", "pt", "it", "sv", "ja", "ar"])
def test_english_words_count_in_every_language(language: str) -> None:
    """And words of another one do not: they may mean something else."""
    assert sellers_words("Contract close", language)
    assert says_little("Follow up", language)
    assert not sellers_words("Abschluss", "en")
    assert not sellers_words("Cierre", "de")


TEAMS = [
    "Legal",
    "IT",
    "procurement team",
    "Finance department",
    "Rechtsabteilung",
    "Einkauf",
    "Équipe projet",
    "Compras",
    "Afdeling inkoop",
    "Jurídico",
    "Ufficio acquisti",
    "Inköp",
    "法務部",
    "情報システム",
    "فريق المشتريات",
    "Customer",
]
PERSONS = [
    "Maria Lindqvist",
    "Joost van den Berg",
    "Legalá Ítalo",
    "Finn Teamer",
    "Joe Board",
    "Karl von und zu Guttenberg",
    "José Ortega y Gasset",
    "Artur da Costa e Silva",
    "服部 健",
    "阿部",
    "أحمد ليلى",
    "Anna-Lena Östergård",
    "Hans Recht-Meier",
    "Smith, John",
]
PAIRS = [
    "Maria & Anouk",
    "Maria and Anouk",
    "Maria/Anouk",
    "Maria + Anouk",
    "Maria und Anouk",
    "Marie et Anne",
    "Jan en Piet",
    "Lars och Eva",
    "田中、鈴木",
]
NOBODIES = [
    "TBD",
    "tbc",
    "(TBD)",
    "?",
    "…",
    "N.N.",
    "n/a",
    "À définir",
    "Por definir",
    "nader te bepalen",
    "Da definire",
    "Okänd",
    "未定",
    "غير محدد",
]


@pytest.mark.parametrize("name", TEAMS)
def test_a_department_is_no_person(name: str) -> None:
    assert names_team(name)


@pytest.mark.parametrize("name", PERSONS)
def test_a_person_is_one(name: str) -> None:
    assert not names_team(name)
    assert not names_two(name)
    assert not names_nobody(name)


@pytest.mark.parametrize("name", PAIRS)
def test_two_people_are_not_one(name: str) -> None:
    assert names_two(name)


@pytest.mark.parametrize("name", NOBODIES)
def test_what_keeps_the_place_for_a_name(name: str) -> None:
    assert names_nobody(name)


@pytest.mark.parametrize("text", ["budget above 50000 EUR", "Budgetfreigabe", "presupuesto", "orçamento", "予算", "الميزانية", "IT spend"])
def test_a_decision_about_the_budget(text: str) -> None:
    assert names_budget(text)
    assert not names_budget("contract")
