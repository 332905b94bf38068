/* thaw - a planned letter brought back from the ledger */
#include <string.h>

#include "base/error.h"
#include "plan/plan.h"

typedef struct {
    Ledger *ledger;
    Mailing mailing; /* its number and id */
} Frozen;

static void frozen_free(gpointer data)
{
    Frozen *frozen = data;
    g_free(frozen->mailing.id);
    g_free(frozen);
}

static GBytes *open_frozen(void *user, const char *name, GError **error)
{
    const Frozen *frozen = user;
    GBytes *bytes;
    if (contents_get(frozen->ledger, &frozen->mailing, name, &bytes, error) == LOOKUP_NONE)
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_IO,
                    "the ledger has no '%s' of mailing '%s'", name, frozen->mailing.id);
    return bytes;
}

Letter *plan_thaw_letter(Ledger *ledger, const Mailing *mailing, Bundle **bundle, GError **error)
{
    g_autoptr(Findings) findings = findings_new();
    g_autoptr(Value) settings = value_thaw(mailing->settings, strlen(mailing->settings), error);
    if (!settings)
        return NULL;
    Frozen *frozen = g_new0(Frozen, 1);
    frozen->ledger = ledger;
    frozen->mailing = (Mailing){.number = mailing->number, .id = g_strdup(mailing->id)};
    *bundle = bundle_new(mailing->update, open_frozen, frozen, frozen_free);
    Letter *letter = letter_compile(*bundle, settings, FALSE, findings);
    bundle_forget(*bundle); /* an attachment is in the letter, encoded */
    if (!letter)
        findings_pass(findings, error);
    return letter;
}
