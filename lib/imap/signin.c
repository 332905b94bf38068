/* signin - how we say to an IMAP server who we are */
#include "imap/signin.h"

#include <string.h>

enum {
    LINE_MAX_SAFE = 8000, /* bytes of a command: RFC 7162 section 4 counts on 8192 */
    CHALLENGES_MAX = 4,
};

gboolean signin_is_known(const char *auth)
{
    static const char *const known[] = {"auto",    "plain",       "login", "token",
                                        "xoauth2", "oauthbearer", NULL};
    return g_strv_contains(known, auth);
}

/* CR and LF would begin another command, NUL ends a part of PLAIN, 0x01 one of the token forms. */
static gboolean can_be_said(const char *text, gsize most)
{
    gsize length = strlen(text);
    if (!length || length > most || !g_utf8_validate(text, (gssize)length, NULL))
        return FALSE;
    for (; *text; text++)
        if (g_ascii_iscntrl(*text))
            return FALSE;
    return TRUE;
}

gboolean signin_check(const char *user, const char *secret, GError **error)
{
    if (!can_be_said(user, INBOX_NAME_MAX)) {
        g_autofree char *shown = text_visible(user);
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG,
                    "not a user who can sign in: '%s' (1 to %d bytes of UTF-8, no control "
                    "characters)",
                    shown, INBOX_NAME_MAX);
        return FALSE;
    }
    if (!can_be_said(secret, INBOX_SECRET_MAX)) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG,
                    "not a password or token that can be sent: it must be 1 to %d bytes of UTF-8 "
                    "without control characters",
                    INBOX_SECRET_MAX);
        return FALSE;
    }
    return TRUE;
}

static void wipe(char *text)
{
    if (text)
        explicit_bzero(text, strlen(text));
    g_free(text);
}

static void wipe_string(GString *text)
{
    explicit_bzero(text->str, text->len);
    g_string_free(text, TRUE);
}

/* RFC 5801 section 4: a name within a GS2 header. */
static char *saslname(const char *user)
{
    GString *out = g_string_new(NULL);
    for (; *user; user++) {
        if (*user == '=')
            g_string_append(out, "=3D");
        else if (*user == ',')
            g_string_append(out, "=2C");
        else
            g_string_append_c(out, *user);
    }
    return g_string_free(out, FALSE);
}

/* What the client says first, BASE64. */
static char *first_words(const char *mechanism, const char *host, guint port, const char *user,
                         const char *secret)
{
    GString *text = g_string_new(NULL);
    if (g_str_equal(mechanism, "PLAIN")) {
        g_string_append_c(text, '\0');
        g_string_append(text, user);
        g_string_append_c(text, '\0');
        g_string_append(text, secret);
    } else if (g_str_equal(mechanism, "XOAUTH2")) {
        g_string_append_printf(text, "user=%s\001auth=Bearer %s\001\001", user, secret);
    } else {
        g_autofree char *name = saslname(user);
        g_string_append_printf(text, "n,a=%s,\001host=%s\001port=%u\001auth=Bearer %s\001\001",
                               name, host, port, secret);
    }
    char *coded = g_base64_encode((const guchar *)text->str, text->len);
    wipe_string(text);
    return coded;
}

/* Answers challenges until the tagged reply; what libetpan would return. */
static int converse(ImapLink *link, const char *mechanism, const char *first, gboolean is_said)
{
    /* A refused token comes as a challenge that must be answered before the NO comes. */
    const char *resignation = g_str_equal(mechanism, "OAUTHBEARER") ? "AQ==" : "";
    mailimap *session = imaplink_session(link);
    for (int i = 0; i < CHALLENGES_MAX; i++) {
        const char *line = mailimap_read_line(session);
        if (!line)
            return MAILIMAP_ERROR_STREAM;
        if (line[0] != '+') {
            int code = imaplink_hear(link);
            if (code == MAILIMAP_NO_ERROR)
                session->imap_state = MAILIMAP_STATE_AUTHENTICATED;
            return code;
        }
        if (!imaplink_say(link, is_said ? resignation : first))
            return MAILIMAP_ERROR_STREAM;
        is_said = TRUE;
    }
    return MAILIMAP_ERROR_PARSE;
}

static int authenticate(ImapLink *link, const char *mechanism, const char *first)
{
    mailimap *session = imaplink_session(link);
    gboolean at_once = imaplink_offers(link, "SASL-IR") && strlen(first) < LINE_MAX_SAFE;
    char *command =
        g_strdup_printf("AUTHENTICATE %s%s%s", mechanism, at_once ? " " : "", at_once ? first : "");
    int code = mailimap_send_current_tag(session);
    if (code == MAILIMAP_NO_ERROR)
        code = imaplink_say(link, command) ? converse(link, mechanism, first, at_once)
                                           : MAILIMAP_ERROR_STREAM;
    wipe(command);
    return code;
}

/* "PLAIN", "LOGIN", ...; NULL with DENIED when the server doesn't offer what is asked for. */
static const char *choose(ImapLink *link, const char *auth, GError **error)
{
    static const struct {
        const char *auth, *mechanism, *capability;
    } ways[] = {
        {"plain", "PLAIN", "AUTH=PLAIN"},       {"auto", "PLAIN", "AUTH=PLAIN"},
        {"token", "XOAUTH2", "AUTH=XOAUTH2"},   {"token", "OAUTHBEARER", "AUTH=OAUTHBEARER"},
        {"xoauth2", "XOAUTH2", "AUTH=XOAUTH2"}, {"oauthbearer", "OAUTHBEARER", "AUTH=OAUTHBEARER"},
    };
    gboolean is_auto = g_str_equal(auth, "auto");
    for (gsize i = 0; i < G_N_ELEMENTS(ways); i++)
        if (g_str_equal(auth, ways[i].auth) && imaplink_offers(link, ways[i].capability))
            return ways[i].mechanism;
    if ((is_auto || g_str_equal(auth, "login")) && !imaplink_offers(link, "LOGINDISABLED"))
        return "LOGIN";
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DENIED,
                "%s: the server doesn't offer to sign in by '%s'; set auth to a way that "
                "it offers",
                imaplink_place(link),
                is_auto                      ? "password"
                : g_str_equal(auth, "token") ? "access token"
                                             : auth);
    return NULL;
}

gboolean signin_do(ImapLink *link, const char *host, guint port, const char *auth, const char *user,
                   const char *secret, GError **error)
{
    const char *mechanism = choose(link, auth, error);
    if (!mechanism)
        return FALSE;
    gboolean is_login = g_str_equal(mechanism, "LOGIN");
    char *first = is_login ? NULL : first_words(mechanism, host, port, user, secret);
    const char *hushed[] = {secret, first, NULL};
    TlsStream *stream = imaplink_stream(link);
    tlsstream_hush(stream, hushed);
    imaplink_allow(link, IMAPLINK_CHATTER);
    int code = is_login ? mailimap_login(imaplink_session(link), user, secret)
                        : authenticate(link, mechanism, first);
    g_autofree char *doing =
        g_strdup_printf("sign-in by %s refused for '%s'; check the user and the password or token",
                        mechanism, user);
    gboolean ok = imaplink_check(link, code, doing, error);
    tlsstream_hush(stream, NULL);
    wipe(first);
    return ok;
}
