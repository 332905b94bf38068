/* bundle - the files that make a letter, by name, from disk or frozen
 *
 * A letter is compiled from the same names whether it is being written (from disk) or sent (from
 * what a plan froze in the ledger), and a plan freezes just the names that compiling asked for:
 *
 *   update          the Markdown with its front matter
 *   email.html      email.txt   theme.yaml     from the workspace's templates, or built in
 *   file:PATH       an image or attachment; PATH is relative to the update's folder
 */
#ifndef LETTER_BUNDLE_H
#define LETTER_BUNDLE_H

#include <glib.h>

enum {
    BUNDLE_UPDATE_MAX = (256 + 64) << 10, /* bytes of an update, front matter and all */
    BUNDLE_TEMPLATE_MAX = 256 << 10,      /* of a layout or theme */
    BUNDLE_FILE_MAX = 20 << 20            /* of an image or attachment */
};

typedef struct Bundle Bundle;

/* Fetches a name that isn't there yet; NULL with `error`. */
typedef GBytes *(*BundleOpen)(void *user, const char *name, GError **error);

/* `update` is how findings call the update ("updates/autumn.md"). `user_free` (may be NULL) frees
 * `user` with the bundle. */
Bundle *bundle_new(const char *update, BundleOpen open, void *user, GDestroyNotify user_free);

/* The files on disk: the update, and the layouts in `templates` (NULL: only the built-in ones). */
Bundle *bundle_from_disk(const char *update, const char *templates);
void bundle_free(Bundle *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Bundle, bundle_free)

/* The bytes of a name, to be unreffed; NULL with NOINPUT or DATA. The fixed names, and files that
 * `keep` is TRUE for, are kept and listed; others (one recipient's attachment) are forgotten. */
GBytes *bundle_get(Bundle *self, const char *name, gboolean keep, GError **error);

/* How findings call a name: "updates/autumn.md", "templates/email.html". Borrowed. */
const char *bundle_shown(Bundle *self, const char *name);

/* The kept names, sorted; NULL-terminated, to be freed with g_free (the names are borrowed). */
const char **bundle_names(Bundle *self);

/* Forgets the kept names and their bytes: each is fetched anew when it is asked for. */
void bundle_forget(Bundle *self);

/* SHA-256 over the kept names and their bytes; newly allocated. */
char *bundle_hash(Bundle *self);

/* One of the layouts that come with the program ("email.html"), or NULL. To be unreffed. */
GBytes *bundle_builtin(const char *name);

#endif
