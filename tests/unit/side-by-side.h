/* side-by-side - many cases on a few threads, for most of them wait for a time limit */
#ifndef SIDE_BY_SIDE_H
#define SIDE_BY_SIDE_H

#include <glib.h>

enum { SIDE_BY_SIDE = 16 };

typedef struct {
    guint count;
    gint next;
    char *(*check)(guint index, guint seconds); /* what is wrong, or NULL */
    char **wrong;
} Cases;

static gpointer cases_work(gpointer data)
{
    Cases *self = data;
    for (;;) {
        guint index = (guint)g_atomic_int_add(&self->next, 1);
        if (index >= self->count)
            return NULL;
        self->wrong[index] = self->check(index, 2);
    }
}

/* Checks all cases, of which many wait for a time limit. One that goes wrong is tried again alone
 * and with more time: on a busy machine it may only have been slow. */
static void cases_run(guint count, char *(*check)(guint index, guint seconds),
                      const char *(*name)(guint index))
{
    Cases self = {.count = count, .check = check, .wrong = g_new0(char *, count)};
    GThread *threads[SIDE_BY_SIDE];
    for (int i = 0; i < SIDE_BY_SIDE; i++)
        threads[i] = g_thread_new("cases", cases_work, &self);
    for (int i = 0; i < SIDE_BY_SIDE; i++)
        g_thread_join(threads[i]);
    for (guint i = 0; i < count; i++) {
        g_autofree char *first = self.wrong[i];
        if (first)
            g_test_message("tried again: %s: %s", name(i), first);
        g_autofree char *again = first ? check(i, 8) : NULL;
        if (again) {
            g_test_message("%s: %s", name(i), again);
            g_test_fail();
        }
    }
    g_free(self.wrong);
}

#endif
