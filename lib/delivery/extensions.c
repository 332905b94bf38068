/* extensions - what a server's reply to EHLO says it can do */
#include "delivery/extensions.h"

#include <string.h>

void extensions_init(Extensions *self)
{
    memset(self, 0, sizeof *self);
}

/* The mechanisms of an AUTH line. Only what a SASL name is made of is kept: they end up in
 * messages. */
static void add_mechanisms(Extensions *self, const char *words)
{
    gsize n = 0;
    for (; *words && n < sizeof self->mechanisms - 1; words++) {
        gboolean is_name = g_ascii_isalnum(*words) || *words == '-' || *words == '_';
        if (is_name)
            self->mechanisms[n++] = g_ascii_toupper(*words);
        else if (n && self->mechanisms[n - 1] != ' ')
            self->mechanisms[n++] = ' ';
    }
    while (n && self->mechanisms[n - 1] == ' ')
        n--;
    self->mechanisms[n] = '\0';
    self->auth = TRUE;
}

void extensions_add(Extensions *self, const char *text)
{
    gsize length = strcspn(text, " \t=");
    const char *rest = text + length + strspn(text + length, " \t=");
    g_autofree char *keyword = g_ascii_strup(text, (gssize)length);

    if (g_str_equal(keyword, "PIPELINING")) {
        self->pipelining = TRUE;
    } else if (g_str_equal(keyword, "8BITMIME")) {
        self->eight_bit_mime = TRUE;
    } else if (g_str_equal(keyword, "SMTPUTF8")) {
        self->smtputf8 = TRUE;
    } else if (g_str_equal(keyword, "DSN")) {
        self->dsn = TRUE;
    } else if (g_str_equal(keyword, "STARTTLS")) {
        self->starttls = TRUE;
    } else if (g_str_equal(keyword, "SIZE")) {
        self->size = TRUE;
        self->size_max = g_ascii_isdigit(*rest) ? g_ascii_strtoull(rest, NULL, 10) : 0;
    } else if (g_str_equal(keyword, "AUTH") && (!self->auth || text[length] != '=')) {
        add_mechanisms(self, rest); /* "AUTH=LOGIN" is what old servers wrote beside it */
    }
}
