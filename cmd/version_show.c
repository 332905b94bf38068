/* version_show - which circular runs, and with which libraries */
#include "version_show.h"

#include "base/version.h"
#include "imap/imaplink.h"
#include "config/tree.h"
#include "net/handle.h"
#include "sheet/workbook.h"
#include "sql/database.h"
#include "sql/server.h"
#include "mail/reader.h"
#include "markup/markdown.h"
#include "ui.h"

static char *glib_library(void)
{
    return g_strdup_printf("GLib %u.%u.%u", glib_major_version, glib_minor_version,
                           glib_micro_version);
}

/* Each library's owner knows it; the first line stands alone, for scripts. */
void version_show(void)
{
    static char *(*const libraries[])(void) = {
        handle_libraries, imaplink_library,        markdown_library, reader_library,   glib_library,
        database_library, database_server_library, tree_library,     workbook_library,
    };
    ui_print("circular %s", CIRCULAR_VERSION);
    for (gsize i = 0; i < G_N_ELEMENTS(libraries); i++) {
        g_autofree char *line = libraries[i]();
        ui_print("%s", line);
    }
}
