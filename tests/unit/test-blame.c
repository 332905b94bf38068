/* Tests of delivery/blame. */
#include "delivery/blame.h"

static void test_sender(void)
{
    g_assert_true(reply_blames_sender(550, "5.4.5", "Daily user sending limit exceeded."));
    g_assert_true(reply_blames_sender(550, "5.7.708", "Service unavailable."));
    g_assert_true(reply_blames_sender(554, "5.2.0", "STOREDRV; SubmissionQuotaExceededException"));
    g_assert_true(reply_blames_sender(452, "", "you have reached your DAILY MESSAGE LIMIT"));
}

static void test_recipient(void)
{
    g_assert_false(reply_blames_sender(250, "5.4.5", "daily sending limit"));
    g_assert_false(reply_blames_sender(550, "5.1.1", "no such user"));
    g_assert_false(reply_blames_sender(550, "5.7.1", "recipient's policy refuses you"));
    g_assert_false(reply_blames_sender(452, "4.2.2", "mailbox full: quota exceeded"));
    g_assert_false(reply_blames_sender(550, NULL, NULL));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/blame/sender", test_sender);
    g_test_add_func("/blame/recipient", test_recipient);
    return g_test_run();
}
