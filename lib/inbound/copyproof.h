/* copyproof - whether a filed copy proves that a delivery was sent: a pure function of its headers
 */
#ifndef INBOUND_COPYPROOF_H
#define INBOUND_COPYPROOF_H

#include "mail/token.h"

/* What the fields of a message in the folder of sent mail say. */
typedef struct {
    char *name;              /* "autumn-7c2e91/12", the delivery as the header names it, or NULL */
    guint64 mailing, number; /* that a signature of ours in it names; 0 without one */
    gboolean is_whole; /* the header stands there once, and is a name and a signature, no more */
    char *address;     /* the one that it went to; NULL where that are none or several */
    char *message_id;  /* with its angle brackets, or NULL */
} CopyClaim;

/* Reads a block of header lines; whatever they hold. */
void copyproof_read(const TokenKey *key, const char *fields, CopyClaim *claim);
void copyclaim_clear(CopyClaim *claim);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CopyClaim, copyclaim_clear)

/* Whether the claim names the delivery and is signed for it; and whether it went to that address, as
 * its own servers may write it, too. */
gboolean copyproof_is_of(const CopyClaim *claim, const char *name, guint64 mailing, guint64 number);
gboolean copyproof_went_to(const CopyClaim *claim, const char *address);

#endif
