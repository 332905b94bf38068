/* test-letter - one recipient's message: her values and no other's, never as markup or as a header */
#include "office.h"

#include "mail/address.h"

static Letter *compile(Office *o, const char *update, Bundle **bundle)
{
    office_write(o, "news.md", update);
    g_autofree char *path = g_build_filename(o->f.folder, "news.md", NULL);
    g_autoptr(Value) settings = workspace_letter_settings(o->workspace, "heads");
    *bundle = workspace_bundle(o->workspace, path);
    Letter *letter = letter_compile(*bundle, settings, FALSE, o->findings);
    g_assert_nonnull(letter);
    return letter;
}

static Value *fields_of(const char *name, const char *urn)
{
    Value *fields = value_new_map();
    value_set_text(fields, "name", name);
    value_set_text(fields, "urn", urn);
    return fields;
}

/* The message, or NULL with error. */
static char *try_write(const Letter *letter, const char *name, const char *urn, GError **error)
{
    g_autoptr(Value) fields = fields_of(name, urn);
    GString *out = g_string_new(NULL);
    LetterCopy copy = {.to = "head@school.example",
                       .to_name = name,
                       .fields = fields,
                       .message_id = "<1@example.org>",
                       .date = "Mon, 5 Jan 2026 09:00:00 +0000",
                       .delivery = "news/1 token"};
    gboolean ok = letter_write(letter, &copy, out, error);
    return g_string_free(out, !ok);
}

static char *write_one(const Letter *letter, const char *name, const char *urn)
{
    g_autoptr(GError) error = NULL;
    char *message = try_write(letter, name, urn, &error);
    g_assert_no_error(error);
    return message;
}

/* The header block, lines unfolded. */
static char *headers_of(const char *message)
{
    const char *end = strstr(message, "\r\n\r\n");
    g_assert_nonnull(end);
    g_autofree char *block = g_strndup(message, (gsize)(end - message));
    GString *text = g_string_new(block);
    g_string_replace(text, "\r\n ", " ", 0);
    return g_string_free(text, FALSE);
}

#define PLAIN "---\nsubject: News for {{name}}\n---\nDear {{name}},\n\nschool {{urn}} is open.\n"

/* The same copy is the same bytes, and a copy made after another's holds nothing of it. */
static void test_own_values(Office *o, gconstpointer data)
{
    g_autoptr(Bundle) bundle = NULL;
    g_autoptr(Letter) letter = compile(o, PLAIN, &bundle);
    (void)data;
    g_autofree char *ann = write_one(letter, "Ann", "100001");
    g_autofree char *bob = write_one(letter, "Bob", "100002");
    g_autofree char *again = write_one(letter, "Ann", "100001");
    g_assert_cmpstr(ann, ==, again);
    g_assert_nonnull(strstr(ann, "Subject: News for Ann\r\n"));
    g_assert_nonnull(strstr(bob, "school 100002 is open"));
    g_assert_null(strstr(bob, "Ann"));
    g_assert_null(strstr(bob, "100001"));
    g_assert_null(strstr(ann, "{{"));
}

/* A value is text wherever it stands: no header, no tag, no Markdown, no field of another's. */
static void test_never_markup(Office *o, gconstpointer data)
{
    static const char *const values[] = {"x\r\nBcc: evil@example.org",
                                         "x\nBcc: evil@example.org",
                                         "<img src=//evil.example>",
                                         "[a](https://evil.example)",
                                         "{{urn}}",
                                         "**b** & \"q\" <e@x.example>"};
    g_autoptr(Bundle) bundle = NULL;
    g_autoptr(Letter) letter = compile(o, PLAIN, &bundle);
    (void)data;
    for (guint i = 0; i < G_N_ELEMENTS(values); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(Value) fields = fields_of(values[i], "100001");
        g_autofree char *message = write_one(letter, values[i], "100001");
        g_autofree char *headers = headers_of(message);
        g_autofree char *html = letter_html(letter, fields, &error);
        g_assert_no_error(error);
        g_assert_null(strstr(headers, "\nBcc"));
        g_assert_nonnull(strstr(headers, "head@school.example"));
        g_assert_null(strstr(html, "<img src=//evil"));
        g_assert_null(strstr(html, "href=\"https://evil"));
        g_assert_null(strstr(html, "<strong>b"));
        for (const char *at = message; (at = strchr(at, '\n')); at++)
            g_assert_cmpint(at[-1], ==, '\r'); /* no bare line end in what is sent */
    }
    g_autofree char *literal = write_one(letter, "{{urn}}", "100001");
    g_assert_nonnull(strstr(literal, "Dear {{urn}},"));
}

/* A file of her own that isn't there stops her letter, and says so; it is never left out. */
static void test_own_file(Office *o, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Bundle) bundle = NULL;
    g_autoptr(Letter) letter = compile(o,
                                       "---\nsubject: Figures\nattachments: ['{{urn}}.txt']\n---\n"
                                       "Dear {{name}},\n\nyour figures are in the file.\n",
                                       &bundle);
    (void)data;
    office_write(o, "100001.txt", "figures of one");
    g_assert_true(letter_has_own_files(letter));
    g_autofree char *message = write_one(letter, "Ann", "100001");
    g_assert_nonnull(strstr(message, "filename=\"100001.txt\""));
    g_assert_null(try_write(letter, "Bob", "100002", &error));
    assert_message(error, CIRCULAR_ERROR_NOINPUT, "100002.txt");
    g_assert_null(try_write(letter, "Eve", "../config", &error));
    g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD_OFFICE("/letter/own-values", test_own_values);
    ADD_OFFICE("/letter/never-markup", test_never_markup);
    ADD_OFFICE("/letter/own-file", test_own_file);
    return g_test_run();
}
