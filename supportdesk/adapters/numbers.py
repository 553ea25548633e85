"""Phone numbers in one normal form, E.164, by libphonenumber with the founder's own country."""

from collections.abc import Callable
from functools import lru_cache

from supportdesk.domain.phone_numbers import caller_number


def normaliser(country: str) -> Callable[[str], str]:
    """A function from a number as phones give it to E.164.

    A withheld number gives "". What is no public number (an extension) is kept without its
    punctuation, so that it still equals itself; an address stays an address.

    Args:
        country: ISO 3166 code for numbers without a country code; "" knows none.
    """

    # Enough for two weeks of a busy house: what falls out is parsed anew with every list.
    @lru_cache(maxsize=16_384)
    def normalise(number: str) -> str:
        number = caller_number(number)
        if not number or "@" in number:
            return number
        # 4 MB and 20 ms that a desk needs only once somebody calls.
        import phonenumbers

        try:
            parsed = phonenumbers.parse(number, country.upper() or None)
        except phonenumbers.NumberParseException:
            return _bare(number)
        if not phonenumbers.is_possible_number(parsed):
            return _bare(number)
        return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)

    return normalise


def national_number(number: str, country: str) -> str:
    """Its digits without the country; "" where that cannot be told."""
    import phonenumbers

    try:
        parsed = phonenumbers.parse(number, country.upper() or None)
    except phonenumbers.NumberParseException:
        return ""
    return phonenumbers.national_significant_number(parsed)


def _bare(number: str) -> str:
    kept = "".join(sign for sign in number if sign.isalnum() or sign in "+*#")
    return kept or number.strip()
