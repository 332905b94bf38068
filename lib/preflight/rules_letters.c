/* rules_letters - the rules about finished letters: sizes, attachments, plain text, merged values
 */
#include "preflight/rule.h"

const Rule RULES_OF_LETTERS[] = {
    {
        .id = "empty-block",
        .severity = FINDING_WARNING,
        .group = RULES_LETTER,
        .what = "a paragraph, an item, a link or a row with nothing in it, as somebody gets it",
        .why =
            "Where all that a block holds are sections and fields, and one recipient has none of "
            "them, a bullet, a hole or a link without words is left; a link without words can't "
            "be used by who listens to the letter (WCAG 2.2, 2.4.4 Link Purpose). A section that "
            "is all there is in a block takes the block away with it.",
        .mend = "Say in {{^name}}…{{/name}} what those read who have no value, or put one section "
                "around the block.",
        .needs = RULE_WITH_AUDIENCE,
    },
    {
        .id = "html-large",
        .severity = FINDING_WARNING,
        .group = RULES_LETTER,
        .what = "a page of over 102 KB",
        .why = "Gmail shows the first 102 KB of a letter's HTML and hides the rest behind "
               "\"View entire message\"; the signature and the way to unsubscribe stand there. "
               "All recipients are measured, and the largest is named.",
        .mend = "Shorten it, or attach the long table as a sheet.",
        .needs = RULE_WITH_AUDIENCE,
    },
    {
        .id = "letter-large",
        .severity = FINDING_WARNING,
        .group = RULES_LETTER,
        .what = "a letter of over 10 MB",
        .why = "An Exchange server takes 10 MB until somebody changes that; Gmail takes 25 MB, "
               "Exchange Online 36. The limit counts the encoded message, a third larger than "
               "its files. Over 25 MB is an error, and nothing is sent.",
        .mend = "Put the files on a page and link to it.",
        .needs = RULE_WITH_AUDIENCE,
    },
    {
        .id = "letter-weight",
        .severity = FINDING_NOTE,
        .group = RULES_LETTER,
        .what = "attachments that make a mailing heavy",
        .why = "Each recipient gets a copy of each file: 2 MB to 450 heads are 900 MB through "
               "the relay and into 450 mailboxes.",
        .mend = "A link to a page is lighter, and can be corrected later.",
        .needs = RULE_WITH_AUDIENCE,
    },
    {
        .id = "many-attachments",
        .severity = FINDING_NOTE,
        .group = RULES_LETTER,
        .what = "more than five attachments",
        .why = "Nobody opens the sixth, and filters look at each of them.",
        .mend = "Put them on one page, and link to it.",
    },
    {
        .id = "attachment-blocked",
        .severity = FINDING_WARNING,
        .group = RULES_LETTER,
        .what = "an attachment of a kind that mail systems refuse",
        .why = "Gmail and the attachment filter of Microsoft 365 refuse programs, scripts, "
               "disk images and documents with macros, also within a zip; the letter comes "
               "back, or comes without them. The list is the union of what both publish.",
        .mend = "Save it as PDF, or as a document without macros.",
    },
    {
        .id = "attachment-odd",
        .severity = FINDING_NOTE,
        .group = RULES_LETTER,
        .what = "an attachment that many can't open",
        .why = "Apple's Pages, Numbers and Keynote, Publisher, and archives such as rar and 7z "
               "need programs that schools rarely have.",
        .mend = "Attach a PDF.",
    },
    {
        .id = "attachment-name",
        .severity = FINDING_WARNING,
        .group = RULES_LETTER,
        .what = "two attachments of one name",
        .why = "They come from two folders and look the same to the reader; some mail programs "
               "keep only one.",
        .mend = "Give each a name of its own.",
    },
    {
        .id = "text-wide",
        .severity = FINDING_WARNING,
        .group = RULES_LETTER,
        .what = "a line of over 78 characters in the plain text",
        .why = "RFC 5322, 2.1.1 asks for 78 at most. Paragraphs, tables and code are wrapped; "
               "a word of that length can't be. Addresses of pages don't count.",
        .mend = "Put a blank into it, or attach what it stands for.",
    },
    {
        .id = "text-empty",
        .severity = FINDING_WARNING,
        .group = RULES_LETTER,
        .what = "a letter that has next to no words",
        .why = "A letter that is a picture, or only a button, says nothing to whoever reads "
               "the text or has pictures blocked (WCAG 2.2, 1.4.5 Images of Text), and spam "
               "filters take it for spam.",
        .mend = "Write in words what the picture says.",
    },
    {
        .id = "links-only",
        .severity = FINDING_NOTE,
        .group = RULES_LETTER,
        .what = "a list of links without a word between them",
        .why = "In the plain text it is a list of names with numbers.",
        .mend = "Say of each in a few words why one would open it.",
    },
    {
        .id = "see-picture",
        .severity = FINDING_WARNING,
        .group = RULES_LETTER,
        .what = "text that refers to a picture",
        .why = "\"See the picture below\" says nothing where pictures are blocked, and nothing "
               "to whoever can't see (WCAG 2.2, 1.3.3 Sensory Characteristics).",
        .mend = "Say in words what the picture shows.",
    },
    {
        .id = "blank-greeting",
        .severity = FINDING_WARNING,
        .group = RULES_LETTER,
        .what = "a greeting without a name",
        .why = "Somebody's letter begins \"Dear ,\": the field is there and the value is "
               "blank, or only a title came out.",
        .mend = "Put a section around the name, with \"colleague\" for those who have none.",
        .needs = RULE_WITH_AUDIENCE,
    },
    {
        .id = "value-leftover",
        .severity = FINDING_WARNING,
        .group = RULES_LETTER,
        .what = "a value that a spreadsheet or another program left",
        .why = "#N/A, #REF! or NULL stands in a field that the letter shows, and would be read "
               "as the head's name; or the value holds {{, a field of a letter that was merged "
               "before.",
        .mend = "Mend the cell of the list.",
        .needs = RULE_WITH_AUDIENCE,
    },
    {0},
};
