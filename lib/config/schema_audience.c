/* schema_audience - the rows of the table of keys that are about audiences */
#include "config/schema_audience.h"

const SchemaKey SCHEMA_AUDIENCE_KEYS[] = {
    {
        .key = "audiences.*.title",
        .help = "Its name for people.",
        .kind = SCHEMA_TEXT,
        .otherwise = "the name of the audience",
    },
    {
        .key = "audiences.*.list",
        .help = "The list it is taken from, one of those under lists.",
        .kind = SCHEMA_TEXT,
        .required = TRUE,
    },
    {
        .key = "audiences.*.key",
        .help = "The column that names a row for good, such as URN.",
        .kind = SCHEMA_TEXT,
        .required = TRUE,
        .more = "Two rows with the same key are an error.",
    },
    {
        .key = "audiences.*.email",
        .help = "The column that holds the address, or a list of such columns.",
        .kind = SCHEMA_TEXTS,
        .required = TRUE,
        .more = "With several columns each address gets a letter of its own. The same address "
                "twice in an audience is one letter, and says so.",
    },
    {
        .key = "audiences.*.name",
        .help = "The name beside the address in To.",
        .kind = SCHEMA_TEMPLATE,
        .otherwise = "the address stands alone",
    },
    {
        .key = "audiences.*.where",
        .help = "Which rows belong to it: an SQL expression over the columns.",
        .kind = SCHEMA_SQL,
        .otherwise = "all rows",
        .more = "As SQLite understands it: texts in single quotes, columns with a blank in their "
                "name in double quotes.",
    },
    {
        .key = "audiences.*.fields.*",
        .help = "A field made from the columns and from the fields before it.",
        .kind = SCHEMA_TEMPLATE,
        .more = "Mustache. A field may have a letter's own name for what each list calls "
                "otherwise, so that one update fits several audiences. Quote the text: a bare {{ "
                "means something else in YAML.",
    },
    {
        .key = "audiences.*.flags.*",
        .help = "A yes or no: an SQL expression over the columns and fields.",
        .kind = SCHEMA_SQL,
        .more = "An update writes {{#primary}}...{{/primary}} around what only some should read, "
                "and {{^primary}}...{{/primary}} around what only the others should.",
    },
};
const guint SCHEMA_AUDIENCE_COUNT = G_N_ELEMENTS(SCHEMA_AUDIENCE_KEYS);
