/* fuzz-preflight - any bytes as the words of an update, as a link, a domain, a zip: the scanners
 * end, stay within them, and find what they say they find */
#include <stdint.h>
#include <string.h>

#include "letter/leftover.h"
#include "config/front.h"
#include "render/outline.h"
#include "rules/allow.h"
#include "rules/attachments.h"
#include "rules/content.h"
#include "rules/dates.h"
#include "rules/plaincheck.h"
#include "rules/typos.h"
#include "rules/weblink.h"
#include "rules/words.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void scan_dates(const char *text)
{
    gsize at = 0, before = 0;
    DateFound found;
    while (dates_next(text, &at, FALSE, &found)) {
        g_assert_true(found.start >= before && found.start < found.end && found.end == at);
        g_assert_true(found.day && found.day <= 31 && found.month && found.month <= 31);
        g_assert_true(found.weekday <= 7);
        if (found.possible && found.year)
            dates_weekday(found.day, found.month, found.year);
        before = at;
    }
    g_assert_cmpuint(at, ==, strlen(text));
    g_autoptr(GArray) years = g_array_new(FALSE, FALSE, sizeof(guint));
    dates_years(text, years);
}

static void scan_words(const char *text)
{
    const char *at = text;
    Word word;
    Reading reading = {0};
    while (words_next(&at, &word))
        g_assert_true(word.start < word.end && word_syllables(&word) >= 1);
    g_assert_true(*at == '\0');
    reading_add(&reading, text);
    reading_age(&reading);
}

static void scan_whole(const char *bytes, gsize size)
{
    g_autoptr(Findings) unheard = findings_new(), findings = findings_new();
    g_autoptr(Front) front = front_parse(bytes, size, "u.md", unheard);
    if (!front)
        return;
    g_autoptr(Allow) allow = allow_new("u.md", bytes, size, front);
    findings_silence(findings, allow_silences, allow);
    Markdown *markdown = markdown_new(bytes + front->body_offset, size - front->body_offset, "u.md",
                                      front->body_line, unheard);
    if (!markdown)
        return;
    g_autoptr(Outline) outline = outline_new(markdown);
    Content content = {.file = "u.md",
                       .front = front,
                       .outline = outline,
                       .images = markdown_images(markdown),
                       .lang = "en-GB",
                       .today = dates_number(23, 11, 2026),
                       .findings = findings};
    content_date(&content);
    content_check(&content);
    plaincheck_blocks("u.md", 1, outline, TRUE, findings);
    gboolean ran[RULE_WITH_DNS + 1] = {TRUE, TRUE, TRUE, TRUE, TRUE};
    allow_report(allow, ran, findings);
    guint lines = 1;
    for (gsize i = 0; i < size; i++)
        lines += bytes[i] == '\n' || bytes[i] == '\r';
    for (guint i = 0; i < findings_kept(findings); i++) {
        g_assert_cmpuint(findings_get(findings, i)->line, <=, lines + 1);
        g_assert_true(g_utf8_validate(findings_get(findings, i)->text, -1, NULL));
    }
    markdown_free(markdown);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *bytes = g_malloc(MAX(size, 1)); /* no byte to spare, so that ASan sees an overrun */
    if (size)
        memcpy(bytes, data, size);
    G_GNUC_UNUSED g_autofree char *zip = attachments_blocked_in_zip((const guint8 *)bytes, size);
    scan_whole(bytes, size);
    g_autofree char *raw = g_strndup(bytes, size);
    g_autofree char *text = g_utf8_make_valid(raw, -1);
    scan_dates(text);
    scan_words(text);
    G_GNUC_UNUSED g_autofree char *detail = NULL, *meant = typos_meant(text),
                                  *wide = plaincheck_wide(text),
                                  *blank = plaincheck_blank_greeting(text);
    weblink_judge(text, &detail);
    typos_parent(text);
    leftover_find(text);
    g_free(bytes);
    return 0;
}
