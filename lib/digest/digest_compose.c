/* digest_compose - the text of a digest, written line by line (private to lib/letter) */
#include "digest/digest_compose.h"

#include <string.h>

#include "config/front.h"
#include "digest/digest_calendar.h"
#include "template/tags.h"

#define PART "{{!circular:part}}"
#define BODY_PART "{{!circular:part 3}}" /* below a notice's own heading, which is of level 3 */

typedef struct {
    Digest *digest;
    const DigestSpec *spec;
    GString *out;
    const char *file; /* where the lines to come are from */
    guint line;
} Writer;

/* --- lines ----------------------------------------------------------------------------------- */

/* The lines to come are from there. */
static void from(Writer *in, const char *file, guint line)
{
    in->file = g_string_chunk_insert_const(in->digest->texts, file ? file : "");
    in->line = line;
}

static void end_line(Writer *in)
{
    Origin origin = {in->file, in->line};
    g_string_append_c(in->out, '\n');
    g_array_append_val(in->digest->origins, origin);
}

static void put(Writer *in, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void put(Writer *in, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_string_append_vprintf(in->out, format, args);
    va_end(args);
    end_line(in);
}

/* Lines as they stand in their file, from `in->line` on. */
static void put_lines(Writer *in, const char *text, gsize length)
{
    const char *end = text + length;
    while (text < end) {
        const char *feed = memchr(text, '\n', (gsize)(end - text)), *stop = feed ? feed : end;
        gsize bytes = (gsize)(stop - text);
        if (bytes && text[bytes - 1] == '\r')
            bytes--;
        g_string_append_len(in->out, text, (gssize)bytes);
        end_line(in);
        in->line++;
        text = feed ? feed + 1 : end;
    }
}

/* --- texts ----------------------------------------------------------------------------------- */

/* Appends plain text as Markdown that reads the same. */
static void escape(GString *out, const char *text, gsize length)
{
    for (gsize i = 0; i < length; i++) {
        if (g_ascii_ispunct(text[i]) && !strchr(",.:;'\"?!()-", text[i]))
            g_string_append_c(out, '\\');
        else if (text[i] == '!' && i + 1 < length && text[i + 1] == '[')
            g_string_append_c(out, '\\');
        g_string_append_c(out, text[i]);
    }
}

/* The same of a text with tags in it, which stay tags; newly allocated. */
static char *markdown_of(const char *text)
{
    GString *out = g_string_new(NULL);
    Tags tags;
    Tag tag;
    const char *at = text;
    tags_init(&tags, text, strlen(text), 1);
    while (tags_next(&tags, &tag)) {
        escape(out, at, (gsize)(tag.start - at));
        g_string_append_len(out, tag.start, tag.end - tag.start);
        at = tag.end;
    }
    if (tags.problem) /* stays as it is, so that the compiler can say what is wrong with it */
        g_string_append(out, at);
    else
        escape(out, at, strlen(at));
    tags_clear(&tags);
    return g_string_free(out, FALSE);
}

/* As a text in double quotes of YAML; newly allocated. */
static char *quoted(const char *text)
{
    GString *out = g_string_new("\"");
    for (const char *p = text; *p; p++) {
        if (*p == '"' || *p == '\\')
            g_string_append_c(out, '\\');
        g_string_append_c(out, *p);
    }
    g_string_append_c(out, '"');
    return g_string_free(out, FALSE);
}

/* The subject with what is the same for all in its place, so that a list of mailings can show it.
 * Newly allocated. */
static char *subject_of(const Writer *in, const char *subject)
{
    const DigestSpec *spec = in->spec;
    g_autoptr(GString) text = g_string_new(subject);
    g_autofree char *date = day_text(spec->today), *week = day_short(day_monday(spec->today));
    if (!strstr(spec->title, "{{"))
        g_string_replace(text, "{{digest_title}}", spec->title, 0);
    g_string_replace(text, "{{digest_date}}", date, 0);
    g_string_replace(text, "{{digest_week}}", week, 0);
    return g_string_free(g_steal_pointer(&text), FALSE);
}

/* --- front matter ---------------------------------------------------------------------------- */

static void put_front_text(Writer *in, const char *name, const FrontText *text)
{
    if (!text->text)
        return;
    g_autofree char *value = quoted(text->text);
    from(in, in->spec->layout_file, text->line);
    put(in, "%s: %s", name, value);
}

/* The first titles that the recipient gets, for the line beside the subject. */
static char *preheader(const Writer *in)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < digest_length(in->digest) && i < DIGEST_PREHEADER_MAX; i++) {
        const DigestItem *item = digest_item(in->digest, i);
        if (strstr(item->notice->title.text, "{{"))
            continue;
        g_string_append_printf(out, "{{#%s}}%s. {{/%s}}", item->flag, item->notice->title.text,
                               item->flag);
    }
    return g_string_free(out, FALSE);
}

/* Those of the layout, and the calendar of the reader's events. */
static void put_attachments(Writer *in, const Front *layout)
{
    guint count = layout ? layout->attachments->len : 0;
    g_autofree char *dates = digest_calendar_path(in->digest);
    if (count || dates)
        put(in, "attachments:");
    for (guint i = 0; i < count; i++) {
        const FrontText *path = g_ptr_array_index(layout->attachments, i);
        g_autofree char *value = quoted(path->text);
        from(in, in->spec->layout_file, path->line);
        put(in, "  - %s", value);
    }
    if (dates) {
        g_autofree char *value = quoted(dates);
        put(in, "  - %s", value);
    }
}

static void put_front(Writer *in, const Front *layout)
{
    const DigestSpec *spec = in->spec;
    gboolean own = layout && layout->subject.text;
    g_autofree char *subject = subject_of(in, own ? layout->subject.text : spec->subject);
    g_autofree char *quoted_subject = quoted(subject);
    g_autofree char *titles = preheader(in), *quoted_titles = quoted(titles);
    g_autofree char *date = day_text(spec->today);
    from(in, own ? spec->layout_file : spec->subject_file,
         own ? layout->subject.line : spec->subject_line);
    put(in, "---");
    put(in, "subject: %s", quoted_subject);
    if (layout) {
        put_front_text(in, "from", &layout->from);
        put_front_text(in, "reply_to", &layout->reply_to);
        put_front_text(in, "lang", &layout->lang);
        put_front_text(in, "preheader", &layout->preheader);
    }
    put_attachments(in, layout);
    if ((!layout || !layout->preheader.text) && *titles)
        put(in, "preheader: %s", quoted_titles);
    put(in, "date: \"%s\"", date);
    put(in, "---");
}

/* --- notices --------------------------------------------------------------------------------- */

static void put_contents(Writer *in)
{
    g_autofree char *heading = markdown_of(in->spec->contents);
    from(in, in->spec->subject_file, in->spec->subject_line);
    put(in, PART);
    put(in, "{{#digest_contents}}");
    put(in, "## %s", heading);
    put(in, "%s", "");
    for (guint i = 0; i < digest_length(in->digest); i++) {
        const DigestItem *item = digest_item(in->digest, i);
        g_autofree char *title = markdown_of(item->notice->title.text);
        g_autofree char *day = item->notice->event ? day_short(item->notice->event) : NULL;
        from(in, item->notice->file, item->notice->title.line);
        put(in, "{{#%s}}", item->flag);
        put(in, "1. [%s](#notice-%u)%s%s", title, i + 1, day ? ", " : "", day ? day : "");
        put(in, "{{/%s}}", item->flag);
    }
    put(in, "{{/digest_contents}}");
    put(in, PART);
}

static void put_notice(Writer *in, const DigestItem *item, guint number)
{
    const Notice *notice = item->notice;
    g_autofree char *title = markdown_of(notice->title.text), *when = notice_when(notice);
    g_autofree char *updated = markdown_of(in->spec->updated);
    from(in, notice->file, notice->title.line);
    put(in, "{{#%s}}", item->flag);
    put(in, "### {{#%s}}%s: {{/%s}}%s {#notice-%u}", item->updated, updated, item->updated, title,
        number);
    put(in, "%s", "");
    if (when)
        put(in, "**%s**", when);
    put(in, BODY_PART);
    from(in, notice->file, notice->body_line);
    put_lines(in, notice->body, strlen(notice->body));
    put(in, PART);
    put(in, "{{/%s}}", item->flag);
}

static void put_notices(Writer *in)
{
    guint group = G_MAXUINT;
    put_contents(in);
    for (guint i = 0; i < digest_length(in->digest); i++) {
        const DigestItem *item = digest_item(in->digest, i);
        if (item->group != group) {
            const char *words = g_ptr_array_index(in->digest->groups, item->group);
            g_autofree char *heading = markdown_of(words);
            from(in, item->notice->file, MAX(item->notice->topic.line, item->notice->title.line));
            if (group != G_MAXUINT)
                put(in, "{{/digest_group_%u}}", group + 1);
            group = item->group;
            put(in, "{{#digest_group_%u}}", group + 1);
            if (*heading)
                put(in, "## %s", heading);
            put(in, PART);
        }
        put_notice(in, item, i + 1);
    }
    if (group != G_MAXUINT)
        put(in, "{{/digest_group_%u}}", group + 1);
    put(in, PART);
}

/* --- the layout ------------------------------------------------------------------------------ */

/* The line that holds nothing but {{digest}}; NULL when there is none. */
static const char *find_slot(const char *body, gsize length, guint line, Tag *found)
{
    Tags tags;
    Tag tag;
    const char *slot = NULL;
    tags_init(&tags, body, length, line);
    while (!slot && tags_next(&tags, &tag))
        if (tag.kind == TAG_VARIABLE && g_str_equal(tag.name, "digest")) {
            slot = tag.start;
            *found = tag;
        }
    tags_clear(&tags);
    return slot;
}

static gboolean is_alone(const char *body, gsize length, const Tag *tag)
{
    const char *left = tag->start, *right = tag->end, *end = body + length;
    while (left > body && strchr(" \t", left[-1]))
        left--;
    while (right < end && strchr(" \t\r", *right))
        right++;
    return (left == body || left[-1] == '\n') && (right == end || *right == '\n');
}

static gboolean put_layout(Writer *in, const Front *layout, Findings *findings)
{
    const DigestSpec *spec = in->spec;
    const char *body = spec->layout + layout->body_offset;
    gsize length = spec->layout_length - layout->body_offset;
    Tag tag;
    const char *slot = find_slot(body, length, layout->body_line, &tag);
    if (slot && !is_alone(body, length, &tag)) {
        findings_add(findings, FINDING_ERROR, spec->layout_file, tag.line, "digest-slot",
                     "{{digest}}, where the notices go, must stand alone on its line");
        return FALSE;
    }
    from(in, spec->layout_file, layout->body_line);
    put_lines(in, body, slot ? (gsize)(slot - body) : length);
    put_notices(in);
    if (!slot)
        return TRUE;
    from(in, spec->layout_file, tag.line);
    g_autofree char *rest = g_strndup(tag.end, (gsize)(body + length - tag.end));
    if (*g_strstrip(rest)) /* or it would read as the end of the last notice */
        put(in, "---");
    from(in, spec->layout_file, tag.line);
    put_lines(in, tag.end, (gsize)(body + length - tag.end));
    return TRUE;
}

gboolean digest_compose(Digest *self, const DigestSpec *spec, Findings *findings)
{
    g_autoptr(Front) layout = NULL;
    if (spec->layout) {
        layout = front_parse(spec->layout, spec->layout_length, spec->layout_file, findings);
        if (!layout)
            return FALSE;
    }
    Writer in = {.digest = self, .spec = spec, .out = g_string_new(NULL)};
    put_front(&in, layout);
    gboolean fine = TRUE;
    if (layout)
        fine = put_layout(&in, layout, findings);
    else
        put_notices(&in);
    gsize length = in.out->len;
    self->update = g_bytes_new_take(g_string_free(in.out, FALSE), length);
    return fine;
}
