/* coredump - no image of this process's memory is written to disk once it holds a secret */
#ifndef BASE_COREDUMP_H
#define BASE_COREDUMP_H

/* From here on a crash leaves no core file, whatever the limits and the system's handler (which
 * RLIMIT_CORE alone doesn't stop), and no other process of the user may read the memory. Safe to
 * call again, and beside threads. */
void coredump_forbid(void);

#endif
