/* langtag - whether a word is a tag for a language (RFC 5646), and how a language writes a day */
#include "text/langtag.h"

#include <string.h>

/* --- tags ------------------------------------------------------------------------------------ */

/* ISO 639-1, all of it. */
static const char known[] =
    " aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy "
    "da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu "
    "hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb "
    "lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om "
    "or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw "
    "ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu ";

/* What people write instead, in English and in the language itself, and for a country. */
static const struct {
    const char *name, *tag;
} meant[] = {
    {"english", "en"},    {"british", "en-GB"}, {"american", "en-US"},
    {"gb", "en-GB"},      {"welsh", "cy"},      {"cymraeg", "cy"},
    {"wales", "cy"},      {"irish", "ga"},      {"gaeilge", "ga"},
    {"gaelic", "gd"},     {"gàidhlig", "gd"},   {"cornish", "kw"},
    {"scots", "sco"},     {"french", "fr"},     {"français", "fr"},
    {"german", "de"},     {"deutsch", "de"},    {"spanish", "es"},
    {"español", "es"},    {"italian", "it"},    {"italiano", "it"},
    {"portuguese", "pt"}, {"português", "pt"},  {"dutch", "nl"},
    {"nederlands", "nl"}, {"polish", "pl"},     {"polski", "pl"},
    {"romanian", "ro"},   {"română", "ro"},     {"bulgarian", "bg"},
    {"czech", "cs"},      {"cz", "cs"},         {"slovak", "sk"},
    {"hungarian", "hu"},  {"lithuanian", "lt"}, {"latvian", "lv"},
    {"estonian", "et"},   {"ukrainian", "uk"},  {"ua", "uk"},
    {"russian", "ru"},    {"turkish", "tr"},    {"greek", "el"},
    {"gr", "el"},         {"arabic", "ar"},     {"hebrew", "he"},
    {"persian", "fa"},    {"farsi", "fa"},      {"urdu", "ur"},
    {"punjabi", "pa"},    {"panjabi", "pa"},    {"hindi", "hi"},
    {"bengali", "bn"},    {"gujarati", "gu"},   {"tamil", "ta"},
    {"somali", "so"},     {"swahili", "sw"},    {"yoruba", "yo"},
    {"chinese", "zh"},    {"cn", "zh"},         {"mandarin", "zh"},
    {"cantonese", "yue"}, {"japanese", "ja"},   {"jp", "ja"},
    {"korean", "ko"},     {"kr", "ko"},         {"vietnamese", "vi"},
    {"thai", "th"},       {"swedish", "sv"},    {"danish", "da"},
    {"dk", "da"},         {"norwegian", "nb"},  {"finnish", "fi"},
    {"icelandic", "is"},  {"albanian", "sq"},   {"croatian", "hr"},
    {"serbian", "sr"},    {"kurdish", "ku"},    {"pashto", "ps"},
    {"nepali", "ne"},     {"malay", "ms"},      {"filipino", "fil"},
    {"tagalog", "tl"},    {"yiddish", "yi"},    {"catalan", "ca"},
    {"basque", "eu"},     {"maltese", "mt"},    {"luxembourgish", "lb"},
    {"slovenian", "sl"},
};

static const char *tag_of(const char *name)
{
    g_autofree char *fold = g_utf8_strdown(name, -1);
    for (gsize i = 0; i < G_N_ELEMENTS(meant); i++)
        if (g_str_equal(meant[i].name, fold))
            return meant[i].tag;
    return NULL;
}

static gboolean is_alpha(const char *part)
{
    return strspn(part, G_CSET_a_2_z G_CSET_A_2_Z) == strlen(part);
}

/* Whether a first part may name a language; those of three letters are not looked up. */
static gboolean is_language(const char *part)
{
    g_autofree char *lower = g_ascii_strdown(part, -1);
    g_autofree char *word = g_strdup_printf(" %s ", lower);
    gsize length = strlen(part);
    return is_alpha(part) && (length == 3 || (length == 2 && strstr(known, word)));
}

static gboolean is_subtag(const char *part)
{
    gsize length = strlen(part);
    return length && length <= 8 && strspn(part, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS) == length;
}

char *langtag_problem(const char *tag)
{
    g_auto(GStrv) parts = g_strsplit(tag, "-", -1);
    const char *near = tag_of(tag);
    if (!*parts || !is_language(parts[0])) {
        g_autofree char *before = g_strndup(tag, strcspn(tag, " _-("));
        near = near ? near : tag_of(before);
        if (!near && strchr(tag, '_')) {
            g_autofree char *dashed = g_strdelimit(g_strdup(tag), "_", '-');
            g_autofree char *still = langtag_problem(dashed);
            if (!still)
                return g_strdup_printf("'%s' is no language tag: write %s", tag, dashed);
        }
        return g_strdup_printf("'%s' is no language tag (RFC 5646)%s%s", tag,
                               near ? ": write " : ": write one such as en-GB or cy",
                               near ? near : "");
    }
    for (char **part = parts + 1; *part; part++) {
        if (g_ascii_strcasecmp(*part, "UK") == 0)
            return g_strdup_printf("'%s': the region is called GB: write %s-GB", tag, parts[0]);
        if (!is_subtag(*part))
            return g_strdup_printf("'%s' is no language tag (RFC 5646): '%s' is no part of one",
                                   tag, *part);
    }
    return NULL;
}

const char *langtag_of(const char *text)
{
    static const char *const three[] = {"sco", "fil", "yue", "ckb", "kmr", "prs",
                                        "rom", "hmn", "tet", "bsl", "bfi", NULL};
    g_autofree char *problem = langtag_problem(text);
    g_autofree char *base = g_ascii_strdown(text, (gssize)strcspn(text, "-"));
    if (!problem && (strlen(base) == 2 || g_strv_contains(three, base)))
        return text;
    return problem ? tag_of(text) : NULL;
}

/* The first part of a tag, in small letters; newly allocated. */
static char *base_of(const char *tag)
{
    return g_ascii_strdown(tag, (gssize)strcspn(tag, "-_"));
}

const char *langtag_direction(const char *tag)
{
    static const char *const rtl[] = {"ar", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi", NULL};
    g_autofree char *base = base_of(tag);
    return g_strv_contains(rtl, base) ? "rtl" : "ltr";
}

/* --- days ------------------------------------------------------------------------------------ */

static const struct {
    const char *lang, *months[12];
} calendars[] = {
    {"en",
     {"January", "February", "March", "April", "May", "June", "July", "August", "September",
      "October", "November", "December"}},
    {"cy",
     {"Ionawr", "Chwefror", "Mawrth", "Ebrill", "Mai", "Mehefin", "Gorffennaf", "Awst", "Medi",
      "Hydref", "Tachwedd", "Rhagfyr"}},
    {"fr",
     {"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
      "octobre", "novembre", "décembre"}},
    {"it",
     {"gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre",
      "ottobre", "novembre", "dicembre"}},
    {"nl",
     {"januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september",
      "oktober", "november", "december"}},
};

char *langtag_day(const char *tag, Day day)
{
    g_autofree char *base = base_of(tag);
    g_autoptr(GDate) date = g_date_new_julian(day);
    guint of_month = g_date_get_day(date), year = g_date_get_year(date);
    for (gsize i = 0; i < G_N_ELEMENTS(calendars); i++) {
        const char *name = calendars[i].months[g_date_get_month(date) - 1];
        if (!g_str_equal(calendars[i].lang, base))
            continue;
        if (g_ascii_strcasecmp(tag, "en-US") == 0)
            return g_strdup_printf("%s %u, %u", name, of_month, year);
        return g_strdup_printf("%u %s %u", of_month, name, year);
    }
    return NULL;
}

/* The first character decides nearly always. */
static gboolean is_word(const char *name, const char *word, gsize length)
{
    return length && *name == *word && strncmp(name, word, length) == 0 && strlen(name) == length;
}

/* Whether any month of `calendars` begins so; the brief ones do as the long ones. */
static gboolean begins_month(char c)
{
    static guint8 begins[256];
    static gsize made;
    if (g_once_init_enter(&made)) {
        for (gsize i = 0; i < G_N_ELEMENTS(calendars); i++)
            for (gsize m = 0; m < 12; m++)
                begins[(guchar)*calendars[i].months[m]] = 1;
        g_once_init_leave(&made, 1);
    }
    return begins[(guchar)c];
}

gboolean langtag_is_month(const char *word, gsize length)
{
    static const char *const brief[] = {"Jan", "Feb", "Mar",  "Apr", "Jun", "Jul",
                                        "Aug", "Sep", "Sept", "Oct", "Nov", "Dec"};
    if (!length || !begins_month(*word)) /* nearly every word of every value */
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(calendars); i++)
        for (gsize m = 0; m < 12; m++)
            if (is_word(calendars[i].months[m], word, length))
                return TRUE;
    for (gsize i = 0; i < G_N_ELEMENTS(brief); i++)
        if (is_word(brief[i], word, length))
            return TRUE;
    return FALSE;
}
