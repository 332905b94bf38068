/* domain - a mail domain in ASCII (RFC 1035; IDNA 2008, RFC 5890)
 */
#ifndef MAIL_DOMAIN_H
#define MAIL_DOMAIN_H

/* The domain in lower-case ASCII, an international one encoded (xn--); newly allocated. NULL with
 * what is wrong, for a message, newly allocated in `wrong`. Labels are letters, digits and hyphens,
 * at least two, the last of them not a number, so that no IP address passes. `domain` is valid
 * UTF-8. */
char *domain_to_ascii(const char *domain, char **wrong);

#endif
