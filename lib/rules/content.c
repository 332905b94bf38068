/* content - the rules about what an update says: subject, preheader, headings, pictures */
#include "rules/content.h"

#include <string.h>

#include "fact/question.h"
#include "calendar/event.h"
#include "rules/dates.h"
#include "rules/rule.h"
#include "rules/words.h"

enum {
    PREHEADER_MAX = 140,    /* characters */
    HEADLESS_WORDS = 600,   /* from here on a letter wants headings */
    CLOSING_MAX = 60,       /* bytes of a line before a signature */
    BOLD_HEADING_MAX = 60,  /* characters of a line in bold that passes for a heading */
    BOLD_HEADING_BELOW = 80 /* bytes of the paragraph that it would head */
};

gboolean content_is_english(const Content *self, const OutlineBlock *block)
{
    const char *lang = block->lang ? block->lang : self->lang;
    return g_ascii_strncasecmp(lang, "en", 2) == 0 && !g_ascii_isalpha(lang[2]);
}

/* --- subject and preheader ------------------------------------------------------------------- */

static gboolean poses_as_reply(const char *subject)
{
    static const char *const marks[] = {"re:", "fw:", "fwd:"};
    for (gsize i = 0; i < G_N_ELEMENTS(marks); i++)
        if (g_ascii_strncasecmp(subject, marks[i], strlen(marks[i])) == 0)
            return TRUE;
    return FALSE;
}

static void check_subject(const Content *self)
{
    const FrontText *subject = &self->front->subject, *preheader = &self->front->preheader;
    if (subject->text && poses_as_reply(subject->text))
        rule_report(self->findings, "subject-reply", self->file, subject->line,
                    "the subject begins with '%.*s' as a reply would",
                    (int)strcspn(subject->text, ":") + 1, subject->text);
    glong letters = subject->text ? g_utf8_strlen(subject->text, -1) : 0;
    if (letters > CONTENT_SUBJECT_MAX && !strstr(subject->text, "{{")) /* else it depends */
        rule_report(self->findings, "long-subject", self->file, subject->line,
                    "the subject has %ld characters, and mail programs show about %d", letters,
                    CONTENT_SUBJECT_MAX);
    if (!preheader->text) {
        rule_report(self->findings, "no-preheader", self->file, MAX(subject->line, 1),
                    "no preheader: mail programs show the letter's first words beside the subject");
        return;
    }
    glong length = g_utf8_strlen(preheader->text, -1);
    if (length > PREHEADER_MAX)
        rule_report(self->findings, "long-preheader", self->file, preheader->line,
                    "the preheader has %ld characters, and mail programs show %d at most", length,
                    PREHEADER_MAX);
    if (subject->text && g_ascii_strcasecmp(subject->text, preheader->text) == 0)
        rule_report(self->findings, "preheader-repeats", self->file, preheader->line,
                    "the preheader repeats the subject, which stands beside it");
}

/* --- headings -------------------------------------------------------------------------------- */

/* "Kind regards": what stands before a name. */
static gboolean is_closing(const OutlineBlock *block)
{
    gsize length = strlen(block->text);
    return block->kind == OUTLINE_PARAGRAPH && length && length <= CLOSING_MAX &&
           !strchr(".!?:", block->text[length - 1]);
}

/* A line in bold, not a question nor a sentence, and a paragraph below it. */
static gboolean is_bold_heading(const GPtrArray *blocks, guint index)
{
    const OutlineBlock *block = g_ptr_array_index(blocks, index);
    const OutlineBlock *next =
        index + 1 < blocks->len ? g_ptr_array_index(blocks, index + 1) : NULL;
    gsize length = strlen(block->text);
    if (index && is_closing(g_ptr_array_index(blocks, index - 1)))
        return FALSE;
    return block->kind == OUTLINE_PARAGRAPH && block->bold && !block->nested && next &&
           next->kind == OUTLINE_PARAGRAPH && !next->bold &&
           strlen(next->text) >= BOLD_HEADING_BELOW && length &&
           !strchr(".!?,:;", block->text[length - 1]) && !strchr(block->text, '\n') &&
           g_utf8_strlen(block->text, -1) <= BOLD_HEADING_MAX;
}

static void check_level(const Content *self, const OutlineBlock *heading, int *before)
{
    guint line = outline_line(heading, 0);
    if (!*before && heading->level > 2)
        rule_report(self->findings, "first-heading", self->file, line,
                    "the first heading is of level %d: '%s'", heading->level, heading->text);
    else if (*before && heading->level > *before + 1)
        rule_report(self->findings, "skipped-heading", self->file, line,
                    "a heading of level %d below one of level %d: '%s'", heading->level, *before,
                    heading->text);
    *before = heading->level;
}

/* A line of hyphens below a paragraph makes a heading of it, wanted or not. */
static void check_underlined(const Content *self, const OutlineBlock *heading)
{
    gsize length = strlen(heading->text);
    if (!heading->underlined || !length ||
        (!strchr(heading->text, '\n') && !strchr(".,:;", heading->text[length - 1])))
        return;
    g_autofree char *first = g_strndup(heading->text, strcspn(heading->text, "\n"));
    rule_report(self->findings, "underlined", self->file, outline_line(heading, 0),
                "'%s' is a heading, because of the line of dashes below it: leave a blank line "
                "between the two",
                first);
}

static void check_headings(const Content *self)
{
    const GPtrArray *blocks = self->outline->blocks;
    int before = 0;
    guint words = 0;
    for (guint i = 0; i < blocks->len; i++) {
        const OutlineBlock *block = g_ptr_array_index(blocks, i);
        Reading reading = {0};
        reading_add(&reading, block->text);
        words += reading.words;
        if (block->kind == OUTLINE_HEADING) {
            check_level(self, block, &before);
            check_underlined(self, block);
        } else if (is_bold_heading(blocks, i))
            rule_report(self->findings, "bold-heading", self->file, outline_line(block, 0),
                        "'%s' looks like a heading and is none: write ## before it", block->text);
    }
    if (!before && words > HEADLESS_WORDS)
        rule_report(self->findings, "no-headings", self->file,
                    outline_first_line(self->outline, self->front->body_line),
                    "%u words, and no heading among them", words);
}

/* --- pictures -------------------------------------------------------------------------------- */

/* "IMG_2034", "photo.jpg", "image (3)" and the name of the file itself. */
static gboolean is_file_name(const char *alt, const char *path)
{
    static const char *const endings[] = {".png", ".jpg",  ".jpeg", ".gif",
                                          ".svg", ".webp", ".bmp",  ".tiff"};
    static const char *const nothing[] = {"image",      "picture",  "photo",
                                          "photograph", "graphic",  "img",
                                          "screenshot", "untitled", NULL};
    g_autofree char *lower = g_ascii_strdown(alt, -1);
    g_autofree char *base = g_path_get_basename(path);
    for (gsize i = 0; i < G_N_ELEMENTS(endings); i++)
        if (g_str_has_suffix(lower, endings[i]))
            return TRUE;
    gsize stem = strcspn(base, ".");
    if (strlen(alt) == stem && strncmp(alt, base, stem) == 0 && strpbrk(alt, "_-0123456789"))
        return TRUE;
    gsize end = strlen(lower); /* digits and what joins them count for nothing */
    while (end && (g_ascii_isdigit(lower[end - 1]) || strchr(" _-()#", lower[end - 1])))
        lower[--end] = '\0';
    return g_strv_contains(nothing, lower) || g_str_equal(lower, "dsc") ||
           g_str_equal(lower, "dscn") || g_str_equal(lower, "pxl");
}

static void check_images(const Content *self)
{
    for (guint i = 0; i < self->images->len; i++) {
        const MarkdownImage *image = g_ptr_array_index(self->images, i);
        if (is_file_name(image->alt, image->path))
            rule_report(self->findings, "image-alt-name", self->file, image->line,
                        "'%s' doesn't say what the picture %s shows", image->alt, image->path);
    }
}

/* --- questions and events ---------------------------------------------------------------------- */

static void check_questions(const Content *self)
{
    for (guint i = 0; self->questions && i < self->questions->len; i++) {
        const Question *question = g_ptr_array_index(self->questions, i);
        g_autofree char *day = question->until ? day_text(question->until) : NULL;
        if (question->until && question->until < self->today)
            rule_report(self->findings, "past-question", self->file, question->line,
                        "the question '%s' is to be answered by %s, which is past", question->slug,
                        day);
    }
    for (guint i = 0; self->events && i < self->events->len; i++) {
        const Event *event = g_ptr_array_index(self->events, i);
        g_autofree char *day = day_text(event->end);
        if (event->end < self->today)
            rule_report(self->findings, "past-event", self->file, event->line,
                        "'%s' was on %s, which is past", event->title, day);
    }
}

/* --- all of it ------------------------------------------------------------------------------- */

void content_date(Content *self)
{
    DateFound found;
    gsize at = 0;
    const FrontText *date = &self->front->date;
    self->reference = self->today;
    if (date->text && dates_next(date->text, &at, FALSE, &found) && found.possible && found.year)
        self->reference = dates_number(found.day, found.month, found.year);
}

/* A text of the front matter as an outline has it: a field is one character. */
static char *with_fields(const char *text)
{
    GString *out = g_string_new(NULL);
    for (const char *end; *text; text = end) {
        end = g_str_has_prefix(text, "{{") ? strstr(text, "}}") : NULL;
        if (!end) {
            end = g_utf8_next_char(text);
            g_string_append_len(out, text, end - text);
            continue;
        }
        end += strspn(end, "}") > 2 ? 3 : 2;
        g_string_append(out, strchr("#^/!=", text[2]) ? OUTLINE_GUARD : OUTLINE_FIELD);
    }
    return g_string_free(out, FALSE);
}

gboolean content_front(const FrontText *text, OutlineBlock *block)
{
    if (!text->text)
        return FALSE;
    *block = (OutlineBlock){.kind = OUTLINE_PARAGRAPH,
                            .text = with_fields(text->text),
                            .lines = g_array_new(FALSE, FALSE, sizeof(guint))};
    g_array_append_val(block->lines, text->line);
    return TRUE;
}

void content_front_free(OutlineBlock *block)
{
    g_array_unref(block->lines);
    g_free(block->text);
}

void content_check(const Content *self)
{
    check_subject(self);
    check_headings(self);
    check_images(self);
    check_questions(self);
    content_words(self);
}

void content_words(const Content *self)
{
    content_prose(self);
    content_phrases(self);
    content_slips(self);
    content_lines(self);
    content_dates(self);
    content_links(self);
}
