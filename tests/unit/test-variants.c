/* test-variants - a message in other clothes means the same
 *
 * Gateways change line ends, fold headers anew, add their own, encode bodies. Every example, and
 * every shared message where present, is dressed in each of these ways and must be understood as
 * before, down to the diagnostic.
 */
#include <string.h>

#include "bounce/classify.h"

/* A message with '\n' as its line end, cut into headers (with their last line end), and the rest
 * from the blank line on. */
typedef struct {
    char *head;
    char *rest;
} Letter;

static char *replaced(const char *text, const char *pattern, const char *by)
{
    g_autoptr(GRegex) regex =
        g_regex_new(pattern, G_REGEX_MULTILINE | G_REGEX_CASELESS | G_REGEX_RAW, 0, NULL);
    return g_regex_replace(regex, text, -1, 0, by, 0, NULL);
}

static gboolean matches(const char *text, const char *pattern)
{
    g_autoptr(GRegex) regex =
        g_regex_new(pattern, G_REGEX_MULTILINE | G_REGEX_CASELESS | G_REGEX_RAW, 0, NULL);
    return g_regex_match(regex, text, 0, NULL);
}

/* One text in one part, whose bytes are what they seem. */
static gboolean is_plain(const Letter *letter)
{
    return !matches(letter->head, "^content-type: *(?!text/plain)\\S") &&
           !matches(letter->head, "^content-transfer-encoding: *(?!7bit|8bit)\\S");
}

static char *crlf(const Letter *letter)
{
    g_autofree char *all = g_strconcat(letter->head, letter->rest, NULL);
    return replaced(all, "\n", "\r\n");
}

static char *cr(const Letter *letter)
{
    char *all = g_strconcat(letter->head, letter->rest, NULL);
    return g_strdelimit(all, "\n", '\r');
}

static char *more_headers(const Letter *letter)
{
    return g_strconcat("Received: from a.example (a.example [192.0.2.77])\n"
                       "\tby b.example with ESMTP id 550.1; Mon, 5 Jan 2026 10:00:00 +0000\n"
                       "X-Spam-Status: No, score=-1\n",
                       letter->head, letter->rest, NULL);
}

static char *unfolded(const Letter *letter)
{
    g_autofree char *head = replaced(letter->head, "\n[ \t]+", " ");
    return g_strconcat(head, letter->rest, NULL);
}

static char *folded(const Letter *letter)
{
    g_autofree char *head =
        replaced(letter->head, "^([!-9;-~]+: (?!.*=\\?).*\\S) (\\S+)$", "\\1\n\t\\2");
    return g_strconcat(head, letter->rest, NULL);
}

static char *lower_names(const Letter *letter)
{
    char *all = g_strconcat(letter->head, letter->rest, NULL);
    gboolean name = TRUE;
    for (char *c = all; c < all + strlen(letter->head); c++) {
        if (c == all || c[-1] == '\n')
            name = *c != ' ' && *c != '\t';
        if (*c == ':')
            name = FALSE;
        if (name)
            *c = g_ascii_tolower(*c);
    }
    return all;
}

/* The headers with another transfer encoding. */
static char *encoded_head(const Letter *letter, const char *encoding)
{
    g_autofree char *head = replaced(letter->head, "^content-transfer-encoding:.*\n", "");
    const char *type = matches(head, "^content-type:") ? "" : "Content-Type: text/plain\n";
    return g_strconcat(head, type, "Content-Transfer-Encoding: ", encoding, "\n\n", NULL);
}

static char *base64(const Letter *letter)
{
    gsize length = strlen(letter->rest) - 1;
    g_autofree char *head = encoded_head(letter, "base64");
    g_autofree char *body = g_base64_encode((const guchar *)letter->rest + 1, length);
    GString *all = g_string_new(head);
    for (const char *at = body; *at; at += MIN(strlen(at), 76))
        g_string_append_printf(all, "%.76s\n", at);
    return g_string_free(all, FALSE);
}

static char *quoted_printable(const Letter *letter)
{
    g_autofree char *head = encoded_head(letter, "quoted-printable");
    GString *all = g_string_new(head);
    guint column = 0;
    for (const char *at = letter->rest + 1; *at; at++) {
        if (*at != '\n' && column > 70) {
            g_string_append(all, "=\n");
            column = 0;
        }
        if (*at == '\n' || (g_ascii_isgraph(*at) && *at != '=') || (*at == ' ' && at[1] != '\n'))
            g_string_append_c(all, *at);
        else
            g_string_append_printf(all, "=%02X", (guchar)*at);
        column = *at == '\n' ? 0 : column + 1;
    }
    return g_string_free(all, FALSE);
}

static char *blanks_behind(const Letter *letter)
{
    return g_strconcat(letter->head, letter->rest, "   \n\n \n", NULL);
}

static char *blanks_in_lines(const Letter *letter)
{
    g_autofree char *rest = replaced(letter->rest + 1, "(?<=[^\n])$", "  ");
    return g_strconcat(letter->head, "\n", rest, NULL);
}

static const struct {
    const char *name;
    char *(*dress)(const Letter *letter);
    gboolean plain_only;
} VARIANTS[] = {
    {"crlf", crlf, FALSE},
    {"cr", cr, FALSE},
    {"more headers", more_headers, FALSE},
    {"unfolded", unfolded, FALSE},
    {"folded", folded, FALSE},
    {"lower-case names", lower_names, FALSE},
    {"base64", base64, TRUE},
    {"quoted-printable", quoted_printable, TRUE},
    {"blanks behind", blanks_behind, FALSE},
    {"blanks in lines", blanks_in_lines, TRUE},
};

/* All that is understood, as one text. */
static char *understood(const char *bytes)
{
    g_autoptr(InboundReport) notice = classify(bytes, strlen(bytes));
    GString *text = g_string_new(inbound_kind_class(notice->kind));
    for (guint i = 0; i < notice->recipients->len; i++) {
        const InboundRecipient *r = notice->recipients->pdata[i];
        g_string_append_printf(text, "\n%s <%s> %s %u %s %s: %s", inbound_kind_class(r->kind),
                               r->address, r->status, r->code, reason_name(r->reason),
                               inbound_action_name(r->action), r->diagnostic);
    }
    return g_string_free(text, FALSE);
}

static void check_message(const char *name, const char *bytes)
{
    g_autofree char *lines = replaced(bytes, "\r\n?", "\n");
    g_autofree char *letter_text = replaced(lines, "\\AFrom .*\n", "");
    const char *blank = strstr(letter_text, "\n\n");
    if (!blank)
        return;
    g_autofree char *head = g_strndup(letter_text, blank + 1 - letter_text);
    Letter letter = {head, (char *)blank + 1};
    g_autofree char *want = understood(letter_text);
    for (gsize i = 0; i < G_N_ELEMENTS(VARIANTS); i++) {
        if (VARIANTS[i].plain_only && !is_plain(&letter))
            continue;
        g_autofree char *variant = VARIANTS[i].dress(&letter);
        g_autofree char *got = understood(variant);
        if (!g_str_equal(got, want))
            g_error("%s, %s:\n%s\nbut was\n%s", name, VARIANTS[i].name, got, want);
    }
}

static guint check_folder(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *file;
    guint count = 0;
    while (dir && (file = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(folder, file, NULL);
        g_autofree char *bytes = NULL;
        gsize length = 0;
        if (!g_str_has_suffix(file, ".eml") || !g_file_get_contents(path, &bytes, &length, NULL))
            continue;
        if (strlen(bytes) != length) /* one with NULs can't be dressed here */
            continue;
        check_message(file, bytes);
        count++;
    }
    return count;
}

static void test_examples(void)
{
    g_assert_cmpuint(check_folder("tests/bounces"), >, 30);
}

static void test_shared(void)
{
    static const char *const PLACES[] = {"../shared/bounces/msg", "../../shared/bounces/msg", NULL};
    const char *given = g_getenv("CIRCULAR_SHARED");
    g_autofree char *path = given ? g_build_filename(given, "bounces", "msg", NULL) : NULL;
    guint count = path ? check_folder(path) : 0;
    for (const char *const *place = PLACES; !count && *place; place++)
        count = check_folder(*place);
    if (!count)
        g_test_skip("no shared/bounces here");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/variants/examples", test_examples);
    g_test_add_func("/variants/shared", test_shared);
    return g_test_run();
}
