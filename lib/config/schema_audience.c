/* schema_audience - the rows of the table of keys that are about audiences */
#include "config/schema_audience.h"

static const char *const GROUPS[] = {"email", NULL};

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
        .key = "audiences.*.group",
        .help = "What rows have in common that stand in one letter together.",
        .kind = SCHEMA_CHOICE,
        .words = GROUPS,
        .otherwise = "the letter of an address has the first of its rows",
        .more = "email: the head of two schools, or the chief executive of two trusts, has one "
                "letter with both: {{#rows}} goes through them, with the columns and fields of "
                "each, and {{rows.count}} is how many there are. Outside of it stands the first. "
                "At most 500 rows of one address.",
    },
    {
        .key = "audiences.*.name",
        .help = "The name beside the address in To.",
        .kind = SCHEMA_TEMPLATE,
        .otherwise = "the address stands alone",
    },
    {
        .key = "audiences.*.label",
        .help = "What people call a row: a column, or a text with fields. For reports.",
        .kind = SCHEMA_TEMPLATE,
        .otherwise = "a column that is named like SchoolName or Trust is taken, if there is one",
        .more = "Stands beside the key in plans, reports, pages and lists of whom to call.",
    },
    {
        .key = "audiences.*.phone",
        .help = "Where to call: a column, or a text with fields. For reports.",
        .kind = SCHEMA_TEMPLATE,
        .otherwise = "a column that is named like TelephoneNum or Phone is taken, if there is one",
        .more = "Kept with each plan, so that a report says whom to call and where.",
    },
    {
        .key = "audiences.*.where",
        .help = "Which rows belong to it: an SQL expression over the columns.",
        .kind = SCHEMA_SQL,
        .otherwise = "all rows",
        .more = "As SQLite understands it: texts in single quotes, columns with a blank in their "
                "name in double quotes. EXPRESSIONS below says how cells compare.",
    },
    {
        .key = "audiences.*.seeds",
        .help = "Addresses in the office that get a copy of its letters, marked as one.",
        .kind = SCHEMA_TEXTS,
        .otherwise = "only those of seeds",
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
    {
        .key = "audiences.*.many.*.list",
        .help = "The list whose rows go into each letter, one of those under lists.",
        .kind = SCHEMA_TEXT,
        .required = TRUE,
        .more = "The rows of another list that belong to a recipient, under a name of your own: "
                "the schools of a trust, as schools. An update writes "
                "{{#schools}}...{{/schools}} around a line of a table block, an item of a list or "
                "a paragraph, which then stands there once for each row, with the columns of that "
                "list between; {{schools.count}} is how many there are, "
                "{{#schools.several}}s{{/schools.several}} is for more than one, and "
                "{{^schools}}...{{/schools}} for none. A recipient can have up to 1000 rows.",
    },
    {
        .key = "audiences.*.many.*.on",
        .help = "The column there that says to whom a row belongs.",
        .kind = SCHEMA_TEXT,
        .required = TRUE,
    },
    {
        .key = "audiences.*.many.*.match",
        .help = "The column or field of this audience that has the same values.",
        .kind = SCHEMA_TEXT,
        .otherwise = "the one with the same name",
        .more = "In the register a school's \"Trusts (code)\" is a group's \"Group UID\".",
    },
    {
        .key = "audiences.*.many.*.where",
        .help = "Which of the rows: an SQL expression over the columns of that list.",
        .kind = SCHEMA_SQL,
        .otherwise = "all of them",
    },
    {
        .key = "audiences.*.many.*.order",
        .help = "Columns to order the rows by, each perhaps with desc behind it.",
        .kind = SCHEMA_TEXTS,
        .otherwise = "as they stand in the file",
        .more = "Numbers go by value, days (31/08/2019, 31-08-2019 or 2019-08-31) by the calendar, "
                "texts by letters whatever their case and accents; what is empty comes first. "
                "Instead of a column there may be an SQL expression.",
    },
};
const guint SCHEMA_AUDIENCE_COUNT = G_N_ELEMENTS(SCHEMA_AUDIENCE_KEYS);
