/* shared - texts that are alike, each written as what it has in common with the first
 *
 * 450 letters differ in a name here and a date there, and may hold the same picture. Cut into
 * pieces (after a line end, before a '<'), a text becomes an array for a page's script: two numbers
 * for a run of pieces that the first text has too (the index of its first, how many), or the piece
 * itself. What the array stands for is its pieces one after the other, to the byte.
 */
#ifndef GALLERY_SHARED_H
#define GALLERY_SHARED_H

#include <glib.h>

typedef struct SharedPieces SharedPieces;

SharedPieces *shared_new(void);
void shared_free(SharedPieces *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SharedPieces, shared_free)

/* Appends the array of a text (page/script.h). The first text ever given is the one that the others
 * are compared with. */
void shared_write(SharedPieces *self, const char *text, GString *out);

/* Appends the array of the first text's pieces, to which the numbers refer. */
void shared_write_pieces(const SharedPieces *self, GString *out);

#endif
