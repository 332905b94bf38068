/* infoblock - blocks whose lines the program reads: a question, an event
 *
 * What they say is kept as facts (fact/question.h, calendar/event.h). Of a question its own words stay
 * in the tree as they are; buttons for the answers, and the callout of an event, come when it is known
 * in which language and to which address (markdown_dress).
 */
#include <string.h>

#include "base/error.h"
#include "text/langtag.h"
#include "template/typeset.h"
#include "markup/doc.h"

/* --- what stands in the block ------------------------------------------------------------------ */

static gboolean has_sections(cmark_node *box)
{
    for (cmark_node *at = cmark_node_first_child(box); at; at = cmark_node_next(at))
        if (doc_marker(at) || (cmark_node_get_type(at) == CMARK_NODE_LIST && has_sections(at)))
            return TRUE;
    return FALSE;
}

/* Whether a section is open where the box stands. */
static gboolean is_within_section(cmark_node *box)
{
    int depth = 0;
    for (cmark_node *at = cmark_node_previous(box); at; at = cmark_node_previous(at))
        depth += !doc_marker(at) ? 0 : doc_marker(at)->kind == TAG_CLOSE ? -1 : 1;
    return depth > 0;
}

static gboolean is_break(cmark_node *node)
{
    cmark_node_type type = node ? cmark_node_get_type(node) : CMARK_NODE_NONE;
    return type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK;
}

static gboolean says_until(cmark_node *node)
{
    return node && cmark_node_get_type(node) == CMARK_NODE_TEXT &&
           g_ascii_strncasecmp(cmark_node_get_literal(node), QUESTION_UNTIL,
                               strlen(QUESTION_UNTIL)) == 0;
}

/* Takes the line "until: ..." out of a paragraph; TRUE when nothing else is left of it. */
static gboolean drop_until(cmark_node *paragraph)
{
    for (cmark_node *at = cmark_node_first_child(paragraph), *next; at; at = next) {
        next = cmark_node_next(at);
        if (!says_until(at) || (cmark_node_previous(at) && !is_break(cmark_node_previous(at))))
            continue;
        if (cmark_node_previous(at))
            doc_drop(cmark_node_previous(at));
        for (; at && !is_break(at); at = next) {
            next = cmark_node_next(at);
            doc_drop(at);
        }
        next = at;
    }
    cmark_node *first = cmark_node_first_child(paragraph);
    if (is_break(first))
        doc_drop(first);
    return !cmark_node_first_child(paragraph);
}

/* Leaves the question's own words: what its facts say is written from them. */
static void keep_words(cmark_node *box)
{
    gboolean past = FALSE;
    for (cmark_node *at = cmark_node_first_child(box), *next; at; at = next) {
        next = cmark_node_next(at);
        past |= cmark_node_get_type(at) == CMARK_NODE_LIST;
        if (past || (cmark_node_get_type(at) == CMARK_NODE_PARAGRAPH && drop_until(at)))
            doc_drop(at);
    }
}

static void refuse(const char *what, const char *slug, gboolean is_taken, int most, GError **error)
{
    if (is_taken)
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA,
                    "two %ss are named '%s': give one of them another name", what, slug);
    else
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA, "more than %d %ss in one letter",
                    most, what);
}

/* What the box says, in plain words on one line, with its tags as tags. */
static char *words_of(const Markdown *self, cmark_node *box)
{
    g_autoptr(GString) all = g_string_new(NULL);
    for (cmark_node *at = cmark_node_first_child(box); at; at = cmark_node_next(at)) {
        g_autofree char *words = doc_words(at);
        g_strstrip(words);
        g_string_append_printf(all, "%s%s", all->len && *words ? " " : "", words);
    }
    return placeholders_restore(self->aside, all->str, PLACEHOLDER_PLAIN);
}

/* `line` is that of the block, and then of what is wrong within it, from 1; 0 for the block's. */
static gboolean take_question(Markdown *self, cmark_node *box, const char *info, const char *body,
                              guint *line, GError **error)
{
    guint begins = *line;
    Question *question = question_parse(info, body, line, error);
    if (!question)
        return FALSE;
    const Question *other = questions_find(self->questions, question->slug);
    if (other || self->questions->len == QUESTIONS_MAX) {
        *line = 0;
        refuse("question", question->slug, other != NULL, QUESTIONS_MAX, error);
        question_free(question);
        return FALSE;
    }
    keep_words(box);
    g_free(question->words);
    question->words = words_of(self, box);
    question->line = begins;
    g_ptr_array_add(self->questions, question);
    g_hash_table_insert(self->facts, box, question);
    return TRUE;
}

static gboolean has_event(const Markdown *self, const Event *event)
{
    for (guint i = 0; i < self->events->len; i++)
        if (g_str_equal(((const Event *)g_ptr_array_index(self->events, i))->slug, event->slug))
            return TRUE;
    return FALSE;
}

/* What is said of the event, as blocks of Markdown. */
static void read_about(const Markdown *self, cmark_node *box, const char *body, guint line)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_auto(GStrv) lines = g_strsplit(body, "\n", -1);
    for (guint i = 0; lines[i]; i++)
        if (!event_is_fact(lines[i]))
            g_string_append_printf(text, "%s\n", lines[i]);
    g_string_append_printf(text, "\n%s", self->definitions->str);
    cmark_node *root = cmark_parse_document(text->str, text->len, CMARK_OPT_SMART);
    cmark_iter *iter = cmark_iter_new(root);
    while (cmark_iter_next(iter) != CMARK_EVENT_DONE)
        doc_set_line(cmark_iter_get_node(iter), line);
    cmark_iter_free(iter);
    while (cmark_node_first_child(root))
        cmark_node_append_child(box, cmark_node_first_child(root));
    cmark_node_free(root);
}

/* The words from a node on for a calendar, which knows no Markdown: addresses stand behind what leads
 * to them, items and paragraphs on one line. */
static char *calendar_words(cmark_node *from)
{
    GString *all = g_string_new(NULL);
    for (cmark_node *block = from; block; block = cmark_node_next(block)) {
        cmark_iter *iter = cmark_iter_new(block);
        cmark_event_type event;
        while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
            cmark_node *node = cmark_iter_get_node(iter);
            cmark_node_type type = cmark_node_get_type(node);
            const char *literal = cmark_node_get_literal(node);
            if (event == CMARK_EVENT_EXIT && type == CMARK_NODE_LINK)
                g_string_append_printf(all, " (%s)", cmark_node_get_url(node));
            else if (event == CMARK_EVENT_ENTER && (is_break(node) || type == CMARK_NODE_PARAGRAPH))
                g_string_append(all, all->len ? " " : "");
            else if (event == CMARK_EVENT_ENTER && type == CMARK_NODE_ITEM)
                g_string_append(all, all->len ? " –" : "–");
            else if (literal && type != CMARK_NODE_HTML_INLINE && type != CMARK_NODE_HTML_BLOCK)
                g_string_append(all, literal);
        }
        cmark_iter_free(iter);
    }
    return g_strstrip(g_string_free(all, FALSE));
}

/* A line of Markdown as a paragraph of the box; its words alone are left in `text`. */
static void read_fact(const Markdown *self, cmark_node *box, char **text, guint line)
{
    if (!**text)
        return;
    cmark_node *paragraph = cmark_node_new(CMARK_NODE_PARAGRAPH);
    doc_read_line(self, paragraph, *text);
    doc_set_line(paragraph, line);
    cmark_node_append_child(box, paragraph);
    g_free(*text);
    *text = calendar_words(paragraph);
}

/* Until markdown_dress the box holds the title, the place where there is one, and what else is said,
 * so that all of it is read as the letter's other words are. */
static void fill_event(const Markdown *self, cmark_node *box, Event *event, const char *body,
                       guint line)
{
    while (cmark_node_first_child(box))
        doc_drop(cmark_node_first_child(box));
    read_about(self, box, body, line);
    g_free(event->about);
    event->about = calendar_words(cmark_node_first_child(box));
    cmark_node *about = cmark_node_first_child(box), *facts = cmark_node_new(CMARK_NODE_DOCUMENT);
    read_fact(self, facts, &event->title, line);
    read_fact(self, facts, &event->place, line);
    while (cmark_node_first_child(facts))
        if (about)
            cmark_node_insert_before(about, cmark_node_first_child(facts));
        else
            cmark_node_append_child(box, cmark_node_first_child(facts));
    cmark_node_free(facts);
}

static gboolean take_event(Markdown *self, cmark_node *box, const char *info, const char *body,
                           guint *line, GError **error)
{
    guint begins = *line;
    Event *event = event_parse(info, body, line, error);
    if (!event)
        return FALSE;
    event->line = begins;
    gboolean is_taken = has_event(self, event);
    if (is_taken || self->events->len == EVENTS_MAX) {
        *line = 0;
        refuse("event", event->slug, is_taken, EVENTS_MAX, error);
        event_free(event);
        return FALSE;
    }
    fill_event(self, box, event, body, begins);
    g_ptr_array_add(self->events, event);
    g_hash_table_insert(self->facts, box, event);
    return TRUE;
}

/* A choice is the words of a button and the subject of a letter: plain. */
static void check_choices(const Markdown *self, const Question *question, Findings *findings)
{
    for (guint i = 0; i < question->choices->len; i++) {
        const char *choice = g_ptr_array_index(question->choices, i);
        if (g_regex_match_simple("\\*\\S[^*]*\\*|~~|`|\\]\\(|<[a-zA-Z/]", choice, 0, 0))
            doc_complain(self, findings, FINDING_WARNING, question->line, "stray-markup",
                         "the choice '%s' is plain words, in which marks stand as they are",
                         choice);
    }
}

void infoblock_read(Markdown *self, cmark_node *box, const char *info, const char *body, guint line,
                    Findings *findings)
{
    GError *error = NULL;
    guint wrong = line;
    gboolean is_event = doc_box(box) == DOC_EVENT;
    const char *id = is_event ? "event" : "question";
    if (cmark_node_get_type(cmark_node_parent(box)) != CMARK_NODE_DOCUMENT || !body)
        doc_complain(self, findings, FINDING_ERROR, line, id,
                     "the block '%s' wants lines of its own, not within a list or a quote, and a "
                     "line ::: where it ends",
                     info);
    else if (has_sections(box))
        doc_complain(self, findings, FINDING_ERROR, line, id,
                     "a section can't stand within the block '%s': put it around the whole block",
                     info);
    else if (is_event && is_within_section(box))
        doc_complain(self, findings, FINDING_ERROR, line, id,
                     "an event can't stand within a section: every reader gets the same calendar "
                     "file");
    else if (!(is_event ? take_event(self, box, info, body, &wrong, &error)
                        : take_question(self, box, info, body, &wrong, &error)))
        doc_complain(self, findings, FINDING_ERROR, line + wrong, id, "%s", error->message);
    else if (!is_event)
        check_choices(self, g_hash_table_lookup(self->facts, box), findings);
    g_clear_error(&error);
}

/* --- how it looks ------------------------------------------------------------------------------ */

static cmark_node *add_paragraph(cmark_node *box, guint line)
{
    cmark_node *paragraph = cmark_node_new(CMARK_NODE_PARAGRAPH);
    doc_set_line(paragraph, line);
    cmark_node_append_child(box, paragraph);
    return paragraph;
}

static cmark_node *add_strong(cmark_node *paragraph)
{
    cmark_node *strong = cmark_node_new(CMARK_NODE_STRONG);
    cmark_node_append_child(paragraph, strong);
    return strong;
}

static void add_button(cmark_node *box, const char *words, const char *url)
{
    cmark_node *link = cmark_node_new(CMARK_NODE_LINK);
    cmark_node_set_url(link, url);
    g_autoptr(GString) set = g_string_new(NULL);
    gboolean changes = typeset_value(words, strlen(words), set);
    cmark_node_append_child(link, doc_text(changes ? set->str : words));
    cmark_node_append_child(add_strong(add_paragraph(box, doc_given_line(box))), link);
}

static const char *language_of(cmark_node *box, const char *lang)
{
    cmark_node *parent = cmark_node_parent(box);
    return parent && doc_box(parent) == DOC_LANGUAGE ? doc_language(parent) : lang;
}

const char *doc_answer_words(const char *lang, DocAnswerWords which)
{
    static const char *const english[] = {
        [DOC_ANSWER_BY] = "Please answer by %s.",
        [DOC_ANSWER_HOW] = "To answer, write to %s with one of these lines as the subject:",
        [DOC_ANSWER_SO] = "To answer, write to %s with this line as the subject:"};
    static const char *const welsh[] = {
        [DOC_ANSWER_BY] = "Atebwch erbyn %s.",
        [DOC_ANSWER_HOW] = "I ateb, ysgrifennwch at %s gydag un o’r llinellau hyn yn bwnc:",
        [DOC_ANSWER_SO] = "I ateb, ysgrifennwch at %s gyda’r llinell hon yn bwnc:"};
    gboolean is_welsh = g_ascii_strncasecmp(lang, "cy", 2) == 0 && !g_ascii_isalpha(lang[2]);
    return is_welsh ? welsh[which] : english[which];
}

static void dress_question(Markdown *self, cmark_node *box, const Question *question,
                           const char *lang)
{
    g_autofree char *word = placeholders_word(self->aside, (guint)self->answer_tag);
    if (question->until) {
        g_autofree char *own = langtag_day(lang, question->until);
        g_autofree char *day = own ? g_strdup(own) : day_text(question->until);
        g_autoptr(GString) said = g_string_new(doc_answer_words(lang, DOC_ANSWER_BY));
        g_string_replace(said, "%s", day, 1);
        cmark_node_append_child(add_paragraph(box, 0), doc_text(said->str));
    }
    for (guint i = 0; i < question->choices->len; i++) {
        g_autofree char *url = question_mailto(question, i, word, self->answers);
        add_button(box, g_ptr_array_index(question->choices, i), url);
    }
}

/* Moves what a paragraph holds to the end of another node, and drops it. */
static void move_words(cmark_node *to, cmark_node *paragraph)
{
    while (cmark_node_first_child(paragraph))
        cmark_node_append_child(to, cmark_node_first_child(paragraph));
    doc_drop(paragraph);
}

/* As fill_event left it. */
static void dress_event(cmark_node *box, const Event *event, const char *lang)
{
    cmark_node *quote = cmark_node_new(CMARK_NODE_BLOCK_QUOTE);
    g_autofree char *when = event_when(event, lang);
    move_words(add_strong(add_paragraph(quote, 0)), cmark_node_first_child(box));
    cmark_node *where = add_paragraph(quote, 0);
    cmark_node_append_child(where, doc_text(when));
    if (*event->place) {
        cmark_node_append_child(where, cmark_node_new(CMARK_NODE_LINEBREAK));
        move_words(where, cmark_node_first_child(box));
    }
    while (cmark_node_first_child(box))
        cmark_node_append_child(quote, cmark_node_first_child(box));
    cmark_node_append_child(box, quote);
}

void markdown_dress(Markdown *self, const char *lang, const char *answers)
{
    g_autoptr(GPtrArray) boxes = g_ptr_array_new();
    cmark_iter *iter = cmark_iter_new(self->root);
    while (cmark_iter_next(iter) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(iter);
        if (cmark_iter_get_event_type(iter) == CMARK_EVENT_ENTER &&
            g_hash_table_contains(self->facts, node))
            g_ptr_array_add(boxes, node);
    }
    cmark_iter_free(iter);
    self->lang = g_strdup(lang);
    if (self->questions->len) {
        self->answers = g_strdup(answers);
        self->answer_tag = placeholders_add_field(self->aside, "letter.answer");
    }
    for (guint i = 0; i < boxes->len; i++) {
        cmark_node *box = g_ptr_array_index(boxes, i);
        const char *own = language_of(box, lang);
        if (doc_box(box) == DOC_EVENT)
            dress_event(box, g_hash_table_lookup(self->facts, box), own);
        else
            dress_question(self, box, g_hash_table_lookup(self->facts, box), own);
    }
}

const GPtrArray *markdown_questions(const Markdown *self)
{
    return self->questions;
}

const GPtrArray *markdown_events(const Markdown *self)
{
    return self->events;
}
