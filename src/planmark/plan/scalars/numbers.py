"""Numbers, amounts and yes or no. Decimals, never floats."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from planmark.plan.scalars.written import UnreadableError, pattern

Whole = Annotated[
    int,
    pattern(
        "PM206",
        "a whole number",
        r"0|[1-9][0-9]{0,8}",
        "write digits only: 4",
        lambda m: int(m[0]),
        int,
        {"type": ["integer", "string"], "minimum": 0, "pattern": "^(0|[1-9][0-9]{0,8})$"},
    ),
]
_NUMBER = r"(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,6})?"
Number = Annotated[
    Decimal,
    pattern(
        "PM207",
        "a number",
        _NUMBER,
        "write digits with a point: 40 or 0.5",
        lambda m: Decimal(m[0]),
        Decimal,
        {"type": ["number", "string"], "minimum": 0, "pattern": f"^{_NUMBER}$"},
    ),
]
Percent = Annotated[
    Decimal,
    pattern(
        "PM219",
        "a percentage",
        r"(100(?:\.0{1,4})?|[0-9]{1,2}(?:\.[0-9]{1,4})?) ?%",
        "write it as 10 %",
        lambda m: Decimal(m[1]),
        Decimal,
    ),
]


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in one currency (ISO 4217). Decimal, never a float."""

    amount: Decimal
    currency: str

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"


CURRENCIES = frozenset(
    (  # noqa: SIM905  (a table of words reads better than a list of 150 lines)
        "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY "
        "COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR "
        "IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR "
        "MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD "
        "SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD "
        "XCG XOF XPF YER ZAR ZMW ZWG "
    ).split()
)


def _known_currency(code: str) -> str:
    if code not in CURRENCIES:
        raise UnreadableError(f"`{code}` is not a currency", "write its three letters: EUR, USD, GBP")
    return code


Currency = Annotated[
    str,
    pattern("PM208", "a currency", "[A-Z]{3}", "write its three letters: EUR, USD, GBP", lambda m: _known_currency(m[0])),
]
Amount = Annotated[
    Money,
    pattern(
        "PM208",
        "an amount",
        rf"({_NUMBER}) ?([A-Z]{{3}})",
        "write digits and the currency, without separators: 120000 EUR",
        lambda m: Money(Decimal(m[1]), _known_currency(m[2])),
        Money,
    ),
]


def _yes_or_no(match: re.Match[str]) -> bool:
    return match[0].lower() in ("yes", "true")


YesNo = Annotated[
    bool,
    pattern(
        "PM210",
        "yes or no",
        r"(?ai:yes|no|true|false)",
        "write yes or no",
        _yes_or_no,
        bool,
        {"enum": ["yes", "no", "true", "false", True, False]},
    ),
]
