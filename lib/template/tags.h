/* tags - the Mustache tags of a text, found one after another
 *
 * The tokenizer that the template compiler and the Markdown reader share, so that both see the same
 * tags: delimiters changed by {{=<% %>=}}, comments, triple mustaches, standalone lines.
 *
 * A name may hold anything that a list's column can be called, blanks and brackets too, but no
 * control character, no brace and no delimiter: where one of those comes first, a tag was not
 * closed.
 */
#ifndef TEMPLATE_TAGS_H
#define TEMPLATE_TAGS_H

#include <glib.h>

enum {
    TAG_NAME_MAX = 200,    /* bytes */
    TAG_DELIMITER_MAX = 15 /* bytes of one delimiter */
};

typedef enum {
    TAG_VARIABLE,  /* {{x}} */
    TAG_RAW,       /* {{{x}}} and {{&x}} */
    TAG_SECTION,   /* {{#x}} */
    TAG_INVERTED,  /* {{^x}} */
    TAG_CLOSE,     /* {{/x}} */
    TAG_COMMENT,   /* {{! ... }} */
    TAG_PARTIAL,   /* {{>x}} */
    TAG_DELIMITERS /* {{=<% %>=}} */
} TagKind;

typedef struct {
    TagKind kind;
    const char *start, *end;     /* the whole tag in the source, delimiters and all */
    char name[TAG_NAME_MAX + 1]; /* trimmed; "" for comments and delimiters */
    guint line;                  /* of its first character, from the line the scan began with */
    gboolean standalone;         /* alone on its line (never for variables): */
    const char *line_start, *line_end; /* then that line, its indentation and line end included;
                                        * else `start` and `end` again */
} Tag;

typedef struct {
    const char *source, *at, *end;
    guint line;                       /* of `at` */
    char open[TAG_DELIMITER_MAX + 1]; /* the delimiters in force */
    char close[TAG_DELIMITER_MAX + 1];
    char *problem; /* set when tags_next fails; freed by tags_clear */
    guint problem_line;
} Tags;

/* Starts a scan of `length` bytes, whose first line has the number `first_line`. The source is
 * borrowed and may lack a NUL byte. A copy of a Tags without a problem is a second scan that goes
 * on from the same place. */
void tags_init(Tags *self, const char *source, gsize length, guint first_line);
void tags_clear(Tags *self);

/* Finds the next tag; `at` is then the first byte after it (after its whole line when it stands
 * alone). FALSE at the end, or with `problem` set: "a tag is not closed: write }} after 'name'", a
 * bad name or bad delimiters. After a problem it stays FALSE. */
gboolean tags_next(Tags *self, Tag *tag);

#endif
