/* test-compose - every structure, with values as bad as they come, read back by GMime and by Python
 */
#include <glib/gstdio.h>

#include "reading.h"

static const char *const hostile[] = {
    "Autumn update",
    "<b>bold</b> & {{y}}",
    "\"><script>alert(1)</script>",
    "a\r\nBcc: x@example.org",
    "a\r\n\r\nX-Injected: 1",
    "' OR 1=1 --",
    "=?utf-8?Q?not_meant?=",
    "a =?b",
    "two  spaces",
    "Siân Ŵyn-Jones, Ysgol Gymraeg",
    "Zażółć gęślą jaźń",
    "O’Neill & Sons, “Ltd”",
    "Ann \"Annie\" Smith \\ Co.",
    "ann@example.org",
    "undisclosed-recipients:;",
    "Carol (Mrs)",
    "בית ספר ירושלים",
    "مدرسة القدس الابتدائية في المدينة",
    "日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語",
    "St Thomas More Roman Catholic Voluntary Aided Primary School and Nursery, Saltley & more",
    "wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww",
    "--=_a_plan\r\n\r\n--=_a_plan--",
    ".",
    "From here",
    "😀 emoji \xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x8f\xab",
};

static const char *const filenames[] = {
    "report.pdf",
    "Adroddiad Ŵythnosol – Siân.docx",
    "a \"quoted\" name; x=y, (z).csv",
    "100% 'true' \\ no.txt",
    "=?utf-8?Q?x?=.png",
    "日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語.xlsx",
    "a-very-long-but-plain-name-of-a-file-that-somebody-gave-it-with-time-on-their-hands-2.pptx",
    "מסמך.odt",
    "no extension",
    ".hidden",
    "evil\r\nX-Injected: 1.zip",
    "../../etc/passwd",
    "trailing.",
};

/* --- and with Python ------------------------------------------------------------------------- */

static char *folder; /* where messages are kept for strict.py */
static GPtrArray *kept;

static void want(GString *out, const char *name, const char *value)
{
    g_autofree char *escaped = g_uri_escape_string(value, NULL, FALSE);
    g_string_append_printf(out, "%s=%s\n", name, escaped);
}

static void want_files(GString *out, const ComposeFile *files, guint count)
{
    for (guint i = 0; i < count; i++) {
        g_autofree char *name = wanted_filename(files[i].filename);
        want(out, "file", name);
    }
}

static void keep(const GString *bytes, const Letter *letter)
{
    g_autoptr(GString) wants = g_string_new(NULL);
    g_autofree char *subject = wanted_value(letter->subject, FALSE);
    g_autofree char *name = wanted_value(letter->to_name ? letter->to_name : "", TRUE);
    want(wants, "subject", subject);
    want(wants, "to_name", name);
    want(wants, "to", "head@school.example");
    want(wants, "text", letter->text);
    want(wants, "html", letter->html);
    want_files(wants, letter->embedded, letter->n_embedded);
    want_files(wants, letter->attached, letter->n_attached);
    want_files(wants, letter->more, letter->n_more);

    char *eml = g_strdup_printf("%s/%u.eml", folder, kept->len);
    g_autofree char *beside = g_strdup_printf("%s/%u.want", folder, kept->len);
    g_assert_true(g_file_set_contents(eml, bytes->str, (gssize)bytes->len, NULL));
    g_assert_true(g_file_set_contents(beside, wants->str, -1, NULL));
    g_ptr_array_add(kept, eml);
}

static void check(const Letter *letter, const char *shape)
{
    g_autoptr(GString) bytes = compose(letter);
    assert_reads(bytes, letter, shape);
    keep(bytes, letter);
}

/* --- tests ----------------------------------------------------------------------------------- */

static const char plain[] = "Dear head,\n\n.\nFrom here on: 1 = 1 – Siân\n-- \nThe office\n";
static const char html[] = "<p>Dear head &amp; all,</p>\n<p>Siân says \"=_\"</p>\n";
static const char png[] = "\x89PNG\r\n\x1a\n\0\xff binary";

static void test_shapes(void)
{
    static const ComposeFile image = {"logo.png", "logo.1@example.org", png, sizeof png};
    static const ComposeFile pdf = {"report.pdf", NULL, png, sizeof png};
    static const struct {
        guint n_embedded, n_attached, n_more;
        gboolean attaches_more;
        const char *shape;
    } cases[] = {
        {0, 0, 0, FALSE, "alternative(plain html)"},
        {1, 0, 0, FALSE, "related(alternative(plain html) png)"},
        {2, 0, 0, FALSE, "related(alternative(plain html) png png)"},
        {0, 1, 0, FALSE, "mixed(alternative(plain html) pdf)"},
        {0, 0, 0, TRUE, "mixed(alternative(plain html))"},
        {0, 0, 1, TRUE, "mixed(alternative(plain html) pdf)"},
        {0, 2, 2, TRUE, "mixed(alternative(plain html) pdf pdf pdf pdf)"},
        {1, 1, 1, TRUE, "mixed(related(alternative(plain html) png) pdf pdf)"},
        {2, 2, 0, FALSE, "mixed(related(alternative(plain html) png png) pdf pdf)"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        Letter letter = {.subject = "Autumn", .to_name = "Ann", .text = plain, .html = html};
        letter.n_embedded = cases[i].n_embedded;
        letter.n_attached = cases[i].n_attached;
        letter.n_more = cases[i].n_more;
        letter.attaches_more = cases[i].attaches_more;
        for (guint n = 0; n < 2; n++) {
            letter.embedded[n] = image;
            letter.attached[n] = letter.more[n] = pdf;
        }
        letter.is_bare = FALSE;
        check(&letter, cases[i].shape);
        letter.is_bare = TRUE;
        check(&letter, cases[i].shape);
    }
}

static void test_hostile_values(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(hostile); i++) {
        g_autofree char *lines = g_strconcat(hostile[i], "\n", NULL);
        g_autoptr(GString) text = g_string_new(lines);
        g_string_replace(text, "\r\n", "\n", 0);
        Letter letter = {
            .subject = hostile[i], .to_name = hostile[i], .text = text->str, .html = text->str};
        check(&letter, "alternative(plain html)");
    }
}

/* Texts that end in every way: their end is theirs, not the boundary's. */
static void test_ends(void)
{
    static const char *const texts[] = {"", "x", "x\n", "x\n\n", "\n", "x ", " ", ".", "--"};
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
        Letter letter = {.subject = "x", .text = texts[i], .html = texts[i]};
        g_autoptr(GString) bytes = compose(&letter);
        assert_reads(bytes, &letter, "alternative(plain html)");
    }
}

static void test_filenames(void)
{
    Letter letter = {.subject = "files", .to_name = "Ann", .text = plain, .html = html};
    for (guint i = 0; i < G_N_ELEMENTS(filenames); i++)
        letter.attached[letter.n_attached++] =
            (ComposeFile){filenames[i], NULL, "some text\n", strlen("some text\n")};
    check(&letter, NULL);
}

/* Every length about a base64 line. */
static void test_base64(void)
{
    g_autofree char *bytes = g_malloc(300);
    for (guint i = 0; i < 300; i++)
        bytes[i] = (char)(i * 7);
    for (gsize length = 0; length < 240; length++) {
        Letter letter = {.subject = "x", .text = "x", .html = "y", .n_attached = 1};
        letter.attached[0] = (ComposeFile){"a.bin", NULL, bytes, length};
        g_autoptr(GString) out = compose(&letter);
        assert_reads(out, &letter, NULL);
        g_auto(GStrv) lines = g_strsplit(out->str, "\r\n", -1);
        for (char **line = lines; *line; line++)
            g_assert_cmpuint(strlen(*line), <=, PART_WIDTH);
    }
}

static void test_charset(void)
{
    static const struct {
        const char *filename, *bytes, *line;
    } cases[] = {
        {"a.txt", "Siân", "Content-Type: text/plain; charset=utf-8;\r\n name=\"a.txt\"\r\n"},
        {"a.CSV", "Si\xe2n", "Content-Type: text/csv;\r\n name=\"a.CSV\"\r\n"},
        {"a.pdf", "Siân", "Content-Type: application/pdf;\r\n name=\"a.pdf\"\r\n"},
        {"Sŵn.pdf", "x", "Content-Type: application/pdf;\r\n name=\"Swn.pdf\"\r\n"},
        {"a", "x", "Content-Type: application/octet-stream;\r\n name=\"a\"\r\n"},
        {"a.eml", "x", "Content-Type: application/octet-stream;\r\n name=\"a.eml\"\r\n"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        ComposeFile file = {cases[i].filename, NULL, cases[i].bytes, strlen(cases[i].bytes)};
        g_autoptr(GString) out = g_string_new(NULL);
        part_append(out, &file);
        g_assert_true(g_str_has_prefix(out->str, cases[i].line));
    }
}

static void test_media(void)
{
    g_assert_cmpstr(media_type("a.pdf"), ==, "application/pdf");
    g_assert_cmpstr(media_type("a.b.PDF"), ==, "application/pdf");
    g_assert_cmpstr(media_type("pdf"), ==, "application/octet-stream");
    g_assert_cmpstr(media_type("a."), ==, "application/octet-stream");
    g_assert_cmpstr(media_type(""), ==, "application/octet-stream");
    g_assert_cmpstr(media_type("a.ics"), ==, "text/calendar");
}

static void test_same_bytes(void)
{
    Letter letter = {.subject = "x", .text = plain, .html = html, .n_attached = 1};
    letter.attached[0] = (ComposeFile){"a.bin", NULL, "x", 1};
    g_autoptr(GString) once = compose(&letter), again = compose(&letter);
    g_assert_cmpmem(once->str, once->len, again->str, again->len);
}

/* A boundary from hostile words still is one. */
static void test_boundary(void)
{
    static const char *const words[] = {
        "", "a\"\r\nb", NULL, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
    g_autoptr(Address) from = address_parse("d@example.org", NULL);
    for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
        ComposeOptions options = {.from = from, .boundary = words[i]};
        ComposeHeaders headers = {.to = "a@b.example",
                                  .subject = "x",
                                  .date = "Mon, 05 Jan 2026 09:00:00 +0000",
                                  .message_id = "<1@example.org>"};
        g_autoptr(Compose) self = compose_new(&options);
        g_autoptr(GString) out = g_string_new(NULL);
        g_autoptr(Splice) splice = splice_new();
        compose_head(self, splice, &headers);
        compose_html(self, splice);
        compose_end(self, splice, NULL, 0);
        splice_end(splice);
        splice_gather(splice, out);
        GMimeMessage *message = parse(out);
        GMimeObject *root = g_mime_message_get_mime_part(message);
        g_assert_cmpint(g_mime_multipart_get_count(GMIME_MULTIPART(root)), ==, 2);
        g_object_unref(message);
    }
}

static void test_speed(void)
{
    g_autoptr(Address) from = address_parse_mailbox("Director <d@example.org>", NULL);
    ComposeOptions options = {.from = from, .list_id = "a.example.org", .boundary = "plan"};
    ComposeHeaders headers = {.to = "head@school.example",
                              .subject = "Autumn term: dates, places and calls for interest",
                              .date = "Mon, 05 Jan 2026 09:00:00 +0000",
                              .message_id = "<1.plan@example.org>",
                              .delivery = "plan/1",
                              .unsubscribe = "mailto:u+abc@example.org"};
    static const char *const names[] = {"Ann Smith", "Siân Smith"};
    g_autoptr(Compose) self = compose_new(&options);
    g_autoptr(Splice) out = splice_new();
    for (guint n = 0; n < G_N_ELEMENTS(names); n++) {
        const guint rounds = 20000;
        gint64 start = g_get_monotonic_time();
        headers.to_name = names[n];
        for (guint i = 0; i < rounds; i++) {
            splice_clear(out);
            compose_head(self, out, &headers);
            compose_html(self, out);
            compose_end(self, out, NULL, 0);
            splice_end(out);
        }
        g_test_message("%s: %.2f us a message beside its texts", names[n],
                       (double)(g_get_monotonic_time() - start) / rounds);
    }
}

/* Last: all that was kept, read by Python. */
static void test_python(void)
{
    g_autofree char *python = g_find_program_in_path("python3");
    g_autofree char *script = g_test_build_filename(G_TEST_DIST, "strict.py", NULL);
    if (!python) {
        g_test_skip("no python3");
        return;
    }
    if (!g_file_test(script, G_FILE_TEST_EXISTS)) {
        g_free(script);
        script = g_strdup("tests/unit/strict.py");
    }
    g_autoptr(GPtrArray) arguments = g_ptr_array_new();
    g_ptr_array_add(arguments, python);
    g_ptr_array_add(arguments, script);
    for (guint i = 0; i < kept->len; i++)
        g_ptr_array_add(arguments, kept->pdata[i]);
    g_ptr_array_add(arguments, NULL);
    g_autofree char *said = NULL;
    g_autoptr(GError) error = NULL;
    int status = -1;
    g_spawn_sync(NULL, (char **)arguments->pdata, NULL, 0, NULL, NULL, &said, NULL, &status,
                 &error);
    g_assert_no_error(error);
    if (*said)
        g_test_message("%s", said);
    g_assert_cmpint(status, ==, 0);
    g_test_message("%u messages", kept->len);
}

static void clear_up(void)
{
    for (guint i = 0; i < kept->len; i++) {
        g_autofree char *beside = g_strdup_printf("%s/%u.want", folder, i);
        g_unlink(kept->pdata[i]);
        g_unlink(beside);
    }
    g_rmdir(folder);
    g_ptr_array_unref(kept);
    g_free(folder);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_mime_init();
    folder = g_dir_make_tmp("circular-compose-XXXXXX", NULL);
    kept = g_ptr_array_new_with_free_func(g_free);
    g_test_add_func("/compose/shapes", test_shapes);
    g_test_add_func("/compose/hostile-values", test_hostile_values);
    g_test_add_func("/compose/ends", test_ends);
    g_test_add_func("/compose/filenames", test_filenames);
    g_test_add_func("/compose/base64", test_base64);
    g_test_add_func("/compose/charset", test_charset);
    g_test_add_func("/compose/media", test_media);
    g_test_add_func("/compose/same-bytes", test_same_bytes);
    g_test_add_func("/compose/boundary", test_boundary);
    g_test_add_func("/compose/speed", test_speed);
    g_test_add_func("/compose/python", test_python);
    int status = g_test_run();
    clear_up();
    return status;
}
