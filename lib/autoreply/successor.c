/* successor - whom an automatic answer names in place of its writer */
#include "autoreply/successor.h"

#include <string.h>

#include "autoreply/autoreply.h"
#include "evidence/fields.h"
#include "reason/pattern.h"

enum { NAME_WORDS_MAX = 5, TEXT_MAX = 16 << 10 };

/* Beside an address they say that its owner has the post now. */
static const char *const NOW_THERE[] = {
    "successor", "new head", "new principal", "new executive", "new chief", "acting head",
    "acting princip", "acting executive", "acting chief", "acting ceo", "acting up", "is acting",
    "as acting", "be acting", "interim head", "interim princip", "interim exec", "interim chief",
    "interim ceo", "is interim", "as interim", "now leads", "now led by", "taken over",
    "takes over", "took over", "taking over", "replaced by", "my replacement", "instead",
    "update your", "new address", "new e-mail", "new email", "head of school is", "headteacher is",
    "head teacher is", "principal is", "head is", "in my place", "in post", "handed over to",
    "now the head", "is now head", "has become head", "appointed", "covering for", "in charge",
    "leading the school", "headteacher*will be", "head teacher*will be", "principal*will be",
    "head of school*will be",
    /* German, French, Spanish, Italian, Dutch, Polish, Swedish, Welsh */
    "nachfolge", "neue schulleit", "neuer schulleit", "neuen schulleit", "kommissarisch",
    "remplaçant", "successeur", "nouvelle direct", "nouveau direct", "par intérim", "sucesor",
    "nuevo director", "nueva directora", "me sustituye", "successore", "nuovo dirigente",
    "nuova dirigente", "mi sostituisce", "opvolg", "nieuwe directeur", "nieuwe schoolleider",
    "następc", "nowy dyrektor", "nowa dyrektor", "efterträdare", "ny rektor", "pennaeth newydd",
    "olynydd", "pennaeth dros dro", NULL};

/* Nobody has it yet, whatever else the sentence says of the post. */
static const char *const NOT_YET[] = {
    "not been appointed", "not yet",       "yet to be",       "to be appointed",
    "no successor",       "be advertised", "being recruited", NULL};

/* A subject's or a year's head; the post is the school's. */
static const char *const OTHER_HEADS[] = {"head of maths",
                                          "head of english",
                                          "head of science",
                                          "head of year",
                                          "head of dep",
                                          "head of sixth",
                                          "head of music",
                                          "head of art",
                                          "head of pe",
                                          "head of history",
                                          "head of geography",
                                          "head of languages",
                                          "head of modern",
                                          "head of inclusion",
                                          "head of finance",
                                          "head of it",
                                          "head of comput",
                                          "head of hr",
                                          "head of operation",
                                          "head of house",
                                          "head of pastoral",
                                          "head of safeguard",
                                          "head of sen",
                                          "head of drama",
                                          "head of tech",
                                          "head of key stage",
                                          "head of early",
                                          "head of learning",
                                          "head of governance",
                                          "head of catering",
                                          NULL};

/* Right before an address, or in brackets behind it: whose box it is. */
static const char *const OTHER_POSTS[] = {
    "chair of",        "governor",    "safeguarding", "child protection",
    "finance",         "payroll",     "admission",    "business manager",
    "bursar",          "it support",  "ict",          "technical",
    "senco",           "attendance",  "absence line", "data protection",
    "human resources", "hr ",         "catering",     "premises",
    "lettings",        "recruitment", "complaint",    NULL};

/* The post itself, named beside an address. */
static const char *const POSTS[] = {
    "headteacher",     "head teacher", "principal", "head of school",
    "executive head",  "the head",     "schulleit", "pennaeth",
    "chief executive", "ceo",          NULL};
static const char *const BELOW_POSTS[] = {"deputy", "assistant", "vice", " pa ", "secretary", NULL};

/* An address that stays while people go. */
static const char *const NEW_ADDRESS[] = {"new address", "new e-mail", "new email", "update your",
                                          NULL};

/* The writer's own address elsewhere: a new post, a private box. */
static const char *const OWN_ELSEWHERE[] = {"reach me",
                                            "contact me",
                                            "email me",
                                            "e-mail me",
                                            "write to me",
                                            "privately",
                                            "private e",
                                            "private address",
                                            "personal e",
                                            "personal address",
                                            "keep in touch",
                                            "stay in touch",
                                            "my new school",
                                            "my new role",
                                            "my new post",
                                            "my new job",
                                            "my new address there",
                                            "i have moved to",
                                            "i've moved to",
                                            "i am now at",
                                            "i now work",
                                            "i can be reached",
                                            "i can be contacted",
                                            "i have left*and can be",
                                            "i left*and can be",
                                            "i have retired*and can be",
                                            NULL};
static const char *const SAME_PERSON[] = {"moved to a new e-mail", "moved to a new email",
                                          "moved to a new address", NULL};

/* They send people to it, for whatever cause: of a post only where its holder has left. */
static const char *const SENDS_TO[] = {"contact",        "write to",
                                       "e-mail",         "email",
                                       "please use",     "direct",
                                       "forward",        "address",
                                       "reach",          "get in touch",
                                       "speak to",       "send",
                                       "correspondence", "enquiries",
                                       "messages",       "everything else",
                                       "all other",      "try",
                                       "anything else",  "otherwise",
                                       " use ",          NULL};

/* Right before an address: it is the one that goes. */
static const char *const GOES[] = {"not use",      "n't use",     "no longer use",
                                   "stop using",   "instead of",  "rather than",
                                   "not write to", "not send to", NULL};

static const char *const FOR_A_TIME[] = {"acting",          "interim",  "for the time being",
                                         "temporar",        "covering", "in my absence",
                                         "maternity cover", NULL};

/* Absences so long that somebody holds the post meanwhile. */
static const char *const LONG_LEAVE[] = {
    "maternity", "paternity", "adoption leave", "parental leave", "sabbatical", "secondment",
    "seconded",  "long-term", "long term",      "extended leave", NULL};

static const char *const GONE[] = {
    "no longer", "have left", "has left", "left the", "retired", "moved on", "has closed",
    "is closed", "closed.", "ceased", "merged", "became", "have moved", "new role", "leaving",
    "not monitored", "not in use",
    /* the same people under another domain */
    "addresses have changed", "address has changed", "have changed our", "from now on",
    "new domain", "been closed", "ruhestand", "pensioniert", "ausgeschieden", "nicht mehr",
    "j'ai quitté", "retraite", "plus à l'école", "me he jubilado", "in pensione", "niet meer",
    "met pensioen", "na emeryturze", "gått i pension", "wedi gadael", "wedi ymddeol", NULL};

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

/* What the whole answer says of its writer. */
typedef struct {
    gboolean left, long_leave;
    gboolean told_before; /* the sentence before names who has the post, and no address */
} About;

/* What a sentence, folded, and the words right around the address make of it; 0: nothing. */
static int weigh(const char *sentence, const char *clause, const char *address, const About *about)
{
    gboolean standing_in = folded_has(sentence, FOR_A_TIME) && !strstr(sentence, "acting") &&
                           !strstr(sentence, "interim");
    int weight = 0;
    if (folded_has(clause, OTHER_POSTS) || folded_has(clause, GOES) ||
        folded_has(sentence, OTHER_HEADS))
        return 0;
    if (folded_has(sentence, OWN_ELSEWHERE) && !folded_has(sentence, SAME_PERSON))
        return 0;
    if (folded_has(sentence, NOW_THERE) && !folded_has(sentence, NOT_YET) &&
        (about->left || about->long_leave || !standing_in))
        weight = 6;
    else if ((about->left || about->long_leave) && folded_has(clause, POSTS) &&
             !folded_has(clause, BELOW_POSTS))
        weight = 6;
    else if (about->told_before)
        weight = 4;
    else if ((about->left || about->long_leave) && folded_has(sentence, SENDS_TO))
        weight = 3;
    if (!weight || !has_role(address, COMMON_BOXES))
        return weight;
    return about->left || about->long_leave || folded_has(sentence, NEW_ADDRESS) ? weight - 2 : 0;
}

/* What stands around an address: from the address, line or semicolon before it, and a bracket right
 * behind it; folded. */
static char *clause_around(const char *from, const char *start, const char *end)
{
    const char *begin = start, *stop = end + strspn(end, "> ");
    while (begin > from && !strchr("\n;", begin[-1]))
        begin--;
    if (*stop == '(')
        stop += strcspn(stop, ")\n");
    return scan_fold(begin, stop - begin);
}

static void consider(const Evidence *signs, const char *sentence, gsize length, About *about,
                     Candidate *best)
{
    g_autofree char *text = g_strndup(sentence, length), *folded = scan_fold(text, length);
    const char *start, *end;
    gboolean named = FALSE;
    for (const char *at = text; scan_address(at, &start, &end); at = end, named = TRUE) {
        g_autofree char *address = g_strndup(start, end - start);
        g_autofree char *clause = clause_around(at, start, end);
        if (is_ours(signs, address) || has_role(address, OTHER_ROLES) || !strchr(address, '.'))
            continue;
        int weight = weigh(folded, clause, address, about);
        if (weight <= best->weight)
            continue;
        g_free(best->address);
        g_free(best->name);
        *best = (Candidate){.address = g_steal_pointer(&address),
                            .name = name_before(text, start),
                            .acts = folded_has(folded, FOR_A_TIME) ||
                                    (about->long_leave && !about->left),
                            .weight = weight};
    }
    about->told_before = !named && (about->left || about->long_leave) &&
                         folded_has(folded, NOW_THERE) && !folded_has(folded, NOT_YET) &&
                         !folded_has(folded, OTHER_HEADS);
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
    About about = {.left = folded_has(folded, LEFT_WORDS) || folded_has(folded, GONE),
                   .long_leave = folded_has(folded, LONG_LEAVE) ||
                                 folded_has(signs->subject_folded, LONG_LEAVE)};
    for (const char *at = own; *at;) {
        const char *end = sentence_end(at);
        consider(signs, at, end - at, &about, &best);
        at = end;
    }
    notice->successor = best.address;
    notice->successor_name = best.name;
    notice->successor_acts = best.address && best.acts;
}
