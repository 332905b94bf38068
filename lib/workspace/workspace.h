/* workspace - a folder with a config, and what the other layers need of it
 */
#ifndef WORKSPACE_WORKSPACE_H
#define WORKSPACE_WORKSPACE_H

#include <glib.h>

#include "base/finding.h"
#include "config/settings.h"
#include "delivery/pace.h"
#include "delivery/transport.h"
#include "ledger/delivery.h"
#include "ledger/ledger.h"
#include "letter/letter.h"
#include "list/audience.h"
#include "sheet/sheet.h"
#include "mail/token.h"
#include "workspace/credential.h"

typedef struct Workspace Workspace;

/* Opens the workspace whose config is `config`, or "config" in the current folder when that is
 * NULL. NOINPUT when there is none, with "circular init" as the fix. */
Workspace *workspace_open(const char *config, GError **error);

/* The same, but all defaults where there is no config and none was asked for: for looking at an
 * update anywhere. */
Workspace *workspace_open_or_default(const char *config, GError **error);
void workspace_free(Workspace *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Workspace, workspace_free)

const Settings *workspace_settings(const Workspace *self);

/* Whether the config describes a `what` ("audience", below "audiences") of that name; USAGE with a
 * "did you mean", or with the names that it has, in place of which `none` stands where there are
 * none. */
gboolean workspace_has(const Workspace *self, const char *what, const char *name, const char *none,
                       GError **error);

/* What "relay" or "imap" signs in with; borrowed. */
Credential *workspace_credential(const Workspace *self, const char *group);

/* Reads an audience of the config; USAGE with a "did you mean" when it has no such name. */
Audience *workspace_audience(const Workspace *self, const char *name, Findings *findings,
                             GError **error);

/* The same with further flags, behind those of the config; `extra` ends with a NULL name and may be
 * NULL. */
Audience *workspace_audience_watched(const Workspace *self, const char *name,
                                     const AudienceWatch *watch, Findings *findings,
                                     GError **error);

Audience *workspace_audience_flags(const Workspace *self, const char *name, const FlagSpec *extra,
                                   Findings *findings, GError **error);

/* The list of an audience as a sheet of its own, without what is joined to it. */
Sheet *workspace_audience_sheet(const Workspace *self, const char *name, GError **error);

/* What letters need of the config, and the bundle of an update on disk. */
LetterSettings *workspace_letter_settings(const Workspace *self, const char *audience);
Bundle *workspace_bundle(const Workspace *self, const char *update);

Ledger *workspace_ledger(const Workspace *self, LedgerMode mode, GError **error);

/* That of a file, or of the URL of a server, with the schema and the password of the config. */
Ledger *workspace_ledger_at(const Workspace *self, const char *place, LedgerMode mode,
                            GError **error);

/* A transport for a mailing: what workspace_via says, or another (a rehearsal, a probe). */
Transport *workspace_transport(const Workspace *self, Via via, const char *mailing, GError **error);

/* The pace and the persistence that the configured transport wants; all zero where it wants none.
 */
typedef struct {
    PaceLimits limits;
    gint64 retry_for;      /* microseconds from a delivery's first attempt */
    guint stop_after;      /* refusals in a row; 0: never */
    gboolean asks_reports; /* of success, of letters that were in doubt and are sent again */
} WorkspacePace;
WorkspacePace workspace_pace(const Workspace *self);

/* What letters go through, and the place for people: "smtp.example.org:587". Newly allocated. */
Via workspace_via(const Workspace *self);
char *workspace_transport_place(const Workspace *self);

/* The address that takes requests to get no more letters, or NULL. Borrowed. */
const char *workspace_unsubscribe(const Workspace *self);

/* The address that takes answers to a letter's questions, or NULL. Borrowed. */
const char *workspace_answers(const Workspace *self);

/* The address that bounces go to, without a token. Borrowed; NULL without a sender. */
const char *workspace_envelope_sender(const Workspace *self, const Letter *letter);

#endif
