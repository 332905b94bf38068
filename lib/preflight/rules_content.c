/* rules_content - the rules about an update's words: subject, headings, prose */
#include "preflight/rule.h"

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
        .mend = "Say the matter in the first words, and leave out what the sender's name says "
                "already.",
    },
    {
        .id = "subject-reply",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "a subject that poses as a reply or a forwarded letter",
        .why = "A first letter that begins with Re: or Fwd: reads like a trick, and spam "
               "filters take it for one. Readers who were fooled once stop reading.",
        .mend = "Take the Re: or Fwd: out of the subject.",
    },
    {
        .id = "no-preheader",
        .severity = FINDING_NOTE,
        .group = RULES_CONTENT,
        .what = "no preheader",
        .why = "Mail programs show a line beside or below the subject. Without a preheader "
               "they take it from the top of the letter, where a greeting stands that is the "
               "same every time.",
        .mend = "Write 'preheader:' in the front matter: what the reader would miss by not "
                "opening the letter.",
    },
    {
        .id = "long-preheader",
        .severity = FINDING_NOTE,
        .group = RULES_CONTENT,
        .what = "a preheader of over 140 characters",
        .why = "Mail programs show 40 to 140 characters of it, and the rest is never seen.",
        .mend = "Cut it to its first sentence.",
    },
    {
        .id = "preheader-repeats",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "a preheader that repeats the subject",
        .why = "The two are shown side by side: the reader sees the same words twice and "
               "learns nothing from the second.",
        .mend = "Let it say the next most important thing.",
    },
    {
        .id = "first-heading",
        .severity = FINDING_NOTE,
        .group = RULES_CONTENT,
        .what = "the first heading is of level 3 or below",
        .why = "People who can't see the page go from heading to heading (WCAG 2.2, 1.3.1 Info "
               "and Relationships, 2.4.6 Headings and Labels). The letter is sent with levels "
               "that begin at the top; what was meant may be something else.",
        .mend = "Begin with # or ##.",
    },
    {
        .id = "skipped-heading",
        .severity = FINDING_NOTE,
        .group = RULES_CONTENT,
        .what = "a heading that skips a level",
        .why = "A jump from ## to #### sounds, read aloud, as if something were missing (WCAG "
               "2.2, 1.3.1 Info and Relationships). The letter is sent with the level put "
               "right.",
        .mend = "Write the level that the place asks for; how large it looks is the theme's to "
                "say.",
    },
    {
        .id = "bold-heading",
        .severity = FINDING_NOTE,
        .group = RULES_CONTENT,
        .what = "a line in bold that stands where a heading would",
        .why = "It looks like a heading and is none for those who listen to the letter: they "
               "can't find the part, nor skip it (WCAG 2.2, 1.3.1 Info and Relationships).",
        .mend = "Write it as a heading: ## and the words.",
    },
    {
        .id = "no-headings",
        .severity = FINDING_NOTE,
        .group = RULES_CONTENT,
        .what = "a long letter without any heading",
        .why = "Readers look for the part that concerns them. Over 600 words without a heading "
               "they have to read all or nothing (WCAG 2.2, 2.4.10 Section Headings).",
        .mend = "Put a heading above each matter.",
    },
    {
        .id = "image-alt-name",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "a picture's description that is its file's name",
        .why = "The description is read out in the place of the picture, and shown where "
               "pictures are blocked, as in Outlook at first. \"IMG_2034.jpg\" tells nobody "
               "anything (WCAG 2.2, 1.1.1 Non-text Content).",
        .mend = "Say what the picture shows, as on the telephone.",
    },
    {
        .id = "capitals",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "several words in capitals",
        .why = "Words in capitals are slower to read, are read letter by letter by some screen "
               "readers, and look like shouting (the style guide of GOV.UK: no block "
               "capitals). Abbreviations are left alone: only runs of whole words count.",
        .mend = "Write it in small letters, and in **bold** if it must stand out.",
    },
    {
        .id = "long-paragraph",
        .severity = FINDING_NOTE,
        .group = RULES_CONTENT,
        .what = "a paragraph of over 150 words",
        .why = "A paragraph fills the screen of a telephone at about 80 words. The content "
               "guidance of GOV.UK asks for no more than five sentences.",
        .mend = "Split it where the thought turns, or make a list of it.",
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
        .mend = "Split the longest sentences.",
    },
    {
        .id = "placeholder",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "words that were to be replaced",
        .why = "A \"to do\" in capitals, three X in a row, lorem ipsum, [insert date], and the "
               "fields of other programs (<<Name>>, *|FNAME|*) show that the letter isn't "
               "finished. A field of this program is written {{name}}.",
        .mend = "Write what belongs there, or take it out.",
    },
    {
        .id = "to-be-confirmed",
        .severity = FINDING_NOTE,
        .group = RULES_CONTENT,
        .what = "something is still to be confirmed",
        .why = "TBC may be meant for the reader, and it may be left over from writing.",
        .mend = "Fill it in if it is known by now, or say when it will be.",
    },
    {
        .id = "punctuation",
        .severity = FINDING_NOTE,
        .group = RULES_CONTENT,
        .what = "two full stops or commas, or a blank before a comma",
        .why = "It is the trace of a sentence that was changed. Three full stops are meant, "
               "and left alone.",
        .mend = "Take one of the two out.",
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
        .mend =
            "Give the second line a group of dashes for each cell, or write a fenced block with "
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
        .mend = "End each such line with a backslash, or leave a blank line between them.",
    },
    {
        .id = "struck-out",
        .severity = FINDING_NOTE,
        .group = RULES_CONTENT,
        .what = "words that are struck out",
        .why =
            "Screen readers read them like any other: \"on Monday Tuesday\". The plain text says "
            "\"(deleted: Monday)\".",
        .mend = "Take the words out, unless readers are to see what has changed.",
    },
    {
        .id = "typed-bullets",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "bullets that were typed or pasted",
        .why = "Lines that begin with • run into one paragraph, and are no list to who listens "
               "to the letter (WCAG 2.2, 1.3.1 Info and Relationships).",
        .mend = "Begin each line with a hyphen and a blank.",
    },
    {
        .id = "stray-markup",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "marks of Markdown that would stand in the letter",
        .why = "\"** bold **\", \"[words] (address)\" and \"##Heading\" look right in the file "
               "and come out as they were typed; so do footnotes [^1], attributes {.name}, "
               "blocks ::: and other marks that only some programs know.",
        .mend = "Take the blank out, or put it in, as the finding says.",
    },
    {
        .id = "no-attachment",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "the text speaks of an attachment, and nothing is attached",
        .why = "The commonest second letter is the one that says sorry and brings the "
               "attachment.",
        .mend = "Name the file under 'attachments:' in the front matter.",
    },
    {
        .id = "repeated-word",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "the same word twice",
        .why = "The eye passes over it while writing; readers see it. Looked for in English "
               "only, since in other languages many words stand twice by right.",
        .mend = "Take one of the two out.",
    },
    {
        .id = "allow-unknown",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "'allow' of an id that there is not",
        .why = "It silences nothing, and whoever wrote it believes that it does.",
        .mend = "Write the id as it stands in brackets after the finding.",
    },
    {
        .id = "allow-unused",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "'allow' of something that is not found there",
        .why = "What it silenced is mended, or has moved; left in, it would one day hide "
               "something new.",
        .mend = "Take it out.",
    },
    {
        .id = "allow-error",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "'allow' of what is an error",
        .why = "An error stops a plan whatever is allowed: the letter could not be made, or "
               "would be wrong for somebody.",
        .mend = "Take the id out of the 'allow', and mend what it names.",
    },
    {0},
};
