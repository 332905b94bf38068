/* location - where something stands: a file, a line of it, or a cell of a worksheet */
#include "base/location.h"

#include <string.h>

void location_letters(guint column, char *letters)
{
    char reversed[LOCATION_LETTERS];
    guint count = 0;
    for (; column && count < LOCATION_LETTERS - 1; column = (column - 1) / 26)
        reversed[count++] = (char)('A' + (column - 1) % 26);
    for (guint i = 0; i < count; i++)
        letters[i] = reversed[count - 1 - i];
    letters[count] = '\0';
}

gboolean location_is_in(const char *place, const char *file)
{
    if (!place || !file || !g_str_has_prefix(place, file))
        return FALSE;
    const char *rest = place + strlen(file);
    return !*rest || *rest == ':';
}

char *location_cell(const Location *self)
{
    char letters[LOCATION_LETTERS];
    if (!self->line || !self->column)
        return NULL;
    location_letters(self->column, letters);
    return g_strdup_printf("%s%u", letters, self->line);
}

char *location_text(const Location *self)
{
    g_autofree char *cell = location_cell(self);
    if (!self->file)
        return g_strdup("");
    if (cell)
        return g_strdup_printf("%s!%s", self->file, cell);
    if (!self->line)
        return g_strdup(self->file);
    return g_strdup_printf("%s:%u", self->file, self->line);
}
