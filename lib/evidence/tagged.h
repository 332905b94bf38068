/* tagged - a subject without what the office's own gateway put before it
 *
 * Councils' gateways mark mail from outside: "[EXTERNAL] Re: ...", "EXT: ...", "{External} ...". The
 * mark says nothing of the writer; what stands behind it does.
 */
#ifndef EVIDENCE_TAGGED_H
#define EVIDENCE_TAGGED_H

/* The subject, folded (scan.h), behind its marks. */
const char *tagged_skip(const char *folded);

#endif
