/* emptyblock - whether a finished page has a paragraph, an item, a link … without anything in it
 */
#ifndef CHECK_EMPTYBLOCK_H
#define CHECK_EMPTYBLOCK_H

/* The name of the first such element of a page's body ("li"): of paragraphs, headings, items,
 * quotes, links, captions, header cells and rows; "table" for one of data that has a header alone.
 * A footnote's number fills nothing; "note" where it leads to none. NULL when there is none. A static text. */
const char *emptyblock_find(const char *page);

#endif
