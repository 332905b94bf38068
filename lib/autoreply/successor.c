/* successor - whom an automatic answer names in place of its writer */
#include "autoreply/successor.h"

#include <string.h>

#include "autoreply/autoreply.h"
#include "evidence/fields.h"
#include "reason/pattern.h"

enum { NAME_WORDS_MAX = 5, TEXT_MAX = 16 << 10 };

/* Beside an address they say that its owner has the post now. */
static const char *const NOW_THERE[] = {"successor",
                                        "new head",
                                        "new principal",
                                        "new executive",
                                        "new chief",
                                        "acting",
                                        "interim",
                                        "now leads",
                                        "now led by",
                                        "taken over",
                                        "takes over",
                                        "took over",
                                        "taking over",
                                        "replaced by",
                                        "my replacement",
                                        "instead",
                                        "update your",
                                        "new address",
                                        "new e-mail",
                                        "new email",
                                        "head of school is",
                                        "headteacher is",
                                        "head teacher is",
                                        "principal is",
                                        "head is",
                                        "in my place",
                                        "in post",
                                        "handed over to",
                                        "now the head",
                                        "is now head",
                                        "has become head",
                                        "appointed",
                                        "covering for",
                                        "in charge",
                                        NULL};

/* They send people to it, for whatever cause: of a post only where its holder has left. */
static const char *const SENDS_TO[] = {"contact",        "write to",     "e-mail",   "email",
                                       "please use",     "direct",       "forward",  "address",
                                       "reach",          "get in touch", "speak to", "send",
                                       "correspondence", "enquiries",    "messages", NULL};

static const char *const FOR_A_TIME[] = {"acting",          "interim",  "for the time being",
                                         "temporar",        "covering", "in my absence",
                                         "maternity cover", NULL};

/* Absences so long that somebody holds the post meanwhile. */
static const char *const LONG_LEAVE[] = {
    "maternity", "paternity", "adoption leave", "parental leave", "sabbatical", "secondment",
    "seconded",  "long-term", "long term",      "extended leave", NULL};

static const char *const GONE[] = {
    "no longer",  "have left", "has left", "left the",      "retired",    "moved on",
    "has closed", "is closed", "closed.",  "ceased",        "merged",     "became",
    "have moved", "new role",  "leaving",  "not monitored", "not in use", NULL};

/* Boxes of another purpose. */
static const char *const OTHER_ROLES[] = {
    "dsl",         "dsp",        "safeguarding", "childprotection", "finance",    "accounts",
    "invoices",    "payroll",    "bursar",       "admissions",      "attendance", "absence",
    "absences",    "it",         "ict",          "itsupport",       "support",    "helpdesk",
    "servicedesk", "technician", "postmaster",   "webmaster",       "hostmaster", "abuse",
    "noreply",     "reply",      "donotreply",   "daemon",          "dpo",        "dataprotection",
    "privacy",     "gdpr",       "hr",           "recruitment",     "jobs",       "vacancies",
    "press",       "media",      "marketing",    "complaints",      "sen",        "senco",
    "send",        "catering",   "kitchen",      "lettings",        "transport",  "exams",
    "sales",       "security",   "unsubscribe",  "bounces",         "premises",   "governors",
    NULL};

static const char *const COMMON_BOXES[] = {"office",    "admin",   "info",   "enquiries",
                                           "reception", "contact", "school", "schooloffice",
                                           "mail",      NULL};

static gboolean has_role(const char *address, const char *const *roles)
{
    g_autofree char *local = g_ascii_strdown(address, strcspn(address, "@"));
    g_auto(GStrv) words = g_strsplit_set(local, "._-+0123456789", -1);
    for (char **word = words; *word; word++)
        if (**word && g_strv_contains(roles, *word))
            return TRUE;
    return FALSE;
}

/* ---- whose it is ---- */

/* Addresses that the message was sent to are ours, and so are their domains' (but the writer's). */
static gboolean is_ours(const Evidence *signs, const char *address)
{
    const char *domain = strchr(address, '@'), *writers = strchr(signs->from, '@');
    for (guint i = 0; i < signs->fields->len; i++) {
        const Field *field = signs->fields->pdata[i];
        g_autofree char *to =
            g_str_has_suffix(field->name, "to") ? scan_address_dup(field->value) : NULL;
        const char *own = to ? strchr(to, '@') : NULL;
        if (to && g_ascii_strcasecmp(to, address) == 0)
            return TRUE;
        if (own && domain && g_ascii_strcasecmp(own, domain) == 0 &&
            !(writers && g_ascii_strcasecmp(own, writers) == 0))
            return TRUE;
    }
    return g_ascii_strcasecmp(signs->from, address) == 0;
}

/* ---- sentences ---- */

/* Whether the full stop at `dot` ends an abbreviation: "Ms P. Quinn", "Dr. Ash". */
static gboolean is_abbreviation(const char *start, const char *dot)
{
    static const char *const TITLES[] = {"mr", "mrs", "ms", "dr", "prof", "st", "rev", NULL};
    const char *word = dot;
    while (word > start && g_ascii_isalpha(word[-1]))
        word--;
    g_autofree char *lower = g_ascii_strdown(word, dot - word);
    return dot - word == 1 || g_strv_contains(TITLES, lower);
}

static const char *sentence_end(const char *start)
{
    const char *at = start;
    for (; *at && !(at[0] == '\n' && at[1] == '\n'); at++)
        if (strchr(".!?", *at) && (g_ascii_isspace(at[1]) || !at[1]) && !is_abbreviation(start, at))
            return at + 1;
    return *at ? at + 1 : at;
}

/* ---- the name beside an address ---- */

static gboolean is_name_word(const char *word)
{
    static const char *const NONE[] = {
        "The",       "Please",  "Contact",   "New",   "Acting", "Interim",   "Head", "Headteacher",
        "Principal", "Teacher", "Executive", "Email", "E-mail", "To",        "For",  "Deputy",
        "School",    "My",      "Our",       "From",  "Write",  "Successor", "Is",   NULL};
    return g_unichar_isupper(g_utf8_get_char(word)) && !g_strv_contains(NONE, word);
}

/* The capitalised words right before `start`, the address's place in the sentence; or NULL. */
static char *name_before(const char *sentence, const char *start)
{
    g_autofree char *before = g_strndup(sentence, start - sentence);
    g_strdelimit(before, "\n\t", ' ');
    gsize n = strlen(before);
    while (n && strchr(" (<[:,-\"'", before[n - 1]))
        before[--n] = '\0';
    g_auto(GStrv) words = g_strsplit(before, " ", -1);
    guint count = g_strv_length(words), first = count;
    while (first > 0 && count - first < NAME_WORDS_MAX && is_name_word(words[first - 1]) &&
           !(first < count && strpbrk(words[first - 1], ",;:")))
        first--;
    return first < count ? g_strjoinv(" ", words + first) : NULL;
}

/* ---- choosing ---- */

typedef struct {
    char *address, *name;
    gboolean acts;
    int weight;
} Candidate;

static int weigh(const char *sentence, const char *address, gboolean gone, gboolean long_leave)
{
    int weight = 0;
    if (folded_has(sentence, NOW_THERE) &&
        (gone || long_leave || !folded_has(sentence, FOR_A_TIME) || strstr(sentence, "acting") ||
         strstr(sentence, "interim")))
        weight = 6;
    else if ((gone || long_leave) && folded_has(sentence, SENDS_TO))
        weight = 3;
    if (weight && has_role(address, COMMON_BOXES))
        weight -= 2;
    return weight;
}

static void consider(const Evidence *signs, const char *sentence, gsize length, gboolean gone,
                     gboolean long_leave, Candidate *best)
{
    g_autofree char *text = g_strndup(sentence, length), *folded = scan_fold(text, length);
    const char *start, *end;
    for (const char *at = text; scan_address(at, &start, &end); at = end) {
        g_autofree char *address = g_strndup(start, end - start);
        if (is_ours(signs, address) || has_role(address, OTHER_ROLES) || !strchr(address, '.'))
            continue;
        int weight = weigh(folded, address, gone, long_leave);
        if (weight <= best->weight)
            continue;
        g_free(best->address);
        g_free(best->name);
        *best = (Candidate){.address = g_steal_pointer(&address),
                            .name = name_before(text, start),
                            .acts = folded_has(folded, FOR_A_TIME) || (long_leave && !gone),
                            .weight = weight};
    }
}

char *successor_name_in(const char *text, const char *address)
{
    const char *start, *end;
    for (const char *at = text; *at;) {
        const char *stop = sentence_end(at);
        g_autofree char *sentence = g_strndup(at, stop - at);
        for (const char *c = sentence; scan_address(c, &start, &end); c = end)
            if ((gsize)(end - start) == strlen(address) &&
                g_ascii_strncasecmp(start, address, end - start) == 0)
                return name_before(sentence, start);
        at = stop;
    }
    return NULL;
}

void successor_find(const Evidence *signs, InboundReport *notice)
{
    Candidate best = {0};
    g_autofree char *own = autoreply_own_words(signs, TEXT_MAX);
    g_autofree char *folded = scan_fold(own, strlen(own));
    gboolean gone = folded_has(folded, LEFT_WORDS) || folded_has(folded, GONE);
    gboolean long_leave =
        folded_has(folded, LONG_LEAVE) || folded_has(signs->subject_folded, LONG_LEAVE);
    for (const char *at = own; *at;) {
        const char *end = sentence_end(at);
        consider(signs, at, end - at, gone, long_leave, &best);
        at = end;
    }
    notice->successor = best.address;
    notice->successor_name = best.name;
    notice->successor_acts = best.address && best.acts;
}
