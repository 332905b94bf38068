/* fuzz-bulletin - any bytes as a notice, and what can be read composed into a digest: a letter's
 * Markdown comes of it, whose notices stand apart */
#include <stdint.h>
#include <string.h>

#include "digest/digest.h"
#include "markup/markdown.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void compose(const Notice *notice)
{
    g_autoptr(Findings) findings = findings_new();
    g_autoptr(GPtrArray) notices = g_ptr_array_new();
    g_ptr_array_add(notices, (gpointer)notice);
    g_ptr_array_add(notices, (gpointer)notice);
    DigestSpec spec = {.title = "News",
                       .subject = "{{digest_items}}",
                       .subject_file = "config",
                       .contents = "Contents",
                       .pinned = "First",
                       .events = "Dates",
                       .other = "Other",
                       .updated = "Updated",
                       .today = notice->date};
    g_autoptr(Digest) digest = digest_new(&spec, notices, findings);
    g_assert_nonnull(digest);
    gsize length;
    guint line;
    const char *text = g_bytes_get_data(digest_update(digest), &length);
    g_autoptr(Front) front = front_parse(text, length, "digest", findings);
    g_assert_true(g_utf8_validate_len(text, length, NULL));
    if (!front) /* a title may hold what YAML doesn't take */
        return;
    G_GNUC_UNUSED g_autoptr(Markdown) markdown =
        markdown_new(text + front->body_offset, length - front->body_offset, "digest",
                     front->body_line, findings);
    for (guint i = 0; i < findings_kept(findings); i++)
        g_assert_nonnull(digest_origin(digest, findings_get(findings, i)->line, &line));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *bytes = g_malloc(MAX(size, 1)); /* no byte to spare, so that ASan sees an overrun */
    if (size)
        memcpy(bytes, data, size);
    g_autoptr(Findings) findings = findings_new();
    g_autoptr(Notice) notice = notice_parse(bytes, size, "notices/a.md", findings);
    g_assert_true((notice == NULL) == (findings_count(findings, FINDING_ERROR) > 0));
    if (notice) {
        g_assert_true(notice->date && notice->revision && notice->title.text && notice->body);
        g_assert_true(!notice->event || notice->event >= notice->date);
        g_assert_true(!notice->expires || notice->expires >= notice->date);
        G_GNUC_UNUSED g_autofree char *title = notice_title(notice), *when = notice_when(notice);
        g_assert_nonnull(title);
        compose(notice);
    }
    g_free(bytes);
    return 0;
}
