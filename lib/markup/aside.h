/* aside - an update's Mustache tags, set aside as plain words while cmark reads the Markdown
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
#ifndef MARKUP_ASIDE_H
#define MARKUP_ASIDE_H

#include <glib.h>

#include "base/finding.h"
#include "markup/tags.h"

enum {
    ASIDE_TAGS_MAX = 4000, /* tags in one source */
    ASIDE_WORD_MAX = 40    /* bytes of the word for a tag */
};

typedef enum {
    ASIDE_GONE,  /* comments and delimiters: nothing is left */
    ASIDE_WORD,  /* a word where the tag stands */
    ASIDE_LINE,  /* a block section's tag: its line is taken out */
    ASIDE_BLANK, /* the same, but a blank line is left, to part what would run together */
    ASIDE_SPLIT, /* the same with an HTML comment, which ends a list, too */
    ASIDE_JOINED /* its line is taken out and its word ends the line above: within a paragraph */
} AsidePlace;

typedef struct {
    TagKind kind;
    char *name;
    guint line; /* in the file */
    AsidePlace place;
    guint mate;   /* index of a section's other tag; its own for any other kind */
    guint before; /* alone on its line: the line of aside_text() that follows it, from 1 */
    gsize start, end, line_start, line_end; /* bytes of the source */
    gboolean flush;                         /* no blanks stand before it, or one after a '>' */
    gboolean is_quoted;                     /* a block quote's mark stands before it */
    gboolean pad_left, pad_right;           /* the word has a '$' on that side */
    gboolean splits;  /* its line goes on, or ends, as another one below it */
    gboolean in_line; /* it stands beside what it encloses: if that is no block, it is a word */
} AsideTag;

typedef struct Aside Aside;

/* Finds and pairs the tags of UTF-8 text. NULL when an error was added: text that is no tag, a
 * section not closed or closed by another name, a partial (its Markdown would never be read). */
Aside *aside_new(const char *source, gsize length, const char *file, guint first_line,
                 Findings *findings);
void aside_free(Aside *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Aside, aside_free)

/* The tags in the order of the source; `place` may be changed before aside_text. */
guint aside_count(const Aside *self);
AsideTag *aside_tag(const Aside *self, guint index);
guint aside_index(const Aside *self, const AsideTag *tag);

/* Whether a tag is a comment that begins a part of its own, alone on its line: {{!circular:part}},
 * or {{!circular:part 3}}, below which headings go that many levels down (`shift`). */
gboolean aside_is_break(const Aside *self, guint index, int *shift);

/* Two more tags behind the others, which open and close {{#x.any}} for a section {{#x}}; the first
 * one's index, or -1 when there are too many. What aside_tag gave stays valid. */
int aside_add_guard(Aside *self, guint section);

/* The source with every tag at its place, for cmark. Owned by the Aside until the next call. */
const char *aside_text(Aside *self);

/* The line of the file from which that line of aside_text() came. */
guint aside_line(const Aside *self, guint text_line);

/* Where the line `number` (from 1) of aside_text() begins. */
gsize aside_offset(const Aside *self, guint number);

/* The line `number` (from 1) of aside_text(), without its end; newly allocated. */
char *aside_text_line(const Aside *self, guint number);

/* The word of a tag, pads included; newly allocated. */
char *aside_word(const Aside *self, guint index);

/* Finds the next word in `text`: its tag's index, with `start` and `end` set round it, pads
 * included. -1 when there is none. */
int aside_find(const Aside *self, const char *text, const char **start, const char **end);

/* Whether the text holds a word of a tag; the second, whether it is that of a section's tag and
 * nothing else. */
gboolean aside_has(const Aside *self, const char *text);
gboolean aside_is_section(const Aside *self, const char *text, guint *index);

/* The source as it was given. Borrowed. */
const char *aside_source(const Aside *self);

/* What begins every word of a tag, and stands nowhere in the source; newly allocated. */
char *aside_prefix(const Aside *self);

/* Whether the source holds that text. */
gboolean aside_mentions(const Aside *self, const char *text);

/* Where a finished text is to go. */
typedef enum { ASIDE_HTML, ASIDE_TEXT, ASIDE_PLAIN /* without marks */ } AsideKind;

/* restore.c: the finished text as a template's source: the words become tags in the default
 * delimiters, each after a mark of its line in the file (FLOW_LINE of markup/flow.h) unless the one
 * before holds; literal braces that would read as a tag are made harmless. Newly allocated. */
char *aside_restore(const Aside *self, const char *text, AsideKind kind);

#endif
