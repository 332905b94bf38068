/* rawscan - the pieces of raw HTML: text, tags, comments
 *
 * Not a parser of HTML: just enough to keep what a person would read when the tags are dropped. Any
 * bytes are fine; what is no tag is text.
 */
#ifndef MARKUP_RAWSCAN_H
#define MARKUP_RAWSCAN_H

#include <glib.h>

enum { RAW_NAME_MAX = 31 };

typedef enum {
    RAW_TEXT,
    RAW_OPEN,   /* <name ...> and <name ... /> */
    RAW_CLOSE,  /* </name> */
    RAW_COMMENT /* comments, declarations, processing instructions */
} RawKind;

typedef struct {
    RawKind kind;
    const char *start, *end;     /* the whole piece; of CDATA, what is in it */
    char name[RAW_NAME_MAX + 1]; /* of a tag, lower case */
} RawPiece;

/* What dropping a tag of that name means for the words around it. */
typedef enum {
    RAW_INLINE, /* nothing */
    RAW_BLOCK,  /* a paragraph ends */
    RAW_BREAK,  /* a line ends */
    RAW_RULE,
    RAW_HEADING, /* h1 to h6 */
    RAW_ITEM,
    RAW_CELL,
    RAW_LINK,
    RAW_STRONG,
    RAW_EMPH,
    RAW_IMAGE,
    RAW_MEDIA,  /* refers to something by src: iframe, video ... */
    RAW_SKIP,   /* what it encloses is for no reader: script, style */
    RAW_UNKNOWN /* no element of HTML: somebody's words in angle brackets */
} RawRole;

/* Takes the next piece from `at` and moves it on; FALSE at the end. */
gboolean rawscan_next(const char **at, RawPiece *piece);

RawRole rawscan_role(const char *name);

/* Whether a piece is a comment as people write them; "<!Important>" is somebody's words. */
gboolean rawscan_is_remark(const RawPiece *piece);

/* The value of an attribute, entities decoded; NULL when the tag has none. Newly allocated. */
char *rawscan_attribute(const RawPiece *piece, const char *name);

/* The text with its entities decoded; newly allocated. */
char *rawscan_decode(const char *text, gsize length);

#endif
