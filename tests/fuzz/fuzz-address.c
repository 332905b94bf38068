/* fuzz-address - whatever is read as an address can stand in an envelope, and reads as itself */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "mail/address.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_address(const Address *address)
{
    g_assert(g_utf8_validate(address->spec, -1, NULL));
    g_assert(!strpbrk(address->spec, " \t\r\n<>,;:\"()[]\\"));
    for (const char *p = address->spec; *p; p = g_utf8_next_char(p))
        g_assert(g_unichar_isgraph(g_utf8_get_char(p)));
    g_assert(g_str_is_ascii(address->domain));
    g_assert(strlen(address->spec) <= ADDRESS_SPEC_MAX);
    g_assert(strlen(address->name) <= ADDRESS_NAME_MAX);
    g_assert(!strpbrk(address->name, "\r\n"));
    g_autoptr(Address) again = address_parse(address->spec, NULL);
    g_assert(again && g_str_equal(again->spec, address->spec));
    g_autofree char *folded = address_fold(address->spec), *twice = address_fold(folded);
    g_assert(g_str_equal(folded, twice));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = g_strndup((const char *)data, size);
    g_autoptr(GError) error = NULL, other = NULL;
    g_autoptr(Address) address = address_parse(text, &error);
    g_autoptr(Address) mailbox = address_parse_mailbox(text, &other);
    if (address)
        check_address(address);
    else
        g_assert(g_utf8_validate(error->message, -1, NULL) && !strpbrk(error->message, "\r\n"));
    if (mailbox)
        check_address(mailbox);
    else
        g_assert(g_utf8_validate(other->message, -1, NULL) && !strpbrk(other->message, "\r\n"));
    g_assert(!address || mailbox); /* a bare address is a mailbox */
    g_autofree char *folded = address_fold(text);
    g_assert(g_utf8_validate(folded, -1, NULL));
    return 0;
}
