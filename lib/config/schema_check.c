/* schema_check - the rows of the table of keys that are about what is checked before a letter
 * leaves (private to this folder; a part of config/schema.c) */
#include "config/schema_check.h"

const SchemaKey SCHEMA_CHECK_KEYS[] = {
    {
        .key = "check.private_links",
        .help = "Whether 'circular check --links' may try links to addresses within this network.",
        .kind = SCHEMA_FLAG,
        .value = "no",
        .more = "For offices whose own pages have an address of the inner network when they are "
                "looked up from within.",
    },
};
const guint SCHEMA_CHECK_COUNT = G_N_ELEMENTS(SCHEMA_CHECK_KEYS);
