/* rules_content - the rules about an update's words: subject, headings, prose */
#include "rules/rule.h"

const Rule RULES_OF_CONTENT[] = {
    {
        .id = "long-subject",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "a subject of over 60 characters, as somebody gets it",
        .why = "Mail programs show some 60 characters of a subject on a desktop and about half "
               "of that on a telephone; what comes after is seen by nobody. Fields count as "
               "long as the longest value in the list makes them, and the recipient who has it "
               "is named.",
        .fix = "Say the matter in the first words, and leave out what the sender's name says "
               "already.",
    },
    {
        .id = "subject-reply",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "a subject that poses as a reply or a forwarded letter",
        .why = "A first letter that begins with Re: or Fwd: reads like a trick, and spam "
               "filters take it for one. Readers who were fooled once stop reading.",
        .fix = "Take the Re: or Fwd: out of the subject.",
    },
    {
        .id = "no-preheader",
        .severity = FINDING_NOTE,
        .group = RULES_CONTENT,
        .what = "no preheader",
        .why = "Mail programs show a line beside or below the subject. Without a preheader "
               "they take it from the top of the letter, where a greeting stands that is the "
               "same every time.",
        .fix = "Write 'preheader:' in the front matter: what the reader would miss by not "
               "opening the letter.",
    },
    {
        .id = "long-preheader",
        .severity = FINDING_NOTE,
        .group = RULES_CONTENT,
        .what = "a preheader of over 140 characters",
        .why = "Mail programs show 40 to 140 characters of it, and the rest is never seen.",
        .fix = "Cut it to its first sentence.",
    },
    {
        .id = "preheader-repeats",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "a preheader that repeats the subject",
        .why = "The two are shown side by side: the reader sees the same words twice and "
               "learns nothing from the second.",
        .fix = "Let it say the next most important thing.",
    },
    {
        .id = "first-heading",
        .severity = FINDING_NOTE,
        .group = RULES_CONTENT,
        .what = "the first heading is of level 3 or below",
        .why = "People who can't see the page go from heading to heading (WCAG 2.2, 1.3.1 Info "
               "and Relationships, 2.4.6 Headings and Labels). The letter is sent with levels "
               "that begin at the top; what was meant may be something else.",
        .fix = "Begin with # or ##.",
    },
    {
        .id = "skipped-heading",
        .severity = FINDING_NOTE,
        .group = RULES_CONTENT,
        .what = "a heading that skips a level",
        .why = "A jump from ## to #### sounds, read aloud, as if something were missing (WCAG "
               "2.2, 1.3.1 Info and Relationships). The letter is sent with the level put "
               "right.",
        .fix = "Write the level that the place asks for; how large it looks is the theme's to "
               "say.",
    },
    {
        .id = "underlined",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "a paragraph that a line of dashes makes a heading of",
        .why = "Markdown takes words with a line of --- or === directly below them for a heading. "
               "Where they are several lines, or end as a sentence does, a rule was meant.",
        .fix = "Leave a blank line between the words and the dashes.",
    },
    {
        .id = "bold-heading",
        .severity = FINDING_NOTE,
        .group = RULES_CONTENT,
        .what = "a line in bold that stands where a heading would",
        .why = "It looks like a heading and is none for those who listen to the letter: they "
               "can't find the part, nor skip it (WCAG 2.2, 1.3.1 Info and Relationships).",
        .fix = "Write it as a heading: ## and the words.",
    },
    {
        .id = "no-headings",
        .severity = FINDING_NOTE,
        .group = RULES_CONTENT,
        .what = "a long letter without any heading",
        .why = "Readers look for the part that concerns them. Over 600 words without a heading "
               "they have to read all or nothing (WCAG 2.2, 2.4.10 Section Headings).",
        .fix = "Put a heading above each matter.",
    },
    {
        .id = "image-alt-name",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "a picture's description that is its file's name",
        .why = "The description is read out in the place of the picture, and shown where "
               "pictures are blocked, as in Outlook at first. \"IMG_2034.jpg\" tells nobody "
               "anything (WCAG 2.2, 1.1.1 Non-text Content).",
        .fix = "Say what the picture shows, as on the telephone.",
    },
    {
        .id = "capitals",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "several words in capitals",
        .why = "Words in capitals are slower to read, are read letter by letter by some screen "
               "readers, and look like shouting (the style guide of GOV.UK: no block "
               "capitals). Abbreviations are left alone: only runs of whole words count.",
        .fix = "Write it in small letters, and in **bold** if it must stand out.",
    },
    {
        .id = "long-paragraph",
        .severity = FINDING_NOTE,
        .group = RULES_CONTENT,
        .what = "a paragraph of over 150 words",
        .why = "A paragraph fills the screen of a telephone at about 80 words. The content "
               "guidance of GOV.UK asks for no more than five sentences.",
        .fix = "Split it where the thought turns, or make a list of it.",
    },
    {
        .id = "reading-age",
        .severity = FINDING_NOTE,
        .group = RULES_CONTENT,
        .what = "words and sentences that are hard to read",
        .why = "The reading age is that of Flesch and Kincaid: it counts the words in a "
               "sentence and the syllables in a word, knows English only, and knows nothing of "
               "sense. It is told when it is over 18, that is, when the text asks for more "
               "than school (WCAG 2.2, 3.1.5 Reading Level, asks for lower secondary "
               "education). Heads can read it; they may be reading it between two meetings.",
        .fix = "Split the longest sentences.",
    },
    {
        .id = "placeholder",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "words that were to be replaced",
        .why = "A \"to do\" in capitals, three X in a row, lorem ipsum, [insert date], and the "
               "fields of other programs (<<Name>>, *|FNAME|*) show that the letter isn't "
               "finished. A field of this program is written {{name}}.",
        .fix = "Write what belongs there, or take it out.",
    },
    {
        .id = "to-be-confirmed",
        .severity = FINDING_NOTE,
        .group = RULES_CONTENT,
        .what = "something is still to be confirmed",
        .why = "TBC may be meant for the reader, and it may be left over from writing.",
        .fix = "Fill it in if it is known by now, or say when it will be.",
    },
    {
        .id = "punctuation",
        .severity = FINDING_NOTE,
        .group = RULES_CONTENT,
        .what = "two full stops or commas, or a blank before a comma",
        .why = "It is the trace of a sentence that was changed. Three full stops are meant, "
               "and left alone.",
        .fix = "Take one of the two out.",
    },
    {
        .id = "pipe-table",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "a drawn table that can't be read as one",
        .why =
            "\"| a | b |\" with a line of as many dashes below it becomes a table, as on GitHub. "
            "Where the two lines don't agree, or the table is drawn with + and lines between "
            "its rows, the letter would show pipes and dashes.",
        .fix = "Give the second line a group of dashes for each cell, or write a fenced block with "
               "the word table behind its marks, and the rows with commas in it.",
    },
    {
        .id = "lines-run-together",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "line ends that were meant and will be blanks",
        .why = "\"Kind regards\", a name and a telephone number on lines of their own become one "
               "line: "
               "in Markdown a line end within a paragraph is a blank. Found where a line ends long "
               "before the next word would have made it too long, and the next begins like a line "
               "of its own; prose that is wrapped is left alone.",
        .fix = "End each such line with a backslash, or leave a blank line between them.",
    },
    {
        .id = "struck-out",
        .severity = FINDING_NOTE,
        .group = RULES_CONTENT,
        .what = "words that are struck out",
        .why =
            "Screen readers read them like any other: \"on Monday Tuesday\". The plain text says "
            "\"(deleted: Monday)\".",
        .fix = "Take the words out, unless readers are to see what has changed.",
    },
    {
        .id = "typed-bullets",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "bullets that were typed or pasted",
        .why = "Lines that begin with • run into one paragraph, and are no list to who listens "
               "to the letter (WCAG 2.2, 1.3.1 Info and Relationships).",
        .fix = "Begin each line with a hyphen and a blank.",
    },
    {
        .id = "stray-markup",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "marks of Markdown that would stand in the letter",
        .why = "\"** bold **\", \"[words] (address)\" and \"##Heading\" look right in the file "
               "and come out as they were typed; so do footnotes [^1] without a note, attributes "
               "{.name}, unknown blocks ::: and other marks that only some programs know. "
               "\"* Subject to approval\" below \"Places*\", and \"+ 44 1632\", become items of a "
               "list and lose their sign.",
        .fix = "Take the blank out, or put it in, as the finding says.",
    },
    {
        .id = "no-attachment",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "the text speaks of an attachment, and nothing is attached",
        .why = "The commonest second letter is the one that says sorry and brings the "
               "attachment.",
        .fix = "Name the file under 'attachments:' in the front matter.",
    },
    {
        .id = "repeated-word",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "the same word twice",
        .why = "The eye passes over it while writing; readers see it. Looked for in English "
               "only, since in other languages many words stand twice by right.",
        .fix = "Take one of the two out.",
    },
    {
        .id = "allow-unknown",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "'allow' of an id that there is not",
        .why = "It silences nothing, and whoever wrote it believes that it does.",
        .fix = "Write the id as it stands in brackets after the finding.",
    },
    {
        .id = "allow-unused",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "'allow' of something that is not found there",
        .why = "What it silenced is fixed, or has moved; left in, it would one day hide "
               "something new.",
        .fix = "Take it out.",
    },
    {
        .id = "allow-error",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "'allow' of what is an error",
        .why = "An error stops a plan whatever is allowed: the letter could not be made, or "
               "would be wrong for somebody.",
        .fix = "Take the id out of the 'allow', and fix what it names.",
    },
    {0},
};

/* --- the rules about dates --------------------------------------------------------------------- */

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
        .fix = "Look into a calendar, and correct the day or the date.",
    },
    {
        .id = "impossible-date",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "a date that no calendar has",
        .why = "31 November and 30 February come from lists of dates that were copied from "
               "month to month.",
        .fix = "Correct the day or the month.",
    },
    {
        .id = "past-deadline",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "a deadline that is over when the letter goes",
        .why = "Last term's letter is the usual beginning of this term's. Looked for only "
               "where the text asks for something by a day that is before the letter's date "
               "(or today).",
        .fix = "Correct the date, or take the request out.",
    },
    {
        .id = "old-date",
        .severity = FINDING_NOTE,
        .group = RULES_CONTENT,
        .what = "the letter's own date is over a week ago",
        .why = "The 'date' of the front matter is shown at the head of the letter; this one "
               "looks left over from an earlier letter.",
        .fix = "Change 'date' in the front matter.",
    },
    {0},
};

/* --- the rules about links --------------------------------------------------------------------- */

const Rule RULES_OF_LINKS[] = {
    {
        .id = "link-shortened",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "a link by way of a service that shortens addresses",
        .why =
            "Nobody sees where it leads, which is how fraud looks; filters at schools block such "
            "services, and they count who clicks.",
        .fix = "Link to the page's own address.",
    },
    {
        .id = "link-file",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "a link to a file on one computer or network",
        .why = "A drive C: and a share of the council's network are there for the writer alone.",
        .fix = "Attach the file, or put it on a page and link to that.",
    },
    {
        .id = "link-text",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "a link whose text doesn't say where it leads",
        .why = "Who listens to a letter can have its links read out one after another: \"here, "
               "here, read more\". The text of a link should say its purpose (WCAG 2.2, 2.4.4 "
               "Link Purpose). In the plain text the link stands at the end, and \"click "
               "here\" leads to nothing.",
        .fix = "Make the words a link that say what is behind it: [term dates](https://...).",
    },
    {
        .id = "bare-url",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "a long address in place of a link's text",
        .why = "A screen reader reads it letter by letter (WCAG 2.2, 2.4.4 Link Purpose). "
               "Short ones that a person could type, such as www.gov.uk, are left alone.",
        .fix = "Write [what is behind it](https://...).",
    },
    {
        .id = "same-link-text",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "the same text for links to different places",
        .why = "In a list of links nobody can tell them apart (WCAG 2.2, 2.4.4 Link Purpose; "
               "2.4.9 where only the link itself is looked at).",
        .fix = "Let each text say what is different about its target.",
    },
    {
        .id = "link-parse",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "a link that is no address",
        .why = "A browser would guess, or show an error (RFC 3986).",
        .fix = "Copy the address from the browser once more.",
    },
    {
        .id = "link-insecure",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "a link with http:",
        .why = "What is fetched without TLS can be read and changed on the way; browsers warn "
               "of it, and a form behind it must not be filled in.",
        .fix = "Write https:, and try whether the page comes; nearly all do.",
    },
    {
        .id = "link-tracking",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "a link that carries tracking parameters",
        .why = "utm_source, fbclid, mc_eid and the like report who came from where. Copied "
               "from a newsletter they name somebody else; the page itself doesn't need them.",
        .fix = "Cut the parameters off: the page is the same without.",
    },
    {
        .id = "link-password",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "a link that carries a user name or password",
        .why = "Everybody who gets the letter, and every server that it passes, can read it; "
               "browsers warn of such links or drop the name (RFC 3986, 3.2.1).",
        .fix = "Take out what stands before the @, and tell it another way.",
    },
    {
        .id = "link-private",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "a link to a place that only this office can reach",
        .why = "localhost, 192.168.x.x, names without a dot and .local lead nowhere from a "
               "school.",
        .fix = "Link to the public address of the page, or attach the document.",
    },
    {
        .id = "link-wrapped",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "a link that goes through somebody's filter",
        .why = "Outlook's Safe Links and similar filters rewrite the links of letters that "
               "come in. Copied out of a mail such a link names the one who got it, leads "
               "through a company's server, and stops to work.",
        .fix = "Open it, and copy the address that the browser then shows.",
    },
    {
        .id = "link-mailto",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "a mailto: link without a proper address",
        .why = "A press on it opens an empty letter, or none (RFC 6068).",
        .fix = "Write [ann@example.org](mailto:ann@example.org).",
    },
    {
        .id = "link-tel",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "a tel: link without a number",
        .why = "A telephone that is asked to call it does nothing (RFC 3966).",
        .fix = "Write [01632 960001](tel:+441632960001).",
    },
    {
        .id = "link-elsewhere",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "a link whose words are the address of another site",
        .why =
            "It is how fraud looks: filters count it against the letter, mail programs warn, and "
            "a careful reader deletes it.",
        .fix = "Write words that say what is behind the link, or the address that it leads to.",
    },
    {
        .id = "dead-link",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "a link that doesn't answer, or says that there is no such page",
        .why = "Tried with --links: HEAD, and GET where HEAD is refused, certificates "
               "verified, some at a time. Answers of 404, 410 and of servers that can't be "
               "reached or proven count.",
        .fix = "Correct the address, or ask whoever keeps the page.",
        .needs = RULE_WITH_LINKS,
    },
    {
        .id = "link-denied",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "a link that asks for a sign-in",
        .why = "The page answers 401 or 403, or goes on to a sign-in page. Heads have no "
               "account with this office's SharePoint. (Some sites refuse programs and let "
               "people in: then allow it.)",
        .fix = "Share the document with whoever has the link, or attach it.",
        .needs = RULE_WITH_LINKS,
    },
    {
        .id = "link-busy",
        .severity = FINDING_NOTE,
        .group = RULES_CONTENT,
        .what = "a link that could not be tried out",
        .why = "The server said that it is busy or broken (429, 5xx), or took too long: it may "
               "be well again tomorrow.",
        .fix = "Try again before the letter goes.",
        .needs = RULE_WITH_LINKS,
    },
    {
        .id = "link-moved",
        .severity = FINDING_NOTE,
        .group = RULES_CONTENT,
        .what = "a link that has moved for good",
        .why = "The page answers with a permanent redirect to another address. It works today.",
        .fix = "Link to the new address.",
        .needs = RULE_WITH_LINKS,
    },
    {
        .id = "link-untried",
        .severity = FINDING_NOTE,
        .group = RULES_CONTENT,
        .what = "links that were not tried out",
        .why = "A link that holds a field is another for everybody, and opening it may book a "
               "place for somebody; links beyond the first 200 are left, too.",
        .fix = "Open one of them yourself, from a letter that was sent with --test.",
        .needs = RULE_WITH_LINKS,
    },
    {0},
};

/* --- what the reading of an update finds ------------------------------------------------------- */

const Rule RULES_OF_UPDATES[] = {
    {
        .id = "no-update",
        .severity = FINDING_ERROR,
        .group = RULES_CONTENT,
        .what = "the update can't be read",
        .why = "Nothing can be sent from a file that is missing or too large.",
        .fix = "Name the Markdown file.",
    },
    {
        .id = "no-subject",
        .severity = FINDING_ERROR,
        .group = RULES_CONTENT,
        .what = "no subject",
        .why = "A letter without a subject is passed over, and many filters take it for spam "
               "(RFC 5322, 3.6.5; WCAG 2.2, 2.4.2 Page Titled).",
        .fix = "Write 'subject:' in the front matter.",
    },
    {
        .id = "front-matter",
        .severity = FINDING_ERROR,
        .group = RULES_CONTENT,
        .what = "front matter that isn't YAML",
        .why = "The lines between the two rows of dashes hold what the letter is sent with: "
               "where they are unclear, nothing is sent.",
        .fix = "Write each as 'key: value', with quotes around a value that holds ': ' or "
               "begins with {{.",
    },
    {
        .id = "unknown-key",
        .severity = FINDING_ERROR,
        .group = RULES_CONTENT,
        .what = "a misspelt key in the front matter",
        .why = "A 'subjct' would be no subject.",
        .fix = "Write it as the finding says.",
    },
    {
        .id = "ignored-key",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "a key in the front matter that means nothing here",
        .why = "Other programs put author or layout there; this one doesn't read them.",
        .fix = "Take the line out.",
    },
    {
        .id = "cut-value",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "a value that ends at a #",
        .why = "In YAML a # after a blank begins a comment: \"Update #3\" is \"Update\".",
        .fix = "Put the value in quotes.",
    },
    {
        .id = "curly-quotes",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "a value in quotes that an editor made curly",
        .why = "YAML knows \" and ' alone: “Spring term” is sent with its quotation marks on, and "
               "a colon or a # in it isn't protected.",
        .fix = "Write straight quotes, and switch the editor's smart quotes off for such files.",
    },
    {
        .id = "field-place",
        .severity = FINDING_ERROR,
        .group = RULES_CONTENT,
        .what = "a field where none is merged",
        .why = "Sender, language and date are the same in every letter of a mailing: {{name}} in "
               "them would be read as it was typed.",
        .fix = "Write it without the field; in subject, preheader, attachments and the text, "
               "fields are merged.",
    },
    {
        .id = "bad-language",
        .severity = FINDING_ERROR,
        .group = RULES_CONTENT,
        .what = "a language that isn't named by its tag",
        .why = "Screen readers choose their voice by the tag, and know \"cy\", not \"Welsh\" (RFC "
               "5646; WCAG 2.2, 3.1.1 Language of Page).",
        .fix = "Write the tag, as the finding says.",
    },
    {
        .id = "hidden-direction",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "a character that shows nothing and turns the text round",
        .why = "U+202A to U+202E come along when text is copied from pages and documents in which "
               "two directions of writing meet. In a letter they turn round what was never meant "
               "to be. In values of a list they are left out.",
        .fix = "Type the words anew.",
    },
    {
        .id = "unused-definition",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "a line that reads as the address of a link, which nothing uses",
        .why = "\"[Venue]: Guildhall\" alone in a paragraph says, in Markdown, where a link called "
               "Venue leads, and is itself shown nowhere. Where it holds a true address, only the "
               "link is missing, and the finding is a note.",
        .fix = "Write \"Venue: Guildhall\" without the brackets; or use the link, or take the line "
               "out.",
    },
    {
        .id = "chart",
        .severity = FINDING_ERROR,
        .group = RULES_CONTENT,
        .what = "a chart that can't be drawn",
        .why = "A chart has a line that names its columns, then a column of names and one of "
               "numbers from 0 on, which are the same in every letter.",
        .fix = "Write ```table for anything else.",
    },
    {
        .id = "question",
        .severity = FINDING_ERROR,
        .group = RULES_CONTENT,
        .what = "a question that can't be asked as it stands",
        .why = "A block ::: answer has a name, a question, and choices that differ; it asks all "
               "readers the same, for the answers are counted together.",
        .fix = "Write it as the finding says.",
    },
    {
        .id = "past-question",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "a question whose last day for answers is past",
        .why = "Every answer would be marked as late.",
        .fix = "Write another date behind until:, or take the line out.",
    },
    {
        .id = "no-answers",
        .severity = FINDING_ERROR,
        .group = RULES_CONTENT,
        .what = "a question, and no address that takes answers",
        .why = "The buttons would have nowhere to write to.",
        .fix = "Set answers.address in the config.",
    },
    {
        .id = "event",
        .severity = FINDING_ERROR,
        .group = RULES_CONTENT,
        .what = "an event that no calendar could take as it stands",
        .why = "A block ::: event has a name, a title and a beginning, an end that comes after it, "
               "and is the same in every letter.",
        .fix = "Write it as the finding says.",
    },
    {
        .id = "past-event",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "an event that is past",
        .why = "A year or a month that was left from the letter before puts an entry where no "
               "reader looks.",
        .fix = "Write the date that is meant.",
    },
    {
        .id = "block-open",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "a block ::: or ``` that isn't ended",
        .why = "All that follows is taken to belong to it: to be in that language, part of the "
               "signature, or code.",
        .fix = "Write ::: or ``` on a line of its own where it ends.",
    },
    {
        .id = "no-sections",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "a list of sections for a letter that has none",
        .why = "'contents: yes' lists the headings of a letter; with fewer than two there is "
               "nothing to list.",
        .fix = "Take it out of the front matter, or give the sections headings.",
    },
    {
        .id = "no-languages",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "an order of languages for a letter in one",
        .why = "'swap_languages' has some readers get two neighbouring blocks, such as ::: en and "
               "::: cy, the other way round; none stand one after the other.",
        .fix = "Write one block right after the other, with no words between them.",
    },
    {
        .id = "indented-prose",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "a paragraph that is shown as code",
        .why =
            "Four blanks before a paragraph make code of it in Markdown: a grey box and letters of "
            "one width. In a letter the blanks were an indent.",
        .fix = "Take the blanks out; for code, write it between two lines of ```.",
    },
    {
        .id = "no-front-matter",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "three dashes without front matter",
        .why = "The first line is --- but no 'key: value' follows, so it is read as a rule.",
        .fix = "Write the front matter, or take the dashes out.",
    },
    {
        .id = "not-utf8",
        .severity = FINDING_ERROR,
        .group = RULES_CONTENT,
        .what = "an update that is not UTF-8",
        .why = "Accents would come out wrong for everybody.",
        .fix = "Save the file as UTF-8.",
    },
    {
        .id = "too-long",
        .severity = FINDING_ERROR,
        .group = RULES_CONTENT,
        .what = "an update of over 256 KB",
        .why = "This is no letter.",
        .fix = "Attach it, or link to it.",
    },
    {
        .id = "too-deep",
        .severity = FINDING_ERROR,
        .group = RULES_CONTENT,
        .what = "lists, quotes or emphases too deep within one another",
        .why = "Nobody writes so; most likely a character was repeated by a stuck key.",
        .fix = "Look at the line.",
    },
    {
        .id = "too-many-tags",
        .severity = FINDING_ERROR,
        .group = RULES_CONTENT,
        .what = "over 4,000 fields in one update",
        .why = "This is no letter.",
        .fix = "Use a table with rows instead.",
    },
    {
        .id = "bad-tag",
        .severity = FINDING_ERROR,
        .group = RULES_CONTENT,
        .what = "a field that isn't closed or has no proper name",
        .why = "What stands in double braces must be a field: {{name}}.",
        .fix = "Close it with }}.",
    },
    {
        .id = "section-open",
        .severity = FINDING_ERROR,
        .group = RULES_CONTENT,
        .what = "a section that isn't closed",
        .why = "{{#name}} needs its {{/name}}.",
        .fix = "Close it where it is to end.",
    },
    {
        .id = "section-crossed",
        .severity = FINDING_ERROR,
        .group = RULES_CONTENT,
        .what = "a section that ends in another part than it begins",
        .why = "A section can go round words of one paragraph, or round whole paragraphs, "
               "items and rows.",
        .fix = "Put both tags on lines of their own, or both into the paragraph.",
    },
    {
        .id = "partial-in-update",
        .severity = FINDING_ERROR,
        .group = RULES_CONTENT,
        .what = "{{>name}} in an update",
        .why = "Its Markdown would never be read.",
        .fix = "Write the text into the update.",
    },
    {
        .id = "raw-html",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "raw HTML",
        .why = "Mail programs each understand another part of HTML; a letter is made from "
               "Markdown only. The words are kept, the tags are left out.",
        .fix = "Write it in Markdown.",
    },
    {
        .id = "relative-link",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "a link that leads nowhere from a letter",
        .why = "\"dates.html\" is beside a web page, and a letter stands beside nothing.",
        .fix = "Write the whole address, https:// and all.",
    },
    {
        .id = "link-scheme",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "a link that is neither http, https, mailto nor tel",
        .why = "Mail programs don't follow it, or ask whether it is safe.",
        .fix = "Link to a page, an address or a number.",
    },
    {
        .id = "remote-image",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "a picture on a server",
        .why = "Mail programs don't load it unless asked to, and the server learns who opened "
               "the letter. It is sent as a link.",
        .fix = "Save the picture beside the update.",
    },
    {
        .id = "image-left-out",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "a picture that can't be sent",
        .why = "Its address is none of a file.",
        .fix = "Name a file beside the update.",
    },
    {
        .id = "image-alt",
        .severity = FINDING_ERROR,
        .group = RULES_CONTENT,
        .what = "a picture without a description",
        .why = "Whoever doesn't see it gets nothing (WCAG 2.2, 1.1.1 Non-text Content).",
        .fix = "Write ![what it shows](file.png).",
    },
    {
        .id = "image-field",
        .severity = FINDING_ERROR,
        .group = RULES_CONTENT,
        .what = "a picture whose file depends on a field",
        .why = "Pictures are embedded once for all.",
        .fix = "Put a section around each picture.",
    },
    {
        .id = "missing-image",
        .severity = FINDING_ERROR,
        .group = RULES_CONTENT,
        .what = "a picture whose file isn't there",
        .why = "It is looked for beside the update.",
        .fix = "Put it there, or correct the name.",
    },
    {
        .id = "table-broken",
        .severity = FINDING_ERROR,
        .group = RULES_CONTENT,
        .what = "a table that is no CSV",
        .why = "A quote is not closed, or stands within a cell.",
        .fix = "Put the cell in double quotes, and double those within it.",
    },
    {
        .id = "table-ragged",
        .severity = FINDING_ERROR,
        .group = RULES_CONTENT,
        .what = "a row with more or fewer cells than the header",
        .why = "Every number would stand in the wrong column.",
        .fix = "Put a cell that holds a comma in double quotes.",
    },
    {
        .id = "table-empty",
        .severity = FINDING_ERROR,
        .group = RULES_CONTENT,
        .what = "a table without a row",
        .why = "A header alone says nothing.",
        .fix = "Write rows below it.",
    },
    {
        .id = "table-too-wide",
        .severity = FINDING_ERROR,
        .group = RULES_CONTENT,
        .what = "a table of over 20 columns",
        .why = "It can't be read on a telephone, nor as plain text.",
        .fix = "Split it, or attach a sheet.",
    },
    {
        .id = "table-too-long",
        .severity = FINDING_ERROR,
        .group = RULES_CONTENT,
        .what = "a table of over 2,000 rows",
        .why = "This is no letter.",
        .fix = "Attach a sheet.",
    },
    {
        .id = "unknown-field",
        .severity = FINDING_ERROR,
        .group = RULES_CONTENT,
        .what = "a field that the audience doesn't have",
        .why = "It would be empty for everybody. Guarded by a section it is a warning.",
        .fix = "Write it as the list or the config names it.",
    },
    {
        .id = "flag-value",
        .severity = FINDING_ERROR,
        .group = RULES_CONTENT,
        .what = "a yes or no that is written as a value",
        .why = "A flag has no words of its own.",
        .fix = "Write {{#flag}}…{{/flag}} around what it stands for.",
    },
    {
        .id = "missing-value",
        .severity = FINDING_ERROR,
        .group = RULES_CONTENT,
        .what = "a field that some recipients lack",
        .why = "\"Dear ,\" goes to those who have none.",
        .fix = "Fill it in, or put a section around it: {{#name}}Dear "
               "{{name}}{{/name}}{{^name}}Dear colleague{{/name}}.",
    },
    {0},
};
