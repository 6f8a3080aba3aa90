"""Numbers as people write them."""

from tiktok_segments.schema import COLUMNS


def short_number(value: float) -> str:
    """Write a number as people do: 12.5M, 340K, 1.8.

    Examples
    --------
    >>> [short_number(x) for x in (12_500_000, 340_000, 999_999, 950, 0.5)]
    ['12.5M', '340K', '1M', '950', '0.5']
    """
    for limit, suffix in ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "K")):
        if abs(value) >= limit * 0.9995:
            return f"{value / limit:.3g}{suffix}"
    return f"{value:.3g}"


def percent(value: float) -> str:
    """Write a fraction as a percentage with three significant digits.

    Examples
    --------
    >>> percent(0.0176), percent(63.5)
    ('1.76 %', '6,350 %')
    """
    share = value * 100
    return f"{share:,.0f} %" if abs(share) >= 100 else f"{share:.3g} %"


def write_value(column: str, value: float) -> str:
    """Write a value of a canonical column in its unit: counts short, rates in per cent."""
    return percent(value) if COLUMNS[column].kind == "rate" else short_number(value)
