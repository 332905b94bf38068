/* fields - "Name: value" lines in groups, as delivery-status and feedback-report parts hold them
 *
 * RFC 3464 section 2.1: groups of fields with blank lines between. Read leniently: a folded value
 * may go on in any indented line, lines that are no field are passed over.
 */
#ifndef EVIDENCE_FIELDS_H
#define EVIDENCE_FIELDS_H

#include <glib.h>
#include <string.h>

enum {
    FIELDS_MAX = 4000,         /* of one part */
    FIELD_VALUE_MAX = 8 << 10, /* bytes; the rest is cut */
};

typedef struct {
    char *name;  /* lower case */
    char *value; /* unfolded, trimmed */
    guint group; /* from 0; blank lines count up */
} Field;

/* The fields; of Field. */
GPtrArray *fields_read(const char *text);

/* The part of "type; value" behind the first semicolon, trimmed; the whole if there is none.
 * Borrowed. */
const char *field_typed(const char *value);

/* Whether "type; value" has this type (any case). */
gboolean field_has_type(const char *value, const char *type);

/* The bytes of the line at `at`, without its end. (strcspn() is several times slower.) */
static inline gsize line_length(const char *at)
{
    const char *newline = strchr(at, '\n');
    return newline ? (gsize)(newline - at) : strlen(at);
}

#endif
