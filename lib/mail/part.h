/* part - one file as a MIME part (RFC 2045, 2183, 2231, 2392)
 */
#ifndef MAIL_PART_H
#define MAIL_PART_H

#include <glib.h>

enum { PART_WIDTH = 76 }; /* characters of a base64 line: 57 bytes */

typedef struct {
    const char *filename; /* without folders; any UTF-8 */
    const char *cid;      /* of an embedded image, else NULL */
    const char *bytes;
    gsize length;
} ComposeFile;

/* Appends the part, headers and base64 body, ending with CRLF, without a boundary. The disposition
 * is inline for one with a cid, else attachment. The name loses folders and control characters; one
 * that isn't plain ASCII is given by RFC 2231, with an ASCII likeness in the Content-Type for
 * readers that know only that: both in one header would be a defect. */
void part_append(GString *out, const ComposeFile *file);

#endif
