/* crosscheck - what the keys of a configuration ask of one another */
#include "config/crosscheck.h"

#include <string.h>

#include "base/error.h"
#include "config/hours.h"
#include "text/langtag.h"
#include "config/hint.h"
#include "config/oauth2check.h"
#include "config/secret.h"

/* The list that `group` ("audiences.heads") is taken from is one of those under lists. */
static gboolean check_list(const Settings *settings, const char *group, GError **error)
{
    const char *const *lists = settings_names(settings, "lists");
    g_autofree char *key = g_strconcat(group, ".list", NULL);
    const char *list = settings_text(settings, key);
    if (g_strv_contains(lists, list))
        return TRUE;

    const char *near = nearest_word(list, lists);
    g_autofree char *known = g_strjoinv("', '", (char **)lists);
    if (near)
        settings_complain(settings, error, key, "no list '%s': did you mean '%s'?", list, near);
    else if (*lists)
        settings_complain(settings, error, key, "no list '%s': there is '%s'", list, known);
    else
        settings_complain(settings, error, key, "no list '%s': name it under 'lists:'", list);
    return FALSE;
}

static gboolean check_lists(const Settings *settings, const char *audience, GError **error)
{
    g_autofree char *group = g_strconcat("audiences.", audience, NULL);
    g_autofree char *many = g_strconcat(group, ".many", NULL);
    gboolean ok = check_list(settings, group, error);
    for (const char *const *name = settings_names(settings, many); ok && *name; name++) {
        g_autofree char *rows = g_strconcat(many, ".", *name, NULL);
        ok = check_list(settings, rows, error);
    }
    return ok;
}

/* A digest's audience is one of those under audiences. */
static gboolean check_digest(const Settings *settings, const char *digest, GError **error)
{
    const char *const *audiences = settings_names(settings, "audiences");
    g_autofree char *key = g_strconcat("digests.", digest, ".audience", NULL);
    const char *audience = settings_text(settings, key);
    if (g_strv_contains(audiences, audience))
        return TRUE;

    const char *near = nearest_word(audience, audiences);
    g_autofree char *known = g_strjoinv("', '", (char **)audiences);
    if (near)
        settings_complain(settings, error, key, "no audience '%s': did you mean '%s'?", audience,
                          near);
    else
        settings_complain(settings, error, key, "no audience '%s': there is '%s'", audience, known);
    return FALSE;
}

/* A value that stands in every letter as it is: a field in it would be seen as it was typed. */
static gboolean check_shown(const Settings *settings, const char *key, GError **error)
{
    const char *value = settings_text(settings, key);
    g_autofree char *quotes = value ? fix_quotes(value) : NULL;
    if (value && strstr(value, "{{"))
        settings_complain(settings, error, key,
                          "'%s' is the same in every letter: a field (%.40s) can't stand in it",
                          key, strstr(value, "{{"));
    else if (quotes)
        settings_complain(settings, error, key, "'%s': %s", key, quotes);
    else
        return TRUE;
    return FALSE;
}

static gboolean check_letters(const Settings *settings, GError **error)
{
    static const char *const keys[] = {"office.name", "office.address", "office.contact", "from",
                                       "reply_to",    "lang",           "list_id"};
    const char *lang = settings_text(settings, "lang");
    g_autofree char *problem = lang ? langtag_problem(lang) : NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(keys); i++)
        if (!check_shown(settings, keys[i], error))
            return FALSE;
    for (const char *const *name = settings_names(settings, "audiences"); *name; name++) {
        g_autofree char *title = g_strconcat("audiences.", *name, ".title", NULL);
        if (!check_shown(settings, title, error))
            return FALSE;
    }
    if (problem)
        settings_complain(settings, error, "lang", "%s", problem);
    return !problem;
}

/* A relay that is half set up would be found out only when 450 letters are planned; and one that
 * was meant to sign in must never send without. */
static gboolean check_relay(const Settings *settings, GError **error)
{
    const char *auth = settings_text(settings, "relay.auth");
    gboolean has_user = settings_has(settings, "relay.user");
    const char *password;

    if (!secret_key(settings, "relay.password", &password, error))
        return FALSE;
    if (g_str_equal(settings_text(settings, "transport"), "relay") &&
        !settings_has(settings, "relay.host"))
        settings_complain(settings, error, "transport", "the transport 'relay' needs 'relay.host'");
    else if (has_user && g_str_equal(auth, "none"))
        settings_complain(settings, error, "relay.auth",
                          "'relay.auth' is 'none' and yet 'relay.user' is set: delete one");
    else if (has_user && !password && !oauth2check_serves(settings, "relay"))
        settings_complain(settings, error, "relay.user",
                          "'relay.user' needs a password: set 'relay.password_env', "
                          "'relay.password_file' or 'relay.password_command', or see 'oauth2'");
    else if (password && !has_user)
        settings_complain(settings, error, password, "'%s' needs 'relay.user'", password);
    else if (!has_user && !g_str_equal(auth, "none") && !g_str_equal(auth, "auto"))
        settings_complain(settings, error, "relay.auth", "'relay.auth' needs 'relay.user'");
    else
        return TRUE;
    return FALSE;
}

/* A server's password without a server, and a URL that is none of PostgreSQL's. */
static gboolean check_ledger(const Settings *settings, GError **error)
{
    const char *url = settings_text(settings, "ledger.server"), *password;
    if (!secret_key(settings, "ledger.password", &password, error))
        return FALSE;
    if (password && !url)
        settings_complain(settings, error, password, "'%s' needs 'ledger.server'", password);
    else if (url && !g_str_has_prefix(url, "postgresql://") &&
             !g_str_has_prefix(url, "postgres://"))
        settings_complain(settings, error, "ledger.server",
                          "no URL of a PostgreSQL server: write postgresql://USER@HOST/DATABASE");
    else
        return TRUE;
    return FALSE;
}

/* The mailbox that bounces come back to, likewise. */
static gboolean check_imap(const Settings *settings, GError **error)
{
    gboolean has_host = settings_has(settings, "imap.host");
    gboolean has_user = settings_has(settings, "imap.user");
    const char *password;

    if (!secret_key(settings, "imap.password", &password, error))
        return FALSE;
    if (has_host && !has_user)
        settings_complain(settings, error, "imap.host", "'imap.host' needs 'imap.user'");
    else if (has_user && !has_host)
        settings_complain(settings, error, "imap.user", "'imap.user' needs 'imap.host'");
    else if (has_user && !password && !oauth2check_serves(settings, "imap"))
        settings_complain(settings, error, "imap.user",
                          "'imap.user' needs a password: set 'imap.password_env', "
                          "'imap.password_file' or 'imap.password_command', or see 'oauth2'");
    else if (password && !has_user)
        settings_complain(settings, error, password, "'%s' needs 'imap.user'", password);
    else
        return TRUE;
    return FALSE;
}

/* The mailbox of sent mail, where it is another. */
static gboolean check_settle(const Settings *settings, GError **error)
{
    gboolean has_user = settings_has(settings, "settle.user");
    gboolean has_host =
        settings_has(settings, "settle.host") || settings_has(settings, "imap.host");
    static const char *const of_user[] = {"settle.host", "settle.port", "settle.tls",
                                          "settle.ca_file", "settle.auth"};
    const char *password;

    if (!secret_key(settings, "settle.password", &password, error))
        return FALSE;
    for (gsize i = 0; !has_user && i < G_N_ELEMENTS(of_user); i++)
        if (settings_has(settings, of_user[i])) {
            settings_complain(settings, error, of_user[i], "'%s' needs 'settle.user'", of_user[i]);
            return FALSE;
        }
    if (password && !has_user)
        settings_complain(settings, error, password, "'%s' needs 'settle.user'", password);
    else if (has_user && !has_host)
        settings_complain(settings, error, "settle.user",
                          "'settle.user' needs 'settle.host', or 'imap.host'");
    else if (has_user && !password && !oauth2check_serves(settings, "settle"))
        settings_complain(settings, error, "settle.user",
                          "'settle.user' needs a password: set 'settle.password_env', "
                          "'settle.password_file' or 'settle.password_command', or see 'oauth2'");
    else if (settings_flag(settings, "settle.after_send") && !has_host)
        settings_complain(settings, error, "settle.after_send",
                          "'settle.after_send' needs a mailbox to look at: set 'imap.host' or "
                          "'settle.user' and 'settle.host'");
    else
        return TRUE;
    return FALSE;
}

/* Hours that speak of terms or holidays which nobody has told would be others than were meant. */
static gboolean check_hours(const Settings *settings, GError **error)
{
    const char *text = settings_text(settings, "send.hours");
    g_autoptr(GError) wrong = NULL;
    g_autoptr(Hours) hours = text ? hours_parse(text, &wrong) : NULL;
    if (wrong)
        settings_complain(settings, error, "send.hours", "'send.hours': %s", wrong->message);
    else if (hours && hours_says_term(hours) && !settings_has(settings, "send.terms"))
        settings_complain(settings, error, "send.hours",
                          "'send.hours' speaks of terms: name their sheet with 'send.terms'");
    else if (hours && hours_says_holidays(hours) && !settings_has(settings, "send.holidays"))
        settings_complain(settings, error, "send.hours",
                          "'send.hours' speaks of holidays: name their sheet with 'send.holidays'");
    else
        return TRUE;
    return FALSE;
}

gboolean crosscheck(const Settings *settings, GError **error)
{
    for (const char *const *audience = settings_names(settings, "audiences"); *audience;
         audience++) {
        if (!check_lists(settings, *audience, error))
            return FALSE;
    }
    for (const char *const *digest = settings_names(settings, "digests"); *digest; digest++) {
        if (!check_digest(settings, *digest, error))
            return FALSE;
    }
    return check_letters(settings, error) && check_hours(settings, error) &&
           oauth2check(settings, error) && check_relay(settings, error) &&
           check_ledger(settings, error) && check_imap(settings, error) &&
           check_settle(settings, error);
}
