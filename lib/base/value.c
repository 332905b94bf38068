/* value - what a field can hold: a text, a yes or no, rows of other fields */
#include "base/value.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"

struct Value {
    ValueKind kind;
    guint length; /* of the text in bytes, or items in use */
    guint room;   /* items allocated */
    union {
        gboolean flag;
        char *text; /* stands behind the Value, in its memory */
        struct {
            Value **items;
            const char **names; /* interned; NULL in a list */
        };
    };
};

static Value *value_new(ValueKind kind)
{
    Value *self = g_new0(Value, 1);
    self->kind = kind;
    return self;
}

Value *value_new_flag(gboolean flag)
{
    Value *self = value_new(VALUE_FLAG);
    self->flag = flag;
    return self;
}

const Value *value_flag(gboolean flag)
{
    static const Value flags[] = {{.kind = VALUE_FLAG, .flag = FALSE},
                                  {.kind = VALUE_FLAG, .flag = TRUE}};
    return &flags[!!flag];
}

Value *value_new_text(const char *text)
{
    return value_new_text_len(text, strlen(text));
}

Value *value_new_text_len(const char *bytes, gsize length)
{
    gsize count = strnlen(bytes, length);
    Value *self = g_malloc(sizeof(Value) + count + 1);
    *self = (Value){.kind = VALUE_TEXT, .length = (guint)count, .text = (char *)(self + 1)};
    memcpy(self->text, bytes, count);
    self->text[count] = '\0';
    return self;
}

Value *value_new_list(void)
{
    return value_new(VALUE_LIST);
}

Value *value_new_map(void)
{
    return value_new(VALUE_MAP);
}

void value_free(Value *self)
{
    if (!self)
        return;
    switch (self->kind) {
    case VALUE_FLAG:
    case VALUE_TEXT:
        break;
    case VALUE_LIST:
    case VALUE_MAP:
        for (guint i = 0; i < self->length; i++)
            value_free(self->items[i]);
        g_free(self->items);
        g_free(self->names);
        break;
    }
    g_free(self);
}

static void push(Value *self, const char *name, Value *item)
{
    if (self->length == self->room) {
        self->room = self->room ? self->room * 2 : 8;
        self->items = g_renew(Value *, self->items, self->room);
        if (self->kind == VALUE_MAP)
            self->names = g_renew(const char *, self->names, self->room);
    }
    if (self->kind == VALUE_MAP)
        self->names[self->length] = name;
    self->items[self->length++] = item;
}

void value_append(Value *list, Value *item)
{
    g_assert(list->kind == VALUE_LIST);
    push(list, NULL, item);
}

void value_set(Value *map, const char *name, Value *item)
{
    g_assert(map->kind == VALUE_MAP);
    const char *interned = g_intern_string(name);
    for (guint i = 0; i < map->length; i++) {
        if (map->names[i] == interned) {
            value_free(map->items[i]);
            map->items[i] = item;
            return;
        }
    }
    push(map, interned, item);
}

void value_set_text(Value *map, const char *name, const char *text)
{
    value_set(map, name, value_new_text(text));
}

Value *value_copy(const Value *self)
{
    Value *copy;
    switch (self->kind) {
    case VALUE_FLAG:
        return value_new_flag(self->flag);
    case VALUE_TEXT:
        return value_new_text_len(self->text, self->length);
    case VALUE_LIST:
    case VALUE_MAP:
        copy = value_new(self->kind);
        for (guint i = 0; i < self->length; i++)
            push(copy, self->kind == VALUE_MAP ? self->names[i] : NULL, value_copy(self->items[i]));
        return copy;
    }
    g_assert_not_reached();
}

ValueKind value_kind(const Value *self)
{
    return self->kind;
}

const char *value_text(const Value *self)
{
    return self->kind == VALUE_TEXT ? self->text : "";
}

gsize value_text_length(const Value *self)
{
    return self->kind == VALUE_TEXT ? self->length : 0;
}

guint value_length(const Value *self)
{
    return self->kind == VALUE_LIST || self->kind == VALUE_MAP ? self->length : 0;
}

const Value *value_at(const Value *self, guint index)
{
    g_assert(index < value_length(self));
    return self->items[index];
}

const char *value_name_at(const Value *map, guint index)
{
    g_assert(map->kind == VALUE_MAP && index < map->length);
    return map->names[index];
}

const Value *value_get(const Value *self, const char *name)
{
    return value_get_interned(self, g_intern_string(name));
}

const Value *value_get_interned(const Value *self, const char *interned)
{
    if (self->kind != VALUE_MAP)
        return NULL;
    for (guint i = 0; i < self->length; i++)
        if (self->names[i] == interned)
            return self->items[i];
    return NULL;
}

gboolean value_is_true(const Value *self)
{
    if (!self)
        return FALSE;
    switch (self->kind) {
    case VALUE_FLAG:
        return self->flag;
    case VALUE_TEXT:
    case VALUE_LIST:
        return self->length > 0;
    case VALUE_MAP:
        return TRUE;
    }
    g_assert_not_reached();
}

/* --- frozen ---------------------------------------------------------------------------------- */

static void freeze(const Value *self, const char *const *names, GString *out);

static int by_name(gconstpointer a, gconstpointer b, gpointer map)
{
    const Value *self = map;
    return strcmp(self->names[*(const guint *)a], self->names[*(const guint *)b]);
}

static void freeze_text(const char *text, gsize length, GString *out)
{
    char digits[24], *at = digits + sizeof digits; /* printf would take longer than all the rest */
    *--at = ':';
    for (gsize n = length; n || at == digits + sizeof digits - 1; n /= 10)
        *--at = (char)('0' + n % 10);
    g_string_append_len(out, at, digits + sizeof digits - at);
    g_string_append_len(out, text, (gssize)length);
}

static void freeze_map(const Value *self, const char *const *names, GString *out)
{
    g_autofree guint *order = g_new(guint, self->length + 1);
    for (guint i = 0; i < self->length; i++)
        order[i] = i;
    g_qsort_with_data(order, (gint)self->length, sizeof *order, by_name, (gpointer)self);
    g_string_append_c(out, 'd');
    for (guint i = 0; i < self->length; i++) {
        const char *name = self->names[order[i]];
        if (names && !g_strv_contains(names, name))
            continue;
        freeze_text(name, strlen(name), out);
        const Value *item = self->items[order[i]];
        freeze(item, item->kind == VALUE_LIST ? names : NULL, out);
    }
    g_string_append_c(out, 'e');
}

static void freeze(const Value *self, const char *const *names, GString *out)
{
    switch (self->kind) {
    case VALUE_FLAG:
        g_string_append(out, self->flag ? "i1e" : "i0e");
        break;
    case VALUE_TEXT:
        freeze_text(self->text, self->length, out);
        break;
    case VALUE_LIST:
        g_string_append_c(out, 'l');
        for (guint i = 0; i < self->length; i++)
            freeze(self->items[i], names, out);
        g_string_append_c(out, 'e');
        break;
    case VALUE_MAP:
        freeze_map(self, names, out);
        break;
    }
}

char *value_freeze(const Value *map, const char *const *names)
{
    GString *out = g_string_new(NULL);
    freeze(map, names, out);
    return g_string_free(out, FALSE);
}

typedef struct {
    const char *at, *end;
    guint depth;
} Thaw;

static gboolean thaw_text(Thaw *in, const char **text, gsize *length)
{
    gsize n = 0;
    const char *start = in->at;
    while (in->at < in->end && g_ascii_isdigit(*in->at) && in->at - start < 9)
        n = n * 10 + (gsize)(*in->at++ - '0');
    if (in->at == start || in->at == in->end || *in->at != ':' || (gsize)(in->end - in->at - 1) < n)
        return FALSE;
    *text = in->at + 1;
    *length = n;
    in->at += 1 + n;
    return TRUE;
}

static Value *thaw(Thaw *in);

/* The interned name of a map's nth item. One map after another has the same names in the same
 * places: they are remembered by thread, and looked up when they differ. */
static const char *intern(guint nth, const char *name, gsize length)
{
    enum { REMEMBERED = 64 };
    static _Thread_local const char *names[REMEMBERED];
    const char *last = nth < REMEMBERED ? names[nth] : NULL;
    if (last && strncmp(last, name, length) == 0 && !last[length])
        return last;
    g_autofree char *copy = g_strndup(name, length);
    const char *interned = g_intern_string(copy);
    if (nth < REMEMBERED)
        names[nth] = interned;
    return interned;
}

/* The items of a list or map up to its "e"; FALSE when they don't parse. */
static gboolean thaw_items(Thaw *in, Value *self)
{
    while (in->at < in->end && *in->at != 'e') {
        const char *name = NULL;
        gsize length;
        if (self->kind == VALUE_MAP) {
            if (!thaw_text(in, &name, &length))
                return FALSE;
            name = intern(self->length, name, length);
        }
        Value *item = thaw(in);
        if (!item)
            return FALSE;
        push(self, name, item);
    }
    return in->at++ < in->end;
}

static Value *thaw(Thaw *in)
{
    const char *text;
    gsize length;
    if (in->at == in->end)
        return NULL;
    if (in->end - in->at >= 3 && *in->at == 'i' && (in->at[1] == '0' || in->at[1] == '1') &&
        in->at[2] == 'e') {
        in->at += 3;
        return value_new_flag(in->at[-2] == '1');
    }
    if (g_ascii_isdigit(*in->at))
        return thaw_text(in, &text, &length) ? value_new_text_len(text, length) : NULL;
    if ((*in->at != 'l' && *in->at != 'd') || in->depth == VALUE_DEPTH_MAX)
        return NULL;
    Value *self = value_new(*in->at++ == 'l' ? VALUE_LIST : VALUE_MAP);
    in->depth++;
    gboolean ok = thaw_items(in, self);
    in->depth--;
    if (ok)
        return self;
    value_free(self);
    return NULL;
}

Value *value_thaw(const char *frozen, gsize length, GError **error)
{
    Thaw in = {frozen, frozen + length, 0};
    Value *self = thaw(&in);
    if (self && self->kind == VALUE_MAP && in.at == in.end)
        return self;
    value_free(self);
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_IO, "frozen fields are damaged at byte %td",
                in.at - frozen);
    return NULL;
}
