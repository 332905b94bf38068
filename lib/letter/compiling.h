/* compiling - the state of a compilation (private to lib/letter)
 *
 * letter/compile.c leads: front matter, sources, layouts. letter/dress.c gives theme and constants,
 * letter/enclose.c images, attachments and the MIME structure.
 */
#ifndef LETTER_COMPILING_H
#define LETTER_COMPILING_H

#include "letter/parts.h"
#include "markup/markdown.h"
#include "render/theme.h"

typedef struct {
    Letter *letter;
    Bundle *bundle;
    const LetterSettings *settings;
    gboolean draft;
    Findings *findings;
    GPtrArray *held;        /* of GBytes: attachments, until the MIME structure is made */
    const char *shown;      /* the update's path for findings */
    char *logo, *logo_dark; /* Content-IDs, or NULL */
    GBytes *update;
    const char *body; /* within `update` */
    gsize body_length;
    Markdown *markdown;
    Theme *theme;
    Value *constants;
    const Value *unsubscribe; /* one of them, which differs by copy; NULL where none is given */
    const Value *answer;      /* another */
    char *html_body, *text_body;
} Compiling;

/* A text of the settings, "" when it has none. Borrowed. */
const char *compiling_setting(const Compiling *c, const char *name);

/* An error that a call gave becomes a finding; takes `error`. */
void compiling_complain(const Compiling *c, const char *file, guint line, const char *id,
                        GError *error);

/* Sets `constants` to what the layouts may name; compiling_theme sets `theme`, FALSE with a
 * finding. */
void compiling_constants(Compiling *c);
gboolean compiling_theme(Compiling *c);

/* Reads the images, so that the page can be made with their sizes; then, once it is made, the
 * attachments, and makes the MIME structure. What is missing is a finding. */
void compiling_images(Compiling *c);
void compiling_enclose(Compiling *c);

/* Gives the office what layouts may say of its logo, which stands in the folder of layouts:
 * logo_text, logo_width; and "" for what isn't set. A missing file is a finding. */
void compiling_logo(Compiling *c, Value *office);

/* A layout's page with its own pictures embedded, which stand beside it; remote and missing ones
 * are findings. Newly allocated. */
char *compiling_layout_images(Compiling *c, const char *file, const char *source);

void letter_image_free(gpointer image);

#endif
