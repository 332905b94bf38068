/* allowed - what an update, or a digest's layout, says not to show, heeded when it is planned */
#ifndef CMD_ALLOWED_H
#define CMD_ALLOWED_H

#include "base/finding.h"
#include "rules/allow.h"
#include "workspace/workspace.h"

/* From now on `findings` is silent about what the front matter of `file` allows (rules/allow.h); to
 * be freed after it was asked last. NULL when it can't be read, which others say. */
Allow *allowed_by(const Workspace *workspace, const char *file, Findings *findings);

/* Adds all kept ones of `from` to `to`, which may be silent about some. */
void allowed_pass(const Findings *from, Findings *to);

#endif
