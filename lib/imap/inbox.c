/* inbox - the IMAP folder that bounces return to */
#include "imap/inbox.h"

#include <string.h>

#include "base/clock.h"
#include "imap/foldername.h"
#include "imap/inbox_parts.h"
#include "imap/signin.h"

enum { TIMEOUT = 60 }; /* seconds, where none is given */

guint32 inbox_exists(const Inbox *self)
{
    const struct mailimap_selection_info *info = imaplink_session(self->link)->imap_selection_info;
    return info ? info->sel_exists : 0;
}

gboolean inbox_is_same(Inbox *self, GError **error)
{
    const struct mailimap_selection_info *info = imaplink_session(self->link)->imap_selection_info;
    if (info && info->sel_uidvalidity == self->uidvalidity)
        return TRUE;
    return imaplink_break(self->link, CIRCULAR_ERROR_TEMPORARY, error,
                          "the folder was made anew while it was read (UIDVALIDITY changed); try "
                          "again");
}

/* --- opening ------------------------------------------------------------------------------ */

static const char *or_else(const char *text, const char *otherwise)
{
    return text && *text ? text : otherwise;
}

static gboolean check_server(const InboxOptions *options, GError **error)
{
    if (!options->host || !*options->host || options->port > 65535) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG,
                    "no IMAP server can be asked; set its host and port");
        return FALSE;
    }
    if (!signin_is_known(or_else(options->auth, "auto"))) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG,
                    "not a way to sign in: '%s' (auth)", options->auth);
        return FALSE;
    }
    return TRUE;
}

static gboolean check_names(const InboxOptions *options, GError **error)
{
    const char *names[] = {or_else(options->folder, "INBOX"),
                           or_else(options->processed, "Processed"),
                           or_else(options->review, "Review")};
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        gboolean is_twice = FALSE;
        for (gsize j = 0; j < i; j++)
            is_twice |= g_ascii_strcasecmp(names[i], names[j]) == 0;
        if (!is_twice && foldername_is_valid(names[i]) &&
            (i == 0 || g_ascii_strcasecmp(names[i], "INBOX") != 0))
            continue;
        g_autofree char *shown = text_visible(names[i]);
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG, "not a folder to %s: '%s'%s",
                    i == 0 ? "read" : "move messages to", shown,
                    is_twice ? " (it is used twice)" : "");
        return FALSE;
    }
    return TRUE;
}

static char *ask_secret(const InboxOptions *options, GError **error)
{
    g_autoptr(GError) inner = NULL;
    char *secret = options->secret ? options->secret(options->secret_user, &inner) : NULL;
    if (inner)
        g_propagate_error(error, g_steal_pointer(&inner));
    else if (!secret)
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG,
                    "no password or token to sign in with");
    return secret;
}

static gboolean sign_in_once(Inbox *self, const InboxOptions *options, guint port, GError **error)
{
    char *secret = ask_secret(options, error);
    if (!secret)
        return FALSE;
    imaplink_begin(self->link, 0); /* whoever gave the secret may have taken long */
    const char *user = or_else(options->user, "");
    gboolean ok = signin_check(user, secret, error) &&
                  signin_do(self->link, options->host, port, or_else(options->auth, "auto"), user,
                            secret, error);
    explicit_bzero(secret, strlen(secret));
    g_free(secret);
    return ok;
}

static gboolean sign_in(Inbox *self, const InboxOptions *options, guint port, GError **error)
{
    g_autoptr(GError) refused = NULL;
    if (sign_in_once(self, options, port, &refused))
        return imaplink_ask_capabilities(self->link, error);
    /* A token may have been withdrawn before its time. */
    if (!g_error_matches(refused, CIRCULAR_ERROR, CIRCULAR_ERROR_DENIED) ||
        !imaplink_is_usable(self->link, NULL) || !options->renew_secret ||
        !options->renew_secret(options->secret_user)) {
        g_propagate_error(error, g_steal_pointer(&refused));
        return FALSE;
    }
    return sign_in_once(self, options, port, error) && imaplink_ask_capabilities(self->link, error);
}

/* The first answer to LIST, or NULL. */
static const struct mailimap_mailbox_list *first_listed(Inbox *self)
{
    const struct mailimap_response_info *info = imaplink_session(self->link)->imap_response_info;
    clist *list = info ? info->rsp_mailbox_list : NULL;
    return list && clist_begin(list) ? clist_content(clist_begin(list)) : NULL;
}

/* Where the user's own folders are (RFC 2342): Courier, and others as they are set up, have them
 * below "INBOX." and refuse to make any elsewhere. */
static gboolean find_prefix(Inbox *self, GError **error)
{
    struct mailimap_namespace_data *data = NULL;
    mailimap *session = imaplink_session(self->link);
    if (!imaplink_offers(self->link, "NAMESPACE"))
        return TRUE;
    imaplink_allow(self->link, IMAPLINK_CHATTER);
    if (!imaplink_check(self->link, mailimap_namespace(session, &data),
                        "the server does not say where folders are", error))
        return FALSE;
    clist *own = data && data->ns_personal ? data->ns_personal->ns_data_list : NULL;
    const struct mailimap_namespace_info *first =
        own && clist_begin(own) ? clist_content(clist_begin(own)) : NULL;
    if (first && first->ns_prefix && *first->ns_prefix)
        self->prefix = g_strdup(first->ns_prefix);
    if (data)
        mailimap_namespace_data_free(data);
    return TRUE;
}

char *inbox_name_for(const Inbox *self, const char *name)
{
    char *encoded = foldername_encode(name, self->separator);
    if (!self->prefix || g_ascii_strcasecmp(encoded, "INBOX") == 0 ||
        g_ascii_strncasecmp(encoded, self->prefix, strlen(self->prefix)) == 0)
        return encoded;
    char *whole = g_strconcat(self->prefix, encoded, NULL);
    g_free(encoded);
    return whole;
}

static gboolean find_separator(Inbox *self, GError **error)
{
    char *separator = &self->separator;
    if (!imaplink_command(self->link, IMAPLINK_CHATTER, "the folders can't be listed",
                          "LIST \"\" \"\"", error))
        return FALSE;
    const struct mailimap_mailbox_list *root = first_listed(self);
    *separator = root ? root->mb_delimiter : '\0';
    if (*separator && !g_ascii_isprint(*separator))
        return imaplink_break(self->link, CIRCULAR_ERROR_REMOTE, error,
                              "the server separates folders by a control character");
    return find_prefix(self, error);
}

static gboolean is_listed(Inbox *self)
{
    const struct mailimap_mailbox_list *one = first_listed(self);
    return one && !(one->mb_flag && one->mb_flag->mbf_type == MAILIMAP_MBX_LIST_FLAGS_SFLAG &&
                    one->mb_flag->mbf_sflag == MAILIMAP_MBX_LIST_SFLAG_NOSELECT);
}

gboolean inbox_make_folder(Inbox *self, InboxFolder which, GError **error)
{
    const char *name = self->folders[which];
    g_autofree char *list = g_strdup_printf("LIST \"\" %s", name);
    if (!imaplink_command(self->link, IMAPLINK_CHATTER, "the folders can't be listed", list, error))
        return FALSE;
    if (is_listed(self))
        return TRUE;
    g_autofree char *create = g_strdup_printf("CREATE %s", name);
    g_autofree char *doing =
        g_strdup_printf("the folder '%s' can't be made (some servers want 'INBOX/%s')",
                        self->names[which], self->names[which]);
    g_autoptr(GError) failed = NULL;
    gboolean is_made = imaplink_command(self->link, IMAPLINK_CHATTER, doing, create, &failed);
    if (!is_made && imaplink_is_usable(self->link, NULL)) {
        /* Another run may have made it just now. */
        if (!imaplink_command(self->link, IMAPLINK_CHATTER, doing, list, error))
            return FALSE;
        is_made = is_listed(self);
    }
    if (!is_made) {
        g_propagate_error(error, g_steal_pointer(&failed));
        return FALSE;
    }
    /* Only so that mail programs show it; a server without subscriptions may say no. */
    g_autofree char *subscribe = g_strdup_printf("SUBSCRIBE %s", name);
    return imaplink_command(self->link, IMAPLINK_CHATTER, doing, subscribe, NULL) ||
           imaplink_is_usable(self->link, error);
}

static gboolean select_folder(Inbox *self, const char *name, GError **error)
{
    g_autofree char *encoded = inbox_name_for(self, name);
    g_autofree char *doing = g_strdup_printf("the folder '%s' can't be opened", name);
    mailimap *session = imaplink_session(self->link);
    imaplink_allow(self->link, IMAPLINK_CHATTER);
    if (!imaplink_check(self->link, mailimap_select(session, encoded), doing, error))
        return FALSE;
    const struct mailimap_selection_info *info = session->imap_selection_info;
    self->uidvalidity = info ? info->sel_uidvalidity : 0;
    if (!self->uidvalidity)
        return imaplink_break(self->link, CIRCULAR_ERROR_REMOTE, error,
                              "the server gives the folder '%s' no UIDVALIDITY: its messages can't "
                              "be told apart",
                              name);
    if (info->sel_perm == MAILIMAP_MAILBOX_READONLY) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DENIED,
                    "%s: the folder '%s' may only be read: messages could not be moved out of it",
                    imaplink_place(self->link), name);
        return FALSE;
    }
    return TRUE;
}

gboolean inbox_select_again(Inbox *self, GError **error)
{
    guint32 before = self->uidvalidity;
    imaplink_begin(self->link, 0);
    if (!select_folder(self, self->folder, error))
        return FALSE;
    self->uidvalidity = before;
    self->selected_at = clock_ticks();
    return inbox_is_same(self, error);
}

Inbox *inbox_connect(const InboxOptions *options, InboxLook *look, GError **error)
{
    if (!check_server(options, error))
        return NULL;
    guint port = options->port ? options->port : options->tls == TLS_IMPLICIT ? 993 : 143;
    ImapLink *link =
        imaplink_open(options, port, options->timeout ? options->timeout : TIMEOUT, error);
    if (!link)
        return NULL;
    g_autoptr(Inbox) self = g_new0(Inbox, 1);
    self->link = link;
    look->is_connected = TRUE;
    look->is_tls = tlsstream_is_secure(imaplink_stream(link));
    look->certificate_end = tlsstream_certificate_end(imaplink_stream(link));
    look->is_signed_in = sign_in(self, options, port, error);
    return look->is_signed_in && find_separator(self, error) ? g_steal_pointer(&self) : NULL;
}

static gboolean set_up(Inbox *self, const InboxOptions *options, GError **error)
{
    self->names[INBOX_PROCESSED] = g_strdup(or_else(options->processed, "Processed"));
    self->names[INBOX_REVIEW] = g_strdup(or_else(options->review, "Review"));
    for (int i = INBOX_PROCESSED; i <= INBOX_REVIEW; i++) {
        g_autofree char *encoded = inbox_name_for(self, self->names[i]);
        self->folders[i] = foldername_quote(encoded);
        if (!inbox_make_folder(self, (InboxFolder)i, error))
            return FALSE;
    }
    self->moves = imaplink_offers(self->link, "MOVE");
    self->expunges = imaplink_offers(self->link, "UIDPLUS");
    self->idles = imaplink_offers(self->link, "IDLE");
    self->folder = g_strdup(or_else(options->folder, "INBOX"));
    self->selected_at = clock_ticks();
    return select_folder(self, self->folder, error);
}

Inbox *inbox_open(const InboxOptions *options, GError **error)
{
    InboxLook look = {0};
    if (!check_server(options, error) || !check_names(options, error))
        return NULL;
    g_autoptr(Inbox) self = inbox_connect(options, &look, error);
    if (!self)
        return NULL;
    self->renew = options->renew ? options->renew : INBOX_RENEW;
    return set_up(self, options, error) ? g_steal_pointer(&self) : NULL;
}

/* Whether there is a folder of that name. */
static gboolean look_for(Inbox *self, const char *name, gboolean *found, char **rights,
                         GError **error)
{
    g_autofree char *encoded = inbox_name_for(self, name);
    g_autofree char *quoted = foldername_quote(encoded);
    g_autofree char *list = g_strdup_printf("LIST \"\" %s", quoted);
    if (!imaplink_command(self->link, IMAPLINK_CHATTER, "the folders can't be listed", list, error))
        return FALSE;
    *found = is_listed(self);
    return !*found || inbox_lacks(self, encoded, "i", rights, error);
}

static gboolean look_around(Inbox *self, const InboxOptions *options, InboxLook *look,
                            GError **error)
{
    look->moves = imaplink_offers(self->link, "MOVE");
    look->expunges = imaplink_offers(self->link, "UIDPLUS");
    look->idles = imaplink_offers(self->link, "IDLE");
    if (!look_for(self, or_else(options->processed, "Processed"), &look->has_processed,
                  &look->processed_rights, error) ||
        !look_for(self, or_else(options->review, "Review"), &look->has_review, &look->review_rights,
                  error))
        return FALSE;
    g_autofree char *folder = inbox_name_for(self, or_else(options->folder, "INBOX"));
    if (!inbox_lacks(self, folder, "r td ed", &look->folder_rights, error))
        return FALSE;
    look->has_folder = select_folder(self, or_else(options->folder, "INBOX"), error);
    look->messages = look->has_folder ? inbox_exists(self) : 0;
    return look->has_folder;
}

gboolean inbox_look(const InboxOptions *options, InboxLook *look, GError **error)
{
    *look = (InboxLook){0};
    if (!check_server(options, error) || !check_names(options, error))
        return FALSE;
    g_autoptr(Inbox) self = inbox_connect(options, look, error);
    return self && look_around(self, options, look, error);
}

void inbox_look_clear(InboxLook *look)
{
    g_clear_pointer(&look->folder_rights, g_free);
    g_clear_pointer(&look->processed_rights, g_free);
    g_clear_pointer(&look->review_rights, g_free);
}

void inbox_close(Inbox *self)
{
    if (!self)
        return;
    imaplink_close(self->link);
    g_free(self->prefix);
    g_free(self->folder);
    for (int i = INBOX_PROCESSED; i <= INBOX_REVIEW; i++) {
        g_free(self->folders[i]);
        g_free(self->names[i]);
    }
    g_free(self);
}

gboolean inbox_is_usable(const Inbox *self)
{
    return imaplink_is_usable(self->link, NULL);
}

guint32 inbox_uidvalidity(const Inbox *self)
{
    return self->uidvalidity;
}
