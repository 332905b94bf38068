/* pagefolder - a page and the files it loads, shown whole or not at all
 *
 *     FOLDER/index.html          the page, which names the folder beside it
 *     FOLDER/letters-1a2b3c4d/   what it loads
 *
 * All is written into a new folder of files first; then index.html is replaced by renaming, which
 * is the one step that shows it; then the folder of the earlier page is removed. Stopped at any
 * moment, there is the old page or the new one. Files are for their owner alone (0600, folders
 * 0700): what pages show is personal data. Nothing is removed that isn't ours.
 */
#ifndef PAGE_PAGEFOLDER_H
#define PAGE_PAGEFOLDER_H

#include <glib.h>

typedef struct PageFolder PageFolder;

/* Begins a page in `path`, made when it is missing. USAGE when it is there, isn't empty and holds
 * no page with the same `generator`: another's files stay as they are. IO when it can't be made or
 * written to. */
PageFolder *pagefolder_open(const char *path, const char *generator, GError **error);

/* Removes what was written, unless it is shown. */
void pagefolder_free(PageFolder *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PageFolder, pagefolder_free)

/* The name of the folder with the files, "letters-1a2b3c4d". Borrowed. */
const char *pagefolder_files(const PageFolder *self);

/* Writes a file that the page loads. IO, as for a full disk. */
gboolean pagefolder_put(PageFolder *self, const char *name, const char *bytes, gsize length,
                        GError **error);

/* Shows the page: a durable step. `index` has `<meta name="generator" content="GENERATOR">` within
 * its first PAGEFOLDER_HEAD bytes, by which it is known again. */
enum { PAGEFOLDER_HEAD = 4096 };
gboolean pagefolder_show(PageFolder *self, const char *index, gsize length, GError **error);

#endif
