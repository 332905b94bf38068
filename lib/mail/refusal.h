/* refusal - whom a server's refusal means: this recipient, this letter, us, or only this session
 *
 * The one judge of 4xx and 5xx replies. Status codes are asked first (RFC 3463, RFC 5248 and the
 * providers' lists of SMTP errors), the words last, and words are never proof: who is meant by a
 * refusal is in the end decided by what happens to the next letters (send/breaker.h). Pure.
 */
#ifndef MAIL_REFUSAL_H
#define MAIL_REFUSAL_H

#include <glib.h>

typedef enum {
    REFUSAL_UNCLEAR,
    REFUSAL_RECIPIENT, /* the mailbox, its domain, or the way there */
    REFUSAL_MESSAGE,   /* its size, form or content */
    REFUSAL_SENDER,    /* us: the account, its addresses, this machine, a limit of ours */
    REFUSAL_SESSION    /* this conversation: commands out of turn, closing, enough for once */
} RefusalAbout;

/* What is the matter, as far as somebody here can fix it. */
typedef enum {
    CAUSE_NONE,
    CAUSE_SIGN_IN,       /* the server wants a sign-in first */
    CAUSE_SMTP_AUTH_OFF, /* Microsoft 365: 5.7.139, switched off for the tenant or the mailbox */
    CAUSE_HELLO,         /* the name that we give in EHLO */
    CAUSE_ADDRESS,       /* the account may not send as this address, or it can't be verified */
    CAUSE_RELAYING,      /* the server doesn't pass on letters of this machine */
    CAUSE_LIMIT,         /* too many at once, an hour, or a day */
    CAUSE_BLOCKED,       /* the account, the domain or this machine is blocked */
    CAUSE_AUTHENTICITY,  /* SPF, DKIM, DMARC, or the name of this machine's address */
    CAUSE_CONTENT,       /* taken for spam or a virus */
    CAUSES
} RefusalCause;

enum { REFUSAL_WAIT_MAX = 24 * 3600 }; /* seconds: longer is not believed */

/* By the status code, or where that says nothing by the reply code. `enhanced` is "5.1.1", "" or
 * NULL. */
RefusalAbout refusal_by_code(int code, const char *enhanced);

/* By the code, else by the words of well-known servers. */
RefusalAbout refusal_about(int code, const char *enhanced, const char *text);

/* Whether the code says that no letter of ours is taken now, whoever it is for. A server that has
 * taken others from us means something else by it. */
gboolean refusal_is_of_all(int code, const char *enhanced);

/* Whether the same letter may be taken later as it is: a reply of 4xx or a goodbye, and a limit of
 * ours, of whatever class the reply is. FALSE without a reply. */
gboolean refusal_passes(int code, const char *enhanced, const char *text);

/* The cause, by code or words. */
RefusalCause refusal_cause(int code, const char *enhanced, const char *text);

/* How a person fixes it: "set relay.hello to ..."; NULL for CAUSE_NONE. Static. `sender` is the
 * envelope sender that was refused, or NULL: one with a tag has a fix of its own. */
const char *refusal_fix(RefusalCause cause, const char *sender);

/* What makes two refusals the same, whoever they were for: codes and words, lower case, without the
 * recipient's address and without whatever holds a digit. Newly allocated. */
char *refusal_fingerprint(int code, const char *enhanced, const char *text, const char *recipient);

/* For how long the text asks us to stay away ("try again in 30 minutes"), in seconds, at most
 * REFUSAL_WAIT_MAX; 0 when it doesn't say. */
guint refusal_wait(const char *text);

#endif
