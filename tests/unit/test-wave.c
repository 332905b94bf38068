/* test-wave - whether the others may follow a first wave */
#include "send/wave.h"

static const struct {
    guint64 sent, refused, bounced, unknown;
    gint64 share;
    gboolean is_well;
    const char *said;
} CASES[] = {
    {20, 0, 0, 0, 5, TRUE, "0 of 20 refused or bounced (0 %)"},
    {19, 1, 0, 0, 5, TRUE, "1 of 20 refused or bounced (5 %)"},
    {18, 1, 1, 0, 5, FALSE, "2 of 20 refused or bounced (10 %)"},
    {94, 5, 1, 0, 5, FALSE, "6 of 100 refused or bounced (6 %)"},
    {19, 1, 0, 0, 0, FALSE, "1 of 20 refused or bounced (5 %)"},
    {20, 0, 0, 0, 0, TRUE, "0 of 20 refused or bounced (0 %)"},
    {1, 19, 0, 0, 100, TRUE, "19 of 20 refused or bounced (95 %)"},
    {0, 20, 0, 0, 100, FALSE, "20 of 20 refused or bounced (100 %)"},
    {0, 0, 0, 3, 5, FALSE, "0 of 3 refused or bounced (0 %)"},
    {0, 0, 0, 0, 5, FALSE, "none of them was taken yet"},
};

static void test_judged(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        guint64 counts[DELIVERY_STATES] = {[DELIVERY_SENT] = CASES[i].sent,
                                           [DELIVERY_REFUSED] = CASES[i].refused,
                                           [DELIVERY_BOUNCED] = CASES[i].bounced,
                                           [DELIVERY_UNKNOWN] = CASES[i].unknown};
        g_autofree char *said = NULL;
        g_assert_true(wave_is_well(counts, CASES[i].share, &said) == CASES[i].is_well);
        g_assert_cmpstr(said, ==, CASES[i].said);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/wave/judged", test_judged);
    return g_test_run();
}
