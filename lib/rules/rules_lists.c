/* rules_lists - the rules about who gets the letter */
#include "rules/rule.h"

const Rule RULES_OF_LISTS[] = {
    {
        .id = "role-address",
        .severity = FINDING_NOTE,
        .group = RULES_LIST,
        .what = "addresses that are read by several people, or by nobody",
        .why = "office@, admin@ and enquiries@ (roles, as RFC 2142 has them) are read by "
               "whoever is there: what is meant for the head alone should go to the head. How "
               "many there are, and the first.",
        .fix = "Ask those schools for the head's own address, or write as to an office.",
        .needs = RULE_WITH_AUDIENCE,
    },
    {
        .id = "unread-address",
        .severity = FINDING_WARNING,
        .group = RULES_LIST,
        .what = "addresses that nobody reads",
        .why = "noreply@ and the like take no letters.",
        .fix = "Ask for an address that somebody reads.",
        .needs = RULE_WITH_AUDIENCE,
    },
    {
        .id = "look-alike",
        .severity = FINDING_WARNING,
        .group = RULES_LIST,
        .what = "a domain that is one slip away from a well-known one",
        .why = "gmial.com, .sch.ul, .co.uj, or one letter off a domain that many others in the "
               "same list have. Such domains often exist, and belong to people who collect "
               "mail that was sent wrong (RFC 5321 delivers to whatever the domain says).",
        .fix = "Correct the address in the list; where it is right, allow it.",
        .needs = RULE_WITH_AUDIENCE,
    },
    {
        .id = "empty-fields",
        .severity = FINDING_NOTE,
        .group = RULES_LIST,
        .what = "fields that are empty for some",
        .why = "Each is guarded by a section, so the letter reads well for them too. More than "
               "you would expect points to a column that wasn't filled.",
        .fix = "Look at one of those who lack it: circular preview --for KEY.",
        .needs = RULE_WITH_AUDIENCE,
    },
    {
        .id = "unknown-audience",
        .severity = FINDING_ERROR,
        .group = RULES_LIST,
        .what = "an audience in the front matter that the config doesn't have",
        .why = "A plan of the update is refused, and nothing of its letters was looked at.",
        .fix =
            "Write the name as it stands under audiences in the config, without quotes of another "
            "kind.",
    },
    {
        .id = "audience-drift",
        .severity = FINDING_WARNING,
        .group = RULES_LIST,
        .what = "an audience that has changed by over 5 per cent since the last mailing to it",
        .why = "A list that lost 60 schools over night was cut off, or filtered; one that "
               "gained 60 holds something twice.",
        .fix = "Compare: circular status ID --recipients shows who was written to last time.",
        .needs = RULE_WITH_LEDGER,
    },
    {
        .id = "suppressed-many",
        .severity = FINDING_WARNING,
        .group = RULES_LIST,
        .what = "over 5 per cent of the audience get no more letters",
        .why = "Their addresses bounced, or they asked for it. A twentieth of the schools "
               "hears nothing by this way.",
        .fix = "circular suppress list says why for each; ring those whose address is gone.",
        .needs = RULE_WITH_LEDGER,
    },
    {
        .id = "suppressed",
        .severity = FINDING_NOTE,
        .group = RULES_LIST,
        .what = "some of the audience get no more letters",
        .why = "Their addresses bounced, or they asked for it; the plan leaves them out and "
               "says so.",
        .fix = "circular suppress list says why for each.",
        .needs = RULE_WITH_LEDGER,
    },
    {
        .id = "no-mx",
        .severity = FINDING_WARNING,
        .group = RULES_LIST,
        .what = "a domain that takes no mail",
        .why = "It does not exist, or says in the DNS that it takes none (RFC 5321, 5.1; RFC "
               "7505): letters to it come back.",
        .fix = "Correct the address in the list.",
        .needs = RULE_WITH_DNS,
    },
    {
        .id = "dns-silent",
        .severity = FINDING_NOTE,
        .group = RULES_LIST,
        .what = "domains that could not be looked up",
        .why = "The name servers gave no answer: nothing is known about these.",
        .fix = "Try again, or from a machine with a connection.",
        .needs = RULE_WITH_DNS,
    },
    {0},
};

/* --- what the reading of lists finds ----------------------------------------------------------- */

const Rule RULES_OF_SHEETS[] = {
    {
        .id = "nobody",
        .severity = FINDING_WARNING,
        .group = RULES_LIST,
        .what = "an audience without a row",
        .why = "The list is empty, or 'where' chose nothing.",
        .fix = "Look at 'where' in the config.",
        .needs = RULE_WITH_AUDIENCE,
    },
    {
        .id = "twin-differs",
        .severity = FINDING_WARNING,
        .group = RULES_LIST,
        .what = "two rows of one address whose letters would differ",
        .why = "There is one letter, with the values of the first: the head of two schools reads "
               "about one of them.",
        .fix = "Write 'group: email' in the audience and {{#rows}} in the letter, or leave out "
               "what differs.",
        .needs = RULE_WITH_AUDIENCE,
    },
    {
        .id = "everybody",
        .severity = FINDING_NOTE,
        .group = RULES_LIST,
        .what = "a 'where' that leaves nobody out",
        .why = "It is true of every row: perhaps it doesn't say what it was to say.",
        .fix = "Look at 'where' in the config; without need for one, leave it out.",
        .needs = RULE_WITH_AUDIENCE,
    },
    {
        .id = "no-such-value",
        .severity = FINDING_WARNING,
        .group = RULES_LIST,
        .what = "a text in 'where' that no row has",
        .why = "A slip of the finger there chooses the wrong rows in silence: 'primary' is not "
               "'Primary'.",
        .fix = "Write it as the column has it; the finding says what was most likely meant.",
        .needs = RULE_WITH_AUDIENCE,
    },
    {
        .id = "number-in-quotes",
        .severity = FINDING_WARNING,
        .group = RULES_LIST,
        .what = "a number in quotes in 'where', which cells have in other characters",
        .why = "In quotes it is compared as it is written, for a code may look like a number: "
               "'30' is not 30.0.",
        .fix = "Write a number without quotes; keep them for a code such as '0012'.",
        .needs = RULE_WITH_AUDIENCE,
    },
    {
        .id = "day-in-quotes",
        .severity = FINDING_WARNING,
        .group = RULES_LIST,
        .what = "a day in 'where' that cells have in other characters",
        .why = "With = and IN it is compared as it is written: '2015-09-01' is not 01/09/2015.",
        .fix = "Write day(x) = '2015-09-01', which compares days however they are written.",
        .needs = RULE_WITH_AUDIENCE,
    },
    {
        .id = "looks-alike",
        .severity = FINDING_WARNING,
        .group = RULES_LIST,
        .what = "a text in 'where' that some rows have, while others look alike",
        .why = "Capitals, kinds of dashes and apostrophes, blanks and a dot at the end count: "
               "'PRIMARY' is not 'Primary', and such rows are chosen otherwise in silence.",
        .fix = "Mend the list; or name both: Phase IN ('Primary', 'PRIMARY').",
        .needs = RULE_WITH_AUDIENCE,
    },
    {
        .id = "unknown-cell",
        .severity = FINDING_WARNING,
        .group = RULES_LIST,
        .what = "a cell without the number or the day that 'where' compares",
        .why = "Nobody can say whether '..' is over 30: such a row is chosen neither by the "
               "comparison nor by its negation.",
        .fix = "Fill in the cells, or say what is to become of such rows: OR number(x) IS NULL.",
        .needs = RULE_WITH_AUDIENCE,
    },
    {
        .id = "mixed-measures",
        .severity = FINDING_WARNING,
        .group = RULES_LIST,
        .what =
            "a column compared with a number, of which some cells say 45% and some 0.45, or all "
            "say the one where the number is meant as the other",
        .why =
            "Cells are compared by their digits: 0.45 isn't over 30, and 45% is over 0.3, as is "
            "5%. A sheet that was put together from two often has both, and a worksheet shows as "
            "45% what its formulas take for 0.45: the rows are chosen wrongly.",
        .fix = "Write all cells of the column in one measure, and compare with that: 45% with 30, "
               "0.45 with 0.3.",
        .needs = RULE_WITH_AUDIENCE,
    },
    {
        .id = "and-before-or",
        .severity = FINDING_WARNING,
        .group = RULES_LIST,
        .what = "AND and OR side by side in an expression, without brackets",
        .why = "AND goes first: Status = 'Open' AND Phase = 'Primary' OR Phase = 'Nursery' chooses "
               "the nurseries that have closed, too, and nothing in the list shows it.",
        .fix =
            "Put brackets around what belongs together: Status = 'Open' AND (Phase = 'Primary' OR "
            "Phase = 'Nursery'), or around the AND if that is meant.",
        .needs = RULE_WITH_AUDIENCE,
    },
    {
        .id = "unknown-answer",
        .severity = FINDING_WARNING,
        .group = RULES_LIST,
        .what = "rows of which answered() in 'where' can't tell whether they have answered",
        .why = "Who had no letter that asked can't have answered, and what a person has still to "
               "read may be an answer: such a row is chosen neither by answered() nor by its "
               "negation.",
        .fix = "Read what waits: 'circular answers --review'. Write to those who weren't asked in "
               "another audience.",
        .needs = RULE_WITH_AUDIENCE,
    },
    {
        .id = "unasked-question",
        .severity = FINDING_ERROR,
        .group = RULES_LIST,
        .what = "answered() in 'where' asks what no letter has asked",
        .why = "A slip in the question's name, or in its choice, would choose nobody, or with OR "
               "the wrong ones. In a flag it is a warning: the letter may be yet to come.",
        .fix = "Write the name as it stands behind '::: answer', and the choice in its words.",
        .needs = RULE_WITH_AUDIENCE,
    },
    {
        .id = "bad-address",
        .severity = FINDING_WARNING,
        .group = RULES_LIST,
        .what = "an address that is none",
        .why = "No letter goes there; the plan names it among those left out.",
        .fix = "Correct it in the list: the finding says what was most likely meant.",
        .needs = RULE_WITH_AUDIENCE,
    },
    {
        .id = "no-address",
        .severity = FINDING_WARNING,
        .group = RULES_LIST,
        .what = "a row without an address",
        .why = "No letter goes there; the plan names it among those left out.",
        .fix = "Fill it in.",
        .needs = RULE_WITH_AUDIENCE,
    },
    {
        .id = "same-address",
        .severity = FINDING_WARNING,
        .group = RULES_LIST,
        .what = "an address that stands in two rows",
        .why = "One letter goes to it, for the first row. Within one row it is a note.",
        .fix = "Check which row it belongs to.",
        .needs = RULE_WITH_AUDIENCE,
    },
    {
        .id = "no-key",
        .severity = FINDING_ERROR,
        .group = RULES_LIST,
        .what = "a row without a key",
        .why = "What became of its letter could never be looked up.",
        .fix = "Fill the column that 'key' names.",
        .needs = RULE_WITH_AUDIENCE,
    },
    {
        .id = "bad-key",
        .severity = FINDING_ERROR,
        .group = RULES_LIST,
        .what = "a key that is too long or has a line end",
        .why = "It is to be typed on a command line.",
        .fix = "Correct it in the list.",
        .needs = RULE_WITH_AUDIENCE,
    },
    {
        .id = "same-key",
        .severity = FINDING_ERROR,
        .group = RULES_LIST,
        .what = "two rows with one key",
        .why = "Which of them is the school?",
        .fix = "Correct one of them.",
        .needs = RULE_WITH_AUDIENCE,
    },
    {
        .id = "like-key",
        .severity = FINDING_WARNING,
        .group = RULES_LIST,
        .what = "two keys that look like one: 0012 and 12, 100001 and 100001.0, Ab1 and AB1",
        .why = "Keys are compared by their characters. A spreadsheet drops noughts and adds '.0', "
               "and a school that stands in the list by both has two letters, one perhaps to who "
               "was head before.",
        .fix = "Take out the row that is out of date, or write the key of both in one way.",
        .needs = RULE_WITH_AUDIENCE,
    },
    {
        .id = "other-sheet",
        .severity = FINDING_WARNING,
        .group = RULES_LIST,
        .what = "a workbook with another worksheet of the same columns, of which none was named",
        .why = "The first worksheet is read and no other: where the primary schools are on one and "
               "the secondary schools on the next, half of the heads are missed.",
        .fix =
            "Say which is meant (sheet: 'Heads' under the list). Where both are, put the rows on "
            "one, or make a list and an audience of each.",
        .needs = RULE_WITH_AUDIENCE,
    },
    {
        .id = "hidden",
        .severity = FINDING_WARNING,
        .group = RULES_LIST,
        .what = "rows or columns of a workbook that are hidden, or that a filter hides",
        .why = "They are left out: who stands in them gets no letter.",
        .fix = "Clear the filter or unhide them in Excel, and save it.",
        .needs = RULE_WITH_AUDIENCE,
    },
    {
        .id = "uncomputed",
        .severity = FINDING_WARNING,
        .group = RULES_LIST,
        .what = "formulas of a workbook that no program has computed yet",
        .why = "Their cells read as the formula itself.",
        .fix = "Open the workbook in Excel or LibreOffice and save it.",
        .needs = RULE_WITH_AUDIENCE,
    },
    {
        .id = "short-row",
        .severity = FINDING_WARNING,
        .group = RULES_LIST,
        .what = "a row with fewer cells than the list has columns",
        .why = "The others are taken as empty.",
        .fix = "Add the cells, or look for a quote that is not closed.",
        .needs = RULE_WITH_AUDIENCE,
    },
    {
        .id = "long-row",
        .severity = FINDING_ERROR,
        .group = RULES_LIST,
        .what = "a row with more cells than the list has columns",
        .why = "Its values may stand in the wrong columns, so it can't be used.",
        .fix = "Put a cell that holds the delimiter in double quotes.",
        .needs = RULE_WITH_AUDIENCE,
    },
    {
        .id = "encoding",
        .severity = FINDING_WARNING,
        .group = RULES_LIST,
        .what = "a line that looks like another encoding than the file",
        .why = "The file was put together from two, and names may come out wrong.",
        .fix = "Save the whole as UTF-8.",
        .needs = RULE_WITH_AUDIENCE,
    },
    {
        .id = "garbled",
        .severity = FINDING_WARNING,
        .group = RULES_LIST,
        .what = "words that were wrongly converted before they were saved",
        .why = "\"SiÃ¢n\" is \"Siân\", and \"donâ€™t\" is \"don’t\", saved in one encoding and "
               "read in another. Bullets of Word's own (U+F0B7) and other characters for private "
               "use are empty boxes to readers. Looked for in lists, updates, notices, layouts and "
               "what the "
               "config says of the office.",
        .fix = "Write it anew, as the finding says.",
    },
    {
        .id = "stray-letter",
        .severity = FINDING_WARNING,
        .group = RULES_LIST,
        .what = "a Cyrillic or Greek letter that only looks like a Latin one",
        .why = "Nobody sees it, and yet 'where', a join or a mail server takes the word for "
               "another. Words that are Russian or Greek as a whole are none.",
        .fix = "Type the word anew.",
        .needs = RULE_WITH_AUDIENCE,
    },
    {
        .id = "control",
        .severity = FINDING_WARNING,
        .group = RULES_LIST,
        .what = "control characters in a cell",
        .why = "They show nothing, and are replaced.",
        .fix = "Type the cell anew.",
        .needs = RULE_WITH_AUDIENCE,
    },
    {
        .id = "column",
        .severity = FINDING_NOTE,
        .group = RULES_LIST,
        .what = "a column without a name, or with that of another",
        .why = "Nothing can ask for it, so that it is passed over.",
        .fix = "Name it in the first line, if it is of use.",
        .needs = RULE_WITH_AUDIENCE,
    },
    {
        .id = "code-page",
        .severity = FINDING_ERROR,
        .group = RULES_LIST,
        .what = "a sheet saved as 'CSV (MS-DOS)' or 'CSV (Macintosh)'",
        .why = "Read as Windows-1252 its accents become other signs: 'Gagné' is 'Gagn‚'.",
        .fix = "Save it as 'CSV UTF-8', or say 'encoding: cp850' or 'encoding: macintosh' in the "
               "config.",
        .needs = RULE_WITH_AUDIENCE,
    },
    {
        .id = "join-column",
        .severity = FINDING_WARNING,
        .group = RULES_LIST,
        .what = "a column that both sheets have",
        .why = "The list's is used.",
        .fix = "Rename one of them.",
        .needs = RULE_WITH_AUDIENCE,
    },
    {
        .id = "join-none",
        .severity = FINDING_WARNING,
        .group = RULES_LIST,
        .what = "rows that have no partner in the joined sheet",
        .why = "They have no address, or lack the joined fields.",
        .fix = "Add them to the joined sheet, or write the key alike in both: a program that takes "
               "it for a "
               "number drops the noughts before it.",
        .needs = RULE_WITH_AUDIENCE,
    },
    {
        .id = "join-unused",
        .severity = FINDING_NOTE,
        .group = RULES_LIST,
        .what = "rows of the joined sheet that nobody asks for",
        .why = "Their keys are not in the list; schools that closed, or a slip in a key.",
        .fix = "Look at the first of them.",
        .needs = RULE_WITH_AUDIENCE,
    },
    {
        .id = "join-empty",
        .severity = FINDING_WARNING,
        .group = RULES_LIST,
        .what = "a row of the joined sheet without a key",
        .why = "It belongs to nobody.",
        .fix = "Fill it in.",
        .needs = RULE_WITH_AUDIENCE,
    },
    {
        .id = "join-twins",
        .severity = FINDING_ERROR,
        .group = RULES_LIST,
        .what = "two rows of the joined sheet with one key",
        .why = "Which of them belongs to the school?",
        .fix = "Take one of them out.",
        .needs = RULE_WITH_AUDIENCE,
    },
    {
        .id = "bad-flag",
        .severity = FINDING_ERROR,
        .group = RULES_LIST,
        .what = "a flag whose expression can't be evaluated",
        .why = "It is SQL over the columns, as 'where' is.",
        .fix = "Correct it in the config, as the finding says.",
        .needs = RULE_WITH_AUDIENCE,
    },
    {
        .id = "bare-field",
        .severity = FINDING_ERROR,
        .group = RULES_LIST,
        .what = "a field or the name in To that is a column's name without braces",
        .why =
            "name: HeadName writes the word HeadName into the To of every letter. (A label and a "
            "phone may be a column's name.)",
        .fix = "Write name: \"{{HeadName}}\". A field that is meant to be that very word is only "
               "warned about.",
        .needs = RULE_WITH_AUDIENCE,
    },
    {
        .id = "many-rows",
        .severity = FINDING_ERROR,
        .group = RULES_LIST,
        .what = "a recipient to whom far too many rows of the other list belong",
        .why = "A letter takes at most 1,000; more is nearly always the wrong column.",
        .fix = "Correct the column in 'on' or 'match' of the audience's 'many'.",
        .needs = RULE_WITH_AUDIENCE,
    },
    {
        .id = "many-unused",
        .severity = FINDING_WARNING,
        .group = RULES_LIST,
        .what = "rows of the other list that belong to no recipient",
        .why = "They go into no letter: a trust may be missing from the list, or its number be "
               "mistyped.",
        .fix = "Look at the value that the finding names, and correct it in the one list or the "
               "other.",
        .needs = RULE_WITH_AUDIENCE,
    },
    {
        .id = "many-none",
        .severity = FINDING_NOTE,
        .group = RULES_LIST,
        .what = "recipients to whom no row of the other list belongs",
        .why = "Their letters have nothing to show there. A warning when it is everyone.",
        .fix = "Give the update a section for them, {{^schools}}...{{/schools}}, or leave them "
               "out with 'where'.",
        .needs = RULE_WITH_AUDIENCE,
    },
    {
        .id = "many-empty",
        .severity = FINDING_NOTE,
        .group = RULES_LIST,
        .what = "rows of the other list without a value in the shared column",
        .why = "They can belong to nobody.",
        .fix = "Fill the column in, if they should be in a letter.",
        .needs = RULE_WITH_AUDIENCE,
    },
    {
        .id = "field-name",
        .severity = FINDING_ERROR,
        .group = RULES_LIST,
        .what = "a derived field with a name that can't be written",
        .why = "A field's name stands in {{ }}.",
        .fix = "Choose another name in the config.",
        .needs = RULE_WITH_AUDIENCE,
    },
    {0},
};

/* --- the rules about the notices, layouts and terms of digests --------------------------------- */

const Rule RULES_OF_NOTICES[] = {
    {
        .id = "no-title",
        .severity = FINDING_ERROR,
        .group = RULES_CONTENT,
        .what = "a notice of a digest without a title",
        .why = "It stands in the list of contents and above the notice.",
        .fix = "Put 'title: ...' between the lines of --- at its top.",
    },
    {
        .id = "no-date",
        .severity = FINDING_ERROR,
        .group = RULES_CONTENT,
        .what = "a notice of a digest without a date",
        .why = "The date is the day from which the notice goes out; without it nobody "
               "could say whether it is new.",
        .fix = "Put 'date: 2027-01-11' between the lines of --- at its top.",
    },
    {
        .id = "bad-date",
        .severity = FINDING_ERROR,
        .group = RULES_CONTENT,
        .what = "a date of a notice or of a term that can't be read",
        .why = "A date without a year, or one that no calendar has, is a slip of the "
               "finger that would send a notice a year late or never.",
        .fix = "Write it as 2027-01-11, 11/01/2027 or 11 January 2027.",
    },
    {
        .id = "bad-value",
        .severity = FINDING_ERROR,
        .group = RULES_CONTENT,
        .what = "a value that a notice's key doesn't take",
        .why = "'pinned' is yes or no, 'revision' a number, and 'for' and 'audience' "
               "are two names of one key.",
        .fix = "Correct the value.",
    },
    {
        .id = "event-past",
        .severity = FINDING_ERROR,
        .group = RULES_CONTENT,
        .what = "an event that is over before its notice goes out",
        .why = "An invitation to what was last week makes readers doubt the rest; most "
               "often a year or a month is wrong.",
        .fix = "Correct 'event', or delete the notice.",
    },
    {
        .id = "expires-past",
        .severity = FINDING_ERROR,
        .group = RULES_CONTENT,
        .what = "a notice that expires before its own date",
        .why = "Nobody would ever get it.",
        .fix = "Correct 'expires' or 'date'.",
    },
    {
        .id = "delimiters",
        .severity = FINDING_ERROR,
        .group = RULES_CONTENT,
        .what = "a notice that changes the delimiters of tags",
        .why = "It stands in one letter with others, whose tags would no longer be "
               "tags.",
        .fix = "Write the tags with {{ and }}.",
    },
    {
        .id = "notice-between",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "a notice that is over before the first digest that could hold it",
        .why = "Nobody would get it: its date comes after one digest, and its end before the "
               "next, as the digest's schedule says.",
        .fix = "Give it an earlier date or a later end, or send it as a letter of its own.",
    },
    {
        .id = "notice-late",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "a notice that is over before letters may go again",
        .why = "The digest is made outside the hours of sending (send.hours, send.terms, "
               "send.holidays), and goes when they begin: nobody would get the notice.",
        .fix = "Send the digest at once with 'circular digest NAME --send --now', or tell people "
               "otherwise.",
    },
    {
        .id = "notice-missed",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "a notice that has expired without anybody having had it",
        .why = "The digest that should have held it was not sent: the machine was off, or the "
               "notice came too late. It is told once.",
        .fix = "Write a later 'expires' if it still matters, or tell people otherwise.",
    },
    {
        .id = "notice-nobody",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "a notice that is for nobody",
        .why = "What stands after its 'for' holds for no recipient of today's list: it goes to "
               "nobody, in silence.",
        .fix = "Write 'for' anew ('circular lists AUDIENCE --rows' shows who there is), or delete "
               "the notice.",
    },
    {
        .id = "notice-changed",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "a notice that was changed since a digest had it",
        .why = "Who had it doesn't get it again: a fixed slip shouldn't reach 450 "
               "people twice. A new notice in an old file would reach nobody.",
        .fix = "Write a greater 'revision' to send it again, and a new notice into a "
               "new file.",
    },
    {
        .id = "unreadable",
        .severity = FINDING_ERROR,
        .group = RULES_CONTENT,
        .what = "a notice's file that can't be read",
        .why = "A digest without it would be one that somebody believes complete.",
        .fix = "Let whoever runs circular read the file, or move it away.",
    },
    {
        .id = "too-many",
        .severity = FINDING_ERROR,
        .group = RULES_CONTENT,
        .what = "more notices due at once than a digest holds",
        .why = "Nobody reads 200 notices; most likely old ones were never given an "
               "end.",
        .fix = "Give old notices an 'expires', or begin later with --since.",
    },
    {
        .id = "bad-schedule",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "a digest's schedule that can't be read",
        .why =
            "'circular cron print' makes no line of it, a run that was missed isn't made up for, "
            "and nobody can say which notices come too late.",
        .fix = "Write it as the message shows: 'every Monday at 07:30'.",
    },
    {
        .id = "digest-slot",
        .severity = FINDING_ERROR,
        .group = RULES_CONTENT,
        .what = "{{digest}} within a line of a digest's layout",
        .why = "The notices are headings and paragraphs, which can't stand within a "
               "sentence.",
        .fix = "Give {{digest}} a line of its own.",
    },
    {
        .id = "no-term",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "all terms of a digest's sheet have ended",
        .why = "From then on it waits for a term that never comes, and nobody notices.",
        .fix = "Add the terms to come to the sheet.",
    },
    {
        .id = "no-terms",
        .severity = FINDING_ERROR,
        .group = RULES_CONTENT,
        .what = "a sheet of terms that holds none",
        .why = "The digest could never be sent.",
        .fix = "Fill it in, or take 'terms' out of the config.",
    },
    {
        .id = "term-backwards",
        .severity = FINDING_ERROR,
        .group = RULES_CONTENT,
        .what = "a term that ends before it begins",
        .why = "No day lies in it.",
        .fix = "Correct the two dates.",
    },
    {
        .id = "term-overlap",
        .severity = FINDING_ERROR,
        .group = RULES_CONTENT,
        .what = "two terms that overlap",
        .why = "One of their dates is wrong, and with it the day on which digests "
               "begin or end.",
        .fix = "Correct the dates.",
    },
    {0},
};
