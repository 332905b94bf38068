/* ownwords - what a person wrote into an answer, without the letter that is quoted around it */
#include "answer/ownwords.h"

#include <string.h>

#include "reason/scan.h"

/* A line, folded, that ends so introduces what is quoted below. */
static const char *const ATTRIBUTION_ENDS[] = {
    "wrote:",     "writes:",  "schrieb:",    "ysgrifennodd:", "écrit :",     "écrit:",
    "escribió:",  "scrive:",  "scritto:",    "schreef:",      "geschreven:", "skrev:",
    "kirjoitti:", "napisał:", "napisał(a):", "napsal:",       "napsala:",    "пишет:",
    "написал:",   "yazdı:",   "写道:",       "写道：",        "escreveu:",   "ha scritto:",
    "schrieb am", "said:",    NULL};
/* "Am 5. Januar 2026 um 10:00 schrieb Ann Smith <...>:": the word stands within. */
static const char *const ATTRIBUTION_WITHIN[] = {" schrieb ", " ysgrifennodd ", " schreef ",
                                                 " wrote ",   " skrev ",        NULL};
static const char *const ATTRIBUTION_STARTS[] = {"on ", "am ",  "le ", "el ",   "il ",     "op ",
                                                 "ar ", "den ", "em ", "dnia ", "w dniu ", NULL};

/* Begins a line below which all is somebody else's. */
static const char *const SEPARATORS[] = {"-----original",
                                         "----- original",
                                         "-----ursprüngliche",
                                         "-----message d'origine",
                                         "-----neges wreiddiol",
                                         "----- forwarded",
                                         "---------- forwarded",
                                         "-------- forwarded",
                                         "-------- original",
                                         "-------- weitergeleitete",
                                         "begin forwarded message",
                                         "anfang der weitergeleiteten",
                                         "##- please type your reply above",
                                         "-- reply above this line",
                                         "--- reply above this line",
                                         "please reply above this line",
                                         "reply above this line",
                                         "________________________",
                                         NULL};
static const char *const FORWARD_WORDS[] = {"forward", "weitergeleitet", NULL};

/* The first field of a block of headers, and what one of the next lines begins with. */
static const char *const FROM_FIELDS[] = {
    "from:", "von:", "oddi wrth:", "de:", "de :", "van:", "od:", "da:", "fra:", NULL};
static const char *const OTHER_FIELDS[] = {
    "sent:", "date:",     "subject:",   "to:",        "gesendet:", "datum:",   "betreff:",
    "an:",   "anfonwyd:", "at:",        "pwnc:",      "dyddiad:",  "envoyé",   "objet",
    "à :",   "à:",        "verzonden:", "onderwerp:", "aan:",      "wysłano:", "temat:",
    "do:",   "inviato:",  "oggetto:",   "a:",         NULL};

/* Lines of programs and gateways, by words in them. */
static const char *const MACHINE_LINES[] = {"sent from my ",
                                            "sent from outlook",
                                            "sent from mail for",
                                            "sent via ",
                                            "get outlook for",
                                            "von meinem iphone gesendet",
                                            "gesendet von ",
                                            "anfonwyd o fy",
                                            "envoyé de mon",
                                            "originated from outside",
                                            "came from outside",
                                            "from an external sender",
                                            "external email",
                                            "external e-mail",
                                            "external message",
                                            "do not click links",
                                            "don't click",
                                            "you don't often get email from",
                                            "learn why this is important",
                                            "this message was sent from outside",
                                            "[cid:",
                                            NULL};
static const char *const DISCLAIMERS[] = {"intended recipient",
                                          "intended solely",
                                          "intended only for",
                                          "is confidential",
                                          "are confidential",
                                          "strictly confidential",
                                          "confidentiality notice",
                                          "disclaimer",
                                          "privileged and confidential",
                                          "received this email in error",
                                          "received this e-mail in error",
                                          "scanned for viruses",
                                          "before printing",
                                          NULL};

static gboolean begins(const char *folded, const char *const *words)
{
    for (; *words; words++)
        if (g_str_has_prefix(folded, *words))
            return TRUE;
    return FALSE;
}

static gboolean holds(const char *folded, const char *const *words)
{
    for (; *words; words++)
        if (strstr(folded, *words))
            return TRUE;
    return FALSE;
}

static gboolean ends(const char *folded, const char *const *words)
{
    for (; *words; words++)
        if (g_str_has_suffix(folded, *words))
            return TRUE;
    return FALSE;
}

typedef struct {
    char **lines;  /* as they are */
    char **folded; /* without marks of quoting and emphasis */
    guint count;
} Lines;

static char *fold_line(const char *line)
{
    gsize length = MIN(strlen(line), (gsize)OWNWORDS_LINE_MAX);
    g_autofree char *folded = scan_fold(line, length);
    g_strstrip(folded);
    const char *at = folded + strspn(folded, "*"); /* "*From:* Ann" */
    return g_strdup(at);
}

static Lines split(const char *text)
{
    g_autofree char *cut = g_strndup(text, strnlen(text, OWNWORDS_SCAN));
    g_autofree char *valid = g_utf8_make_valid(cut, -1);
    Lines self = {.lines = g_strsplit(valid, "\n", -1)};
    self.count = g_strv_length(self.lines);
    self.folded = g_new0(char *, self.count + 1);
    for (guint i = 0; i < self.count; i++)
        self.folded[i] = fold_line(self.lines[i]);
    return self;
}

static gboolean is_quoted(const char *line)
{
    line += strspn(line, " \t");
    return *line == '>' || (*line == '|' && line[1] == ' ');
}

/* "On Monday, 5 January 2026 at 10:00, Director of Schools\n<director@example.org> wrote:" may be
 * broken over up to three lines. Returns how many it takes; 0 for none. */
static guint attribution_at(const Lines *all, guint at)
{
    g_autofree char *joined = g_strdup("");
    for (guint taken = 0; taken < 3 && at + taken < all->count; taken++) {
        const char *line = all->folded[at + taken];
        if (!*line || is_quoted(all->lines[at + taken]))
            return 0;
        char *longer = g_strconcat(joined, *joined ? " " : "", line, NULL);
        g_free(joined);
        joined = longer;
        gboolean starts = begins(joined, ATTRIBUTION_STARTS) || strchr(joined, '@');
        if (ends(joined, ATTRIBUTION_ENDS) &&
            (starts || strpbrk(joined, "0123456789") ||
             (at + taken + 1 < all->count && is_quoted(all->lines[at + taken + 1]))))
            return taken + 1;
        if (starts && g_str_has_suffix(joined, ":") && holds(joined, ATTRIBUTION_WITHIN))
            return taken + 1;
    }
    return 0;
}

/* "From: ...", with another field in the next lines. */
static gboolean headers_at(const Lines *all, guint at)
{
    guint fields = 0;
    if (!begins(all->folded[at], FROM_FIELDS))
        return FALSE;
    for (guint i = at + 1; i < all->count && i <= at + 6; i++)
        fields += begins(all->folded[i], OTHER_FIELDS);
    return fields >= 2;
}

static gboolean is_signature(const char *line)
{
    return g_str_has_prefix(line, "--") && !line[2 + strspn(line + 2, " \t\r")];
}

/* What follows is marked line by line, so that own words may stand below. */
static gboolean quotes_follow(const Lines *all, guint at)
{
    while (at < all->count && !*all->folded[at])
        at++;
    return at < all->count && is_quoted(all->lines[at]);
}

/* The first own line of each kind ends the words: a signature goes on to the next quoted line. */
static guint skip_signature(const Lines *all, guint at)
{
    for (at++; at < all->count; at++)
        if (is_quoted(all->lines[at]) || attribution_at(all, at) || headers_at(all, at))
            break;
    return at;
}

static char *trimmed(GString *words)
{
    char *start = words->str;
    while (*start == '\n' || *start == ' ')
        start++;
    g_string_erase(words, 0, start - words->str);
    while (words->len && strchr("\n ", words->str[words->len - 1]))
        g_string_truncate(words, words->len - 1);
    return g_string_free(words, FALSE);
}

static void keep(GString *words, const char *line)
{
    g_autofree char *copy = g_strchomp(g_strdup(line));
    gboolean blank = !*copy;
    if (words->len + strlen(copy) >= OWNWORDS_MAX ||
        (blank && (!words->len || g_str_has_suffix(words->str, "\n\n"))))
        return;
    g_string_append_printf(words, "%s\n", copy);
}

char *ownwords_of(const char *text, gboolean *forwarded)
{
    Lines all = split(text);
    GString *words = g_string_new(NULL);
    gboolean is_forward = FALSE;
    for (guint i = 0; i < all.count; i++) {
        const char *folded = all.folded[i];
        guint lines = attribution_at(&all, i);
        /* A ticket system begins its own mail with the mark below which others begin theirs. */
        if (is_quoted(all.lines[i]) || (!words->len && strstr(folded, "reply above this line")))
            continue;
        if (begins(folded, SEPARATORS) || headers_at(&all, i)) {
            is_forward = holds(folded, FORWARD_WORDS);
            if (!quotes_follow(&all, i + 1))
                break;
            continue;
        }
        if (lines && !quotes_follow(&all, i + lines))
            break;
        if (lines) {
            i += lines - 1;
            continue;
        }
        if (is_signature(all.lines[i])) {
            i = skip_signature(&all, i) - 1;
            continue;
        }
        if (words->len && holds(folded, DISCLAIMERS))
            break;
        if (!holds(folded, MACHINE_LINES))
            keep(words, all.lines[i]);
    }
    g_strfreev(all.lines);
    g_strfreev(all.folded);
    if (forwarded)
        *forwarded = is_forward;
    return trimmed(words);
}
