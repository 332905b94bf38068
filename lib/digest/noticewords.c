/* noticewords - the rules about what a letter says, over the notices of a digest */
#include "digest/noticewords.h"

#include <string.h>

#include "markup/markdown.h"
#include "rules/allow.h"
#include "rules/content.h"

/* A text of Markdown and where it stands. */
typedef struct {
    const char *file, *body;
    gsize length;
    guint line; /* of the file, on which it begins */
    FrontText title;
} Words;

static void check(const Words *in, const char *lang, Day today, Findings *findings)
{
    g_autoptr(Findings) unheard = findings_new(); /* those of the letter are given with it */
    g_autoptr(Markdown) body = markdown_new(in->body, in->length, in->file, in->line, unheard);
    if (!body)
        return;
    g_autoptr(GPtrArray) none = g_ptr_array_new();
    Front front = {.subject = in->title, .attachments = none, .allow = none, .body_line = in->line};
    g_autoptr(Findings) found = findings_new();
    g_autoptr(Allow) allow = allow_new(in->file, in->body, in->length, &front);
    findings_silence(found, allow_silences, allow);
    Outline *outline = outline_new(body);
    Content content = {.file = in->file,
                       .front = &front,
                       .outline = outline,
                       .images = markdown_images(body),
                       .questions = markdown_questions(body),
                       .events = markdown_events(body),
                       .lang = lang,
                       .today = today,
                       .findings = found};
    content_date(&content);
    content_words(&content);
    outline_free(outline);
    findings_copy_all(findings, found);
}

void noticewords_check(const Notice *notice, const char *lang, Day today, Findings *findings)
{
    Words words = {notice->file, notice->body, strlen(notice->body), notice->body_line,
                   notice->title};
    check(&words, lang, today, findings);
}

void noticewords_check_layout(const char *bytes, gsize length, const char *file, const char *lang,
                              Day today, Findings *findings)
{
    FrontPlace place;
    g_autoptr(Findings) unheard = findings_new();
    if (!front_find(bytes, length, file, &place, unheard))
        return;
    Words words = {.file = file,
                   .body = bytes + place.body_offset,
                   .length = length - place.body_offset,
                   .line = place.body_line};
    check(&words, lang, today, findings);
}
