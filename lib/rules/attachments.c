/* attachments - the rules about the files that go with a letter */
#include "rules/attachments.h"

#include <string.h>

#include "rules/rule.h"

/* What Gmail's help ("File types blocked in Gmail") and the default list of Microsoft 365's common
 * attachments filter name, together. */
static const char *const blocked[] = {
    "ace",        "ade",        "adp",     "ani",     "apk",     "app",  "appcontent-ms", "appx",
    "appxbundle", "arj",        "bat",     "cab",     "chm",     "cmd",  "com",           "cpl",
    "deb",        "dex",        "diagcab", "diagcfg", "diagpkg", "dll",  "dmg",           "docm",
    "elf",        "ex",         "ex_",     "exe",     "hta",     "img",  "ins",           "iso",
    "isp",        "jar",        "jnlp",    "js",      "jse",     "kext", "lha",           "lib",
    "library",    "lnk",        "lzh",     "macho",   "mde",     "mjs",  "msc",           "msi",
    "msix",       "msixbundle", "msp",     "mst",     "nsh",     "pif",  "potm",          "ppa",
    "ppam",       "pptm",       "ps1",     "reg",     "rev",     "scf",  "scr",           "sct",
    "shb",        "sys",        "uif",     "vb",      "vbe",     "vbs",  "vhd",           "vhdx",
    "vxd",        "wsc",        "wsf",     "wsh",     "xlam",    "xll",  "xlsm",          "xltm",
    "dotm",       "xz",         "z",       NULL};

/* Kinds that need a program which schools rarely have. */
static const char *const odd[] = {"pages", "numbers", "key", "pub",  "rar", "7z",   "odg", "mdb",
                                  "accdb", "one",     "vsd", "vsdx", "wps", "heic", NULL};

static char *ending(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot && !strchr(dot, '/') ? g_ascii_strdown(dot + 1, -1) : g_strdup("");
}

gboolean attachments_is_blocked(const char *name)
{
    g_autofree char *last = ending(name);
    return g_strv_contains(blocked, last);
}

static void check_kind(const char *file, const FrontText *path, Findings *findings)
{
    g_autofree char *last = ending(path->text);
    if (g_strv_contains(blocked, last))
        rule_report(findings, "attachment-blocked", file, path->line,
                    "'%s': mail systems refuse files of the kind .%s", path->text, last);
    else if (g_strv_contains(odd, last))
        rule_report(findings, "attachment-odd", file, path->line,
                    "'%s': many schools can't open a .%s", path->text, last);
}

void attachments_check(const char *file, const Front *front, Findings *findings)
{
    g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < front->attachments->len; i++) {
        const FrontText *path = g_ptr_array_index(front->attachments, i);
        g_autofree char *base = g_path_get_basename(path->text);
        check_kind(file, path, findings);
        if (!g_hash_table_add(names, g_utf8_casefold(base, -1)))
            rule_report(findings, "attachment-name", file, path->line,
                        "'%s': another attachment has that name", base);
    }
    if (front->attachments->len > ATTACHMENTS_MANY) {
        const FrontText *first = g_ptr_array_index(front->attachments, 0);
        rule_report(findings, "many-attachments", file, first->line,
                    "%u attachments: a page with links is easier to read", front->attachments->len);
    }
}

/* --- zip ------------------------------------------------------------------------------------- */

static guint32 little(const guint8 *bytes, guint count)
{
    guint32 number = 0;
    for (guint i = count; i-- > 0;)
        number = number << 8 | bytes[i];
    return number;
}

/* Where the record that ends the directory begins, or `length`. A comment of up to 64 KB may follow
 * it. */
static gsize find_end(const guint8 *bytes, gsize length)
{
    enum { RECORD = 22, COMMENT = 0xffff };
    for (gsize back = RECORD; back <= length && back <= RECORD + COMMENT; back++)
        if (memcmp(bytes + length - back, "PK\5\6", 4) == 0)
            return length - back;
    return length;
}

char *attachments_blocked_in_zip(const guint8 *bytes, gsize length)
{
    enum { HEADER = 46 };
    gsize end = find_end(bytes, length);
    if (end == length)
        return NULL;
    gsize at = little(bytes + end + 16, 4);
    for (guint n = 0; n < ATTACHMENTS_ZIP_MAX && at < end && end - at >= HEADER &&
                      memcmp(bytes + at, "PK\1\2", 4) == 0;
         n++) {
        gsize name = little(bytes + at + 28, 2);
        gsize rest = little(bytes + at + 30, 2) + little(bytes + at + 32, 2);
        if (name > end - at - HEADER)
            return NULL;
        g_autofree char *text = g_strndup((const char *)bytes + at + HEADER, name);
        g_autofree char *valid = g_utf8_make_valid(text, -1);
        if (attachments_is_blocked(valid))
            return g_steal_pointer(&valid);
        at += HEADER + name + rest;
    }
    return NULL;
}
