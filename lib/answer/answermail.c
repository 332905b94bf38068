/* answermail - a message as an answer to a letter's question: what it says of itself, unproven */
#include "answer/answermail.h"

#include <string.h>

#include "answer/ownwords.h"
#include "fact/question.h"
#include "evidence/tagged.h"
#include "mail/html_text.h"
#include "mail/reader.h"
#include "mail/token.h"
#include "reason/scan.h"

static void token_free(gpointer data)
{
    AnswerToken *self = data;
    g_free(self->text);
    g_free(self);
}

void answermail_free(AnswerMail *self)
{
    if (!self)
        return;
    g_ptr_array_unref(self->tokens);
    g_free(self->from);
    g_free(self->from_name);
    g_free(self->subject);
    g_free(self->subject_slug);
    g_free(self->subject_choice);
    g_free(self->words_slug);
    g_free(self->words_choice);
    g_free(self->words);
    g_free(self->quoted_choice);
    g_free(self->references);
    calendarreply_free(self->calendar);
    g_free(self);
}

/* One line of valid UTF-8, cut on a character's border. */
static char *line_of(const char *text, gsize limit)
{
    g_autofree char *cut = g_strndup(text, limit);
    if (strlen(text) > limit) {
        const char *end = NULL;
        g_utf8_validate(cut, -1, &end);
        cut[end - cut] = '\0';
    }
    g_autofree char *valid = g_utf8_make_valid(cut, -1);
    for (char *at = valid; *at; at++)
        if ((guchar)*at < ' ' || *at == 0x7f)
            *at = ' ';
    return g_strstrip(g_steal_pointer(&valid));
}

/* --- the form --------------------------------------------------------------------------------- */

/* The length of what could be a token behind an opening bracket at `at` ("[" or "%5B"), with its
 * closing one; 0 if none stands there. */
static gsize bracketed(const char *at, const char **token, gsize *token_length)
{
    gsize open = *at == '[' ? 1 : g_ascii_strncasecmp(at, "%5b", 3) == 0 ? 3 : 0;
    gsize length = 0;
    if (!open)
        return 0;
    while (length <= TOKEN_MAX && g_ascii_isalnum(at[open + length]))
        length++;
    const char *close = at + open + length;
    gsize closed = *close == ']' ? 1 : g_ascii_strncasecmp(close, "%5d", 3) == 0 ? 3 : 0;
    if (length < TOKEN_MIN || length > TOKEN_MAX || !closed)
        return 0;
    *token = at + open;
    *token_length = length;
    return open + length + closed;
}

static void add_tokens(AnswerMail *self, const char *text, AnswerPlace place)
{
    const char *token;
    gsize length;
    for (const char *at = text; (at = strpbrk(at, "[%"));) {
        gsize taken = bracketed(at, &token, &length);
        g_autofree char *found = taken ? g_strndup(token, length) : NULL;
        gboolean is_known = FALSE;
        for (guint i = 0; found && i < self->tokens->len; i++) {
            const AnswerToken *other = g_ptr_array_index(self->tokens, i);
            is_known = is_known || g_ascii_strcasecmp(other->text, found) == 0;
        }
        if (found && !is_known && self->tokens->len < ANSWERMAIL_TOKENS_MAX) {
            AnswerToken *one = g_new(AnswerToken, 1);
            *one = (AnswerToken){g_steal_pointer(&found), place};
            g_ptr_array_add(self->tokens, one);
        }
        at += taken ? taken : 1;
    }
}

/* Behind "[TOKEN] " in a line: a slug, and what follows a colon behind it (NULL if none does). FALSE
 * where the line doesn't hold that. */
static gboolean read_form(const char *line, char **slug, char **choice)
{
    const char *token;
    gsize length;
    for (const char *at = line; (at = strchr(at, '[')); at++) {
        gsize taken = bracketed(at, &token, &length);
        if (!taken)
            continue;
        const char *name = at + taken + strspn(at + taken, " \t");
        gsize n = 0;
        while (g_ascii_isalnum(name[n]) || name[n] == '-')
            n++;
        if (!n || n > QUESTION_SLUG_MAX)
            continue;
        const char *rest = name + n + strspn(name + n, " \t");
        *slug = g_ascii_strdown(name, (gssize)n);
        *choice = *rest == ':' ? g_strstrip(g_strdup(rest + 1)) : NULL;
        return TRUE;
    }
    return FALSE;
}

/* What follows "Answer:" at a line's beginning, marks of quoting aside; NULL if it isn't there. */
static char *answer_line(const char *line)
{
    line += strspn(line, "> \t*");
    if (g_ascii_strncasecmp(line, QUESTION_ANSWER, strlen(QUESTION_ANSWER)) != 0)
        return NULL;
    char *rest = g_strdup(line + strlen(QUESTION_ANSWER));
    for (char *at = rest; *at; at++)
        if (*at == '*')
            *at = ' ';
    return g_strstrip(rest);
}

/* Takes the form out of the writer's own words; the rest is what else was said. */
static void take_form(AnswerMail *self, const char *own)
{
    GString *rest = g_string_new(NULL);
    g_auto(GStrv) lines = g_strsplit(own, "\n", -1);
    for (char **line = lines; *line; line++) {
        char *slug = NULL, *choice = NULL, *answer = answer_line(*line);
        if (answer && !self->words_choice) {
            self->words_choice = answer;
            continue;
        }
        g_free(answer);
        if (read_form(*line, &slug, &choice)) {
            if (!self->words_slug)
                self->words_slug = g_steal_pointer(&slug);
            if (!self->words_choice && choice && *choice)
                self->words_choice = g_steal_pointer(&choice);
            g_free(slug);
            g_free(choice);
            continue;
        }
        g_string_append_printf(rest, "%s\n", *line);
    }
    if (rest->len > ANSWERMAIL_TEXT_MAX) {
        const char *end = NULL;
        g_string_truncate(rest, ANSWERMAIL_TEXT_MAX);
        g_utf8_validate(rest->str, -1, &end);
        g_string_truncate(rest, (gsize)(end - rest->str));
    }
    self->words = g_strstrip(g_string_free(rest, FALSE));
}

/* --- texts ------------------------------------------------------------------------------------ */

static char *join_texts(Reader *reader, const char *type)
{
    GString *all = g_string_new(NULL);
    guint read = 0;
    for (guint i = 0; i < reader_parts(reader) && read < ANSWERMAIL_PARTS_MAX; i++) {
        const ReaderPart *part = reader_part(reader, i);
        if (part->name || !g_str_equal(part->type, type))
            continue;
        g_autofree char *source = reader_source(reader, i);
        g_autofree char *text = g_str_equal(type, "text/html")
                                    ? html_quoted_text(source, strlen(source))
                                    : g_steal_pointer(&source);
        g_string_append_printf(all, "%s%s", read++ ? "\n" : "", text);
    }
    return g_string_free(all, FALSE);
}

/* What is quoted, links of buttons and all, and a letter that is forwarded as an attachment. */
static void add_quoted_tokens(AnswerMail *self, Reader *reader)
{
    for (guint i = 0; i < reader_parts(reader) && i < ANSWERMAIL_PARTS_MAX; i++) {
        g_autofree char *source = reader_source(reader, i);
        add_tokens(self, source, ANSWER_IN_QUOTE);
    }
}

/* An answer in a forwarded message: "Answer:" begins a line below. */
static char *find_quoted_choice(const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", 2000);
    for (char **line = lines; *line; line++) {
        char *choice = answer_line(*line);
        if (choice && *choice)
            return choice;
        g_free(choice);
    }
    return NULL;
}

static void read_words(AnswerMail *self, Reader *reader)
{
    gboolean forwarded;
    g_autofree char *plain = join_texts(reader, "text/plain");
    g_autofree char *own = ownwords_of(plain, &forwarded);
    g_autofree char *html = *own ? NULL : join_texts(reader, "text/html");
    if (html && *html) {
        g_free(own);
        own = ownwords_of(html, &forwarded);
    }
    self->is_forward = self->is_forward || forwarded;
    add_tokens(self, own, ANSWER_IN_WORDS);
    take_form(self, own);
    self->quoted_choice = find_quoted_choice(html && *html ? html : plain);
}

static void read_calendar(AnswerMail *self, Reader *reader)
{
    for (guint i = 0; i < reader_parts(reader) && !self->calendar; i++)
        if (g_str_equal(reader_part(reader, i)->type, "text/calendar"))
            self->calendar = calendarreply_read(reader_text(reader, i));
}

static gboolean is_forward_subject(const char *subject)
{
    static const char *const marks[] = {"fw:", "fwd:", "wg:", "tr:", "rv:", "vs:", "doorst:", NULL};
    g_autofree char *folded = scan_fold(subject, strlen(subject));
    const char *bare = tagged_skip(folded);
    for (const char *const *mark = marks; *mark; mark++)
        if (g_str_has_prefix(bare, *mark))
            return TRUE;
    return FALSE;
}

static void read_subject(AnswerMail *self, Reader *reader)
{
    const char *subject = reader_header(reader, "Subject");
    self->subject = line_of(subject ? subject : "", ANSWERMAIL_SUBJECT_MAX);
    add_tokens(self, self->subject, ANSWER_IN_SUBJECT);
    read_form(self->subject, &self->subject_slug, &self->subject_choice);
    g_autofree char *folded = scan_fold(self->subject, strlen(self->subject));
    self->is_forward = is_forward_subject(self->subject);
    self->is_reply = !self->is_forward && tagged_is_reply(folded);
}

static void read_sender(AnswerMail *self, Reader *reader)
{
    const char *from = reader_header(reader, "From");
    const char *angle = from ? strrchr(from, '<') : NULL;
    char *address = from ? scan_address_dup(angle ? angle : from) : NULL;
    g_autofree char *name = angle ? g_strndup(from, (gsize)(angle - from)) : g_strdup("");
    g_strdelimit(name, "\"", ' ');
    self->from = address ? address : g_strdup("");
    self->from_name = line_of(name, ANSWERMAIL_NAME_MAX);
}

AnswerMail *answermail_read(const char *bytes, gsize length)
{
    g_autoptr(Reader) reader = reader_new(bytes, length);
    AnswerMail *self = g_new0(AnswerMail, 1);
    self->tokens = g_ptr_array_new_with_free_func(token_free);
    read_subject(self, reader);
    read_sender(self, reader);
    self->date = reader_date(reader);
    const char *submitted = reader_header(reader, "Auto-Submitted");
    self->is_generated = submitted && g_ascii_strncasecmp(submitted, "no", 2) != 0;
    const char *reply = reader_header(reader, "In-Reply-To");
    const char *references = reader_header(reader, "References");
    self->references = g_strconcat(reply ? reply : "", " ", references ? references : "", NULL);
    read_words(self, reader);
    add_quoted_tokens(self, reader);
    read_calendar(self, reader);
    return self;
}
