/* proof - which delivery a message is about, and whether that is proven
 *
 * A signed token proves it: in an address that the message was sent to (VERP), else in the headers
 * of the letter that it returns (X-Circular-Delivery, Return-Path), else in what we called the
 * letter in its envelope (Original-Envelope-Id). So does the Message-ID that the
 * server gave the letter when it took it, as Exchange does. Without either the headers may
 * still name a delivery, which is worth showing and nothing more: anybody can write them.
 */
#ifndef INBOUND_PROOF_H
#define INBOUND_PROOF_H

#include "evidence/inbound_report.h"
#include "ledger/delivery.h"
#include "mail/token.h"

typedef struct {
    Delivery *delivery; /* or NULL */
    gboolean is_proven;
} Proof;

/* The delivery that a report is about. FALSE with an error of the ledger's. */
gboolean proof_find(Ledger *ledger, const TokenKey *key, const InboundReport *notice, Proof *proof,
                    GError **error);

/* The delivery whose List-Unsubscribe a request answers, by the token in its subject. */
gboolean proof_find_request(Ledger *ledger, const TokenKey *key, const InboundReport *notice,
                            Proof *proof, GError **error);

void proof_clear(Proof *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Proof, proof_clear)

/* Whether two addresses are one mailbox: the same without regard to case, or one of them as the
 * mailbox's own servers write the other. */
gboolean proof_is_mailbox(const char *ours, const char *theirs);

/* Whether a failed recipient is the one that the letter went to: the same address, or the same
 * mailbox as its own servers call it. FALSE for one that an alias or a forward leads to, whose
 * failure says little of the first. TRUE where the report names nobody. */
gboolean proof_fits(const Delivery *delivery, const InboundRecipient *recipient);

/* Whether a failed recipient is an address that our own letters come from: what bounced was no
 * letter but an answer to one. `bounces` is the plain bounce address, or NULL. */
gboolean proof_is_our_own(const TokenKey *key, const char *bounces,
                          const InboundRecipient *recipient);

#endif
