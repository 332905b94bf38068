/* schema_doctor - the rows of the table of keys that only 'circular doctor' asks for */
#include "config/schema_doctor.h"

const SchemaKey SCHEMA_DOCTOR_KEYS[] = {
    {
        .key = "dkim.selector",
        .help = "The DKIM selector by which your mail server signs.",
        .kind = SCHEMA_TEXT,
        .otherwise = "'circular doctor' doesn't look for a DKIM key",
        .sample = "selector1",
        .more = "selector1 at Microsoft 365, google at Google Workspace, unless yours were set up "
                "otherwise. Your mail server signs, not circular; the doctor looks whether the key "
                "is in the DNS of the From domain.",
    },
};
const guint SCHEMA_DOCTOR_COUNT = G_N_ELEMENTS(SCHEMA_DOCTOR_KEYS);
