/* gallery_page - a page on which every letter of a mailing can be looked at before it is sent
 *
 * Writes a folder that any browser opens from the disk, without a network: one page (index.html,
 * gallery.css, gallery*.js of this folder), a list of the recipients, and a small file for each
 * letter that the page loads when it is picked. Letters are data there, never a part of the page:
 * see page/script.h.
 */
#ifndef GALLERY_GALLERY_PAGE_H
#define GALLERY_GALLERY_PAGE_H

#include "base/finding.h"

typedef struct GalleryPage GalleryPage;

/* Begins a gallery in a folder; see pagefolder_open. */
GalleryPage *gallery_page_open(const char *folder, GError **error);

/* Leaves the folder as it was, unless gallery_page_finish has shown the gallery. */
void gallery_page_free(GalleryPage *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GalleryPage, gallery_page_free)

/* One letter. All texts are copied; NULL where there is none. */
typedef struct {
    const char *key, *name, *address;
    const char *label; /* what people call the row: "St Brigid's" */
    const char *file;  /* where the recipient's row stands: findings there are about it */
    guint line;
    const char *why;            /* why it was chosen, where not all are shown */
    const char *problem;        /* why the letter can't be made as it should, or NULL */
    const char *subject;        /* the texts as a person sees them */
    const char *html;           /* a whole page, with its images as data: URIs */
    const char *text;           /* plain text */
    const char *source;         /* the message as it is sent, '\n' as line end */
    gsize size;                 /* bytes of the whole message */
    const char *const *headers; /* name, value, name, value, NULL */
    const char *const *files;   /* names of what is attached, NULL-terminated */
} GalleryLetter;

/* Adds a letter. IO when it can't be written. */
gboolean gallery_page_add(GalleryPage *self, const GalleryLetter *letter, GError **error);

/* Somebody who was chosen and gets no letter. Past GALLERY_PAGE_LEFT_OUT_MAX they are only counted. */
enum { GALLERY_PAGE_LEFT_OUT_MAX = 200 };
void gallery_page_leave_out(GalleryPage *self, const char *key, const char *address,
                            const char *reason, const Location *at);

/* What the page says of the whole. */
typedef struct {
    const char *subject;  /* with fields by their names */
    const char *update;   /* the file */
    const char *audience; /* NULL: fields are shown by their names */
    const char *made;     /* when, for people */
    const char *sample;   /* why not all are shown, one or more sentences; NULL: all are */
    guint64 recipients;   /* of the audience */
    const Findings *findings;
} GalleryAbout;

/* Shows the gallery in the place of an earlier one. IO. */
gboolean gallery_page_finish(GalleryPage *self, const GalleryAbout *about, GError **error);

#endif
