/* placeholders - an update's Mustache tags, set aside as plain words while cmark reads the Markdown
 *
 * Each tag becomes a word of letters and digits that stands nowhere else in the source, so that it
 * comes through emphasis, link targets, titles, code and tables as any word would, and a field is
 * never Markdown itself. A section's tags have no width of their own: where Markdown looks at the
 * neighbours of `*`, `_` or a quotation mark, their words look like what stands on their other
 * side.
 *
 * A section whose two tags stand alone on their lines is a block section: the lines are taken out,
 * so that they break no list and no paragraph, and markup/section.c puts the tags back into the
 * tree. So is one whose tags stand around an item, a heading or a quote on its line: {{#x}}- a{{/x}}.
 */
#ifndef TEMPLATE_PLACEHOLDERS_H
#define TEMPLATE_PLACEHOLDERS_H

#include <glib.h>

#include "base/finding.h"
#include "template/tags.h"

enum {
    PLACEHOLDER_TAGS_MAX = 4000, /* tags in one source */
    PLACEHOLDER_WORD_MAX = 40    /* bytes of the word for a tag */
};

typedef enum {
    PLACEHOLDER_GONE,  /* comments and delimiters: nothing is left */
    PLACEHOLDER_WORD,  /* a word where the tag stands */
    PLACEHOLDER_LINE,  /* a block section's tag: its line is taken out */
    PLACEHOLDER_BLANK, /* the same, but a blank line is left, to part what would run together */
    PLACEHOLDER_SPLIT, /* the same with an HTML comment, which ends a list, too */
    PLACEHOLDER_JOINED /* its line is taken out and its word ends the line above: within a paragraph */
} PlaceholderPlace;

typedef struct {
    TagKind kind;
    char *name;
    guint line; /* in the file */
    PlaceholderPlace place;
    guint mate;   /* index of a section's other tag; its own for any other kind */
    guint before; /* alone on its line: the line of placeholders_text() that follows it, from 1 */
    gsize start, end, line_start, line_end; /* bytes of the source */
    gboolean flush;                         /* no blanks stand before it, or one after a '>' */
    gboolean is_quoted;                     /* a block quote's mark stands before it */
    gboolean pad_left, pad_right;           /* the word has a '$' on that side */
    gboolean splits;                        /* its line goes on, or ends, as another one below it */
    gboolean in_line; /* it stands beside what it encloses: if that is no block, it is a word */
} PlaceholderTag;

typedef struct Placeholders Placeholders;

/* Finds and pairs the tags of UTF-8 text. NULL when an error was added: text that is no tag, a
 * section not closed or closed by another name, a partial (its Markdown would never be read). */
Placeholders *placeholders_new(const char *source, gsize length, const char *file, guint first_line,
                               Findings *findings);
void placeholders_free(Placeholders *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Placeholders, placeholders_free)

/* The tags in the order of the source; `place` may be changed before placeholders_text. */
guint placeholders_count(const Placeholders *self);
PlaceholderTag *placeholders_tag(const Placeholders *self, guint index);
guint placeholders_index(const Placeholders *self, const PlaceholderTag *tag);

/* Whether a tag is a comment that begins a part of its own, alone on its line: {{!circular:part}},
 * or {{!circular:part 3}}, below which headings go that many levels down (`shift`). */
gboolean placeholders_is_break(const Placeholders *self, guint index, int *shift);

/* Two more tags behind the others, which open and close {{#x.any}} for a section {{#x}}; the first
 * one's index, or -1 when there are too many. What placeholders_tag gave stays valid. */
int placeholders_add_guard(Placeholders *self, guint section);

/* One more tag, {{name}}: its index. To be called once. */
int placeholders_add_field(Placeholders *self, const char *name);

/* Four more tags, {{^name}}, its {{/name}}, {{#name}} and its {{/name}}: the first one's index. To
 * be called once. */
int placeholders_add_choice(Placeholders *self, const char *name, guint line);

/* The source with every tag at its place, for cmark. Owned by the Aside until the next call. */
const char *placeholders_text(Placeholders *self);

/* The same text as it was last given. Borrowed. */
const char *placeholders_last_text(const Placeholders *self);

/* The line of the file from which that line of placeholders_text() came. */
guint placeholders_line(const Placeholders *self, guint text_line);

/* Where the line `number` (from 1) of placeholders_text() begins. */
gsize placeholders_offset(const Placeholders *self, guint number);

/* The line `number` (from 1) of placeholders_text(), without its end; newly allocated. */
char *placeholders_text_line(const Placeholders *self, guint number);

/* The word of a tag, pads included; newly allocated. */
char *placeholders_word(const Placeholders *self, guint index);

/* Finds the next word in `text`: its tag's index, with `start` and `end` set round it, pads
 * included. -1 when there is none. */
int placeholders_find(const Placeholders *self, const char *text, const char **start,
                      const char **end);

/* Whether the text holds a word of a tag; the second, whether it is that of a section's tag and
 * nothing else. */
gboolean placeholders_has(const Placeholders *self, const char *text);
gboolean placeholders_is_section(const Placeholders *self, const char *text, guint *index);

/* The source as it was given. Borrowed. */
const char *placeholders_source(const Placeholders *self);

/* What begins every word of a tag, and stands nowhere in the source; newly allocated. */
char *placeholders_prefix(const Placeholders *self);

/* Whether the source holds that text. */
gboolean placeholders_mentions(const Placeholders *self, const char *text);

/* Stands in a finished text before a word whose field is to be as it is in the list, {{&x}}. */
#define PLACEHOLDER_EXACT '\x02'

/* The text with PLACEHOLDER_EXACT before each word of a field; newly allocated. */
char *placeholders_exact(const Placeholders *self, const char *text);

/* Where a finished text is to go. */
typedef enum {
    PLACEHOLDER_HTML,
    PLACEHOLDER_TEXT,
    PLACEHOLDER_PLAIN /* without marks */
} PlaceholderKind;

/* restore.c: the finished text as a template's source: the words become tags in the default
 * delimiters, each after a mark of its line in the file (FLOW_LINE of template/wrap.h) unless the one
 * before holds; literal braces that would read as a tag are made harmless. Newly allocated. */
char *placeholders_restore(const Placeholders *self, const char *text, PlaceholderKind kind);

#endif
