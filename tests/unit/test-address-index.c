/* test-seen - addresses met before, and the names of several audiences in one text */
#include <glib.h>

#include "list/address_index.h"
#include "fact/audience_names.h"
#include "plan/recipients.h"

static char *add(AddressIndex *seen, const char *address, const char *owner)
{
    GError *error = NULL;
    char *first = NULL;
    g_assert_true(address_index_add(seen, address, owner, &first, &error));
    g_assert_no_error(error);
    return first;
}

static void test_first_owner_stays(void)
{
    g_autoptr(AddressIndex) seen = address_index_new(NULL);
    g_assert_null(add(seen, "ann@example.org", "1 in heads"));
    g_assert_null(add(seen, "bob@example.org", "2 in heads"));
    g_autofree char *second = add(seen, "ANN@Example.ORG", "7 in ceos");
    g_autofree char *third = add(seen, "ann@example.org", "8 in ceos");
    g_assert_cmpstr(second, ==, "1 in heads");
    g_assert_cmpstr(third, ==, "1 in heads");
}

static void test_clear(void)
{
    g_autoptr(AddressIndex) seen = address_index_new(NULL);
    g_assert_null(add(seen, "ann@example.org", "1"));
    g_assert_true(address_index_clear(seen, NULL));
    g_assert_null(add(seen, "ann@example.org", "2"));
    g_autofree char *again = add(seen, "ann@example.org", "3");
    g_assert_cmpstr(again, ==, "2");
}

static void test_odd_texts(void)
{
    g_autoptr(AddressIndex) seen = address_index_new(NULL);
    g_assert_null(add(seen, "o'neil@example.org", "1'); DROP TABLE seen;--"));
    g_autofree char *first = add(seen, "o'neil@example.org", "2");
    g_assert_cmpstr(first, ==, "1'); DROP TABLE seen;--");
    g_assert_null(add(seen, "oneil@example.org", "3"));
}

static void test_names(void)
{
    g_auto(GStrv) names = audience_names_split(" heads,ceos ,\tgovernors,, ");
    g_assert_cmpuint(g_strv_length(names), ==, 3);
    g_autofree char *joined = audience_names_join((const char *const *)names);
    g_assert_cmpstr(joined, ==, "heads, ceos, governors");
    g_auto(GStrv) none = audience_names_split(" , ");
    g_assert_null(none[0]);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/seen/first-owner-stays", test_first_owner_stays);
    g_test_add_func("/seen/clear", test_clear);
    g_test_add_func("/seen/odd-texts", test_odd_texts);
    g_test_add_func("/readers/names", test_names);
    return g_test_run();
}
