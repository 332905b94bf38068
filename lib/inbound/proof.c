/* proof - which delivery a message is about, and whether that is proven */
#include "inbound/proof.h"

#include <string.h>

#include "ledger/mailings.h"
#include "ledger/marks.h"
#include "mail/address.h"

enum {
    NAME_MAX_BYTES = 200,  /* of a header in which a delivery is looked for */
    MESSAGE_ID_LEAST = 32, /* bytes of one that can't be guessed */
};

void proof_clear(Proof *self)
{
    g_clear_pointer(&self->delivery, delivery_free);
}

/* --- tokens ---------------------------------------------------------------------------------- */

static gboolean look_up(Ledger *ledger, guint64 mailing, guint64 number, Proof *proof,
                        GError **error)
{
    Lookup found = deliveries_find(ledger, mailing, number, &proof->delivery, error);
    proof->is_proven = found == LOOKUP_FOUND;
    return found != LOOKUP_FAILED;
}

static gboolean find_token(const TokenKey *key, const InboundReport *notice, guint64 *mailing,
                           guint64 *number)
{
    const char *const headers[] = {notice->original_delivery, notice->original_sender,
                                   notice->original_envelope};
    for (guint i = 0; i < notice->sent_to->len; i++)
        if (token_find(key, g_ptr_array_index(notice->sent_to, i), TOKEN_BOUNCE, mailing, number))
            return TRUE;
    for (guint i = 0; i < G_N_ELEMENTS(headers); i++)
        if (headers[i] && token_find(key, headers[i], TOKEN_BOUNCE, mailing, number))
            return TRUE;
    return FALSE;
}

/* --- names without proof --------------------------------------------------------------------- */

/* "autumn-7c2e91/12 ..." or "<autumn-7c2e91.12@example.org>". */
static gboolean split_name(const char *text, char mark, char **mailing, guint64 *number)
{
    g_autofree char *name =
        g_strndup(*text == '<' ? text + 1 : text, strcspn(*text == '<' ? text + 1 : text, " @>\t"));
    char *cut = strrchr(name, mark);
    if (!cut || cut == name || strlen(name) > NAME_MAX_BYTES)
        return FALSE;
    *cut = '\0';
    if (!g_ascii_string_to_unsigned(cut + 1, 10, 1, G_MAXUINT32, number, NULL))
        return FALSE;
    *mailing = g_steal_pointer(&name);
    return TRUE;
}

static gboolean look_up_name(Ledger *ledger, const char *text, char mark, Proof *proof,
                             GError **error)
{
    gint64 mailing;
    guint64 number;
    g_autofree char *id = NULL;
    if (!text || !split_name(text, mark, &id, &number))
        return TRUE;
    if (!mailings_number(ledger, id, &mailing, NULL))
        return TRUE; /* made up, or of another ledger */
    if (!look_up(ledger, (guint64)mailing, number, proof, error))
        return FALSE;
    proof->is_proven = FALSE;
    return TRUE;
}

/* A server that gives letters ids of its own makes them up at random and tells them to nobody but us
 * and the reader of the letter: who knows one has had that letter, as with a token. */
static gboolean look_up_message(Ledger *ledger, const char *message_id, Proof *proof,
                                GError **error)
{
    if (!message_id || strlen(message_id) < MESSAGE_ID_LEAST || strlen(message_id) > NAME_MAX_BYTES)
        return TRUE;
    Lookup found = deliveries_find_message(ledger, message_id, &proof->delivery, error);
    proof->is_proven = found == LOOKUP_FOUND;
    return found != LOOKUP_FAILED;
}

gboolean proof_find(Ledger *ledger, const TokenKey *key, const InboundReport *notice, Proof *proof,
                    GError **error)
{
    guint64 mailing, number;
    *proof = (Proof){0};
    if (find_token(key, notice, &mailing, &number) &&
        !look_up(ledger, mailing, number, proof, error))
        return FALSE;
    if (!proof->delivery && !look_up_message(ledger, notice->original_message_id, proof, error))
        return FALSE;
    if (!proof->delivery && !look_up_name(ledger, notice->original_delivery, '/', proof, error))
        return FALSE;
    return proof->delivery || look_up_name(ledger, notice->original_message_id, '.', proof, error);
}

gboolean proof_find_request(Ledger *ledger, const TokenKey *key, const InboundReport *notice,
                            Proof *proof, GError **error)
{
    guint64 mailing, number;
    *proof = (Proof){0};
    if (!notice->subject || !token_find(key, notice->subject, TOKEN_UNSUBSCRIBE, &mailing, &number))
        return TRUE;
    return look_up(ledger, mailing, number, proof, error);
}

/* --- recipients ------------------------------------------------------------------------------ */

/* Whether one domain is the other, a part of it, or a name that only its own servers use. */
static gboolean domains_are_kin(const char *ours, const char *theirs)
{
    static const char *const inner[] = {".onmicrosoft.com", ".local", ".internal", ".lan", NULL};
    gsize a = strlen(ours), b = strlen(theirs);
    const char *longer = a > b ? ours : theirs, *shorter = a > b ? theirs : ours;
    gsize over = MAX(a, b) - MIN(a, b);
    if (g_str_equal(longer + over, shorter) && (!over || longer[over - 1] == '.'))
        return TRUE;
    for (guint i = 0; inner[i]; i++)
        if (g_str_has_suffix(theirs, inner[i]))
            return TRUE;
    return !strchr(theirs, '.');
}

gboolean proof_is_mailbox(const char *ours, const char *theirs)
{
    g_autofree char *one = address_fold(ours);
    g_autofree char *other = address_fold(theirs);
    const char *at = strrchr(one, '@'), *other_at = strrchr(other, '@');
    if (!at || g_str_equal(one, other))
        return at != NULL;
    gsize local = (gsize)(at - one);
    if (!other_at) /* "head", as a system calls its own users */
        return strlen(other) == local && strncmp(one, other, local) == 0;
    return (gsize)(other_at - other) == local && strncmp(one, other, local) == 0 &&
           domains_are_kin(at + 1, other_at + 1);
}

gboolean proof_fits(const Delivery *delivery, const InboundRecipient *recipient)
{
    /* The original address doesn't help: it is the same for each that an alias leads to. */
    return !*recipient->address || proof_is_mailbox(delivery->address, recipient->address);
}

static gboolean is_ours(const TokenKey *key, const char *bounces, const char *address)
{
    guint64 mailing, number;
    if (!address || !*address)
        return FALSE;
    if (token_find(key, address, TOKEN_BOUNCE, &mailing, &number))
        return TRUE;
    g_autofree char *folded = address_fold(address);
    g_autofree char *plain = bounces ? address_fold(bounces) : NULL;
    return plain && g_str_equal(folded, plain);
}

gboolean proof_is_our_own(const TokenKey *key, const char *bounces,
                          const InboundRecipient *recipient)
{
    return is_ours(key, bounces, recipient->address) || is_ours(key, bounces, recipient->original);
}
