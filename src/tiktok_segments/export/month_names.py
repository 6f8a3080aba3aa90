"""Names of months in the languages of the large markets."""

from __future__ import annotations

import calendar

from tiktok_segments.export.aliases import normalise

_NAMES = (
    "januar jänner janvier enero janeiro gennaio januari styczeń stycznia январь января січень "
    "січня ocak tháng1 leden",
    "februar février febrero fevereiro febbraio februari luty lutego февраль февраля лютий лютого "
    "şubat tháng2 fév fev feb",
    "märz mars marzo março maart marzec marca март марта березень березня mart maret tháng3 mär",
    "april avril abril aprile kwiecień kwietnia апрель апреля квітень квітня nisan tháng4 avr abr",
    "mai mayo maio maggio mei maj maja май мая травень травня mayıs tháng5 mag",
    "juni juin junio junho giugno czerwiec czerwca июнь июня червень червня haziran tháng6 giu",
    "juli juillet julio julho luglio lipiec lipca июль июля липень липня temmuz tháng7 lug juil",
    "august août agosto augustus sierpień sierpnia август августа серпень серпня ağustos agustus "
    "tháng8 aoû ago",
    "september septembre septiembre setembro settembre wrzesień września сентябрь сентября "
    "вересень вересня eylül tháng9 sept set",
    "oktober octobre octubre outubro ottobre październik października октябрь октября жовтень "
    "жовтня ekim tháng10 okt out ott",
    "november novembre noviembre novembro listopad listopada ноябрь ноября листопад листопада "
    "kasım nopember tháng11",
    "dezember décembre diciembre dezembro dicembre december grudzień grudnia декабрь декабря "
    "грудень грудня aralık desember tháng12 dez déc dic des",
)
MONTHS = {
    normalise(name): number
    for number, names in enumerate(_NAMES, start=1)
    for name in (*names.split(), calendar.month_name[number], calendar.month_abbr[number])
}
"""Number of the month by its normalised name, whole or cut short."""
