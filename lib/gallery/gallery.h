/* gallery - the letters of an audience, put into a gallery
 *
 * Joins a compiled letter, an audience and what is wrong with both to a page on which all of it can
 * be looked at (gallery/gallery_page.h). Sends and records nothing.
 */
#ifndef GALLERY_GALLERY_H
#define GALLERY_GALLERY_H

#include "fact/exclusion.h"
#include "base/finding.h"
#include "letter/letter.h"
#include "list/audience.h"

enum {
    GALLERY_ALL_MAX = 1000, /* up to so many recipients are all shown */
    GALLERY_SAMPLE = 200    /* of more, so many are */
};

/* What a letter is merged with beside its row: sets further `fields`, or `why` the row has none. */
typedef gboolean (*GalleryMarks)(void *marker, const Recipient *recipient, Value *fields, Why *why,
                                 GError **error);

typedef struct {
    const char *folder;
    const char *update;       /* as the user wrote it */
    const char *audience;     /* its name; NULL with a NULL Audience */
    const char *const *keys;  /* only these, NULL-terminated; NULL: no such wish */
    gboolean all;             /* everyone, however many */
    gboolean variety;         /* only the extremes (letter/variety.h) */
    const Findings *findings; /* of the update and of the list */
    GalleryMarks marks;       /* may be NULL */
    void *marker;
    gboolean (*go_on)(void *); /* asked before each letter; FALSE stops. May be NULL */
    void (*progress)(void *, guint64 done, guint64 total); /* may be NULL */
    void *user;
} GalleryOptions;

typedef struct {
    guint64 shown, recipients;
    gboolean sampled;
    guint64 problems; /* letters that can't be made as they should */
    guint64 unmarked; /* those who have none by `marks`, of those that were to be shown */
} GalleryResult;

/* Makes the gallery. `audience` NULL: one letter, with the names of fields in place of values.
 * FALSE with USAGE (a key that nobody has, a folder that holds something else), STOPPED, IO; then
 * the folder is as it was. */
gboolean gallery_make(const Letter *letter, Audience *audience, const GalleryOptions *options,
                      GalleryResult *result, GError **error);

#endif
