/* noticewords - the rules about what a letter says, over the notices of a digest */
#include "digest/noticewords.h"

#include <string.h>

#include "markup/markdown.h"
#include "rules/allow.h"
#include "rules/content.h"

void noticewords_check(const Notice *notice, const char *lang, Day today, Findings *findings)
{
    g_autoptr(Findings) unheard = findings_new(); /* those of the letter are given with it */
    g_autoptr(Markdown) body =
        markdown_new(notice->body, strlen(notice->body), notice->file, notice->body_line, unheard);
    if (!body)
        return;
    g_autoptr(GPtrArray) none = g_ptr_array_new();
    Front front = {.subject = notice->title,
                   .attachments = none,
                   .allow = none,
                   .body_line = notice->body_line};
    g_autoptr(Findings) found = findings_new();
    g_autoptr(Allow) allow = allow_new(notice->file, notice->body, strlen(notice->body), &front);
    findings_silence(found, allow_silences, allow);
    Outline *outline = outline_new(body);
    Content content = {.file = notice->file,
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
