/* workbook_package - the ZIP package of a workbook, its XML parts read as streams
 *
 * The only user of libgsf and libxml2. Nothing is unpacked to disk or held as a tree: a part is
 * inflated and parsed as it is read. A DOCTYPE is refused, so that no entity can be declared; nothing
 * outside the package is ever opened.
 */
#ifndef SHEET_WORKBOOK_PACKAGE_H
#define SHEET_WORKBOOK_PACKAGE_H

#include <glib.h>

enum {
    PACKAGE_PART_MAX = 512 << 20,    /* bytes of one part, unpacked */
    PACKAGE_PARTS_MAX = 10000,       /* files in the package */
    PACKAGE_DIRECTORY_MAX = 1 << 20, /* bytes of its table of contents */
    PACKAGE_DEPTH_MAX = 100,         /* elements within one another */
};

typedef struct Package Package;

/* "libgsf 1.14.50", with which the program runs; newly allocated. */
char *package_library(void);

/* Is the OLE file behind `fd` a workbook that a password encrypts (MS-OFFCRYPTO)? */
gboolean package_is_encrypted(int fd);

/* Opens the file behind `fd`, which stays the caller's and open; `shown` is what errors call it.
 * NULL with DATA for what is no ZIP package or over a limit. */
Package *package_open(int fd, const char *shown, GError **error);
void package_close(Package *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Package, package_close)

const char *package_shown(const Package *self);

/* Is there a part of that path ("xl/workbook.xml")? */
gboolean package_has(Package *self, const char *path);

/* The attributes of an element, while its start is told. */
typedef struct PartAttributes PartAttributes;

/* The value of the attribute with that local name, newly allocated, or NULL. */
char *attributes_text(const PartAttributes *self, const char *name);

/* The same into `buffer`, cut at `size`; FALSE and "" when there is none. */
gboolean attributes_copy(const PartAttributes *self, const char *name, char *buffer, gsize size);

/* A number from 0 to `most`, which stands for what is beyond it, too; `otherwise` when there is none
 * or it is no number. */
guint attributes_number(const PartAttributes *self, const char *name, guint most, guint otherwise);

/* "1" or "true". */
gboolean attributes_true(const PartAttributes *self, const char *name);

/* What is told of a part, with local names. The first two return FALSE with `error` set to stop. */
typedef struct {
    gboolean (*start)(void *user, const char *name, const PartAttributes *attributes,
                      GError **error);
    gboolean (*end)(void *user, const char *name, GError **error);
    gboolean (*text)(void *user, const char *text, gsize length, GError **error);
} PartHandler;

/* Reads a part. FALSE with DATA when it is missing, damaged or over a limit, or with what the
 * handler set. */
gboolean package_parse(Package *self, const char *path, const PartHandler *handler, void *user,
                       GError **error);

/* Does `word` stand in the bytes of the part? FALSE in `found` when there is no such part. A quick
 * look that parses nothing; errors as package_parse. */
gboolean package_scan(Package *self, const char *path, const char *word, gboolean *found,
                      GError **error);

#endif
