/* doc - what the parts of the Markdown reader and its two writers share
 *
 * Internal to markup and render: only the reader's parts and the writers include it.
 *
 * The tree is cmark's with these liberties: no HTML nodes are left; a CUSTOM_BLOCK, or an ITEM with
 * user data, is the tag of a block section (doc_marker); a heading's level is the one it gets on
 * the page, its user data the one it had in the source; a code block with user data is a Table; a
 * paragraph's, if it came from raw HTML or a table, is its line in the file; a CUSTOM_INLINE is a span that
 * Markdown has no mark for (doc_span); a CUSTOM_BLOCK without user data is a box (doc_box); a line break with user data stands in no line of the source.
 */
#ifndef MARKUP_DOC_H
#define MARKUP_DOC_H

#include <cmark.h>

#include "template/placeholders.h"
#include "fact/question.h"
#include "calendar/event.h"
#include "markup/markdown.h"
#include "markup/table.h"

struct Markdown {
    char *file;
    Placeholders *aside;
    cmark_node *root;
    cmark_node *cells;    /* a document of paragraphs: the cells of all tables */
    GPtrArray *images;    /* of MarkdownImage */
    GPtrArray *tables;    /* of Table; the tree's code blocks point to them */
    GString *definitions; /* the lines that give links their addresses, for the cells of tables */
    GHashTable *closed; /* set of char *: the names in "</name>" of the source, in small letters */
    GHashTable *ids;    /* heading -> the name that its author gave it, "## Dates {#dates}" */
    char *title;
    gboolean has_title;
    gboolean rtl;         /* the letter is written from right to left */
    GPtrArray *questions; /* of Question */
    GPtrArray *events;    /* of Event */
    GHashTable *facts;    /* box -> the Question or Event that it is */
    char *lang;           /* of the letter, once it is known; or NULL */
    char *answers;        /* the address that answers go to, once it is known */
    int answer_tag;       /* the tag of the token that each answer holds; with `answers` */
    int swap;             /* the first of four tags around languages in either order, or -1 */
};

/* The section tag that a node stands for, or NULL. */
static inline const PlaceholderTag *doc_marker(cmark_node *node)
{
    cmark_node_type type = cmark_node_get_type(node);
    return type == CMARK_NODE_CUSTOM_BLOCK || type == CMARK_NODE_ITEM
               ? cmark_node_get_user_data(node)
               : NULL;
}

/* What a block is that holds others, and that Markdown has no mark for. */
typedef enum {
    DOC_NO_BOX,
    DOC_LANGUAGE,  /* written in another language: "::: cy" */
    DOC_SIGNATURE, /* name, role, picture */
    DOC_QUESTION,  /* a question's words, then buttons */
    DOC_EVENT,     /* a callout */
    DOC_NOTES      /* paragraphs, the footnotes in the order of their numbers */
} DocBox;

DocBox doc_box(cmark_node *node);

/* The tag of a language box. Borrowed. */
const char *doc_language(cmark_node *box);

/* A new box without blocks; `language` is NULL but for a language. */
cmark_node *doc_box_new(DocBox box, const char *language);

/* The language box after this one, when some readers get the two the other way round; else NULL. */
cmark_node *doc_swapped(const Markdown *self, cmark_node *node);

/* What a span of words is that Markdown has no mark for. */
typedef enum {
    DOC_NO_SPAN,
    DOC_DELETED,  /* struck out: <del>, <s>, ~~ */
    DOC_INSERTED, /* <ins> */
    DOC_SUB,
    DOC_SUP,
    DOC_NOTE /* the number of a footnote */
} DocSpan;

static inline DocSpan doc_span(cmark_node *node)
{
    return cmark_node_get_type(node) == CMARK_NODE_CUSTOM_INLINE
               ? (DocSpan)GPOINTER_TO_INT(cmark_node_get_user_data(node))
               : DOC_NO_SPAN;
}

/* A new span without words. */
cmark_node *doc_span_new(DocSpan span);

/* The Table of a code block, or NULL. */
static inline const Table *doc_table(cmark_node *node)
{
    return cmark_node_get_type(node) == CMARK_NODE_CODE_BLOCK ? cmark_node_get_user_data(node)
                                                              : NULL;
}

/* The line of the file on which a node begins; of the block around it, or the one before it, when
 * cmark has none. */
guint doc_line(const Markdown *self, cmark_node *node);

/* Gives a paragraph that cmark didn't read there its line of the file. */
void doc_set_line(cmark_node *node, guint line);

/* The line that was given, to it or to the paragraph around it; 0 for none. */
guint doc_given_line(cmark_node *node);

/* Adds an error or a warning at that line. */
#define doc_complain(self, findings, severity, line, id, ...)                                      \
    findings_add((findings), (severity), (self)->file, (line), (id), __VA_ARGS__)

/* A text of its own, to be put somewhere. */
cmark_node *doc_text(const char *literal);

/* Takes a node out of the tree, with all below it, and frees it. */
void doc_drop(cmark_node *node);

/* The words of a node and all below it, line breaks as blanks; newly allocated. */
char *doc_words(cmark_node *node);

/* Whether an item begins with a box to tick, which then stands in place of the bullet. */
gboolean doc_is_task(cmark_node *item);

/* The link of a paragraph that holds nothing but a strong link, a button; or NULL. */
cmark_node *doc_button(cmark_node *paragraph);

/* A URL as it stands in an href: what RFC 3986 doesn't allow is percent-encoded as cmark does, but
 * for the words of tags, and for the letters of a host (RFC 3987), which no resolver decodes. No HTML
 * escaping yet. Newly allocated. */
char *doc_url(const char *url);

/* The first bare http or https URL in the text, without the punctuation after it, or NULL. */
const char *doc_find_url(const char *text, gsize *length);

/* section.c: decides where each block section stands, by the positions of the tree that cmark read
 * from placeholders_text(). TRUE when all have a place; FALSE when some were given another one, so that
 * the text has to be read again. In the `last` round a section without a place is an error. */
gboolean sections_settle(Markdown *self, gboolean last, Findings *findings);

/* Puts the tags of block sections into the settled tree and into code blocks. */
void sections_attach(Markdown *self);

/* Whether every section begins and ends in the same run of text; else adds errors. To be called
 * when the tree is finished. */
gboolean sections_check(Markdown *self, Findings *findings);

/* infoblock.c: reads a question or an event. `info` is what stands behind the colons, on that line of
 * the file; `body` the lines up to its end, NULL when they can't be known. Its blocks stand in the box. */
void infoblock_read(Markdown *self, cmark_node *box, const char *info, const char *body, guint line,
                    Findings *findings);

/* What is said of an answer, with %s in it for a day or an address. */
typedef enum { DOC_ANSWER_BY, DOC_ANSWER_HOW, DOC_ANSWER_SO } DocAnswerWords;
const char *doc_answer_words(const char *lang, DocAnswerWords which);

/* definitions.c: keeps the lines that give links their addresses; finds those that nothing uses. */
void definitions_read(Markdown *self, Findings *findings);

/* indented.c: finds prose that is shown as code. */
void indented_check(Markdown *self, Findings *findings);

/* section.c: whether a block of code stands in a fence. */
gboolean doc_is_fenced(const Markdown *self, cmark_node *code);

/* table.c: reads the cells of a table into nodes of `cells`. */
void table_read_cells(Markdown *self, const Table *table);

/* table.c: reads one line of Markdown, whatever it begins with, to the end of a paragraph. */
void doc_read_line(const Markdown *self, cmark_node *paragraph, const char *line);

/* barchart.c: makes a chart of a table; FALSE with an error. */
gboolean barchart_measure(const Markdown *self, Table *table, Findings *findings);

/* pipetable.c: makes tables of paragraphs that are drawn as such; FALSE with an error. */
gboolean pipetables_read(Markdown *self, Findings *findings);

/* container.c: makes boxes of what stands between lines of colons. */
void containers_read(Markdown *self, Findings *findings);

/* container.c: whether a line may begin or end such a box. */
gboolean container_is_fence(const char *line);

/* footnote.c: notes and what refers to them. */
void footnotes_read(Markdown *self, Findings *findings);

/* quotes.c: what cmark took for the beginning of a quotation that nothing ends is an apostrophe. */
void quotes_settle(const Markdown *self);

/* signs.c: asterisks between figures, and backslashes of paths, stand as they were typed; finds signs
 * that are lost as bullets. */
void signs_restore(const Markdown *self, Findings *findings);

/* rawhtml.c: replaces HTML nodes by the words, line breaks and links that they hold. */
void rawhtml_replace(Markdown *self, Findings *findings);

/* github.c: items that begin with a box, quotes that begin with [!NOTE]. */
void github_read(Markdown *self);

/* hoist.c: a section that is all there is in a block is put around the block. */
void hoist(Markdown *self);

/* github.c: what stands between two ~~ becomes a span. */
void strike(Markdown *self);

/* tidy.c: bare URLs become links, links and images what a letter can hold, headings settled. */
void tidy(Markdown *self, Findings *findings);

/* heading.c: takes the names of headings from their texts, drops empty ones, gives levels; finds
 * links within the letter that lead to none. */
void headings_settle(Markdown *self, Findings *findings);

/* heading.c: the name that links have for a heading: the one that was given, or one made of its
 * words, which is then `slug`, newly allocated. */
const char *heading_name(const Markdown *self, cmark_node *heading, char **slug);
char *heading_slug(cmark_node *heading);

#endif
