/* rules_dates - the rules about dates */
#include "preflight/rule.h"

const Rule RULES_OF_DATES[] = {
    {
        .id = "wrong-weekday",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "a weekday that doesn't match its date",
        .why = "\"Monday 7 January 2025\" was a Tuesday: half of the readers will come on one "
               "day and half on the other, or all will ring. Where a date has no year, the one "
               "that is next from the letter's date (or from today) is meant, the last "
               "half-year and the years that the text names beside it are granted. English "
               "names of days and months are known; 7/1/2025 is read as 7 January unless "
               "'lang' is en-US.",
        .mend = "Look into a calendar, and correct the day or the date.",
    },
    {
        .id = "impossible-date",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "a date that no calendar has",
        .why = "31 November and 30 February come from lists of dates that were copied from "
               "month to month.",
        .mend = "Correct the day or the month.",
    },
    {
        .id = "past-deadline",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "a deadline that is over when the letter goes",
        .why = "Last term's letter is the usual beginning of this term's. Looked for only "
               "where the text asks for something by a day that is before the letter's date "
               "(or today).",
        .mend = "Correct the date, or take the request out.",
    },
    {
        .id = "old-date",
        .severity = FINDING_NOTE,
        .group = RULES_CONTENT,
        .what = "the letter's own date is over a week ago",
        .why = "The 'date' of the front matter is shown at the head of the letter; this one "
               "looks left over from an earlier letter.",
        .mend = "Change 'date' in the front matter.",
    },
    {0},
};
