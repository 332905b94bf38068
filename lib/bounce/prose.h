/* prose - which of a report's words may tell a reason
 *
 * A report holds much that is about nobody: the greeting of a product, a line below that says who
 * scans the mail, a transcript with what a server offers, our own commands. A reason is believed from
 * a reply, from what stands beside the address, and from a sentence that says what became of the
 * letter.
 */
#ifndef BOUNCE_PROSE_H
#define BOUNCE_PROSE_H

#include "reason/reason.h"
#include "bounce/report_text.h"
#include "reason/scan.h"

/* The words of a report without what is no evidence: a footer below a line or a signature mark, the
 * good replies (2xx, 3xx) and our own commands of a transcript. Newly allocated, not folded. */
char *prose_evidence(const ReportText *report);

/* The part of a text that stands above its footer: a footer begins at a line of dashes or a signature
 * mark below which no reply and none of the report's addresses stands. Newly allocated. */
char *prose_without_footer(const ReportText *report, const char *text);

/* A text, folded (scan.h), without the line of its own with which Sendmail ends a transcript ("554 5.0.0
 * Service unavailable"): it says less than the reply above it. Newly allocated. */
char *prose_fold(const char *text);

/* Whether a reason, found in `text` (as prose_evidence() gives it), may be believed: one about
 * content, policy or security, and any where `is_doubtful`, has to stand in a line with a reply, or in a
 * sentence that says that something was refused or found. */
gboolean prose_supports(const char *text, Reason reason, const ReasonEvidence *evidence,
                        gboolean is_doubtful);

/* Whether a virus or spam that was found in e->text is only what a filter says of itself, beside a
 * status that refuses the address: "550 5.1.1 No such mailbox. Checked for viruses by ...". */
gboolean prose_is_boast(const ReasonEvidence *e, Reason reason);

#endif
