/* fuzz-settings - any bytes as a configuration: every key can be asked for, or an error has a place
 */
#include <stdint.h>
#include <string.h>

#include "config/schema.h"
#include "config/settings.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void ask(const Settings *settings, const SchemaKey *row, const char *key)
{
    switch (row->kind) {
    case SCHEMA_PATH:
        g_assert_true(!settings_path(settings, key) == !settings_text(settings, key));
        break;
    case SCHEMA_NUMBER:
    case SCHEMA_PERCENT:
    case SCHEMA_DURATION:
        if (row->value || settings_has(settings, key)) /* unset without a default is 0 */
            g_assert_cmpint(settings_number(settings, key), >=, row->min);
        g_assert_cmpint(settings_number(settings, key), <=, row->max);
        break;
    case SCHEMA_FLAG:
        settings_flag(settings, key);
        break;
    case SCHEMA_TEXTS:
    case SCHEMA_COMMAND:
        g_assert_true(!settings_texts(settings, key) || *settings_texts(settings, key));
        break;
    case SCHEMA_CHOICE:
        if (row->value || settings_has(settings, key)) /* unset without a default is NULL */
            g_assert_true(g_strv_contains(row->words, settings_text(settings, key)));
        break;
    case SCHEMA_TEXT:
        g_assert_true(!settings_has(settings, key) || *settings_text(settings, key));
        break;
    case SCHEMA_LINES:
    case SCHEMA_TEMPLATE:
    case SCHEMA_SQL:
        settings_text(settings, key);
        break;
    }
}

static void ask_all(const Settings *settings)
{
    const char *const *lists = settings_names(settings, "lists");
    for (const SchemaKey *row = schema_keys(); row->key; row++) {
        g_autoptr(GString) key = g_string_new(row->key);
        g_string_replace(key, "*", *lists ? *lists : "x", 0);
        ask(settings, row, key->str);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *bytes = g_malloc(MAX(size, 1));
    if (size)
        memcpy(bytes, data, size);
    g_autoptr(GError) error = NULL;
    g_autoptr(Settings) settings = settings_parse(bytes, size, "config", &error);
    g_free(bytes);
    g_assert_true((settings == NULL) == (error != NULL));
    if (settings)
        ask_all(settings);
    else
        g_assert_true(g_str_has_prefix(error->message, "config:"));
    return 0;
}
