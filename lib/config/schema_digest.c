/* schema_digest - the rows of the table of keys that are about digests */
#include "config/schema_digest.h"

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

const SchemaKey SCHEMA_DIGEST_KEYS[] = {
    {
        .key = "digests.*.title",
        .help = "Its name for people.",
        .kind = SCHEMA_TEXT,
        .otherwise = "the name of the digest",
    },
    {
        .key = "digests.*.audience",
        .help = "Who reads it, one of those under audiences.",
        .kind = SCHEMA_TEXT,
        .required = TRUE,
    },
    {
        .key = "digests.*.notices",
        .help = "The folder of its notices, one Markdown file each.",
        .kind = SCHEMA_PATH,
        .value = "notices",
        .more = "Every file that ends in .md is one; circular(1) says what stands in it.",
    },
    {
        .key = "digests.*.subject",
        .help = "The subject, in which digest_items is \"4 items\" and digest_week \"11 January\".",
        .kind = SCHEMA_TEMPLATE,
        .value = "{{digest_title}}, week of {{digest_week}}: {{digest_items}}",
        .more = "Mustache. There are also digest_count (\"4\"), digest_date (\"Monday 11 January "
                "2027\") and the fields of the audience.",
    },
    {
        .key = "digests.*.layout",
        .help = "A Markdown file of what stands around the notices, written as an update.",
        .kind = SCHEMA_PATH,
        .otherwise = "nothing stands around them",
        .more = "The line {{digest}} is where the list of contents and the notices go; without it "
                "they come at the end. Its front matter may name subject, preheader, from, "
                "reply_to, lang and attachments. Its pictures and attachments stand beside it, "
                "those of a notice beside the notice.",
    },
    {
        .key = "digests.*.topics",
        .help = "The order of the topics; others follow in that of the alphabet.",
        .kind = SCHEMA_TEXTS,
        .otherwise = "they stand in the order of the alphabet",
    },
    {
        .key = "digests.*.schedule",
        .help = "When it is sent, in words: 'every Monday at 07:00'.",
        .kind = SCHEMA_TEXT,
        .otherwise = "'circular cron print' leaves it out",
        .more =
            "'circular cron print' makes a line of the crontab of it; circular(1) says which words "
            "it knows.",
    },
    {
        .key = "digests.*.min_items",
        .help = "How many new notices a recipient must have before a letter goes.",
        .kind = SCHEMA_NUMBER,
        .value = "1",
        .min = 1,
        .max = 100,
        .more = "Those of a recipient who has fewer wait for the next digest, as long as they "
                "haven't expired.",
    },
    {
        .key = "digests.*.quiet_when_empty",
        .help = "Whether a run in which nobody has anything new says nothing.",
        .kind = SCHEMA_FLAG,
        .value = "yes",
        .more = "With no it says so on standard error, which cron mails: somebody may have "
                "forgotten to write notices.",
    },
    {
        .key = "digests.*.first_days",
        .help = "How many days back the first digest of all reaches.",
        .kind = SCHEMA_NUMBER,
        .value = "14",
        .min = 0,
        .max = 3650,
    },
    {
        .key = "digests.*.terms",
        .help = "A CSV file of the terms: name, from, to.",
        .kind = SCHEMA_PATH,
        .otherwise = "it is always term",
        .more = "Both days belong to the term, and are written as 2027-01-04, 04/01/2027 or 4 "
                "January 2027.",
    },
    {
        .key = "digests.*.outside_term",
        .help = "What happens outside the terms.",
        .kind = SCHEMA_CHOICE,
        .value = "wait",
        .words = WORDS("wait", "hold", "send"),
        .more = "wait makes no digest: what is new is in the first one of the next term, unless it "
                "has expired by then. hold plans one, which is not sent unless a person does it "
                "with 'circular send ID'; the next digest takes its place. send sends it.",
    },
    {
        .key = "digests.*.broken_notices",
        .help = "What happens when a notice has a mistake.",
        .kind = SCHEMA_CHOICE,
        .value = "stop",
        .words = WORDS("stop", "skip"),
        .more = "stop sends nothing to anybody until it is fixed. skip sends the digest without "
                "it, and says so.",
    },
    {
        .key = "digests.*.words.contents",
        .help = "The heading of the list of contents.",
        .kind = SCHEMA_TEXT,
        .value = "In this digest",
    },
    {
        .key = "digests.*.words.pinned",
        .help = "The heading of the pinned notices.",
        .kind = SCHEMA_TEXT,
        .value = "Please read first",
    },
    {
        .key = "digests.*.words.events",
        .help = "The heading of events.",
        .kind = SCHEMA_TEXT,
        .value = "Dates for your diary",
    },
    {
        .key = "digests.*.words.other",
        .help = "The heading of notices without a topic.",
        .kind = SCHEMA_TEXT,
        .value = "Other notices",
    },
    {
        .key = "digests.*.words.updated",
        .help = "The mark of a notice whose earlier revision the recipient had.",
        .kind = SCHEMA_TEXT,
        .value = "Updated",
    },
};

const guint SCHEMA_DIGEST_COUNT = G_N_ELEMENTS(SCHEMA_DIGEST_KEYS);

const char SCHEMA_DIGEST_SAMPLE[] = "digests:\n"
                                    "  weekly:\n"
                                    "    title: Northmere notices\n"
                                    "    audience: heads\n"
                                    "    notices: notices\n"
                                    "    layout: templates/weekly.md\n"
                                    "    schedule: every Monday at 07:00\n"
                                    "    terms: lists/terms.csv\n"
                                    "    topics: [Safeguarding, Teaching and learning]\n";
