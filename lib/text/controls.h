/* controls - characters that steer a screen instead of being read, shown as code points
 *
 * Text from outside (a subject, a name in a list, a server's reply) can hold characters that move
 * the cursor, end a line, turn the direction of writing around for what stands after them, or are
 * not seen at all. Whoever shows such a text writes them as "<U+202E>".
 */
#ifndef TEXT_CONTROLS_H
#define TEXT_CONTROLS_H

#include <glib.h>

/* The controls of C0 and C1 (also tab and line feed: who lets them pass asks before), the embeddings,
 * overrides and isolates of bidirectional text, line and paragraph separator, annotations. Not
 * the marks U+200E, U+200F, the joiners and tags, which languages and flags need and which change
 * nothing beyond their place. */
gboolean controls_has(gunichar c);

/* Adds "<U+202E>". */
void controls_add(GString *out, gunichar c);

#endif
