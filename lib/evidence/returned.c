/* returned - the returned letter within a report: where it begins, and its headers */
#include "evidence/returned.h"

#include <string.h>

#include "evidence/fields.h"
#include "reason/pattern.h"
#include "reason/scan.h"

static const char *const LETTER_LINES[] = {
    "below this line is a copy",
    "is a copy of the message",
    "is a copy of your message",
    "is a copy of the body",
    "included is a copy",
    "original message follows",
    "original message:",
    "-original message",
    "- original message",
    "original message header",
    "-original mail info",
    "original mail as follows",
    "message headers follow",
    "message header follows",
    "message text follows",
    "header of the original message",
    "headers of the original message",
    "copy of the original message",
    "copy of the message header",
    "the original mail headers",
    "-returned message",
    "- returned message",
    "returned message follows",
    "unsent message follows",
    "unsent message below",
    "unsent message -",
    "message follows:",
    "message follows.",
    "text of your message",
    "your original message",
    "your message follows",
    "begin of message",
    "start of message",
    "original letter",
    "message that was sent",
    "mensaje original",
    "message original",
    "message d'origine",
    "ursprüngliche nachricht",
    "originalnachricht",
    "messaggio originale",
    NULL,
};

/* Headers that begin a letter, but no words for people. */
static const char *const LETTER_HEADERS[] = {
    "received: from ", "received: by ",    "received: (",        "received:from ",
    "return-path: <",  "dkim-signature: ", "x-originating-ip: ", NULL,
};

gboolean line_begins_letter(const char *line)
{
    for (const char *const *header = LETTER_HEADERS; *header; header++)
        if (g_str_has_prefix(line, *header))
            return TRUE;
    if (strlen(line) > 100 || strstr(line, "transcript")) /* of the attempts, not the letter */
        return FALSE;
    return folded_has(line, LETTER_LINES);
}

char *letter_head(const char *letter)
{
    if (!letter)
        return NULL;
    letter += strspn(letter, " \t\n");
    const char *line = letter + line_length(letter);
    g_autofree char *first = scan_fold(letter, MIN((gsize)(line - letter), 100));
    if (!strchr(first, ':') || first[strlen(first) - 1] == ':' || strchr("-=*", first[0]))
        letter = line + strspn(line, " \t\n");
    const char *blank = strstr(letter, "\n\n");
    return blank ? g_strndup(letter, blank - letter) : g_strdup(letter);
}
