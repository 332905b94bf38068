/* footnote - notes as other dialects have them: "agreed[^1]" and "[^1]: At the meeting of May."
 *
 * The numbers are given in the order in which the notes are referred to. What nothing refers to, and
 * what refers to nothing, stays as it was typed and is found.
 */
#include <string.h>

#include "markup/doc.h"

enum { LABEL_MAX = 40, NOTES_MAX = 200 };

typedef struct {
    char *label;
    cmark_node *paragraph; /* where it stands, its label still before it */
    guint number;          /* 0 until something refers to it */
    guint place;           /* among all paragraphs, for a label that several have */
} Note;

typedef struct {
    Markdown *self;
    Findings *findings;
    GPtrArray *notes; /* of Note */
    guint place;      /* of the paragraph that is being read */
    guint numbered;
} Reading;

static void note_free(gpointer data)
{
    Note *note = data;
    g_free(note->label);
    g_free(note);
}

/* --- notes ----------------------------------------------------------------------------------- */

/* The bytes of "[^label]" at the beginning of a text; 0 for none. */
static gsize mark_length(const char *text)
{
    gsize length = g_str_has_prefix(text, "[^") ? strcspn(text + 2, " \t\n[]^") : 0;
    return length && length <= LABEL_MAX && text[2 + length] == ']' ? length + 3 : 0;
}

static gsize head_length(cmark_node *node)
{
    const char *text =
        node && cmark_node_get_type(node) == CMARK_NODE_TEXT ? cmark_node_get_literal(node) : "";
    gsize length = mark_length(text);
    return length && text[length] == ':' ? length + 1 + strspn(text + length + 1, " ") : 0;
}

static gboolean is_break(cmark_node *node)
{
    return cmark_node_get_type(node) == CMARK_NODE_SOFTBREAK ||
           cmark_node_get_type(node) == CMARK_NODE_LINEBREAK;
}

/* Makes a paragraph of what begins with the first note on a line of one; NULL when there is none. */
static cmark_node *part_note(Markdown *self, cmark_node *paragraph)
{
    guint line = doc_line(self, paragraph);
    for (cmark_node *at = cmark_node_first_child(paragraph), *next; at; at = next) {
        next = cmark_node_next(at);
        if (!is_break(at))
            continue;
        line++;
        if (!head_length(next))
            continue;
        cmark_node *rest = cmark_node_new(CMARK_NODE_PARAGRAPH);
        while (cmark_node_next(at))
            cmark_node_append_child(rest, cmark_node_next(at));
        doc_drop(at);
        doc_set_line(rest, line);
        cmark_node_insert_after(paragraph, rest);
        return rest;
    }
    return NULL;
}

static void part_notes(Markdown *self, cmark_node *paragraph)
{
    for (guint i = 0; paragraph && i < NOTES_MAX; i++)
        paragraph = part_note(self, paragraph);
}

static GPtrArray *paragraphs_of(cmark_node *root)
{
    GPtrArray *found = g_ptr_array_new();
    cmark_iter *iter = cmark_iter_new(root);
    while (cmark_iter_next(iter) != CMARK_EVENT_DONE) {
        cmark_node_type type = cmark_node_get_type(cmark_iter_get_node(iter));
        if (cmark_iter_get_event_type(iter) == CMARK_EVENT_ENTER &&
            (type == CMARK_NODE_PARAGRAPH || type == CMARK_NODE_HEADING))
            g_ptr_array_add(found, cmark_iter_get_node(iter));
    }
    cmark_iter_free(iter);
    return found;
}

static void find_notes(Reading *in)
{
    g_autoptr(GPtrArray) before = paragraphs_of(in->self->root);
    for (guint i = 0; i < before->len; i++)
        if (cmark_node_get_type(g_ptr_array_index(before, i)) == CMARK_NODE_PARAGRAPH)
            part_notes(in->self, g_ptr_array_index(before, i));
    g_autoptr(GPtrArray) all = paragraphs_of(in->self->root);
    for (guint i = 0; i < all->len && in->notes->len < NOTES_MAX; i++) {
        cmark_node *first = cmark_node_first_child(g_ptr_array_index(all, i));
        if (!head_length(first))
            continue;
        const char *text = cmark_node_get_literal(first);
        Note *note = g_new0(Note, 1);
        note->label = g_strndup(text + 2, mark_length(text) - 3);
        note->paragraph = g_ptr_array_index(all, i);
        note->place = i;
        g_ptr_array_add(in->notes, note);
    }
}

/* The next note of that label, as the parts of a digest have their own; else the last before. */
static Note *find_note(const Reading *in, const char *label, gsize length)
{
    Note *found = NULL;
    for (guint i = 0; i < in->notes->len; i++) {
        Note *note = g_ptr_array_index(in->notes, i);
        if (strlen(note->label) != length || strncmp(note->label, label, length) != 0)
            continue;
        found = note;
        if (note->place >= in->place)
            break;
    }
    return found;
}

/* --- what refers to them --------------------------------------------------------------------- */

/* "[^1]" is a link to cmark where the note is a single word: it is text. */
static void undo_links(cmark_node *parent)
{
    for (cmark_node *node = cmark_node_first_child(parent), *next; node; node = next) {
        next = cmark_node_next(node);
        cmark_node *only =
            cmark_node_get_type(node) == CMARK_NODE_LINK ? cmark_node_first_child(node) : NULL;
        if (!only || cmark_node_next(only) || cmark_node_get_type(only) != CMARK_NODE_TEXT ||
            *cmark_node_get_literal(only) != '^') {
            undo_links(node);
            continue;
        }
        g_autofree char *text = g_strdup_printf("[%s]", cmark_node_get_literal(only));
        cmark_node_set_literal(only, text);
        cmark_node_insert_before(node, only);
        doc_drop(node);
    }
}

static void insert_text(cmark_node *before, const char *text, gsize length)
{
    g_autofree char *literal = g_strndup(text, length);
    cmark_node *node = doc_text(literal);
    cmark_node_insert_before(before, node);
}

static void insert_number(Reading *in, cmark_node *before, Note *note)
{
    if (!note->number)
        note->number = ++in->numbered;
    g_autofree char *number = g_strdup_printf("%u", note->number);
    cmark_node *span = doc_span_new(DOC_NOTE), *text = cmark_node_new(CMARK_NODE_TEXT);
    cmark_node_set_literal(text, number);
    cmark_node_append_child(span, text);
    cmark_node_insert_before(before, span);
}

/* A note that stands where it is referred to, with its first words in it. */
static Note *inline_note(Reading *in, const char *words, gsize length, guint line)
{
    Note *note = g_new0(Note, 1);
    cmark_node *text = cmark_node_new(CMARK_NODE_TEXT);
    g_autofree char *literal = g_strndup(words, length);
    cmark_node_set_literal(text, literal);
    note->label = g_strdup("");
    note->paragraph = cmark_node_new(CMARK_NODE_PARAGRAPH);
    cmark_node_append_child(note->paragraph, text);
    doc_set_line(note->paragraph, line);
    g_ptr_array_add(in->notes, note);
    return note;
}

/* The bracket that ends what was opened `depth` brackets before; NULL, with `depth` as it is then. */
static const char *closing(const char *text, guint *depth)
{
    for (; *text; text++) {
        *depth += *text == '[';
        if (*text == ']' && !--*depth)
            return text;
    }
    return NULL;
}

/* A note that stands where it is referred to, "^[so]"; its bytes, or 0. */
static gsize take_inline(Reading *in, const char *at, guint line, Note **note)
{
    guint depth = 1;
    const char *end = g_str_has_prefix(at, "^[") ? closing(at + 2, &depth) : NULL;
    if (!end || end == at + 2 || in->notes->len >= NOTES_MAX)
        return 0;
    *note = inline_note(in, at + 2, (gsize)(end - at - 2), line);
    return (gsize)(end + 1 - at);
}

/* The same where other marks stand in it: "^[see *the page*]" begins in `node` at `at` and ends in a
 * node beside it. What is between moves into the note. */
static void take_across(Reading *in, cmark_node *node, const char *at)
{
    guint depth = 1;
    const char *end = closing(at + 2, &depth);
    cmark_node *last = node;
    while (!end && (last = cmark_node_next(last)))
        if (cmark_node_get_type(last) == CMARK_NODE_TEXT)
            end = closing(cmark_node_get_literal(last), &depth);
    if (!last || last == node || in->notes->len >= NOTES_MAX)
        return;
    Note *note = inline_note(in, at + 2, strlen(at + 2), doc_line(in->self, node));
    g_autofree char *before =
        g_strndup(cmark_node_get_literal(node), (gsize)(at - cmark_node_get_literal(node)));
    g_autofree char *within =
        g_strndup(cmark_node_get_literal(last), (gsize)(end - cmark_node_get_literal(last)));
    g_autofree char *after = g_strdup(end + 1);
    while (cmark_node_next(node) != last)
        cmark_node_append_child(note->paragraph, cmark_node_next(node));
    cmark_node *rest = doc_text(within);
    cmark_node_append_child(note->paragraph, rest);
    cmark_node_set_literal(node, before);
    cmark_node_set_literal(last, after);
    insert_number(in, last, note);
}

static void refer(Reading *in, cmark_node *node)
{
    g_autofree char *text = g_strdup(cmark_node_get_literal(node));
    const char *done = text, *at = text + head_length(node);
    gboolean changed = FALSE;
    while ((at = strpbrk(at, "[^"))) {
        gsize length = mark_length(at);
        Note *note = length ? find_note(in, at + 2, length - 3) : NULL;
        if (!note && !length)
            length = take_inline(in, at, doc_line(in->self, node), &note);
        if (!note) {
            at++;
            continue;
        }
        insert_text(node, done, (gsize)(at - done));
        insert_number(in, node, note);
        at += length;
        done = at;
        changed = TRUE;
    }
    if (changed) {
        g_autofree char *rest = g_strdup(done);
        cmark_node_set_literal(node, rest);
    }
    const char *open = strstr(cmark_node_get_literal(node), "^[");
    if (open)
        take_across(in, node, open);
}

static void refer_within(Reading *in, cmark_node *parent)
{
    for (cmark_node *node = cmark_node_first_child(parent); node; node = cmark_node_next(node))
        if (cmark_node_get_type(node) == CMARK_NODE_TEXT)
            refer(in, node);
        else if (doc_span(node) != DOC_NOTE)
            refer_within(in, node);
}

static void find_references(Reading *in, cmark_node *root)
{
    g_autoptr(GPtrArray) all = paragraphs_of(root);
    for (guint i = 0; i < all->len; i++) {
        in->place = root == in->self->root ? i : 0;
        refer_within(in, g_ptr_array_index(all, i));
    }
}

/* --- all of it ------------------------------------------------------------------------------- */

/* The tags of the sections that are open where a paragraph stands, the innermost first. */
static GPtrArray *open_sections(cmark_node *paragraph)
{
    GPtrArray *open = g_ptr_array_new();
    guint closed = 0;
    for (cmark_node *at = cmark_node_previous(paragraph); at; at = cmark_node_previous(at)) {
        const PlaceholderTag *tag = doc_marker(at);
        if (tag && tag->kind == TAG_CLOSE)
            closed++;
        else if (tag && closed)
            closed--;
        else if (tag)
            g_ptr_array_add(open, (gpointer)tag);
    }
    return open;
}

static void add_marker(cmark_node *box, const PlaceholderTag *tag)
{
    cmark_node *marker = cmark_node_new(CMARK_NODE_CUSTOM_BLOCK);
    cmark_node_set_user_data(marker, (PlaceholderTag *)tag);
    cmark_node_append_child(box, marker);
}

/* The bytes with which an item of a list begins; 0 for none. */
static gsize item_length(const char *text)
{
    gsize digits = strspn(text, "0123456789");
    if (digits && digits <= 3 && strchr(".)", text[digits]) && text[digits + 1] == ' ')
        return digits + 2;
    return *text && strchr("-*+", *text) && text[1] == ' ' ? 2 : 0;
}

/* A note is one paragraph, in small type: of a list in it the lines stay lines. */
static void part_items(cmark_node *paragraph)
{
    for (cmark_node *at = cmark_node_first_child(paragraph), *next; at; at = next) {
        next = cmark_node_next(at);
        const char *text = next && cmark_node_get_type(next) == CMARK_NODE_TEXT
                               ? cmark_node_get_literal(next)
                               : "";
        if (!is_break(at) || !item_length(text))
            continue;
        if (!g_ascii_isdigit(*text)) {
            g_autofree char *item = g_strconcat("– ", text + 2, NULL);
            cmark_node_set_literal(next, item);
        }
        cmark_node_insert_before(at, cmark_node_new(CMARK_NODE_LINEBREAK));
        doc_drop(at);
    }
}

/* A note whose first line is one word was the address of a link to cmark, and what stands on the next
 * line a paragraph of its own. */
static void take_rest(const Markdown *self, cmark_node *paragraph)
{
    cmark_node *rest = cmark_node_next(paragraph);
    int line = rest ? cmark_node_get_start_line(rest) : 0;
    if (line < 1 || cmark_node_get_type(rest) != CMARK_NODE_PARAGRAPH)
        return;
    /* Such a paragraph begins for cmark where the address did. */
    g_autofree char *source = placeholders_text_line(self->aside, (guint)line);
    gsize length = mark_length(g_strchug(source));
    if (!length || source[length] != ':')
        return;
    cmark_node_append_child(paragraph, cmark_node_new(CMARK_NODE_SOFTBREAK));
    while (cmark_node_first_child(rest))
        cmark_node_append_child(paragraph, cmark_node_first_child(rest));
    doc_drop(rest);
}

/* What stands below a note, four blanks in, is code to cmark, and a part of the note to its author. */
static void take_below(const Markdown *self, cmark_node *paragraph)
{
    cmark_node *code = cmark_node_next(paragraph);
    if (!code || cmark_node_get_type(code) != CMARK_NODE_CODE_BLOCK || doc_table(code) ||
        cmark_node_get_start_line(code) <= 0 || doc_is_fenced(self, code))
        return;
    g_auto(GStrv) lines = g_strsplit(cmark_node_get_literal(code), "\n", -1);
    for (guint i = 0; lines[i]; i++) {
        if (!*g_strchug(lines[i]))
            continue;
        cmark_node_append_child(paragraph, cmark_node_new(CMARK_NODE_LINEBREAK));
        doc_read_line(self, paragraph, lines[i]);
    }
    doc_drop(code);
}

/* Moves a note to the others, with the sections in which it stood. */
static void add_note(const Reading *in, cmark_node *box, const Note *note)
{
    g_autoptr(GPtrArray) open = open_sections(note->paragraph);
    cmark_node *first = cmark_node_first_child(note->paragraph);
    g_autofree char *rest = g_strdup(cmark_node_get_literal(first) + head_length(first));
    cmark_node_set_literal(first, rest);
    take_rest(in->self, note->paragraph);
    take_below(in->self, note->paragraph);
    part_items(note->paragraph);
    for (guint i = open->len; i-- > 0;)
        add_marker(box, g_ptr_array_index(open, i));
    cmark_node_append_child(box, note->paragraph);
    for (guint i = 0; i < open->len; i++) {
        const PlaceholderTag *tag = g_ptr_array_index(open, i);
        add_marker(box, placeholders_tag(in->self->aside, tag->mate));
    }
}

static int by_number(gconstpointer a, gconstpointer b)
{
    const Note *one = *(const Note *const *)a, *other = *(const Note *const *)b;
    return one->number < other->number ? -1 : one->number > other->number;
}

static void report_unused(const Reading *in)
{
    for (guint i = 0; i < in->notes->len; i++) {
        const Note *note = g_ptr_array_index(in->notes, i);
        if (!note->number)
            doc_complain(
                in->self, in->findings, FINDING_WARNING, doc_line(in->self, note->paragraph),
                "stray-markup",
                "nothing refers to the note '[^%s]': it stays where it is, as it was typed",
                note->label);
    }
}

void footnotes_read(Markdown *self, Findings *findings)
{
    Reading in = {
        .self = self, .findings = findings, .notes = g_ptr_array_new_with_free_func(note_free)};
    undo_links(self->root);
    undo_links(self->cells);
    cmark_consolidate_text_nodes(self->root);
    cmark_consolidate_text_nodes(self->cells);
    find_notes(&in);
    find_references(&in, self->root);
    find_references(&in, self->cells);
    report_unused(&in);
    g_ptr_array_sort(in.notes, by_number);
    cmark_node *box = in.numbered ? doc_box_new(DOC_NOTES, NULL) : NULL;
    for (guint i = 0; i < in.notes->len; i++) {
        const Note *note = g_ptr_array_index(in.notes, i);
        if (note->number)
            add_note(&in, box, note);
    }
    if (box)
        cmark_node_append_child(self->root, box);
    g_ptr_array_unref(in.notes);
}
