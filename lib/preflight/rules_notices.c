/* rules_notices - the rules about the notices, layouts and terms of digests */
#include "preflight/rule.h"

const Rule RULES_OF_NOTICES[] = {
    {
        .id = "no-title",
        .severity = FINDING_ERROR,
        .group = RULES_CONTENT,
        .what = "a notice of a digest without a title",
        .why = "It stands in the list of contents and above the notice.",
        .mend = "Put 'title: ...' between the lines of --- at its top.",
    },
    {
        .id = "no-date",
        .severity = FINDING_ERROR,
        .group = RULES_CONTENT,
        .what = "a notice of a digest without a date",
        .why = "The date is the day from which the notice goes out; without it nobody "
               "could say whether it is new.",
        .mend = "Put 'date: 2027-01-11' between the lines of --- at its top.",
    },
    {
        .id = "bad-date",
        .severity = FINDING_ERROR,
        .group = RULES_CONTENT,
        .what = "a date of a notice or of a term that can't be read",
        .why = "A date without a year, or one that no calendar has, is a slip of the "
               "finger that would send a notice a year late or never.",
        .mend = "Write it as 2027-01-11, 11/01/2027 or 11 January 2027.",
    },
    {
        .id = "bad-value",
        .severity = FINDING_ERROR,
        .group = RULES_CONTENT,
        .what = "a value that a notice's key doesn't take",
        .why = "'pinned' is yes or no, 'revision' a number, and 'for' and 'audience' "
               "are two names of one key.",
        .mend = "Correct the value.",
    },
    {
        .id = "event-past",
        .severity = FINDING_ERROR,
        .group = RULES_CONTENT,
        .what = "an event that is over before its notice goes out",
        .why = "An invitation to what was last week makes readers doubt the rest; most "
               "often a year or a month is wrong.",
        .mend = "Correct 'event', or delete the notice.",
    },
    {
        .id = "expires-past",
        .severity = FINDING_ERROR,
        .group = RULES_CONTENT,
        .what = "a notice that expires before its own date",
        .why = "Nobody would ever get it.",
        .mend = "Correct 'expires' or 'date'.",
    },
    {
        .id = "delimiters",
        .severity = FINDING_ERROR,
        .group = RULES_CONTENT,
        .what = "a notice that changes the delimiters of tags",
        .why = "It stands in one letter with others, whose tags would no longer be "
               "tags.",
        .mend = "Write the tags with {{ and }}.",
    },
    {
        .id = "notice-changed",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "a notice that was changed since a digest had it",
        .why = "Who had it doesn't get it again: a mended slip shouldn't reach 450 "
               "people twice. A new notice in an old file would reach nobody.",
        .mend = "Write a greater 'revision' to send it again, and a new notice into a "
                "new file.",
    },
    {
        .id = "unreadable",
        .severity = FINDING_ERROR,
        .group = RULES_CONTENT,
        .what = "a notice's file that can't be read",
        .why = "A digest without it would be one that somebody believes complete.",
        .mend = "Let whoever runs circular read the file, or move it away.",
    },
    {
        .id = "too-many",
        .severity = FINDING_ERROR,
        .group = RULES_CONTENT,
        .what = "more notices due at once than a digest holds",
        .why = "Nobody reads 200 notices; most likely old ones were never given an "
               "end.",
        .mend = "Give old notices an 'expires', or begin later with --since.",
    },
    {
        .id = "digest-slot",
        .severity = FINDING_ERROR,
        .group = RULES_CONTENT,
        .what = "{{digest}} within a line of a digest's layout",
        .why = "The notices are headings and paragraphs, which can't stand within a "
               "sentence.",
        .mend = "Give {{digest}} a line of its own.",
    },
    {
        .id = "no-term",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "all terms of a digest's sheet have ended",
        .why = "From then on it waits for a term that never comes, and nobody notices.",
        .mend = "Add the terms to come to the sheet.",
    },
    {
        .id = "no-terms",
        .severity = FINDING_ERROR,
        .group = RULES_CONTENT,
        .what = "a sheet of terms that holds none",
        .why = "The digest could never be sent.",
        .mend = "Fill it in, or take 'terms' out of the config.",
    },
    {
        .id = "term-backwards",
        .severity = FINDING_ERROR,
        .group = RULES_CONTENT,
        .what = "a term that ends before it begins",
        .why = "No day lies in it.",
        .mend = "Correct the two dates.",
    },
    {
        .id = "term-overlap",
        .severity = FINDING_ERROR,
        .group = RULES_CONTENT,
        .what = "two terms that overlap",
        .why = "One of their dates is wrong, and with it the day on which digests "
               "begin or end.",
        .mend = "Correct the dates.",
    },
    {0},
};
