/* notice - one notice of a digest: a Markdown file with front matter that says when and for whom
 */
#include "digest/notice.h"

#include <string.h>

#include "base/error.h"
#include "base/files.h"
#include "text/garble.h"
#include "base/sha256.h"
#include "config/tree.h"
#include "markup/markdown.h"
#include "template/tags.h"

static const char *const names[] = {"title", "date",    "for",    "audience", "topic",
                                    "event", "expires", "pinned", "revision", NULL};

typedef struct {
    Notice *notice;
    Findings *findings;
} Parser;

static void fail(Parser *in, guint line, const char *id, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

static void fail(Parser *in, guint line, const char *id, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    findings_add(in->findings, FINDING_ERROR, in->notice->file, line, id, "%s", text);
}

/* --- front matter ---------------------------------------------------------------------------- */

/* A value on one line; newly allocated, NULL when it is empty or no text. */
static char *one_line(Parser *in, const char *name, const Tree *node)
{
    if (node->kind != TREE_TEXT) {
        fail(in, node->line, "front-matter", "'%s' must be a text on one line%s", name,
             node->kind == TREE_MAP ? ": if it begins with {{, put it in quotes" : "");
        return NULL;
    }
    if (node->commented)
        findings_add(in->findings, FINDING_WARNING, in->notice->file, node->line, "cut-value",
                     "'%s' ends at the '#' after '%s': put the value in quotes if it goes on", name,
                     node->text);
    g_autofree char *text = g_strdelimit(g_strdup(node->text), "\n\t", ' ');
    g_strstrip(text);
    if (!node->quoted)
        front_quotes(in->notice->file, node->line, text, in->findings);
    return *text ? g_steal_pointer(&text) : NULL;
}

static void take_text(Parser *in, FrontText *into, const char *name, const Tree *node)
{
    if (into->line) {
        fail(in, node->line, "bad-value", "'for' and 'audience' mean the same: give one");
        return;
    }
    into->line = node->line;
    into->text = one_line(in, name, node);
    if (into->text && into != &in->notice->chosen && strlen(into->text) > NOTICE_TITLE_MAX)
        fail(in, node->line, "too-long", "'%s' is over %d bytes", name, NOTICE_TITLE_MAX);
}

static void take_day(Parser *in, const char *name, const Tree *node, Day *day, int *minutes)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = one_line(in, name, node);
    if (!text)
        return;
    *day = minutes ? day_parse_time(text, minutes, &error) : day_parse(text, &error);
    if (error)
        fail(in, node->line, "bad-date", "'%s': %s", name, error->message);
}

static void take_flag(Parser *in, const char *name, const Tree *node, gboolean *flag)
{
    static const char *const yes[] = {"yes", "true", "on", NULL};
    static const char *const no[] = {"no", "false", "off", NULL};
    g_autofree char *text = one_line(in, name, node);
    g_autofree char *word = g_ascii_strdown(text ? text : "no", -1);
    *flag = g_strv_contains(yes, word);
    if (!*flag && !g_strv_contains(no, word))
        fail(in, node->line, "bad-value", "'%s' is yes or no, not '%s'", name, text);
}

static void take_revision(Parser *in, const Tree *node)
{
    guint64 number;
    g_autofree char *text = one_line(in, "revision", node);
    if (!text)
        return;
    if (g_ascii_string_to_unsigned(text, 10, 1, NOTICE_REVISION_MAX, &number, NULL))
        in->notice->revision = (guint)number;
    else
        fail(in, node->line, "bad-value", "'revision' is a number from 1 to %d, not '%s'",
             NOTICE_REVISION_MAX, text);
}

static void take_key(Parser *in, const char *name, guint line, const Tree *node)
{
    Notice *notice = in->notice;
    if (g_str_equal(name, "title"))
        take_text(in, &notice->title, name, node);
    else if (g_str_equal(name, "for") || g_str_equal(name, "audience"))
        take_text(in, &notice->chosen, name, node);
    else if (g_str_equal(name, "topic"))
        take_text(in, &notice->topic, name, node);
    else if (g_str_equal(name, "date"))
        take_day(in, name, node, &notice->date, NULL), notice->date_line = line;
    else if (g_str_equal(name, "expires"))
        take_day(in, name, node, &notice->expires, NULL), notice->expires_line = line;
    else if (g_str_equal(name, "event"))
        take_day(in, name, node, &notice->event, &notice->event_minutes), notice->event_line = line;
    else if (g_str_equal(name, "pinned"))
        take_flag(in, name, node, &notice->pinned);
    else if (g_str_equal(name, "revision"))
        take_revision(in, node);
    else if (nearest_word(name, names))
        fail(in, line, "unknown-key", "unknown key '%s': did you mean '%s'?", name,
             nearest_word(name, names));
    else
        findings_add(in->findings, FINDING_WARNING, notice->file, line, "ignored-key",
                     "'%s' means nothing in a notice and is ignored", name);
}

/* FALSE when it can't be read at all. */
static gboolean take_block(Parser *in, const FrontPlace *place)
{
    g_autoptr(GError) error = NULL;
    guint line;
    g_autoptr(Tree) tree = tree_read(place->block, place->length, 2, &line, &error);
    if (!tree) {
        fail(in, line, "front-matter", "%s", error->message);
        return FALSE;
    }
    if (tree->kind != TREE_MAP) {
        fail(in, tree->line, "front-matter", "front matter must be lines of 'key: value'");
        return FALSE;
    }
    for (guint i = 0; i < tree->items->len; i++)
        take_key(in, g_ptr_array_index(tree->names, i), g_array_index(tree->name_lines, guint, i),
                 g_ptr_array_index(tree->items, i));
    return TRUE;
}

/* What the keys ask of one another. */
static void check_front(Parser *in)
{
    const Notice *notice = in->notice;
    if (!notice->title.text)
        fail(in, MAX(notice->title.line, 1), "no-title",
             "the notice has no title: put 'title: …' between two lines of --- at its top");
    if (!notice->date_line)
        fail(in, 1, "no-date",
             "the notice has no date: put 'date: 2027-01-11', the day from which it goes out, "
             "between the lines of ---");
    else if (!notice->date && !findings_count_id(in->findings, "bad-date"))
        fail(in, notice->date_line, "no-date", "the date is empty: write it as 2027-01-11");
    if (notice->date && notice->event && notice->event < notice->date)
        fail(in, notice->event_line, "event-past",
             "the event comes before the notice's own date: is a year or a month wrong?");
    if (notice->date && notice->expires && notice->expires < notice->date)
        fail(in, notice->expires_line, "expires-past",
             "the notice expires before its own date, so that nobody would get it");
}

/* --- body ------------------------------------------------------------------------------------ */

/* A notice that changes the delimiters would change those of the notices after it. */
static void check_tags(Parser *in)
{
    Tags tags;
    Tag tag;
    tags_init(&tags, in->notice->body, strlen(in->notice->body), in->notice->body_line);
    while (tags_next(&tags, &tag))
        if (tag.kind == TAG_DELIMITERS)
            fail(in, tag.line, "delimiters",
                 "a notice can't change the delimiters: it stands in a letter with others");
    tags_clear(&tags);
}

static void check_body(Parser *in)
{
    g_autoptr(Findings) alone = findings_new();
    const Notice *notice = in->notice;
    g_autoptr(Markdown) body =
        markdown_new(notice->body, strlen(notice->body), notice->file, notice->body_line, alone);
    for (guint i = 0; i < findings_kept(alone); i++) {
        const Finding *finding = findings_get(alone, i);
        if (finding->severity == FINDING_ERROR)
            fail(in, finding->line, finding->id, "%s", finding->text);
    }
    if (body)
        check_tags(in);
}

/* --- the whole ------------------------------------------------------------------------------- */

static gboolean is_readable(Parser *in, const char *bytes, gsize length)
{
    const char *bad;
    if (length > NOTICE_BYTES_MAX)
        fail(in, 1, "too-long", "a notice of %" G_GSIZE_FORMAT " bytes; at most %d are read",
             length, NOTICE_BYTES_MAX);
    else if (!g_utf8_validate_len(bytes, length, &bad))
        fail(in, 1, "not-utf8", "not UTF-8: save the file as UTF-8");
    else
        return TRUE;
    return FALSE;
}

static void read_all(Parser *in, const char *bytes, gsize length)
{
    FrontPlace place;
    Notice *notice = in->notice;
    if (!is_readable(in, bytes, length) ||
        !front_find(bytes, length, notice->file, &place, in->findings))
        return;
    notice->body = g_strndup(bytes + place.body_offset, length - place.body_offset);
    notice->body_line = place.body_line;
    notice->hash = bytes_sha256(bytes, length);
    if (!place.block || take_block(in, &place))
        check_front(in);
    check_body(in);
}

Notice *notice_parse(const char *bytes, gsize length, const char *file, Findings *findings)
{
    g_autoptr(Notice) self = g_new0(Notice, 1);
    guint errors = findings_count(findings, FINDING_ERROR);
    Parser in = {.notice = self, .findings = findings};
    self->file = g_strdup(file);
    self->name = g_path_get_basename(file);
    self->revision = 1;
    self->event_minutes = DAY_NO_TIME;
    if (strlen(self->name) > NOTICE_NAME_MAX)
        fail(&in, 0, "too-long", "the file's name is over %d bytes", NOTICE_NAME_MAX);
    read_all(&in, bytes, length);
    if (g_utf8_validate_len(bytes, length, NULL))
        garble_check(bytes, length, file, 1, findings);
    return findings_count(findings, FINDING_ERROR) == errors ? g_steal_pointer(&self) : NULL;
}

Notice *notice_load(const char *path, const char *file, Findings *findings)
{
    g_autoptr(GError) error = NULL;
    gsize length;
    g_autofree char *bytes = file_read(path, NOTICE_BYTES_MAX, &length, &error);
    if (bytes)
        return notice_parse(bytes, length, file, findings);
    findings_add(findings, FINDING_ERROR, file, 0, "unreadable", "%s", error->message);
    return NULL;
}

void notice_free(Notice *self)
{
    if (!self)
        return;
    g_free(self->file);
    g_free(self->name);
    g_free(self->title.text);
    g_free(self->chosen.text);
    g_free(self->topic.text);
    g_free(self->body);
    g_free(self->hash);
    g_free(self);
}

char *notice_title(const Notice *self)
{
    g_autoptr(GString) title = g_string_new(NULL);
    Tags tags;
    Tag tag;
    const char *text = self->title.text, *at = text;
    tags_init(&tags, text, strlen(text), 1);
    while (tags_next(&tags, &tag)) {
        g_string_append_len(title, at, tag.start - at);
        if (tag.kind == TAG_VARIABLE || tag.kind == TAG_RAW)
            g_string_append_printf(title, "[%s]", tag.name);
        at = tag.end;
    }
    tags_clear(&tags);
    g_string_append(title, at);
    return g_string_free(g_steal_pointer(&title), FALSE);
}

char *notice_when(const Notice *self)
{
    if (!self->event)
        return NULL;
    g_autofree char *day = day_text(self->event);
    if (self->event_minutes == DAY_NO_TIME)
        return g_steal_pointer(&day);
    g_autofree char *clock = day_clock(self->event_minutes);
    return g_strconcat(day, ", ", clock, NULL);
}

gboolean notice_is_over(const Notice *self, Day today, int minutes)
{
    if (self->expires && today > self->expires)
        return TRUE;
    if (!self->event || today < self->event)
        return FALSE;
    return today > self->event ||
           (self->event_minutes != DAY_NO_TIME && minutes >= self->event_minutes);
}
