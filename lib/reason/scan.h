/* scan - addresses, reply codes, status codes and SMTP commands found in running text
 */
#ifndef REASON_SCAN_H
#define REASON_SCAN_H

#include <glib.h>

enum {
    STATUS_SIZE = 16,   /* of a buffer for "5.999.999" */
    FOLD_MAX = 4 << 10, /* bytes of a folded text: what matters is said early */
};

/* Where in the SMTP dialogue (RFC 5321) something was said. */
typedef enum {
    SMTP_UNKNOWN,
    SMTP_CONNECT,
    SMTP_HELLO,
    SMTP_STARTTLS,
    SMTP_AUTH,
    SMTP_MAIL,
    SMTP_RCPT,
    SMTP_DATA, /* or after the final dot */
} SmtpCommand;

/* Lower case (Latin, Greek, Cyrillic), white space folded to one space, typographic apostrophes to
 * ', cut at FOLD_MAX on a character's border; newly allocated. The form in which rules see text. */
char *scan_fold(const char *text, gsize length);

/* Joins the lines of a reply in a folded text: "550-5.7.1 a mailbox 550 5.7.1 is full" loses the
 * codes between, which stand in the middle of sentences. In place. */
void scan_unwrap(char *folded);

/* The next address at or after `text`: FALSE if none, else its first byte and the one after it.
 * Takes what reports really hold: quoted and UTF-8 local parts, domains of one label, address
 * literals. */
gboolean scan_address(const char *text, const char **start, const char **end);

/* The address in the field of a report ("rfc822; <ann@example.org>"), without brackets, newly
 * allocated; NULL if there is none. */
char *scan_address_dup(const char *text);

/* The first enhanced status code (RFC 3463) of class 4 or 5 ("2" too, if `success`). Codes behind
 * a reply code or '#' come before others; versions and IP addresses are none. */
gboolean scan_status(const char *text, gboolean success, char status[STATUS_SIZE]);

/* The first SMTP reply code of class 4 or 5 in a text, or 0. */
guint scan_code(const char *text);

/* Whether a reply code of class 4 or 5 stands at `at`, which is within `text`. */
gboolean scan_is_code(const char *text, const char *at);

/* The length of an enhanced status code of class 4 or 5 at `at`; 0 if there is none. */
gsize scan_status_length(const char *at);

/* The SMTP command that a folded text says the reply answered. */
SmtpCommand scan_command(const char *folded);

#endif
