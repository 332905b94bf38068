/* report_text - a failure report's words for people, read for whom it names and what it says of each */
#include "bounce/report_text.h"

#include <string.h>

#include "evidence/returned.h"
#include "evidence/inbound_report.h"
#include "evidence/fields.h"
#include "reason/pattern.h"
#include "reason/scan.h"

typedef struct {
    const char *line; /* not terminated */
    gsize length;
    char *folded;
} Line;

typedef struct {
    ReportText *report;
    ReportTextEntry *entry; /* the one that lines belong to, or NULL */
    GString *text;          /* of that entry */
    gboolean in_transcript;
    gboolean anywhere;   /* second reading: addresses within sentences count */
    gboolean at_contact; /* the lines above say whom to ask: an address below is a helper's */
} State;

static void entry_free(gpointer data)
{
    ReportTextEntry *entry = data;
    g_free(entry->address);
    g_free(entry->original);
    g_free(entry->text);
    g_free(entry);
}

const ReportTextEntry *report_text_find(const ReportText *self, const char *address)
{
    for (guint i = 0; i < self->entries->len; i++) {
        const ReportTextEntry *entry = self->entries->pdata[i];
        if (g_ascii_strcasecmp(entry->address, address) == 0 ||
            (entry->original && g_ascii_strcasecmp(entry->original, address) == 0))
            return entry;
    }
    return NULL;
}

static void end_entry(State *self)
{
    if (!self->report->preface) {
        self->report->preface = g_strdup(self->text->str);
        g_string_truncate(self->text, 0);
    }
    if (self->entry && !*self->entry->text) {
        g_free(self->entry->text);
        self->entry->apart = g_str_has_prefix(self->text->str, "\n");
        self->entry->text = g_strstrip(g_strdup(self->text->str));
    }
    self->entry = NULL;
    g_string_truncate(self->text, 0);
}

static gboolean is_word(const char *const *words, const char *text)
{
    for (; *words; words++)
        if (g_str_equal(*words, text))
            return TRUE;
    return FALSE;
}

/* Quotes and brackets of scripts that fold leaves alone. */
static const char *const WIDE_OPENERS[] = {"（", "「", "『", "【", "《", "〈",
                                           "“",  "„",  "«",  "‘",  "：", NULL};

static gsize opener_length(const char *label, gsize length)
{
    if (length && strchr(" <\"'([", label[length - 1]))
        return 1;
    for (const char *const *opener = WIDE_OPENERS; *opener; opener++) {
        gsize n = strlen(*opener);
        if (length >= n && memcmp(label + length - n, *opener, n) == 0)
            return n;
    }
    return 0;
}

/* The folded text before an address, from its own sentence, without the quotes and brackets around
 * the address. */
static char *label_before(const Line *line, const char *start)
{
    g_autofree char *all = scan_fold(line->line, start - line->line);
    const char *sentence = g_strrstr(all, ". ");
    char *label = g_strdup(sentence ? sentence + 2 : all);
    gsize n = strlen(label), opener;
    while ((opener = opener_length(label, n)))
        label[n -= opener] = '\0';
    return label;
}

/* "From:", "X-Sender:": an address behind it isn't the failed one. */
static gboolean is_foreign(const char *label)
{
    g_autofree char *bare = g_strdup(label + strspn(label, " *->"));
    gsize n = strlen(bare);
    if (!n || bare[n - 1] != ':')
        return FALSE;
    bare[n - 1] = '\0';
    return is_word(FOREIGN_LABELS, bare) || g_str_has_prefix(bare, "x-") ||
           g_str_has_suffix(bare, "mail from");
}

/* Whether the text before an address on its line lets it be an entry of a list. */
static gboolean label_fits(const Line *line, const char *start)
{
    g_autofree char *label = label_before(line, start);
    gsize n = strlen(label);
    if (!n || strspn(label, "*-+=>| ") == n || strspn(label, "0123456789.)#") == n ||
        g_str_equal(label, "•") || g_str_equal(label, "·") || g_str_equal(label, "o"))
        return TRUE;
    if (g_str_equal(label, "smtp")) /* Netscape: "SMTP <ann@...>" */
        return TRUE;
    if (line->line[strspn(line->line, " \t")] == '"' && start > line->line && start[-1] == '<')
        return TRUE;                      /* "Ann Smith" <ann@...> */
    if (g_str_has_suffix(label, "smtp=")) /* X.400: "c=gb;a= ;p=oak;dda:SMTP=ann@..." */
        return TRUE;
    return label[n - 1] == ':' && !is_foreign(label);
}

/* "ann@example.org Invalid Address, ERROR_CODE :550": words of failure right behind the address. */
static gboolean says_failure(const char *rest)
{
    static const char *const WORDS[] = {"error",     "invalid",   "unknown", "fail", "reject",
                                        "not found", "not exist", "full",    NULL};
    g_autofree char *folded = scan_fold(rest, strlen(rest));
    return scan_code(rest) || folded_has(folded, WORDS);
}

/* Whether the text after an address lets it be an entry: nothing, or what is said of it. */
static gboolean rest_fits(const char *rest)
{
    rest += strspn(rest, ">\"')]");
    if (g_str_has_prefix(rest, "<mailto:") || g_str_has_prefix(rest, " <mailto:"))
        return TRUE;
    if (*rest == ':' || *rest == ';' || *rest == ',')
        return TRUE;
    if (*rest == '.' && !rest[1 + strspn(rest + 1, " ")])
        return TRUE;
    rest += strspn(rest, " \t");
    return !*rest || strchr("([:;-|", *rest) || g_str_has_prefix(rest, "... ") ||
           g_str_has_prefix(rest, "on ") || g_str_has_prefix(rest, "failed") ||
           g_str_has_prefix(rest, "was not") || g_str_has_prefix(rest, "could not") ||
           g_str_has_prefix(rest, "is not") || says_failure(rest);
}

static gboolean lead_in_fits(const Line *line, const char *start)
{
    g_autofree char *before = label_before(line, start);
    if (is_foreign(before))
        return FALSE;
    gsize n = strlen(before);
    while (n && strchr(" :*-", before[n - 1]))
        before[--n] = '\0';
    for (const char *const *lead = LEAD_INS; *lead; lead++)
        if (g_str_has_suffix(before, *lead) &&
            (n == strlen(*lead) || !g_ascii_isalnum(before[n - strlen(*lead) - 1])))
            return TRUE;
    return FALSE;
}

static void begin_entry(State *self, const Line *line, char *address, const char *rest)
{
    const ReportTextEntry *known = report_text_find(self->report, address);
    if (known) {
        if (known != self->entry)
            end_entry(self);
        self->entry = (ReportTextEntry *)known;
        g_free(address);
        if (known->text && *known->text) /* told already: the same list a second time */
            self->entry = NULL;
        else
            g_string_append_printf(self->text, "%.*s\n", (int)line->length, line->line);
        return;
    }
    if (self->report->entries->len >= INBOUND_RECIPIENTS_MAX) {
        g_free(address);
        return;
    }
    end_entry(self);
    self->entry = g_new0(ReportTextEntry, 1);
    self->entry->address = address;
    self->entry->text = g_strdup("");
    g_ptr_array_add(self->report->entries, self->entry);
    /* a label says why ("unknown user: ann@..."), and so may the rest; a bare address adds nothing
     */
    const char *said = rest + strspn(rest, ">\"')]:;,. \t");
    g_autofree char *label = scan_fold(line->line, MIN(line->length, REPORT_LINE_MAX));
    const char *word = label + strspn(label, " *-<>\"'(");
    gboolean bare =
        g_ascii_strncasecmp(word, self->entry->address, strlen(self->entry->address)) == 0;
    if (!bare)
        g_string_append_printf(self->text, "%.*s\n", (int)line->length, line->line);
    else if (*said && !g_str_has_prefix(said, "<mailto"))
        g_string_append_printf(self->text, "%s\n", said);
}

/* "(expanded from: <ann@...>)", "(generated from ann@...)": how the sender wrote the address. */
static gboolean note_original(State *self, const Line *line)
{
    static const char *const MARKS[] = {"(expanded from", "(generated from", "generated by ",
                                        "(ultimately generated from", NULL};
    const char *text = line->folded;
    for (const char *const *mark = MARKS; *mark; mark++)
        if (self->entry && g_str_has_prefix(text, *mark)) {
            char *other = self->entry->original ? NULL : scan_address_dup(line->line);
            if (other && mark == MARKS) { /* Sendmail lists the alias's target first */
                self->entry->original = self->entry->address;
                self->entry->address = other;
            } else if (other) {
                self->entry->original = other;
            }
            return TRUE;
        }
    return FALSE;
}

/* Whether another address comes right behind a comma: "<a>, <b>: user unknown". */
static gboolean follows(const char *rest, const char **start, const char **end)
{
    rest += strspn(rest, ">\"')");
    if (*rest != ',' && *rest != ';')
        return FALSE;
    const char *at = rest + 1 + strspn(rest + 1, " \t<\"'");
    return scan_address(at, start, end) && *start == at;
}

/* "Address: <a>", "a (reason)": the first address of the line, if the line lists it. */
static gboolean take_entry(State *self, const Line *line)
{
    g_autofree char *text = g_strndup(line->line, MIN(line->length, REPORT_LINE_MAX));
    const char *start, *end;
    if (!scan_address(text, &start, &end))
        return FALSE;
    Line own = {text, strlen(text), line->folded};
    gboolean fits = label_fits(&own, start) && rest_fits(end);
    while (!fits && self->anywhere) {
        if (lead_in_fits(&own, start)) {
            fits = TRUE;
            break;
        }
        if (!scan_address(end, &start, &end))
            break;
    }
    if (!fits || (self->at_contact && !says_failure(end)))
        return FALSE;
    for (const char *next, *next_end; follows(end, &next, &next_end); start = next, end = next_end)
        begin_entry(self, &own, g_strndup(start, end - start), ""); /* shares the last one's text */
    begin_entry(self, &own, g_strndup(start, end - start), end);
    return TRUE;
}

/* "For help contact:", then an address on a line of its own: nobody failed there. Only behind the
 * list, and only until a sentence ends: "... contact your administrator." says nothing of what follows. */
static void note_contact(State *self, const Line *line)
{
    static const char *const WORDS[] = {"contact", "for help",  "for assistance", "for support",
                                        "support", "questions", "queries",        "write to",
                                        "enquir",  "help desk", "helpdesk",       NULL};
    gsize n = strlen(line->folded);
    if (!n || strchr(line->folded, '@'))
        return;
    if (strchr(".!?", line->folded[n - 1]))
        self->at_contact = FALSE;
    else if (self->report->entries->len && folded_has(line->folded, WORDS))
        self->at_contact = TRUE;
}

static void read_line(State *self, const Line *line)
{
    note_contact(self, line);
    if (strstr(line->folded,
               "transcript of session follows")) { /* it speaks of all, and of other things */
        self->in_transcript = TRUE;
        if (self->entry)
            end_entry(self);
    }
    if (note_original(self, line))
        return;
    if ((!self->in_transcript || self->anywhere) && take_entry(self, line))
        return;
    if ((self->entry || !self->report->entries->len) && self->text->len < REPORT_TEXT_MAX)
        g_string_append_printf(self->text, "%.*s\n", (int)MIN(line->length, REPORT_LINE_MAX),
                               line->line);
}

static void read_lines(ReportText *report, gboolean anywhere)
{
    State state = {.report = report, .text = g_string_new(NULL), .anywhere = anywhere};
    for (const char *at = report->words; *at;) {
        gsize length = line_length(at);
        g_autofree char *folded = scan_fold(at, MIN(length, REPORT_LINE_MAX));
        Line line = {at, length, folded};
        read_line(&state, &line);
        at += length + (at[length] == '\n');
    }
    end_entry(&state);
    if (!report->entries->len)
        g_clear_pointer(&report->preface, g_free);
    g_string_free(state.text, TRUE);
}

/* Finds the letter; text before it must hold a word. */
static gsize words_length(const char *text)
{
    gboolean seen = FALSE;
    const char *at = text;
    while (*at && (gsize)(at - text) < REPORT_LETTER_SCAN_MAX) {
        gsize length = line_length(at);
        g_autofree char *folded = scan_fold(at, MIN(length, 200));
        if (seen && line_begins_letter(folded))
            return at - text;
        seen = seen || *folded;
        at += length + (at[length] == '\n');
    }
    return at - text;
}

/* Addresses listed one below the other share what is said below the last. */
static void share_texts(ReportText *self)
{
    for (guint i = self->entries->len; i-- > 1;) {
        ReportTextEntry *entry = self->entries->pdata[i - 1];
        const ReportTextEntry *next = self->entries->pdata[i];
        if (!*entry->text) {
            g_free(entry->text);
            entry->text = g_strdup(next->text);
            entry->apart = next->apart;
        }
    }
}

void report_text_shift(ReportText *self)
{
    char *before = g_strdup(self->preface ? self->preface : "");
    for (guint i = 0; i < self->entries->len; i++) {
        ReportTextEntry *entry = self->entries->pdata[i];
        char *below = entry->text;
        entry->text = before;
        entry->apart = FALSE;
        before = below;
    }
    g_free(before);
}

ReportText *report_text_read(const char *text)
{
    ReportText *self = g_new0(ReportText, 1);
    gsize length = words_length(text);
    self->entries = g_ptr_array_new_with_free_func(entry_free);
    self->words = g_strndup(text, length);
    self->letter = text[length] ? text + length : NULL;
    read_lines(self, FALSE);
    self->listed = self->entries->len > 0;
    if (!self->listed)
        read_lines(self, TRUE);
    share_texts(self);
    return self;
}

void report_text_free(ReportText *self)
{
    if (!self)
        return;
    g_ptr_array_unref(self->entries);
    g_free(self->words);
    g_free(self->preface);
    g_free(self);
}
