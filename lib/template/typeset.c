/* typeset - what a typesetter does in running text: what belongs together stays on a line, and an
 * apostrophe is no foot mark */
#include "template/typeset.h"

#include <string.h>

#include "text/append.h"
#include "text/langtag.h"

#define NO_BREAK "\xc2\xa0"

/* A word between blanks, without the punctuation around it. */
typedef struct {
    const char *at;
    gsize length;
} Token;

static gboolean opens(char c)
{
    return c == '(' || c == '[' || c == '\'' || c == '"';
}

static gboolean closes(char c)
{
    return c == ')' || c == '.' || c == ',' || c == ';' || c == ':' || c == '!' || c == '?' ||
           c == '\'' || c == '"' || c == ']';
}

static Token bare(const char *from, const char *end)
{
    while (from < end && opens(*from))
        from++;
    while (end > from && closes(end[-1]))
        end--;
    return (Token){from, (gsize)(end - from)};
}

static gsize digits_in(Token token)
{
    gsize count = 0;
    while (count < token.length && g_ascii_isdigit(token.at[count]))
        count++;
    return count;
}

/* Of words in lower case. */
static gboolean is_one_of(Token token, const char *const *words)
{
    char first = token.length ? g_ascii_tolower(*token.at) : '\0';
    for (; *words; words++)
        if (**words == first && g_ascii_strncasecmp(*words, token.at, token.length) == 0 &&
            strlen(*words) == token.length)
            return TRUE;
    return FALSE;
}

/* "20", "20th", "1er": what a month follows. */
static gboolean is_day(Token token)
{
    static const char *const endings[] = {"",   "st", "nd",  "rd",  "th",
                                          "er", "eg", "ain", "fed", NULL};
    gsize digits = digits_in(token);
    Token rest = {token.at + digits, token.length - digits};
    return digits >= 1 && digits <= 2 && is_one_of(rest, endings);
}

/* What a number follows: "Year 6", "Room 4", "p. 12". */
static gboolean counts(Token token)
{
    static const char *const words[] = {
        "year",    "years", "stage",    "room",    "term",     "week",     "grade",  "class",
        "form",    "page",  "pages",    "chapter", "part",     "section",  "no",     "nos",
        "p",       "pp",    "item",     "hall",    "blwyddyn", "ystafell", "tymor",  "wythnos",
        "tudalen", "rhif",  "appendix", "annex",   "floor",    "table",    "figure", NULL};
    return is_one_of(token, words);
}

/* What follows a number: "9.30 am", "3 million", "5 km". */
static gboolean is_counted(Token token)
{
    static const char *const words[] = {"am",      "pm",      "a.m",     "p.m",    "noon", "yb",
                                        "yp",      "yh",      "m",       "km",     "kg",   "%",
                                        "million", "billion", "o'clock", "miliwn", NULL};
    return is_one_of(token, words) ||
           (token.length > 2 && strncmp(token.at, "o’", strlen("o’")) == 0);
}

static gboolean is_number(Token token)
{
    return token.length && g_ascii_isdigit(token.at[token.length - 1]);
}

static gboolean is_digits(Token token, gsize least)
{
    return token.length >= least && digits_in(token) == token.length;
}

/* "01632", "+44" or "(020)", which more groups of digits follow. */
static gboolean begins_telephone(Token token)
{
    gboolean country = token.length > 1 && *token.at == '+';
    Token rest = {token.at + country, token.length - country};
    return is_digits(rest, 2) && rest.length <= 6 && (country || *rest.at == '0');
}

/* Whether two words belong together; `telephone` is whether the first is a part of a number, and
 * becomes whether the second is. */
static gboolean belongs(Token left, Token right, const char *field, gboolean *telephone)
{
    gboolean is_field =
        field && right.length > strlen(field) && strncmp(right.at, field, strlen(field)) == 0;
    gboolean more = is_digits(right, 2) && (*telephone || begins_telephone(left));
    *telephone = more && (right.length >= 3 || *telephone || *left.at == '+');
    if (*telephone)
        return TRUE;
    if (!left.length || !right.length)
        return FALSE;
    gsize digits = digits_in(right);
    /* Digits first: few words hold any, and this is asked of every two of every value. */
    return (is_day(left) && langtag_is_month(right.at, right.length)) ||
           (digits == right.length && digits <= 2 && langtag_is_month(left.at, left.length)) ||
           ((digits || is_field) && counts(left)) || (is_number(left) && is_counted(right)) ||
           (left.length == 3 && strncmp(left.at, "Key", 3) == 0 && right.length == 5 &&
            strncmp(right.at, "Stage", 5) == 0);
}

static const char *word_end(const char *at, const char *end)
{
    for (; at < end; at++) {
        if ((guchar)*at > ' ' && *at != NO_BREAK[0])
            continue;
        if (*at == ' ' || *at == '\n' || *at == '\t' ||
            (at + 1 < end && memcmp(at, NO_BREAK, 2) == 0))
            break;
    }
    return at;
}

/* Whether two words can belong together at all, by their ends: nothing does without a digit beside
 * the blank, or at the beginning of the first, but for "Key Stage". */
static gboolean may_belong(const char *left, const char *stop, const char *right)
{
    return g_ascii_isdigit(*right) || g_ascii_isdigit(*left) || g_ascii_isdigit(stop[-1]) ||
           *left == 'K' || opens(*right) || opens(*left) || closes(stop[-1]);
}

/* Appends the text; TRUE when a blank was changed. */
static gboolean join(const char *text, const char *end, const char *field, GString *out)
{
    gboolean telephone = FALSE, any = FALSE;
    const char *done = text, *at = text, *stop = word_end(text, end);
    while (stop < end) {
        const char *next = stop + 1, *last = word_end(next, end);
        if (*stop == ' ' && next < last && stop > at && (field || may_belong(at, stop, next)) &&
            belongs(bare(at, stop), bare(next, last), field, &telephone)) {
            append_bytes(out, done, (gsize)(stop - done));
            append_bytes(out, NO_BREAK, 2);
            done = next;
            any = TRUE;
        } else {
            telephone = FALSE;
        }
        at = next;
        stop = last;
    }
    append_bytes(out, done, (gsize)(end - done));
    return any;
}

char *typeset_join(const char *text, const char *field)
{
    GString *out = g_string_sized_new(strlen(text) + 16);
    join(text, text + strlen(text), field, out);
    return g_string_free(out, FALSE);
}

/* --- apostrophes ----------------------------------------------------------------------------- */

/* A word that is no word: an address, a path, code. */
static gboolean is_exact(const char *at, const char *end)
{
    for (const char *p = at; p < end; p++)
        if (strchr("@/\\<>=_{}|`", *p) || (*p == '.' && p + 1 < end && g_ascii_isalnum(p[1])))
            return TRUE;
    return FALSE;
}

static gboolean is_letter_at(const char *at, const char *end)
{
    return at < end && ((guchar)*at >= 0x80 || g_ascii_isalpha(*at));
}

/* Appends a word; TRUE when an apostrophe of it was changed. One that opens a quotation isn't. */
static gboolean set_word(const char *at, const char *end, gboolean quoted, GString *out)
{
    gboolean any = FALSE;
    for (const char *p = at; p < end; p++) {
        gboolean inner = p > at && is_letter_at(p - 1, end) && is_letter_at(p + 1, end);
        gboolean last = !quoted && p > at && strchr("sS", p[-1]) && !is_letter_at(p + 1, end);
        if (*p == '\'' && (inner || last)) {
            g_string_append(out, "\xe2\x80\x99");
            any = TRUE;
        } else {
            g_string_append_c(out, *p);
        }
    }
    return any;
}

static gboolean set_apostrophes(const char *text, const char *end, GString *out)
{
    gboolean any = FALSE, quoted = FALSE;
    for (const char *at = text; at < end;) {
        const char *stop = word_end(at, end);
        quoted |= at < stop && *at == '\'';
        if (is_exact(at, stop))
            g_string_append_len(out, at, stop - at);
        else
            any |= set_word(at, stop, quoted, out);
        for (at = stop; at < end && word_end(at, end) == at; at++)
            g_string_append_c(out, *at);
    }
    return any;
}

gboolean typeset_value(const char *bytes, gsize length, GString *out)
{
    const char *end = bytes + length;
    gboolean marks = memchr(bytes, '\'', length) != NULL;
    guint blanks = 0, digits = 0;
    for (const char *p = bytes; p < end; p++) {
        blanks |= *p == ' ';
        digits |= (guchar)(*p - '0') < 10;
    }
    if (!marks && !(blanks && digits))
        return FALSE;
    g_string_truncate(out, 0);
    if (!marks)
        return join(bytes, end, NULL, out);
    g_autoptr(GString) set = g_string_sized_new(length + 16);
    gboolean any = set_apostrophes(bytes, end, set);
    any |= join(set->str, set->str + set->len, NULL, out);
    return any;
}

/* --- remembered ------------------------------------------------------------------------------ */

void typeset_memo_init(TypesetMemo *self)
{
    self->texts = self->set = NULL;
    self->count = 0;
}

void typeset_memo_clear(TypesetMemo *self)
{
    if (self->texts) {
        g_string_free(self->texts, TRUE);
        g_string_free(self->set, TRUE);
    }
    typeset_memo_init(self);
}

/* Sets a value behind the texts that are remembered; the bytes of it, 0 when nothing changes. */
static gsize set_behind(TypesetMemo *self, const char *bytes, gsize length)
{
    if (!self->texts) {
        self->texts = g_string_sized_new(512);
        self->set = g_string_sized_new(128);
    }
    if (!typeset_value(bytes, length, self->set))
        return 0;
    append_bytes(self->texts, self->set->str, self->set->len);
    return self->set->len;
}

const char *typeset_memo_value(TypesetMemo *self, const char *bytes, gsize *length)
{
    TypesetValue last, *value = self->values;
    const TypesetValue *end = value + self->count;
    while (value < end && (value->bytes != bytes || value->length != *length))
        value++;
    if (value == end) {
        gsize kept = self->count ? end[-1].at + end[-1].set : 0;
        if (self->count < TYPESET_MEMO)
            self->count++;
        else
            value = &last;
        if (self->texts)
            g_string_truncate(self->texts, kept);
        gsize set = set_behind(self, bytes, *length);
        *value = (TypesetValue){.bytes = bytes, .length = *length, .at = kept, .set = set};
    }
    if (!value->set)
        return bytes;
    *length = value->set;
    return self->texts->str + value->at;
}
