/* coredump - no image of this process's memory is written to disk once it holds a secret */
#include "base/coredump.h"

#include <sys/prctl.h>
#include <sys/resource.h>

#ifdef __has_feature
#define HAS_FEATURE(name) __has_feature(name)
#else
#define HAS_FEATURE(name) 0
#endif

void coredump_forbid(void)
{
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
#if !defined(__SANITIZE_ADDRESS__) && !HAS_FEATURE(address_sanitizer)
    prctl(PR_SET_DUMPABLE, 0); /* the leak sanitizer attaches to its own process */
#endif
}
