/* thaw - a planned letter brought back from the ledger */
#include <string.h>

#include "base/error.h"
#include "plan/plan.h"

typedef struct {
    Ledger *ledger;
    Mailing mailing; /* its number and id */
    GError *trouble; /* the first that the ledger had: a finding would forget of which kind it is */
} Frozen;

static void frozen_free(gpointer data)
{
    Frozen *frozen = data;
    g_free(frozen->mailing.id);
    g_clear_error(&frozen->trouble);
    g_free(frozen);
}

static GBytes *open_frozen(void *user, const char *name, GError **error)
{
    Frozen *frozen = user;
    GError *inner = NULL;
    GBytes *bytes = NULL;
    switch (contents_get(frozen->ledger, &frozen->mailing, name, &bytes, &inner)) {
    case LOOKUP_FOUND:
        break;
    case LOOKUP_NONE:
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_IO,
                    "the ledger has no '%s' of mailing '%s'", name, frozen->mailing.id);
        break;
    case LOOKUP_FAILED:
        if (!frozen->trouble)
            frozen->trouble = g_error_copy(inner);
        g_propagate_error(error, inner);
        break;
    }
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
    if (frozen->trouble) {  /* also where the letter could be made without what wasn't read */
        g_clear_pointer(&letter, letter_free);
        g_propagate_error(error, g_steal_pointer(&frozen->trouble));
    } else if (!letter) {
        findings_pass(findings, error);
    }
    return letter;
}
