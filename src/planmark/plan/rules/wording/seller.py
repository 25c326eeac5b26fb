"""Words of the seller's. A phrase stands here only where a buyer would hardly write it in a plan of their own.

Left out on purpose: what both sides say (contract signature, order), and a buyer's own trade (quarter close in finance, 受注 in making).
"""

from __future__ import annotations

ANYWHERE = {
    "en": (
        "closed won, close the deal, closing the deal, deal close, deal closed, deal closes, deal closure, contract close, "
        "contract closed, contract closure, close the contract, close date, close plan, closing plan, win the deal, deal won, "
        "deal desk, sign the deal, deal signed, get the signature, get signature, get the po, po in, po received, "
        "receive the po, book the deal, our quarter, our quarter end, our year end, our quota, commit forecast, verbal commit, "
        "economic buyer, paper process, upsell, upselling, cross sell, land and expand"
    ),
    "de": (
        "deal abschließen, deal closen, deal gewonnen, deal unterschreiben, geschäft abschließen, geschäftsabschluss, "
        "auftrag holen, auftrag gewonnen, auftragseingang, unterschrift einholen, unterschrift holen, bestellung eingegangen, "
        "unser quartal, unserem quartal, unseres quartals, unser quartalsende, vertriebsabschluss, verkaufsabschluss, "
        "zusatzverkauf"
    ),
    "fr": (
        "conclure l'affaire, conclure la vente, conclusion de la vente, signer l'affaire, affaire gagnée, affaire signée, "
        "gagner l'affaire, remporter l'affaire, obtenir la signature, bon de commande reçu, notre trimestre, "
        "notre fin de trimestre, vente additionnelle, montée en gamme du client"
    ),
    "es": (
        "cerrar el trato, cerrar la venta, cerrar el acuerdo comercial, cierre de la venta, cierre del trato, venta cerrada, "
        "trato cerrado, oportunidad ganada, ganar la venta, conseguir la firma, obtener la firma, orden de compra recibida, "
        "nuestro trimestre, venta adicional, venta cruzada"
    ),
    "nl": (
        "deal sluiten, deal gesloten, deal binnenhalen, deal tekenen, order binnenhalen, order binnen, bestelling binnen, "
        "handtekening binnenhalen, handtekening ophalen, ons kwartaal, onze kwartaalcijfers, verkoop afronden, "
        "verkoop sluiten, bijverkoop"
    ),
    "pt": (
        "fechar negócio, fechar o negócio, fechar a venda, fechamento da venda, fecho da venda, fecho do negócio, "
        "negócio fechado, negócio ganho, ganhar o negócio, obter a assinatura, conseguir a assinatura, "
        "ordem de compra recebida, nosso trimestre, venda adicional, venda cruzada"
    ),
    "it": (
        "chiudere la trattativa, chiudere l'affare, chiudere la vendita, chiusura della trattativa, chiusura dell'affare, "
        "chiusura della vendita, trattativa vinta, affare chiuso, ottenere la firma, ordine ricevuto, nostro trimestre, "
        "vendita aggiuntiva"
    ),
    "sv": (
        "stänga affären, stänga dealen, affären stängd, ta hem affären, vinna affären, vunnen affär, få in ordern, "
        "ordern inne, hämta hem underskriften, vårt kvartal, vårt kvartalsslut, merförsäljning"
    ),
    "ja": (
        "クロージング, 案件クローズ, 案件をクローズ, 商談クローズ, 商談をクローズ, "
        "アップセル, クロスセル, 当社の四半期, 弊社の四半期, 注文書回収, 注文書の回収"
    ),
    "ar": (
        "إغلاق الصفقة, إتمام الصفقة, كسب الصفقة, الفوز بالصفقة, توقيع الصفقة, إغلاق البيع, إتمام البيع, الحصول على التوقيع, البيع الإضافي"
    ),
}
"""Phrases that give the seller away wherever they stand in a title."""

ALONE = {
    "en": "close, closing, closed, commit, negotiation",
    "de": "abschluss, closing",
    "fr": "closing, conclusion de l'affaire",
    "es": "cierre",
    "nl": "closing, afsluiten",
    "pt": "fechamento, fecho",
    "it": "chiusura",
    "sv": "avslut",
    "ja": "受注, 成約",
    "ar": "الإغلاق",
}
"""Words that do so as the whole title: a stage of the seller's own pipeline."""
