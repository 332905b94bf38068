/* test-coredump - a process that holds a secret leaves no image of itself */
#include "base/coredump.h"

#include <glib.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#ifdef __has_feature
#define HAS_FEATURE(name) __has_feature(name)
#else
#define HAS_FEATURE(name) 0
#endif

static void test_forbid(void)
{
    struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};
    for (int i = 0; i < 2; i++) {
        coredump_forbid();
        g_assert_cmpint(getrlimit(RLIMIT_CORE, &limit), ==, 0);
        g_assert_cmpuint(limit.rlim_cur, ==, 0);
        g_assert_cmpuint(limit.rlim_max, ==, 0);
#if !defined(__SANITIZE_ADDRESS__) && !HAS_FEATURE(address_sanitizer)
        g_assert_cmpint(prctl(PR_GET_DUMPABLE), ==, 0);
#endif
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/coredump/forbid", test_forbid);
    return g_test_run();
}
