/* test-splice - a letter made of pieces is the letter that is written out word by word
 *
 * The reference is slow and plain: every literal of the templates is encoded anew for each recipient
 * and copied, as is everything else.
 */
#include <string.h>

#include "awkward.h"
#include "base/error.h"
#include "letter/parts.h"
#include "mail/qp.h"

/* --- pieces ---------------------------------------------------------------------------------- */

static GString *random_lines(void)
{
    static const char *const lines[] = {"",     "x",      "a line.",  ".",      "..",
                                        ".dot", "lone\r", "lone\nlf", "=C3=A9", "From x"};
    GString *out = g_string_new(NULL);
    guint count = (guint)g_test_rand_int_range(0, 60);
    gboolean is_plain = g_test_rand_bit();
    while (count--) {
        guint which = (guint)g_test_rand_int_range(0, G_N_ELEMENTS(lines));
        if (!is_plain || (which != 0 && (which < 3 || which > 7)))
            g_string_append_printf(out, "%s\r\n", lines[which]);
    }
    if (!is_plain && g_test_rand_bit())
        g_string_append(out, "no end");
    return out;
}

/* Whatever the order of own and borrowed bytes, and however often it was used before. */
static void test_random_pieces(void)
{
    g_autoptr(Splice) splice = splice_new();
    for (guint round = 0; round < 2000; round++) {
        g_autoptr(GPtrArray) constants =
            g_ptr_array_new_with_free_func((GDestroyNotify)constant_free);
        g_autoptr(GString) want = g_string_new(NULL), got = g_string_new(NULL);
        splice_clear(splice);
        for (gint parts = g_test_rand_int_range(0, 8); parts > 0; parts--) {
            GString *lines = random_lines();
            g_string_append_len(want, lines->str, (gssize)lines->len);
            if (g_test_rand_bit()) {
                Constant *constant = constant_new(lines);
                g_ptr_array_add(constants, constant);
                splice_borrow(splice, constant);
            } else {
                g_string_append_len(splice->own, lines->str, (gssize)lines->len);
                g_string_free(lines, TRUE);
            }
        }
        splice_end(splice);
        splice_gather(splice, got);
        g_assert_cmpmem(got->str, got->len, want->str, want->len);
        g_assert_cmpuint(splice->length, ==, want->len);
        for (guint i = 0; i < splice->pieces->len; i++)
            g_assert_cmpuint(g_array_index(splice->pieces, struct iovec, i).iov_len, >, 0);
        if (splice->is_plain)
            g_assert_true(splice_is_plain(want->str, want->len));
    }
}

/* What is shared is pointed at, what is short is copied, and a large one's room is given back. */
static void test_borrowed(void)
{
    g_autoptr(Constant) nothing = constant_new(g_string_new(NULL));
    for (gint more = -1; more <= 1; more++) {
        GString *bytes = g_string_new(NULL);
        g_string_set_size(bytes, (gsize)(SPLICE_COPY_MAX + more));
        memset(bytes->str, 'x', bytes->len);
        const char *at = bytes->str;
        g_autoptr(Constant) constant = constant_new(bytes);
        g_autoptr(Splice) splice = splice_new();
        splice_borrow(splice, nothing);
        splice_borrow(splice, constant);
        splice_end(splice);
        g_assert_cmpuint(splice->pieces->len, ==, 1);
        const char *piece = g_array_index(splice->pieces, struct iovec, 0).iov_base;
        g_assert_cmpint(piece == at, ==, more > 0);
    }
    g_autoptr(Splice) splice = splice_new();
    g_string_set_size(splice->own, 1 << 20);
    splice_clear(splice);
    g_assert_cmpuint(splice->own->allocated_len, <=, SPLICE_ROOM_MAX);
    splice_end(splice);
    g_assert_cmpuint(splice->pieces->len, ==, 0);
    g_assert_false(splice->is_plain); /* an empty message can't be sent as it is */
}

/* --- letters --------------------------------------------------------------------------------- */

enum { ATTACHED = 1 << 20 };

static GBytes *open_update(void *user, const char *name, GError **error)
{
    if (g_str_equal(name, "file:all.pdf")) {
        g_autofree char *file = g_strnfill(ATTACHED, 'x');
        return g_bytes_new(file, ATTACHED);
    }
    GBytes *bytes =
        g_str_equal(name, "update") ? g_bytes_new(user, strlen(user)) : bundle_builtin(name);
    if (!bytes)
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_NOINPUT, "%s: isn't there", name);
    return bytes;
}

static Value *settings(void)
{
    Value *map = value_new_map(), *office = value_new_map();
    value_set_text(map, "audience", "Headteachers");
    value_set_text(map, "from", "Director of Schools <schools@example.org>");
    value_set_text(map, "reply_to", "office@example.org");
    value_set_text(map, "lang", "en-GB");
    value_set_text(map, "list_id", "heads.example.org");
    value_set_text(map, "list_name", "Headteachers");
    value_set_text(map, "unsubscribe", "unsubscribe@example.org");
    value_set_text(office, "name", "Office of Schools");
    value_set_text(office, "address", "1 Market Square");
    value_set_text(office, "contact", "");
    value_set(map, "office", office);
    return map;
}

static const char *const VALUES[] = {
    "",
    "x",
    "Ann Smith",
    "Siân O’Donoghue",
    ".",
    ".dots at the start",
    "From the office",
    "St Bega's & St Hild's <Primary> School",
    "a=b==c= ",
    "two\nlines\r\nand a third",
    "\n.\n",
    "tab\tand  blanks  ",
    "学校からのお知らせです",
    "مرحبا",
    "\xc3\x28 broken \xff",
    "javascript:alert(1)",
    "https://example.org/?a=1&b=\"2\"#c d",
    "\xe2\x80\xae turned \xe2\x80\xac",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "Mae’r ysgol ar agor ddydd Llun; 9.30 am, 20 January, 01632 960123 and more that is longer "
    "than "
    "one line of a letter is, so that it has to be wrapped and then encoded",
};

static const char *random_value(void)
{
    return VALUES[g_test_rand_int_range(0, G_N_ELEMENTS(VALUES))];
}

static Value *random_fields(void)
{
    Value *map = value_new_map(), *rows = value_new_list();
    value_set_text(map, "a", random_value());
    value_set_text(map, "b", random_value());
    value_set_text(map, "c", random_value());
    for (gint count = g_test_rand_int_range(0, 4); count > 0; count--) {
        Value *row = value_new_map();
        value_set_text(row, "d", random_value());
        value_append(rows, row);
    }
    value_set(map, "rows", rows);
    return map;
}

/* An update of a few awkward documents with fields between them, in every kind of place. */
static char *random_update(void)
{
    static const char *const places[] = {
        "Dear {{a}},\n",
        "{{b}}\n",
        ".{{c}} begins with a dot, {{a}} doesn't.\n",
        "- {{a}}\n- **{{b}}** and *{{c}}*\n- `{{a}}`\n",
        "> {{a}}: {{b}}\n",
        "[{{a}}](https://example.org/{{b}}?c={{c}})\n",
        "{{#a}}\nOnly with {{a}}.\n{{/a}}\n",
        "{{#rows}}\n- {{d}} of {{a}}\n{{/rows}}\n",
        "{{^b}}\nNothing of that.\n{{/b}}\n",
        "## Of {{c}}\n",
        "``` table\nName,Value\n{{a}},{{b}}\n```\n",
    };
    GString *out = g_string_new("---\nsubject: \"News for {{a}}: {{b}}\"\n---\n\n");
    for (gint parts = g_test_rand_int_range(1, 9); parts > 0; parts--) {
        guint doc = (guint)g_test_rand_int_range(0, G_N_ELEMENTS(awkward));
        guint place = (guint)g_test_rand_int_range(0, G_N_ELEMENTS(places));
        g_string_append_printf(out, "%s\n", places[place]);
        if (g_test_rand_bit())
            g_string_append_printf(out, "%s\n\n", awkward[doc].source);
    }
    return g_string_free(out, FALSE);
}

typedef struct {
    const Template *template;
    GString *out;
} Plain;

static void plain_literal(void *user, guint number)
{
    Plain *plain = user;
    gsize length;
    const char *literal = template_literal(plain->template, number, &length);
    qp_append(plain->out, literal, length);
}

static void plain_value(void *user, const char *bytes, gsize length)
{
    qp_append(((Plain *)user)->out, bytes, length);
}

static void write_plainly(const Template *template, const LetterCopy *copy, GString *out)
{
    g_autoptr(GError) error = NULL;
    Plain plain = {template, out};
    TemplateSink sink = {
        plain_literal, plain_value, &plain, {copy->unsubscribe, copy->answer}, NULL};
    template_render(template, copy->fields, &sink, &error);
    g_assert_no_error(error);
}

/* The message with its headers, boundaries and files as they stand in `splice` and its texts written
 * plainly. */
static GString *reference(const Letter *letter, const LetterCopy *copy)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *subject = letter_subject(letter, copy->fields, &error);
    g_assert_no_error(error);
    ComposeHeaders headers = {.to_name = copy->to_name,
                              .to = copy->to,
                              .subject = subject,
                              .date = copy->date,
                              .message_id = copy->message_id,
                              .unsubscribe = copy->unsubscribe,
                              .delivery = copy->delivery};
    g_autoptr(Splice) splice = splice_new();
    GString *out = g_string_new(NULL);
    compose_head(letter->compose, splice, &headers);
    splice_end(splice);
    splice_gather(splice, out);
    write_plainly(letter->text.template, copy, out);
    splice_clear(splice);
    compose_html(letter->compose, splice);
    splice_end(splice);
    splice_gather(splice, out);
    write_plainly(letter->html.template, copy, out);
    splice_clear(splice);
    compose_end(letter->compose, splice, NULL, 0);
    splice_end(splice);
    splice_gather(splice, out);
    return out;
}

static void assert_same(const Letter *letter, Splice *splice)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Value) fields = random_fields();
    g_autofree char *uri = g_strdup_printf("mailto:u@example.org?subject=x%%20%u",
                                           (guint)g_test_rand_int_range(0, 100000));
    LetterCopy copy = {.to = "head@school.example",
                       .to_name = random_value(),
                       .fields = fields,
                       .message_id = "<1.plan@example.org>",
                       .date = "Mon, 05 Jan 2026 09:00:00 +0000",
                       .delivery = "plan/1 token",
                       .unsubscribe = uri};
    g_autoptr(GString) want = reference(letter, &copy), got = g_string_new(NULL);
    g_autoptr(GString) written = g_string_new(NULL);
    g_assert_true(letter_splice(letter, &copy, splice, &error));
    splice_gather(splice, got);
    g_assert_cmpstr(got->str, ==, want->str);
    g_assert_cmpuint(got->len, ==, want->len);
    g_assert_true(splice->is_plain); /* whatever the values hold */
    g_assert_true(splice_is_plain(got->str, got->len));
    g_assert_true(letter_write(letter, &copy, written, &error));
    g_assert_cmpmem(written->str, written->len, want->str, want->len);
}

static void test_random_letters(void)
{
    guint rounds = g_test_slow() ? 2000 : 60, compiled = 0;
    g_autoptr(Splice) splice = splice_new();
    g_autoptr(Value) with = settings();
    for (guint i = 0; i < rounds; i++) {
        g_autofree char *update = random_update();
        g_autoptr(Findings) findings = findings_new();
        Bundle *bundle = bundle_new("update.md", open_update, update, NULL);
        g_autoptr(Letter) letter = letter_compile(bundle, with, TRUE, findings);
        for (guint n = 0; letter && n < 10; n++)
            assert_same(letter, splice);
        compiled += letter != NULL;
        g_clear_pointer(&letter, letter_free);
        bundle_free(bundle);
    }
    g_test_message("%u of %u updates compiled", compiled, rounds);
    g_assert_cmpuint(compiled, >, rounds / 3);
}

/* What a letter in hand costs doesn't grow with what is attached for everybody. */
static void test_attached_once(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Value) with = settings(), fields = random_fields();
    g_autoptr(Findings) findings = findings_new();
    char update[] = "---\nsubject: x\nattachments: [\"all.pdf\"]\n---\n\nDear {{a}},\n\nlook.\n";
    Bundle *bundle = bundle_new("update.md", open_update, update, NULL);
    g_autoptr(Letter) letter = letter_compile(bundle, with, FALSE, findings);
    g_assert_nonnull(letter);
    const char *file = NULL;
    for (guint i = 0; i < 16; i++) {
        g_autoptr(Splice) splice = splice_new();
        LetterCopy copy = {.to = "head@school.example",
                           .to_name = "",
                           .fields = fields,
                           .message_id = "<1.plan@example.org>",
                           .date = "Mon, 05 Jan 2026 09:00:00 +0000"};
        g_assert_true(letter_splice(letter, &copy, splice, &error));
        g_assert_cmpuint(splice->length, >, ATTACHED);
        g_assert_cmpuint(splice->own->allocated_len, <=, SPLICE_ROOM_MAX);
        for (guint n = 0; n < splice->pieces->len; n++) {
            const struct iovec *piece = &g_array_index(splice->pieces, struct iovec, n);
            g_assert_true(piece->iov_len < ATTACHED || !file || piece->iov_base == file);
            file = piece->iov_len >= ATTACHED ? piece->iov_base : file;
        }
        g_assert_nonnull(file);
    }
    g_clear_pointer(&letter, letter_free);
    bundle_free(bundle);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/splice/random-pieces", test_random_pieces);
    g_test_add_func("/splice/borrowed", test_borrowed);
    g_test_add_func("/splice/random-letters", test_random_letters);
    g_test_add_func("/splice/attached-once", test_attached_once);
    return g_test_run();
}
