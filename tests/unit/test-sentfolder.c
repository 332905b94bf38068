/* test-sentfolder - the folder of copies: found, searched, and read without a change to it */
#include "fake-imap.h"
#include "imap/sentfolder.h"

#define CHOOSES "'capabilities': ['IDLE', 'SPECIAL-USE', 'LIST-EXTENDED', 'AUTH=PLAIN'], "
#define MARKED "'special': {'Gesendete &AMQ-pfel': '\\\\Sent'}, "
#define TWO_FOLDERS "'folders': {'INBOX': [], 'Gesendete &AMQ-pfel': ['To: a\\r\\n\\r\\nx']}"

static SentFolder *open_at(guint port, const char *folder)
{
    InboxLook look;
    g_autoptr(GError) error = NULL;
    InboxOptions options = inbox_options(port);
    options.folder = folder;
    SentFolder *self = sentfolder_open(&options, &look, &error);
    g_assert_no_error(error);
    g_assert_true(look.is_connected && look.is_signed_in && look.has_folder);
    return self;
}

static void assert_refused(const char *script, const char *folder, int code, const char *part)
{
    InboxLook look;
    g_autoptr(GError) error = NULL;
    InboxOptions options = inbox_options(fake_serve(script));
    options.folder = folder;
    g_assert_null(sentfolder_open(&options, &look, &error));
    g_assert_error(error, CIRCULAR_ERROR, code);
    g_assert_has(error->message, part);
    g_assert_false(look.has_folder);
}

static void test_which(void)
{
    static const char *const scripts[] = {"{" CHOOSES MARKED TWO_FOLDERS "}",
                                          "{" MARKED TWO_FOLDERS "}"};
    for (guint i = 0; i < G_N_ELEMENTS(scripts); i++) {
        guint port = fake_serve(scripts[i]);
        g_autoptr(SentFolder) self = open_at(port, NULL);
        g_assert_cmpstr(sentfolder_name(self), ==, "Gesendete Äpfel");
        g_assert_true(sentfolder_is_marked(self));
        g_assert_cmpuint(sentfolder_uidvalidity(self), ==, 7);
        g_autofree char *log = fake_tell("log", port);
        g_assert_has(log, "EXAMINE");
        g_assert_has_not(log, "CREATE");
        g_assert_has_not(log, "SELECT");
        if (i == 0)
            g_assert_has(log, "LIST (SPECIAL-USE)");
        else
            g_assert_has_not(log, "LIST (SPECIAL-USE)");
    }
    /* One that is named is taken, whatever is marked. */
    guint port = fake_serve("{" MARKED TWO_FOLDERS "}");
    g_autoptr(SentFolder) named = open_at(port, "INBOX");
    g_assert_false(sentfolder_is_marked(named));
    assert_refused("{" TWO_FOLDERS "}", NULL, CIRCULAR_ERROR_CONFIG, "set settle.folder");
    assert_refused("{" CHOOSES TWO_FOLDERS "}", NULL, CIRCULAR_ERROR_CONFIG, "set settle.folder");
    assert_refused("{" TWO_FOLDERS "}", "Sent", CIRCULAR_ERROR_DENIED, "'Sent' can't be opened");
    assert_refused("{" TWO_FOLDERS "}", "Se*", CIRCULAR_ERROR_CONFIG, "not a folder to read");
}

static void add_head(void *user, guint32 uid, const char *fields)
{
    g_string_append_printf(user, "%u<%s>", uid, fields);
}

static char *read_heads(SentFolder *self, guint first, guint count, GError **error)
{
    g_autoptr(GString) heads = g_string_new(NULL);
    g_autoptr(GArray) uids = sentfolder_since(self, 0, error);
    if (!uids || !sentfolder_heads(self, uids, first, count, add_head, heads, error))
        return NULL;
    return g_string_free(g_steal_pointer(&heads), FALSE);
}

static void test_heads(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *many = g_strnfill(2 * SENTFOLDER_HEAD_MAX, 'a');
    g_autofree char *script =
        g_strdup_printf("{'folders': {'Sent': ["
                        "{'uid': 3, 'text': 'Subject: s\\r\\nTo: a\\r\\nX-Circular-Delivery: "
                        "m/1\\r\\n t\\r\\n\\r\\nx'},"
                        "{'uid': 4, 'text': 'Subject: other\\r\\n\\r\\nTo: nobody'},"
                        "{'uid': 9, 'text': 'To: %s\\r\\nDate: d\\r\\n\\r\\nx'}]}}",
                        many);
    guint port = fake_serve(script);
    g_autoptr(SentFolder) self = open_at(port, "Sent");
    g_autofree char *heads = read_heads(self, 0, 3, &error);
    g_assert_no_error(error);
    g_assert_true(g_str_has_prefix(
        heads, "3<To: a\r\nX-Circular-Delivery: m/1\r\n t\r\n\r\n>4<\r\n>9<To: aaaa"));
    g_assert_cmpuint(strlen(strstr(heads, "9<")), ==, SENTFOLDER_HEAD_MAX + 3);
    g_autofree char *last = read_heads(self, 1, 1, &error);
    g_assert_cmpstr(last, ==, "4<\r\n>");
    g_autofree char *log = fake_tell("log", port);
    g_assert_has(log, "UID SEARCH SINCE 1-Jan-1970");
    g_assert_has(log, "UID FETCH 3:4,9 (UID BODY.PEEK[HEADER.FIELDS (");
    g_assert_has_not(log, "STORE");
}

static void test_faults(void)
{
#define SENT "'folders': {'Sent': ['To: a\\r\\n\\r\\n', 'To: b\\r\\n\\r\\n']}, "
    static const struct {
        const char *fault;
        int code; /* 0: none */
        const char *heads;
    } cases[] = {
        {"'do': 'drop'", CIRCULAR_ERROR_TEMPORARY, NULL},
        {"'do': 'no', 'text': 'not now'", CIRCULAR_ERROR_DENIED, NULL},
        {"'do': 'raw', 'text': '* 1 FETCH (UID 1 BODY[HEADER.FIELDS (TO)]<0> {9999999}\\r\\n'",
         CIRCULAR_ERROR_REMOTE, NULL},
        /* What wasn't asked for, and what comes twice, isn't heard. */
        {"'do': 'before', 'text': '* 9 FETCH (UID 9 BODY[HEADER.FIELDS (TO)]<0> "
         "{3}\\r\\nxyz)\\r\\n* "
         "1 FETCH (UID 1 BODY[HEADER.FIELDS (TO)]<0> NIL)\\r\\n* 2 FETCH (FLAGS (\\\\Seen))\\r\\n'",
         0, "1<>2<To: b\r\n\r\n>"},
        {"'do': 'raw', 'text': 'TAG OK none is there\\r\\n'", 0, ""},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *script =
            g_strdup_printf("{" SENT "'faults': [{'stage': 'uid fetch', %s}]}", cases[i].fault);
        g_autoptr(SentFolder) self = open_at(fake_serve(script), "Sent");
        g_autofree char *heads = read_heads(self, 0, 2, &error);
        if (cases[i].code)
            g_assert_error(error, CIRCULAR_ERROR, cases[i].code);
        else
            g_assert_no_error(error);
        g_assert_cmpstr(heads, ==, cases[i].heads);
        g_assert_cmpint(sentfolder_is_usable(self), ==,
                        !cases[i].code || cases[i].code == CIRCULAR_ERROR_DENIED);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    if (!fake_start()) {
        g_print("1..0 # SKIP needs python3 and openssl, and to run in the project's folder\n");
        return 0;
    }
    g_test_add_func("/sentfolder/which", test_which);
    g_test_add_func("/sentfolder/heads", test_heads);
    g_test_add_func("/sentfolder/faults", test_faults);
    int status = g_test_run();
    fake_stop();
    return status;
}
