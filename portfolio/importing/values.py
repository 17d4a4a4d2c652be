"""From the text of a cell to a date, an amount, a number of days. What cannot be read says why and what to write instead."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

from portfolio.importing.problems import Unreadable

#: What offices write for "nothing to say". Only figures, dates, people and phases are read so; a project may be called None.
MISSING = frozenset({"", "-", "–", "—", "--", ".", "na", "n/a", "#n/a", "null", "none", "nil", "nan"})
CENT = Decimal("0.01")
LARGEST_AMOUNT = Decimal(10) ** 14
SIGNS = {"£": "GBP", "€": "EUR", "$": "USD", "¥": "JPY", "₹": "INR", "₩": "KRW", "₪": "ILS", "₺": "TRY", "₴": "UAH"}
CODES = ("USD", "GBP", "EUR", "CAD", "AUD", "NZD", "CHF", "SEK", "NOK", "DKK", "JPY", "INR")
SCALES = {
    "k": 1_000,
    "thousand": 1_000,
    "m": 1_000_000,
    "mn": 1_000_000,
    "mil": 1_000_000,
    "million": 1_000_000,
    "bn": 1_000_000_000,
    "b": 1_000_000_000,
    "billion": 1_000_000_000,
}
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ),
        1,
    )
    for name in names.split()
}
SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f']+")
TIME_OF_DAY = re.compile(r"[T\s]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*(am|pm|z|[+-]\d{2}:?\d{2})?$", re.IGNORECASE)
ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
NUMERIC = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d{2})")
DAY_WORD = re.compile(
    r"(?:[a-z]{3,9},?\s+)?(\d{1,2})(?:st|nd|rd|th)?[\s\-/.]+([a-z]{3,9})\.?,?[\s\-/.]+(\d{4}|\d{2})", re.IGNORECASE
)
WORD_DAY = re.compile(r"(?:[a-z]{3,9},?\s+)?([a-z]{3,9})\.?[\s\-]+(\d{1,2})(?:st|nd|rd|th)?,?[\s\-]+(\d{4})", re.IGNORECASE)
KNOWN_RATINGS = {
    word.casefold(): word for word in ("Green", "Amber/Green", "Amber", "Amber/Red", "Red", "Yellow", "Grey", "Gray", "Blue")
}


def is_missing(text: str) -> bool:
    return text.strip().casefold() in MISSING


def looks_like_a_sentence(text: str) -> bool:
    """Say whether somebody explained instead of giving a figure: more letters than digits."""
    return sum(character.isalpha() for character in text) > sum(character.isdigit() for character in text)


# Dates


@dataclass(frozen=True)
class DateOrder:
    """What the dates of a file tell of their order. `order` is dmy or mdy, "" where they do not tell."""

    order: str
    is_mixed: bool = False


def detected_order(texts: Iterable[str]) -> DateOrder:
    """Return the order that the dates need: a first part over 12 is a day, a second part over 12 is one too."""
    day_first = month_first = 0
    for text in texts:
        match = NUMERIC.fullmatch(_without_time(text))
        if match:
            day_first += int(match[1]) > 12
            month_first += int(match[2]) > 12
    if not day_first and not month_first:
        return DateOrder("")
    return DateOrder("dmy" if day_first >= month_first else "mdy", is_mixed=bool(day_first and month_first))


def _without_time(text: str) -> str:
    return TIME_OF_DAY.sub("", text.strip())


def read_date(text: str, order: str = "mdy") -> dt.date | None:
    """Return the date in `text`, None when it says that there is none. Raises Unreadable: not_a_date, no_such_day."""
    if is_missing(text):
        return None
    parts = _date_parts(_without_time(text), order)
    if parts is None:
        raise Unreadable(
            "not_a_date",
            f"This is not a date{_hint(text)}. Write it as 2026-03-31, or leave the cell empty.",
            is_text=looks_like_a_sentence(text),
        )
    year, month, day = parts
    try:
        found = dt.date(_full_year(year), month, day)
    except ValueError:
        other = "month/day/year" if order == "dmy" else "day/month/year"
        raise Unreadable(
            "no_such_day",
            f"There is no such day. Write it as 2026-03-31, or choose the order {other} if all dates are written so.",
        ) from None
    if not 1900 <= found.year <= 2199:
        raise Unreadable("no_such_day", "The year must lie between 1900 and 2199. Correct the date.")
    return found


def _date_parts(text: str, order: str) -> tuple[int, int, int] | None:
    if match := ISO.fullmatch(text):
        return int(match[1]), int(match[2]), int(match[3])
    if match := NUMERIC.fullmatch(text):
        first, second = int(match[1]), int(match[2])
        return (int(match[3]), second, first) if order == "dmy" else (int(match[3]), first, second)
    if (match := DAY_WORD.fullmatch(text)) and (month := MONTHS.get(match[2].lower())):
        return int(match[3]), month, int(match[1])
    if (match := WORD_DAY.fullmatch(text)) and (month := MONTHS.get(match[1].lower())):
        return int(match[3]), month, int(match[2])
    return None


def _full_year(year: int) -> int:
    """Return a two-digit year as people mean it: up to 69 in this century."""
    if year >= 100:
        return year
    return 2000 + year if year < 70 else 1900 + year


def _hint(text: str) -> str:
    if re.fullmatch(r"\d{5}(\.0+)?", text.strip()):
        return ", but the number by which Excel stores one"
    if re.fullmatch(r"\d{4}", text.strip()):
        return ", but a year"
    return ""


# Amounts


@dataclass(frozen=True)
class Amount:
    """A figure as it stands, in the unit of the file, to the cent; `currency` where the cell names one."""

    value: Decimal
    currency: str = ""
    is_rounded: bool = False


@dataclass(frozen=True)
class NumberForm:
    """How a file writes figures: the decimal sign, and how many units one of its figures is (1,000 for thousands)."""

    decimal_sign: str = "."
    unit: int = 1


def read_amount(text: str, form: NumberForm | None = None) -> Amount | None:
    """Return the amount in `text`, None when it says that there is none. Raises Unreadable: not_an_amount, amount_too_large."""
    if is_missing(text):
        return None
    body, is_negative = _without_sign(SPACES.sub(" ", text).strip())
    body, currency = _without_currency(body)
    body, minus_inside = _without_sign(body) if currency or text.strip().startswith("(") else (body, False)
    figure, scale = _scaled(body)
    number = _number(figure, (form or NumberForm()).decimal_sign)
    if number is None:
        raise Unreadable("not_an_amount", _amount_reason(text), is_text=looks_like_a_sentence(text))
    if scale != 1:
        number = number * scale / (form or NumberForm()).unit
    if is_negative or minus_inside:
        number = -number
    if abs(number) >= LARGEST_AMOUNT:
        raise Unreadable("amount_too_large", "The amount has more than 14 digits. Correct it, or choose thousands or millions.")
    value = number.quantize(CENT, ROUND_HALF_EVEN)
    return Amount(value, currency, is_rounded=abs(number - value) > Decimal("0.000001"))


def _amount_reason(text: str) -> str:
    if "%" in text:
        return "This is a percentage, not an amount. Write the amount, or do not read this column as money."
    if re.search(r"\d,\d{1,2}$|\d\.\d{3},\d", text.strip()):
        return "This is not an amount. If the file writes a comma before the cents, choose the comma as decimal sign."
    return "This is not an amount. Write digits only, such as 1234.50, or leave the cell empty."


def _without_sign(text: str) -> tuple[str, bool]:
    """Return `text` without its sign or its accounting parentheses, and whether it is negative."""
    body = text.strip()
    if body.startswith("(") and body.endswith(")"):
        return body[1:-1].strip(), True
    if body[:1] in "+-−" and body[1:]:
        return body[1:].strip(), body[0] != "+"
    if body[-1:] in "-−" and body[:-1]:
        return body[:-1].strip(), True
    return body, False


def _without_currency(text: str) -> tuple[str, str]:
    for sign, code in SIGNS.items():
        if text.startswith(sign):
            return text[len(sign) :].strip(), code
        if text.endswith(sign):
            return text[: -len(sign)].strip(), code
    for code in CODES:
        if text[:3].upper() == code:
            return _without_currency(text[3:].strip())[0], code
        if text[-3:].upper() == code:
            return text[:-3].strip(), code
    return text, ""


def _scaled(text: str) -> tuple[str, int]:
    """Return the figure and the scale that a word behind it names: “1.2m” is 1.2 and a million."""
    match = re.fullmatch(r"([\d.,\s]*\d)\s*([A-Za-z]+)", text)
    if match and match[2].lower() in SCALES:
        return match[1], SCALES[match[2].lower()]
    return text, 1


def _number(text: str, decimal_sign: str) -> Decimal | None:
    group = "," if decimal_sign == "." else "."
    plain = text
    grouped = rf"\d{{1,3}}([{re.escape(group)} ]\d{{3}})+({re.escape(decimal_sign)}\d*)?"
    if re.fullmatch(grouped, text):
        plain = text.replace(group, "").replace(" ", "")
    if decimal_sign == ",":
        if "." in plain:
            return None
        plain = plain.replace(",", ".")
    if not re.fullmatch(r"(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?", plain, re.IGNORECASE | re.ASCII) or len(plain) > 60:
        return None
    try:
        return Decimal(plain)
    except InvalidOperation:
        return None


def detected_decimal_sign(texts: Iterable[str]) -> str:
    """Return the comma when a figure needs it (1.234,56) and none forbids it, else the point."""
    needs_comma = needs_point = 0
    for text in texts:
        body = re.sub(r"[^\d.,]", "", text)
        needs_comma += bool(re.fullmatch(r"(\d{1,3}(\.\d{3})+|\d+),\d{1,2}|\d{1,3}(\.\d{3}){2,}", body))
        needs_point += bool(re.fullmatch(r"(\d{1,3}(,\d{3})+|\d+)\.\d{1,2}|\d{1,3}(,\d{3}){2,}", body))
    return "," if needs_comma and not needs_point else "."


# Others


def read_days(text: str) -> int | None:
    """Return a whole number of days. Raises Unreadable: not_days."""
    if is_missing(text):
        return None
    body, is_negative = _without_sign(re.sub(r"\s*days?$", "", text.strip(), flags=re.IGNORECASE))
    number = _number(body.replace(",", ""), ".")
    if number is None or number != number.to_integral_value() or abs(number) > 100_000:
        raise Unreadable(
            "not_days",
            "This is not a whole number of days. Write digits only, or leave the cell empty.",
            is_text=looks_like_a_sentence(text),
        )
    return -int(number) if is_negative else int(number)


def read_class(text: str) -> int | None:
    """Return a governance class, 1 to 4. Raises Unreadable: not_a_class."""
    if is_missing(text):
        return None
    match = re.fullmatch(r"(?:(?:governance )?class|tier|level)?\s*([1-4])(?:\.0)?", text.strip(), re.IGNORECASE)
    if match is None:
        raise Unreadable("not_a_class", "The governance class is a number from 1 to 4. Correct it, or leave the cell empty.")
    return int(match[1])


def read_rating(text: str) -> str:
    """Return a rating in the source's own words; the well-known words are spelled alike, so that they can be counted."""
    words = " ".join(text.split())
    return KNOWN_RATINGS.get(re.sub(r"\s*/\s*", "/", words).casefold(), words)
