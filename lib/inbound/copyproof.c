/* copyproof - whether a filed copy proves that a delivery was sent: a pure function of its headers */
#include "inbound/copyproof.h"

#include <string.h>

#include "inbound/proof.h"
#include "mail/address.h"
#include "mail/reader.h"

enum { MESSAGE_ID_MAX = 250 }; /* bytes of one that is kept */

static const char HEADER[] = "X-Circular-Delivery";

/* How often a header begins in the block. */
static guint count_headers(const char *fields)
{
    guint count = 0;
    gsize length = strlen(HEADER);
    for (const char *line = fields; line && *line;) {
        count += g_ascii_strncasecmp(line, HEADER, length) == 0 && line[length] == ':';
        line = strchr(line, '\n');
        line = line ? line + 1 : NULL;
    }
    return count;
}

static void read_delivery(const TokenKey *key, const char *value, CopyClaim *claim)
{
    g_auto(GStrv) words = g_strsplit_set(value, " \t\r\n", -1);
    const char *word[3] = {NULL};
    guint count = 0;
    for (char **at = words; *at; at++)
        if (**at && count++ < G_N_ELEMENTS(word))
            word[count - 1] = *at;
    claim->name = g_strdup(word[0]);
    claim->is_whole = claim->is_whole && count == 2;
    if (!word[1] || !token_read(key, word[1], TOKEN_BOUNCE, &claim->mailing, &claim->number))
        claim->mailing = claim->number = 0;
    else
        return;
    /* One that was moved or added to proves nothing here, but tells which letter is meant. */
    if (token_find(key, value, TOKEN_BOUNCE, &claim->mailing, &claim->number))
        claim->is_whole = FALSE;
}

static char *message_id_of(const char *fields)
{
    g_autofree char *id = headers_value(fields, "Message-ID");
    if (!id)
        return NULL;
    g_strstrip(id);
    gsize length = strlen(id);
    gboolean is_one = length > 2 && length <= MESSAGE_ID_MAX && *id == '<' &&
                      strcspn(id, ">") == length - 1 && strchr(id, '@') &&
                      !strpbrk(id + 1, "< \t\"\\");
    return is_one && g_str_is_ascii(id) ? g_steal_pointer(&id) : NULL;
}

void copyproof_read(const TokenKey *key, const char *fields, CopyClaim *claim)
{
    *claim = (CopyClaim){0};
    g_autofree char *value = headers_value(fields, HEADER);
    if (!value)
        return;
    claim->is_whole = count_headers(fields) == 1;
    read_delivery(key, value, claim);
    g_autofree char *to = headers_value(fields, "To");
    g_autoptr(Address) address = to ? address_parse_mailbox(to, NULL) : NULL;
    claim->address = address ? g_strdup(address->spec) : NULL;
    claim->message_id = message_id_of(fields);
}

void copyclaim_clear(CopyClaim *claim)
{
    g_clear_pointer(&claim->name, g_free);
    g_clear_pointer(&claim->address, g_free);
    g_clear_pointer(&claim->message_id, g_free);
}

gboolean copyproof_is_of(const CopyClaim *claim, const char *name, guint64 mailing, guint64 number)
{
    return claim->is_whole && g_strcmp0(claim->name, name) == 0 && claim->mailing == mailing &&
           claim->number == number;
}

gboolean copyproof_went_to(const CopyClaim *claim, const char *address)
{
    return claim->address && proof_is_mailbox(address, claim->address);
}
