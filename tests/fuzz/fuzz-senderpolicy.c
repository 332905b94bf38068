/* fuzz-senderpolicy - TXT records of domains that nobody vouches for, one a line */
#include <stdint.h>
#include <string.h>

#include "net/senderpolicy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = g_strndup((const char *)data, size);
    g_auto(GStrv) lines = g_strsplit(text, "\n", 4);
    const char *const *texts = (const char *const *)lines;
    g_autoptr(Spf) spf = senderpolicy_spf(texts);
    g_assert((spf->state == POLICY_BROKEN) == (spf->problem != NULL));
    g_assert(spf->includes->len <= spf->lookups && spf->lookups <= SENDERPOLICY_TERMS_MAX);
    g_autoptr(Dmarc) dmarc = senderpolicy_dmarc(texts);
    g_assert((dmarc->state == POLICY_BROKEN) == (dmarc->problem != NULL));
    g_assert(senderpolicy_dmarc_word(dmarc->subdomains) &&
             senderpolicy_dmarc_word(dmarc->nonexistent));
    g_assert(dmarc->state == POLICY_FOUND || dmarc->policy == DMARC_DO_NONE);
    g_autoptr(Dkim) dkim = senderpolicy_dkim(texts);
    g_assert((dkim->state == POLICY_BROKEN) == (dkim->problem != NULL));
    if (*texts) {
        g_autofree char *domain = senderpolicy_organisation(texts[0]);
        g_autofree char *lower = g_ascii_strdown(texts[0], -1);
        g_assert(g_str_has_suffix(lower, domain));
        g_assert(senderpolicy_is_aligned(texts[0], domain, FALSE));
    }
    return 0;
}
