/* rules_letters - the rules about finished letters: sizes, attachments, plain text, merged values
 */
#include "rules/rule.h"

const Rule RULES_OF_LETTERS[] = {
    {
        .id = "picture-format",
        .severity = FINDING_WARNING,
        .group = RULES_LETTER,
        .what = "a picture that not every mail program shows",
        .why = "PNG, JPEG and GIF are shown everywhere. Gmail and Outlook show no SVG, Outlook on "
               "Windows no WebP, and hardly anything TIFF or HEIC: the reader sees the mark of a "
               "broken picture. What a file is, its bytes say, not its name; they also say when a "
               "part "
               "of it is missing.",
        .fix = "Save the picture as the finding says.",
    },
    {
        .id = "picture-large",
        .severity = FINDING_WARNING,
        .group = RULES_LETTER,
        .what = "a picture of over 1 MB, or over 2000 pixels wide",
        .why =
            "It is sent to every reader, and shown 600 pixels wide at most; twice that is enough "
            "for the sharpest screens.",
        .fix = "Save it 1200 pixels wide; a photograph as JPEG.",
    },
    {
        .id = "picture-place",
        .severity = FINDING_WARNING,
        .group = RULES_LETTER,
        .what = "a photograph that holds the place where it was taken",
        .why =
            "Telephones write it into the file: of a picture taken at home it is an address. It is "
            "left out of what is sent, unless the config's pictures.strip is no.",
        .fix = "Nothing, unless the same file is to stand elsewhere, too.",
    },
    {
        .id = "layout-picture",
        .severity = FINDING_ERROR,
        .group = RULES_LETTER,
        .what = "a picture of the layout that can't be embedded",
        .why =
            "A letter fetches nothing: a picture that the layout names has to stand beside it, in "
            "the folder of the layouts, and goes along with each letter.",
        .fix = "Put the file there, or correct the name.",
    },
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
        .fix = "Say in {{^name}}…{{/name}} what those read who have no value, or put one section "
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
        .fix = "Shorten it, or attach the long table as a sheet.",
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
        .fix = "Put the files on a page and link to it.",
        .needs = RULE_WITH_AUDIENCE,
    },
    {
        .id = "letter-weight",
        .severity = FINDING_NOTE,
        .group = RULES_LETTER,
        .what = "attachments that make a mailing heavy",
        .why = "Each recipient gets a copy of each file: 2 MB to 450 heads are 900 MB through "
               "the relay and into 450 mailboxes.",
        .fix = "A link to a page is lighter, and can be corrected later.",
        .needs = RULE_WITH_AUDIENCE,
    },
    {
        .id = "many-attachments",
        .severity = FINDING_NOTE,
        .group = RULES_LETTER,
        .what = "more than five attachments",
        .why = "Nobody opens the sixth, and filters look at each of them.",
        .fix = "Put them on one page, and link to it.",
    },
    {
        .id = "attachment-blocked",
        .severity = FINDING_WARNING,
        .group = RULES_LETTER,
        .what = "an attachment of a kind that mail systems refuse",
        .why = "Gmail and the attachment filter of Microsoft 365 refuse programs, scripts, "
               "disk images and documents with macros, also within a zip; the letter comes "
               "back, or comes without them. The list is the union of what both publish.",
        .fix = "Save it as PDF, or as a document without macros.",
    },
    {
        .id = "attachment-odd",
        .severity = FINDING_NOTE,
        .group = RULES_LETTER,
        .what = "an attachment that many can't open",
        .why = "Apple's Pages, Numbers and Keynote, Publisher, and archives such as rar and 7z "
               "need programs that schools rarely have.",
        .fix = "Attach a PDF.",
    },
    {
        .id = "attachment-name",
        .severity = FINDING_WARNING,
        .group = RULES_LETTER,
        .what = "two attachments of one name",
        .why = "They come from two folders and look the same to the reader; some mail programs "
               "keep only one.",
        .fix = "Give each a name of its own.",
    },
    {
        .id = "text-wide",
        .severity = FINDING_WARNING,
        .group = RULES_LETTER,
        .what = "a line of over 78 characters in the plain text",
        .why = "RFC 5322, 2.1.1 asks for 78 at most. Paragraphs, tables and code are wrapped; "
               "a word of that length can't be. Addresses of pages don't count.",
        .fix = "Put a blank into it, or attach what it stands for.",
    },
    {
        .id = "text-empty",
        .severity = FINDING_WARNING,
        .group = RULES_LETTER,
        .what = "a letter that has next to no words",
        .why = "A letter that is a picture, or only a button, says nothing to whoever reads "
               "the text or has pictures blocked (WCAG 2.2, 1.4.5 Images of Text), and spam "
               "filters take it for spam.",
        .fix = "Write in words what the picture says.",
    },
    {
        .id = "links-only",
        .severity = FINDING_NOTE,
        .group = RULES_LETTER,
        .what = "a list of links without a word between them",
        .why = "In the plain text it is a list of names with numbers.",
        .fix = "Say of each in a few words why one would open it.",
    },
    {
        .id = "see-picture",
        .severity = FINDING_WARNING,
        .group = RULES_LETTER,
        .what = "text that refers to a picture",
        .why = "\"See the picture below\" says nothing where pictures are blocked, and nothing "
               "to whoever can't see (WCAG 2.2, 1.3.3 Sensory Characteristics).",
        .fix = "Say in words what the picture shows.",
    },
    {
        .id = "blank-greeting",
        .severity = FINDING_WARNING,
        .group = RULES_LETTER,
        .what = "a greeting without a name",
        .why = "Somebody's letter begins \"Dear ,\": the field is there and the value is "
               "blank, or only a title came out.",
        .fix = "Put a section around the name, with \"colleague\" for those who have none.",
        .needs = RULE_WITH_AUDIENCE,
    },
    {
        .id = "value-leftover",
        .severity = FINDING_ERROR,
        .group = RULES_LETTER,
        .what = "a value that a spreadsheet or another program left",
        .why = "#N/A, Err:502 or ######## stands in a field that the letter shows, and would be "
               "read as the head's name; or {{, a field of a letter that was merged before. What "
               "may be meant, such as TBC, n/a or &amp;, is a warning, one a field. No plan is "
               "made with an "
               "error of this kind; a digest, which nobody watches, holds back the one whose it "
               "is, says so, and brings what was missed with the next.",
        .fix = "Fix the cell of the list.",
        .needs = RULE_WITH_AUDIENCE,
    },
    {0},
};

/* --- what the reading of layouts, theme and files finds ---------------------------------------- */

const Rule RULES_OF_LAYOUTS[] = {
    {
        .id = "layout-lacks",
        .severity = FINDING_WARNING,
        .group = RULES_LETTER,
        .what = "a layout that was written before what the letter uses",
        .why =
            "A workspace keeps its own templates/email.html; what came later, as a logo or tables "
            "that become cards on telephones, isn't in it.",
        .fix = "Make a new workspace (circular init FOLDER) and take over its templates/email.html "
               "and templates/theme.yaml, or the part that is named.",
    },
    {
        .id = "theme-contrast",
        .severity = FINDING_WARNING,
        .group = RULES_LETTER,
        .what = "a text that doesn't stand out from its background",
        .why = "Each pair of colours that the layout sets on one another, light and dark, "
               "wants a contrast of 4.5 to 1, computed as WCAG 2.2, 1.4.3 Contrast (Minimum) "
               "says; and so does each style of the theme that names colours of its own.",
        .fix = "Darken the text or lighten the ground in templates/theme.yaml (in the dark "
               "group, the other way round).",
    },
    {
        .id = "theme-key",
        .severity = FINDING_ERROR,
        .group = RULES_LETTER,
        .what = "an unknown key in the theme",
        .why = "It would change nothing, and whoever wrote it believes that it does.",
        .fix = "Write it as the finding says.",
    },
    {
        .id = "theme-value",
        .severity = FINDING_ERROR,
        .group = RULES_LETTER,
        .what = "a value in the theme that is no colour or style",
        .why = "It could break the page, or load something from elsewhere.",
        .fix = "Write a colour as #1f4e79, a style as 'name: value; name: value'.",
    },
    {
        .id = "bad-theme",
        .severity = FINDING_ERROR,
        .group = RULES_LETTER,
        .what = "a theme that isn't YAML",
        .why = "The page can't be made.",
        .fix = "Write lines of 'key: value'.",
    },
    {
        .id = "no-theme",
        .severity = FINDING_ERROR,
        .group = RULES_LETTER,
        .what = "a theme that can't be read",
        .why = "The page can't be made.",
        .fix = "See to the file's rights.",
    },
    {
        .id = "no-layout",
        .severity = FINDING_ERROR,
        .group = RULES_LETTER,
        .what = "a layout that can't be read",
        .why = "The page can't be made.",
        .fix = "See to the file's rights.",
    },
    {
        .id = "template-tag",
        .severity = FINDING_ERROR,
        .group = RULES_LETTER,
        .what = "a field in a layout that isn't closed",
        .why = "What stands in double braces must be a field: {{name}}.",
        .fix = "Close it with }}.",
    },
    {
        .id = "template-section",
        .severity = FINDING_ERROR,
        .group = RULES_LETTER,
        .what = "a section that isn't closed, or closes another",
        .why = "{{#name}} needs its {{/name}}.",
        .fix = "Close it where it is to end.",
    },
    {
        .id = "template-place",
        .severity = FINDING_ERROR,
        .group = RULES_LETTER,
        .what = "a field where no value may stand",
        .why = "In a style, a script or a tag's name a value could become markup.",
        .fix = "Move the field into text or into an attribute in quotes.",
    },
    {
        .id = "template-partial",
        .severity = FINDING_ERROR,
        .group = RULES_LETTER,
        .what = "a partial that there is not",
        .why = "Layouts take in {{>body}}, {{>subject}} and {{>preheader}}.",
        .fix = "Write one of these.",
    },
    {
        .id = "template-constant",
        .severity = FINDING_ERROR,
        .group = RULES_LETTER,
        .what = "a field in a style that is no constant",
        .why = "Only values of the theme may stand there.",
        .fix = "Use {{theme...}}.",
    },
    {
        .id = "template-encoding",
        .severity = FINDING_ERROR,
        .group = RULES_LETTER,
        .what = "a layout that is not UTF-8",
        .why = "Accents would come out wrong for everybody.",
        .fix = "Save the file as UTF-8.",
    },
    {
        .id = "template-mark",
        .severity = FINDING_ERROR,
        .group = RULES_LETTER,
        .what = "a control character in a layout",
        .why = "It would pass for a mark of the program's own.",
        .fix = "Take it out.",
    },
    {
        .id = "template-limit",
        .severity = FINDING_ERROR,
        .group = RULES_LETTER,
        .what = "a layout that is too large or too deep",
        .why = "This is no layout.",
        .fix = "Shorten it.",
    },
    {
        .id = "letter-too-large",
        .severity = FINDING_ERROR,
        .group = RULES_LETTER,
        .what = "a letter of over 25 MB",
        .why = "The large providers take no more.",
        .fix = "Put the files on a page and link to it.",
    },
    {
        .id = "missing-attachment",
        .severity = FINDING_ERROR,
        .group = RULES_LETTER,
        .what = "an attachment that isn't there",
        .why = "For all, or for the recipient who is named.",
        .fix = "Put the file there, or correct the name.",
    },
    {
        .id = "too-many-attachments",
        .severity = FINDING_ERROR,
        .group = RULES_LETTER,
        .what = "over 20 attachments",
        .why = "No provider takes so many.",
        .fix = "Put them on one page, and link to it.",
    },
    {0},
};

/* --- the rules about who sends it, and how fast ------------------------------------------------ */

const Rule RULES_OF_SENDERS[] = {
    {
        .id = "no-sender",
        .severity = FINDING_ERROR,
        .group = RULES_SENDER,
        .what = "no sender",
        .why = "A letter must say whom it is from (RFC 5322, 3.6.2).",
        .fix = "Set 'from' in the config.",
    },
    {
        .id = "bad-sender",
        .severity = FINDING_ERROR,
        .group = RULES_SENDER,
        .what = "a sender that is no address",
        .why = "A letter must say whom it is from (RFC 5322, 3.6.2).",
        .fix = "Write Name <address>, with quotes around a name that holds a comma.",
    },
    {
        .id = "sender-alignment",
        .severity = FINDING_WARNING,
        .group = RULES_SENDER,
        .what = "an envelope sender of another organisation than From",
        .why = "DMARC asks that the domain of From and the one that SPF vouches for, that of "
               "the envelope sender, belong together (RFC 9989, 4.4). Apart, only a DKIM "
               "signature of the From domain saves the letter. What belongs together is told by "
               "the Public Suffix List; 'circular doctor' asks the DNS.",
        .fix = "Give bounce.address the domain of 'from', or a part of it "
               "(bounces.example.org).",
    },
    {
        .id = "no-unsubscribe",
        .severity = FINDING_NOTE,
        .group = RULES_SENDER,
        .what = "no List-Unsubscribe",
        .why = "Without bounce.address or unsubscribe in the config the letters have no "
               "List-Unsubscribe (RFC 2369). Google and Yahoo ask it of whoever sends in bulk; "
               "readers who find no way out press \"spam\".",
        .fix = "Set bounce.address in the config.",
    },
    {
        .id = "answers-to-sender",
        .severity = FINDING_WARNING,
        .group = RULES_SENDER,
        .what = "answers that go to the sender's own mailbox",
        .why =
            "What is proven to be an answer is moved out of that mailbox when it is counted, and "
            "a person's own mail stands among what has to be looked at.",
        .fix = "Give answers.address an address that is for answers alone, an alias for instance.",
    },
    {
        .id = "reply-nowhere",
        .severity = FINDING_WARNING,
        .group = RULES_SENDER,
        .what = "replies that nobody reads",
        .why = "From or Reply-To is a noreply address. Heads answer letters; an answer that "
               "comes back is a call to the office.",
        .fix = "Give 'reply_to' an address that somebody reads.",
    },
    {
        .id = "pace",
        .severity = FINDING_NOTE,
        .group = RULES_SENDER,
        .what = "how long the sending takes",
        .why = "The relay takes so many letters a minute and a day; the figures are those of "
               "relay.preset, or the config's own.",
        .fix = "Begin early enough; send --at chooses the hour.",
        .needs = RULE_WITH_AUDIENCE,
    },
    {
        .id = "spf",
        .severity = FINDING_WARNING,
        .group = RULES_SENDER,
        .what = "an SPF record that is missing or doesn't hold",
        .why = "Without a record that names the relay, or with one of more than ten look-ups, "
               "receivers can't tell the letters from forged ones (RFC 7208). Looked up for "
               "the envelope sender's domain.",
        .fix = "Ask your IT office to publish one: 'circular doctor' says more.",
        .needs = RULE_WITH_DNS,
    },
    {
        .id = "dmarc",
        .severity = FINDING_WARNING,
        .group = RULES_SENDER,
        .what = "no DMARC record, or one that doesn't hold",
        .why = "Google and Yahoo want one of whoever sends in bulk (RFC 9989). Looked up for "
               "the domain of From and those above it. 'pct', 'rf' and 'ri' are no part of it "
               "any more: a policy holds for all letters, or with 't=y' is on trial.",
        .fix = "Ask your IT office to publish one: 'circular doctor' says more.",
        .needs = RULE_WITH_DNS,
    },
    {0},
};
