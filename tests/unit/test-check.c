/* test-preflight - what an update allows, attachments, plain text, addresses, pace */
#include <string.h>

#include "letter/leftover.h"
#include "rules/addressbook.h"
#include "rules/allow.h"
#include "rules/attachments.h"
#include "rules/plaincheck.h"
#include "rules/sendercheck.h"

/* --- allow ----------------------------------------------------------------------------------- */

static Allow *allow_of(const char *text)
{
    g_autoptr(Findings) findings = findings_new();
    g_autoptr(Front) front = front_parse(text, strlen(text), "u.md", findings);
    g_assert_nonnull(front);
    return allow_new("u.md", text, strlen(text), front);
}

/* The lines of 1 to 20 on which `id` is silenced, as "3 4 5". */
static char *silenced(const char *text, const char *id)
{
    g_autoptr(Allow) allow = allow_of(text);
    GString *out = g_string_new(NULL);
    for (guint line = 1; line <= 20; line++)
        if (allow_silences(allow, "u.md", line, id))
            g_string_append_printf(out, "%s%u", out->len ? " " : "", line);
    return g_string_free(out, FALSE);
}

static void on(const char *text, const char *id, const char *lines)
{
    g_autofree char *found = silenced(text, id);
    g_assert_cmpstr(found, ==, lines);
}

static void test_allow_places(void)
{
    const char *alone = "one\n\n<!-- circular: allow capitals -->\ntwo\nthree\n\nfour\n";
    on(alone, "capitals", "4 5");
    on(alone, "link-text", "");
    on("<!-- circular: allow a-b,capitals -->\n\n\ntwo\n\nx", "capitals", "4");
    on("<!-- circular: allow capitals -->\r\ntwo\r\n\r\nx", "capitals", "2");
    on("one <!-- circular: allow capitals -->\ntwo", "capitals", "1");
    on("> <!--circular:allow capitals-->\n> two\n>\n> three", "capitals", "2");
    on("<!-- circular: allow capitals -->\n<!-- circular: allow link-text -->\ntwo\n\nx",
       "capitals", "3");
    on("<!-- circular: allow capitals -->", "capitals", "2");
    on("```\n<!-- circular: allow capitals -->\nx\n```\n", "capitals", "");
    on("~~~\n```\n<!-- circular: allow capitals -->\n~~~\n", "capitals", "");
    on("<!-- allow capitals -->\ntwo", "capitals", "");
    on("<!-- circular: allow capitals\ntwo", "capitals", "");
}

static void test_allow_front(void)
{
    g_autoptr(Allow) allow = allow_of("---\nallow: [capitals, nobody]\n---\nx\n");
    g_assert_true(allow_silences(allow, "u.md", 9, "capitals"));
    g_assert_true(allow_silences(allow, "lists/a.csv", 3, "nobody"));
    g_assert_true(allow_silences(allow, NULL, 0, "nobody"));
    g_assert_false(allow_silences(allow, "u.md", 9, "link-text"));
    g_assert_cmpuint(allow_silenced(allow), ==, 3);
    g_autoptr(Allow) one = allow_of("---\nallow: capitals\n---\nx\n");
    g_assert_true(allow_silences(one, "u.md", 1, "capitals"));
}

static void test_allow_place_is_of_the_update(void)
{
    g_autoptr(Allow) allow = allow_of("<!-- circular: allow garbled -->\nx\n");
    g_assert_false(allow_silences(allow, "lists/a.csv", 2, "garbled"));
    g_assert_true(allow_silences(allow, "u.md", 2, "garbled"));
}

static void test_allow_report(void)
{
    g_autoptr(Findings) findings = findings_new();
    gboolean ran[RULE_WITH_DNS + 1] = {[RULE_ALWAYS] = TRUE};
    g_autoptr(Allow) allow =
        allow_of("---\nallow: [capitals, dead-link, captals, zzzzzzzzz]\n---\nx\n");
    allow_report(allow, ran, findings);
    g_assert_cmpuint(findings_count_id(findings, "allow-unused"), ==, 1); /* no --links: no word */
    g_assert_cmpuint(findings_count_id(findings, "allow-unknown"), ==, 2);
    g_assert_nonnull(strstr(findings_get(findings, 1)->text, "did you mean 'capitals'"));
    ran[RULE_WITH_LINKS] = TRUE;
    allow_report(allow, ran, findings);
    g_assert_cmpuint(findings_count_id(findings, "allow-unused"), ==, 3);
}

static guint count_allowed(guint ids)
{
    g_autoptr(GString) text = g_string_new("<!-- circular: allow");
    for (guint i = 0; i < ids; i++)
        g_string_append_printf(text, " no%u", i);
    g_string_append(text, " -->\nx\n");
    g_autoptr(Allow) allow = allow_of(text->str);
    guint silent = 0;
    for (guint i = 0; i < ids; i++) {
        g_autofree char *id = g_strdup_printf("no%u", i);
        silent += allow_silences(allow, "u.md", 2, id);
    }
    return silent;
}

static void test_allow_limit(void)
{
    g_assert_cmpuint(count_allowed(ALLOW_MAX - 1), ==, ALLOW_MAX - 1);
    g_assert_cmpuint(count_allowed(ALLOW_MAX), ==, ALLOW_MAX);
    g_assert_cmpuint(count_allowed(ALLOW_MAX + 1), ==, ALLOW_MAX);
}

/* --- attachments ----------------------------------------------------------------------------- */

static void append_number(GByteArray *out, guint32 number, guint bytes)
{
    for (guint i = 0; i < bytes; i++, number >>= 8) {
        guint8 byte = number & 0xff;
        g_byte_array_append(out, &byte, 1);
    }
}

/* The directory of a zip of `count` files, the last of which is called `last`. */
static GByteArray *zip_of(guint count, const char *last)
{
    GByteArray *out = g_byte_array_new();
    for (guint i = 0; i < count; i++) {
        const char *name = i + 1 == count ? last : "a.txt";
        g_byte_array_append(out, (const guint8 *)"PK\1\2", 4);
        for (guint n = 0; n < 24; n++)
            append_number(out, 0, 1);
        append_number(out, (guint32)strlen(name), 2);
        append_number(out, 0, 4);
        for (guint n = 0; n < 12; n++)
            append_number(out, 0, 1);
        g_byte_array_append(out, (const guint8 *)name, (guint)strlen(name));
    }
    guint end = out->len;
    g_byte_array_append(out, (const guint8 *)"PK\5\6", 4);
    append_number(out, 0, 4);
    append_number(out, count, 2);
    append_number(out, count, 2);
    append_number(out, end, 4);
    append_number(out, 0, 4); /* the directory begins at 0 */
    append_number(out, 0, 2);
    return out;
}

static void zip_is(guint count, const char *last, const char *expected)
{
    g_autoptr(GByteArray) zip = zip_of(count, last);
    g_autofree char *found = attachments_blocked_in_zip(zip->data, zip->len);
    g_assert_cmpstr(found, ==, expected);
    for (guint cut = 0; cut < MIN(zip->len, 200); cut++) { /* cut off anywhere: no overrun */
        g_autofree guint8 *part = g_memdup2(zip->data + cut, zip->len - cut);
        G_GNUC_UNUSED g_autofree char *any = attachments_blocked_in_zip(part, zip->len - cut);
    }
}

static void test_zip(void)
{
    zip_is(1, "setup.EXE", "setup.EXE");
    zip_is(3, "dir/a.js", "dir/a.js");
    zip_is(2, "form.pdf", NULL);
    zip_is(0, "", NULL);
    zip_is(ATTACHMENTS_ZIP_MAX - 1, "x.exe", "x.exe");
    zip_is(ATTACHMENTS_ZIP_MAX, "x.exe", "x.exe");
    zip_is(ATTACHMENTS_ZIP_MAX + 1, "x.exe", NULL);
    g_assert_null(attachments_blocked_in_zip((const guint8 *)"", 0));
    g_assert_null(attachments_blocked_in_zip((const guint8 *)"no zip at all, but long enough", 30));
}

static void test_kinds(void)
{
    g_assert_true(attachments_is_blocked("a.exe"));
    g_assert_true(attachments_is_blocked("reports/Form.DOCM"));
    g_assert_false(attachments_is_blocked("a.docx"));
    g_assert_false(attachments_is_blocked("exe"));
    g_assert_false(attachments_is_blocked("a.exe/readme"));
    g_assert_false(attachments_is_blocked(""));
}

/* --- plain text ------------------------------------------------------------------------------ */

static void greeting_is(const char *text, const char *expected)
{
    g_autofree char *found = plaincheck_blank_greeting(text);
    g_assert_cmpstr(found, ==, expected);
}

static void test_greetings(void)
{
    greeting_is("Office\n\nDear ,\n\nx", "Dear ,");
    greeting_is("Dear,\n", "Dear,");
    greeting_is("Dear Mrs ,\n", "Dear Mrs ,");
    greeting_is("Dear Dr,\n", "Dear Dr,");
    greeting_is("Dear Mrs Ames,\n", NULL);
    greeting_is("Dear Sir,\n", NULL);
    greeting_is("Dear colleague,\n", NULL);
    greeting_is("Dear Mr and Mrs,\n", NULL);
    greeting_is("Dear all\n", NULL);
    greeting_is("Dear me, that is late.\n", NULL);
    greeting_is("Deary,\n", NULL);
    greeting_is("Hello,\n", NULL);
    greeting_is("Hello ,\n", "Hello ,");
    greeting_is("Hi there,\n", NULL);
    greeting_is("", NULL);
}

static void wide_is(guint columns, gboolean found)
{
    g_autofree char *line = g_strnfill(columns, 'x');
    g_autofree char *text = g_strconcat("a\n", line, "\nb\n", NULL);
    g_autofree char *wide = plaincheck_wide(text);
    g_assert_true(found == (wide != NULL));
}

static void test_wide(void)
{
    wide_is(PLAINCHECK_COLUMNS - 1, FALSE);
    wide_is(PLAINCHECK_COLUMNS, FALSE);
    wide_is(PLAINCHECK_COLUMNS + 1, TRUE);
    g_autofree char *path = g_strnfill(100, 'x');
    g_autofree char *link = g_strconcat("[1] https://example.org/", path, "\n", NULL);
    g_assert_null(plaincheck_wide(link));
}

static void test_leftovers(void)
{
    static const char *const never[] = {"#N/A",
                                        "#REF!",
                                        "#n/a",
                                        "Dear {{name}}",
                                        "<<Name>>",
                                        "Err:502",
                                        "########",
                                        "#ERROR!",
                                        "Loading...",
                                        "Smith_x000D_",
                                        "=\"Smith",
                                        "#NV",
                                        "undefined",
                                        "#N/A #N/A",
                                        "Mr #REF!",
                                        "#\u00a1VALOR!",
                                        "#NOMBRE?",
                                        "#DIV/0",
                                        "Loading data...",

                                        "#\u00dcBERLAUF!",
                                        "#EVAL!",
                                        "#Name?",
                                        "Erreur:504",
                                        "Fehler:502",
                                        "Error 2042",
                                        "(null)"};
    static const char *const doubts[] = {"NULL",
                                         "=VLOOKUP(A1,B:C",
                                         "None",
                                         "St Mary&#39;s",
                                         "A &amp; B",
                                         "4.47912E+11",
                                         "00/01/1900",
                                         "\u00abName\u00bb",
                                         "${name}",
                                         "*|FNAME|*",
                                         "%NAME%",
                                         "{name}",
                                         "%%Name%%",
                                         "<NA>",
                                         "Ann<br>Lee",
                                         "<b>Ann</b>",
                                         "Choose an item.",
                                         "Select...",
                                         "Vacant from Easter",
                                         "VACANT (Mr Lee left in July)",
                                         "To be appointed in May",
                                         "Click or tap here to enter text."};
    static const char *const blanks[] = {"TBC",
                                         "Vacant",
                                         "N/A",
                                         "n/a",
                                         "tbc.",
                                         "(vacant)",
                                         "-",
                                         "?",
                                         "\u2014",
                                         "N/A N/A",
                                         "Mr TBC",
                                         "xxx",
                                         "n.a.",
                                         "Vacant post",
                                         "To follow",
                                         "(blank)",
                                         "nil",
                                         "T.B.C.",
                                         "Same as above",
                                         "\"",
                                         "\u2033",
                                         "\u3003",
                                         "N/K",
                                         "see above",
                                         "Gwag",
                                         "I\u2019w benodi",
                                         "not yet appointed",
                                         "\u2026"};
    static const char *const fine[] = {"",          "Ann",
                                       "Null",      "Nan",
                                       "A#1",       "N",
                                       "None Such", "n & a",
                                       "#1",        "Mr Vacanti",
                                       "AT&T; Co",  "a_xyz_b",
                                       "100%",      "Loading bay",
                                       "X",         "an undefined sum",
                                       "Error",     "Fel 4",
                                       "a < b",     "x <y@example.org>",
                                       "Selecta",   "Nile",
                                       "Gwagan",    "Awaiting Post",
                                       "O'Neill",   "Vacanti",
                                       "#BeKind",   "Year 3+",
                                       "J.-P. Roe", "\u00abLa Ruche\u00bb de A"};
    for (gsize i = 0; i < G_N_ELEMENTS(never); i++)
        g_assert_cmpint(leftover_find(never[i]), ==, LEFTOVER_ERROR);
    for (gsize i = 0; i < G_N_ELEMENTS(doubts); i++)
        g_assert_cmpint(leftover_find(doubts[i]), ==, LEFTOVER_DOUBT);
    for (gsize i = 0; i < G_N_ELEMENTS(blanks); i++)
        g_assert_cmpint(leftover_find(blanks[i]), ==, LEFTOVER_BLANK);
    for (gsize i = 0; i < G_N_ELEMENTS(fine); i++) {
        g_test_message("%s", fine[i]);
        g_assert_cmpint(leftover_find(fine[i]), ==, LEFTOVER_NONE);
    }
}

/* --- addresses ------------------------------------------------------------------------------- */

static void test_addressbook(void)
{
    g_autoptr(Addressbook) book = addressbook_new();
    g_autoptr(Findings) findings = findings_new();
    for (guint i = 0; i < 30; i++) {
        g_autofree char *address = g_strdup_printf("head%u@trustone.example", i);
        addressbook_add(book, "k", address, "a.csv", i + 2);
    }
    addressbook_add(book, "near", "head@trustoen.example", "a.csv", 40);
    addressbook_add(book, "far", "head@trusttwo.example", "a.csv", 41);
    addressbook_add(book, "role", "Office@trusttwo.example", "a.csv", 42);
    addressbook_add(book, "mute", "no-reply@trusttwo.example", "a.csv", 43);
    addressbook_report(book, findings);
    g_assert_cmpuint(findings_count_id(findings, "look-alike"), ==, 1);
    g_assert_cmpuint(findings_count_id(findings, "role-address"), ==, 1);
    g_assert_cmpuint(findings_count_id(findings, "unread-address"), ==, 1);
    g_assert_cmpuint(findings_kept(findings), ==, 3);
}

/* Two schools of one authority with names alike: neither is a slip, for neither is common. */
static void test_neighbours(void)
{
    g_autoptr(Addressbook) book = addressbook_new();
    g_autoptr(Findings) findings = findings_new();
    for (guint i = 0; i < 20; i++) {
        g_autofree char *address = g_strdup_printf("head@st-anne%c.northmere.sch.uk", 'a' + i);
        addressbook_add(book, "k", address, "a.csv", i + 2);
    }
    addressbook_report(book, findings);
    g_assert_cmpuint(findings_kept(findings), ==, 0);
}

/* --- pace ------------------------------------------------------------------------------------ */

static void pace_is(SendercheckPace pace, const char *expected)
{
    pace.now = G_GINT64_CONSTANT(1796029200) * G_USEC_PER_SEC; /* 2026-11-30T09:00:00Z */
    g_autofree char *text = sendercheck_pace(&pace);
    g_assert_cmpstr(text, ==, expected);
}

static void test_pace(void)
{
    pace_is((SendercheckPace){.letters = 450, .per_minute = 25},
            "450 letters at 25 a minute: 18 minutes; begun now, done at 09:18 UTC");
    pace_is((SendercheckPace){.letters = 1, .per_minute = 25},
            "1 letter at 25 a minute: 1 minute; begun now, done at 09:01 UTC");
    pace_is((SendercheckPace){.letters = 24000, .per_minute = 25, .per_day = 9000},
            "24,000 letters at 9,000 a day: 3 days; begun now, done at 13:00 UTC on Wednesday 2 "
            "December 2026");
    pace_is((SendercheckPace){.letters = 9000, .per_minute = 25, .per_day = 9000},
            "9,000 letters at 25 a minute: 6 hours; begun now, done at 15:00 UTC");
    pace_is(
        (SendercheckPace){.letters = 100, .per_minute = 25, .per_domain_minute = 2, .busiest = 60},
        "100 letters, 60 of them to one domain at 2 a minute: 30 minutes; begun now, done at "
        "09:30 UTC");
    pace_is((SendercheckPace){.letters = 450}, NULL);
    pace_is((SendercheckPace){.per_minute = 25}, NULL);
}

int main(int argc, char **argv)
{
    g_setenv("TZ", "UTC", TRUE);
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/allow/places", test_allow_places);
    g_test_add_func("/allow/front", test_allow_front);
    g_test_add_func("/allow/place-is-of-the-update", test_allow_place_is_of_the_update);
    g_test_add_func("/allow/report", test_allow_report);
    g_test_add_func("/allow/limit", test_allow_limit);
    g_test_add_func("/attachments/zip", test_zip);
    g_test_add_func("/attachments/kinds", test_kinds);
    g_test_add_func("/plaincheck/greetings", test_greetings);
    g_test_add_func("/plaincheck/wide", test_wide);
    g_test_add_func("/plaincheck/leftovers", test_leftovers);
    g_test_add_func("/addressbook/report", test_addressbook);
    g_test_add_func("/addressbook/neighbours", test_neighbours);
    g_test_add_func("/pace/text", test_pace);
    return g_test_run();
}
