/* measure - runs a command and writes down what it took
 *
 *   measure REPORT COMMAND [ARGUMENT…]
 *
 * REPORT gets one line: seconds, user seconds, system seconds, peak resident KiB, exit status.
 * A program of its own, since Linux counts to a process's peak what stood there before its exec:
 * forked off a Python, every command would seem to need as much as Python does.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static double seconds(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

int main(int argc, char **argv)
{
    struct rusage used;
    int status = 0;
    if (argc < 3)
        return 64;
    double start = now();
    pid_t child = fork();
    if (child == 0) {
        execvp(argv[2], argv + 2);
        perror(argv[2]);
        _exit(127);
    }
    if (child < 0 || wait4(child, &status, 0, &used) < 0) {
        perror("measure");
        return 71;
    }
    double took = now() - start;
    FILE *report = fopen(argv[1], "w");
    if (!report) {
        perror(argv[1]);
        return 73;
    }
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    fprintf(report, "%.6f %.6f %.6f %ld %d\n", took, seconds(used.ru_utime), seconds(used.ru_stime),
            used.ru_maxrss, code);
    return fclose(report) ? 74 : 0;
}
