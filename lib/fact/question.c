/* question - a question of a letter that its reader can answer by mail, and how the answer is written
 */
#include "fact/question.h"

#include <string.h>

#include "base/error.h"
#include "text/glyphs.h"

void question_free(Question *self)
{
    if (!self)
        return;
    g_free(self->slug);
    g_free(self->text);
    g_free(self->words);
    g_ptr_array_unref(self->choices);
    g_free(self);
}

/* --- words ------------------------------------------------------------------------------------ */

static gboolean is_unseen(gunichar c)
{
    return glyph_is_unseen(c) || glyph_is_joiner(c) || glyph_is_variation(c);
}

static gboolean is_said(gunichar c)
{
    return g_unichar_isalnum(c) || g_unichar_ismark(c);
}

/* Quotes are nobody's word, nor are commas, but for those within a word or number: don't, 1,000. */
static gboolean is_dropped(gunichar before, gunichar c, gunichar next)
{
    if (c == '\'')
        return !is_said(before) || !is_said(next);
    return c == '"' || (c == ',' && !(g_unichar_isdigit(before) && g_unichar_isdigit(next)));
}

char *question_fold(const char *words)
{
    g_autofree char *valid = g_utf8_make_valid(words, -1);
    g_autofree char *normal = g_utf8_normalize(valid, -1, G_NORMALIZE_ALL_COMPOSE);
    g_autofree char *folded = g_utf8_casefold(normal, -1);
    GString *out = g_string_new(NULL);
    gsize end = 0; /* behind the last letter or digit */
    gunichar before = 0;
    for (const char *at = folded; *at; at = g_utf8_next_char(at)) {
        gunichar c = glyph_plain(g_utf8_get_char(at)), last = before;
        if (is_unseen(g_utf8_get_char(at)))
            continue;
        before = c;
        if (is_dropped(last, c, g_utf8_get_char(g_utf8_next_char(at))) ||
            (!is_said(c) && !out->len) || (c == ' ' && g_str_has_suffix(out->str, " ")))
            continue;
        g_string_append_unichar(out, c);
        if (is_said(c))
            end = out->len;
    }
    g_string_truncate(out, end);
    return g_string_free(out, FALSE);
}

/* One line: blanks in a row are one. */
static char *one_line(const char *text)
{
    GString *out = g_string_new(NULL);
    for (const char *at = text; *at; at++) {
        gboolean blank = g_ascii_isspace(*at);
        if (!blank)
            g_string_append_c(out, *at);
        else if (out->len && out->str[out->len - 1] != ' ')
            g_string_append_c(out, ' ');
    }
    return g_strchomp(g_string_free(out, FALSE));
}

/* --- building --------------------------------------------------------------------------------- */

static gboolean is_slug(const char *slug)
{
    gsize length = strlen(slug);
    return length && length <= QUESTION_SLUG_MAX && g_ascii_islower(*slug) &&
           strspn(slug, "abcdefghijklmnopqrstuvwxyz0123456789-") == length &&
           slug[length - 1] != '-';
}

/* What was meant by other characters: "School support!" is school-support. */
static char *slug_of(const char *words)
{
    GString *out = g_string_new(NULL);
    for (const char *at = words; *at && out->len < QUESTION_SLUG_MAX; at++) {
        if (g_ascii_isalpha(*at) || (g_ascii_isdigit(*at) && out->len))
            g_string_append_c(out, g_ascii_tolower(*at));
        else if (out->len && out->str[out->len - 1] != '-')
            g_string_append_c(out, '-');
    }
    while (out->len && out->str[out->len - 1] == '-')
        g_string_truncate(out, out->len - 1);
    if (!out->len)
        g_string_assign(out, "school-support");
    return g_string_free(out, FALSE);
}

Question *question_new(const char *slug, gboolean is_acknowledgement, GError **error)
{
    const char *kind = is_acknowledgement ? "acknowledge" : "answer";
    g_autofree char *example = slug_of(slug);
    if (!*slug) {
        error_data(error, "the question has no name: write '::: %s NAME', such as '::: %s %s'",
                   kind, kind, example);
        return NULL;
    }
    if (!is_slug(slug)) {
        error_data(error,
                   "the name of a question is at most %d small letters, digits and hyphens: not "
                   "'%s' but '%s'",
                   QUESTION_SLUG_MAX, slug, example);
        return NULL;
    }
    Question *self = g_new0(Question, 1);
    self->slug = g_strdup(slug);
    self->text = g_strdup("");
    self->words = g_strdup("");
    self->choices = g_ptr_array_new_with_free_func(g_free);
    self->is_acknowledgement = is_acknowledgement;
    return self;
}

gboolean question_add_text(Question *self, const char *line, GError **error)
{
    g_autofree char *more = one_line(line);
    g_autofree char *text = *self->text && *more ? g_strconcat(self->text, " ", more, NULL)
                                                 : g_strconcat(self->text, more, NULL);
    if (strlen(text) > QUESTION_TEXT_MAX)
        return error_data(error,
                          "the question '%s' is longer than %d bytes: say it before the block",
                          self->slug, QUESTION_TEXT_MAX);
    g_free(self->text);
    self->text = g_steal_pointer(&text);
    return TRUE;
}

static gboolean is_alike(const Question *self, const char *choice)
{
    g_autofree char *folded = question_fold(choice);
    for (guint i = 0; i < self->choices->len; i++) {
        g_autofree char *other = question_fold(g_ptr_array_index(self->choices, i));
        if (g_str_equal(folded, other))
            return TRUE;
    }
    return FALSE;
}

gboolean question_add_choice(Question *self, const char *choice, GError **error)
{
    g_autofree char *line = one_line(choice);
    g_autofree char *folded = question_fold(line);
    if (!*folded)
        return error_data(error, "a choice of the question '%s' has no words: '%s'", self->slug,
                          line);
    if (strstr(line, "{{"))
        return error_data(
            error, "a field can't stand in a choice, which is the same in every letter: '%s'",
            line);
    if (strlen(line) > QUESTION_CHOICE_MAX)
        return error_data(error,
                          "a choice stands in the subject of the answer and can have %d bytes, not "
                          "%" G_GSIZE_FORMAT ": '%s'",
                          QUESTION_CHOICE_MAX, strlen(line), line);
    if (is_alike(self, line))
        return error_data(error, "two choices of the question '%s' are the same: '%s'", self->slug,
                          line);
    if (self->choices->len == QUESTION_CHOICES_MAX)
        return error_data(error, "the question '%s' has more than %d choices", self->slug,
                          QUESTION_CHOICES_MAX);
    g_ptr_array_add(self->choices, g_steal_pointer(&line));
    return TRUE;
}

Question *question_of_event(const char *slug, const char *title)
{
    static const char *const choices[] = {QUESTION_ACCEPTS, QUESTION_TENTATIVE, QUESTION_DECLINES};
    Question *self = g_new0(Question, 1);
    self->slug = g_strdup(slug);
    self->text = one_line(title);
    self->words = g_strdup(self->text);
    self->choices = g_ptr_array_new_with_free_func(g_free);
    self->is_event = TRUE;
    for (gsize i = 0; i < G_N_ELEMENTS(choices); i++)
        g_ptr_array_add(self->choices, g_strdup(choices[i]));
    return self;
}

static gboolean set_until(Question *self, const char *date, GError **error)
{
    GError *inner = NULL;
    g_autofree char *line = one_line(date);
    if (self->until)
        return error_data(error, "the question '%s' has two lines '" QUESTION_UNTIL "'",
                          self->slug);
    self->until = day_parse(line, &inner);
    if (self->until)
        return TRUE;
    error_data(error, QUESTION_UNTIL " %s", inner->message);
    g_error_free(inner);
    return FALSE;
}

/* DATA when it asks nothing or has fewer than two choices; an acknowledgement without one is given its
 * choice. */
static gboolean finish(Question *self, GError **error)
{
    if (self->is_acknowledgement && !self->choices->len)
        g_ptr_array_add(self->choices, g_strdup(QUESTION_ACKNOWLEDGED));
    if (!self->is_acknowledgement && !*self->text)
        return error_data(
            error, "the block '%s' asks nothing: write the question below the line of colons",
            self->slug);
    if (self->choices->len >= (self->is_acknowledgement ? 1 : 2))
        return TRUE;
    return error_data(error,
                      "the question '%s' has no choices: write at least two, each on a line that "
                      "begins with '- '",
                      self->slug);
}

/* --- a block's text --------------------------------------------------------------------------- */

static const char *const KINDS[] = {"answer", "acknowledge"};

/* The kind by its number in KINDS, or -1; `rest` gets what follows, with no blanks around it. */
static int kind_of(const char *info, char **rest)
{
    g_autofree char *line = one_line(info);
    gsize length = strcspn(line, " ");
    for (int i = 0; i < (int)G_N_ELEMENTS(KINDS); i++)
        if (strlen(KINDS[i]) == length && g_ascii_strncasecmp(line, KINDS[i], length) == 0) {
            if (rest)
                *rest = g_strdup(line + length + (line[length] == ' '));
            return i;
        }
    return -1;
}

gboolean question_is_info(const char *info)
{
    return kind_of(info, NULL) >= 0;
}

/* What follows the mark of a list's item; NULL for a line that is none. */
static const char *item_of(const char *line)
{
    gsize mark = strspn(line, "0123456789");
    gboolean has_mark =
        mark ? line[mark] == '.' || line[mark] == ')' : *line && strchr("-*+", *line) != NULL;
    const char *rest = line + mark + 1;
    return has_mark && (!*rest || g_ascii_isspace(*rest)) ? rest : NULL;
}

typedef struct {
    Question *question;
    GString *choice; /* that may go on with the next line; NULL: none was begun */
    guint choice_line;
} Parsing;

static gboolean end_choice(Parsing *in, GError **error)
{
    if (!in->choice)
        return TRUE;
    g_autofree char *text = g_string_free(g_steal_pointer(&in->choice), FALSE);
    return question_add_choice(in->question, text, error);
}

/* `line` has no blanks around it; whether some stood before it is said by `indented`. */
static gboolean take_line(Parsing *in, const char *line, gboolean indented, guint number,
                          guint *wrong, GError **error)
{
    gsize until = strlen(QUESTION_UNTIL);
    const char *item = item_of(line);
    if (!*line)
        return TRUE;
    if (g_ascii_strncasecmp(line, QUESTION_UNTIL, until) == 0) {
        *wrong = in->choice ? in->choice_line : number;
        if (!end_choice(in, error))
            return FALSE;
        *wrong = number;
        return set_until(in->question, line + until, error);
    }
    if (item) {
        *wrong = in->choice ? in->choice_line : number;
        if (!end_choice(in, error))
            return FALSE;
        in->choice = g_string_new(item);
        in->choice_line = number;
        return TRUE;
    }
    *wrong = number;
    if (in->choice && indented) {
        g_string_append_printf(in->choice, " %s", line);
        return TRUE;
    }
    if (in->choice || in->question->choices->len)
        return error_data(error,
                          "below the choices of a question only '" QUESTION_UNTIL
                          " DATE' can stand: '%s'; write it above them, or below the block",
                          line);
    return question_add_text(in->question, line, error);
}

Question *question_parse(const char *info, const char *body, guint *line, GError **error)
{
    g_autofree char *slug = NULL;
    int kind = kind_of(info, &slug);
    *line = 0;
    if (kind < 0) {
        error_data(error, "no question: '%s'", info);
        return NULL;
    }
    g_autoptr(Question) question = question_new(slug, kind == 1, error);
    if (!question)
        return NULL;
    Parsing in = {.question = question};
    g_auto(GStrv) lines = g_strsplit(body, "\n", -1);
    gboolean ok = TRUE;
    for (guint i = 0; ok && lines[i]; i++) {
        gboolean indented = g_ascii_isspace(*lines[i]);
        ok = take_line(&in, g_strstrip(lines[i]), indented, i + 1, line, error);
    }
    if (ok && in.choice)
        *line = in.choice_line;
    ok = ok && end_choice(&in, error);
    if (in.choice)
        g_string_free(in.choice, TRUE);
    if (!ok)
        return NULL;
    *line = 0;
    return finish(question, error) ? g_steal_pointer(&question) : NULL;
}

/* --- answers ---------------------------------------------------------------------------------- */

static const char *choice_of(const Question *self, guint choice)
{
    g_assert(choice < self->choices->len);
    return g_ptr_array_index(self->choices, choice);
}

char *question_subject(const Question *self, guint choice, const char *token)
{
    return g_strdup_printf("[%s] %s: %s", token, self->slug, choice_of(self, choice));
}

char *question_body(const Question *self, guint choice, const char *token)
{
    return g_strdup_printf(QUESTION_ANSWER " %s\r\n\r\n\r\n[%s] %s\r\n", choice_of(self, choice),
                           token, self->slug);
}

/* All but the token, wherever it stands. */
static void escape_around(GString *out, const char *text, const char *token)
{
    for (const char *at; *token && (at = strstr(text, token)); text = at + strlen(token)) {
        g_autofree char *before = g_strndup(text, (gsize)(at - text));
        g_autofree char *escaped = g_uri_escape_string(before, NULL, FALSE);
        g_string_append_printf(out, "%s%s", escaped, token);
    }
    g_autofree char *rest = g_uri_escape_string(text, NULL, FALSE);
    g_string_append(out, rest);
}

char *question_mailto(const Question *self, guint choice, const char *token, const char *address)
{
    g_autofree char *subject = question_subject(self, choice, token);
    g_autofree char *body = question_body(self, choice, token);
    g_autofree char *to = g_uri_escape_string(address, "@", FALSE);
    GString *uri = g_string_new("mailto:");
    g_string_append_printf(uri, "%s?subject=", to);
    escape_around(uri, subject, token);
    g_string_append(uri, "&body=");
    escape_around(uri, body, token);
    return g_string_free(uri, FALSE);
}

const Question *questions_find(const GPtrArray *questions, const char *slug)
{
    for (guint i = 0; i < questions->len; i++) {
        const Question *question = g_ptr_array_index(questions, i);
        if (g_ascii_strcasecmp(question->slug, slug) == 0)
            return question;
    }
    return NULL;
}
