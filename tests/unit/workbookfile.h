/* workbookfile - workbooks for the tests of those who read them, and what was read */
#ifndef TESTS_WORKBOOKFILE_H
#define TESTS_WORKBOOKFILE_H

#include <gsf/gsf-outfile-zip.h>
#include <gsf/gsf-outfile.h>
#include <gsf/gsf-output-stdio.h>
#include <gsf/gsf-output.h>

#include "base/error.h"
#include "sheet/sheet.h"
#include "sheetfile.h"

typedef struct {
    const char *path, *text;
} Part;

static inline void add_part(GsfOutfile *zip, const Part *part)
{
    g_auto(GStrv) names = g_strsplit(part->path, "/", 2);
    GsfOutput *folder = names[1] ? gsf_outfile_new_child(zip, names[0], TRUE) : NULL;
    g_auto(GStrv) inner = names[1] ? g_strsplit(names[1], "/", 2) : NULL;
    GsfOutput *below =
        inner && inner[1] ? gsf_outfile_new_child(GSF_OUTFILE(folder), inner[0], TRUE) : NULL;
    GsfOutfile *at = below ? GSF_OUTFILE(below) : folder ? GSF_OUTFILE(folder) : zip;
    g_autofree char *name = g_path_get_basename(part->path);
    GsfOutput *child = gsf_outfile_new_child(at, name, FALSE);
    g_assert_true(gsf_output_write(child, strlen(part->text), (const guint8 *)part->text));
    GsfOutput *all[] = {child, below, folder};
    for (guint i = 0; i < G_N_ELEMENTS(all); i++)
        if (all[i]) {
            g_assert_true(gsf_output_close(all[i]));
            g_object_unref(all[i]);
        }
}

static inline char *write_zip(const SheetFolder *folder, const char *name, const Part *parts)
{
    char *path = g_build_filename(folder->folder, name, NULL);
    GsfOutput *out = gsf_output_stdio_new(path, NULL);
    GsfOutfile *zip = gsf_outfile_zip_new(out, NULL);
    for (; parts->path; parts++)
        add_part(zip, parts);
    g_assert_true(gsf_output_close(GSF_OUTPUT(zip)));
    g_object_unref(zip);
    g_object_unref(out);
    return path;
}

static inline gboolean collect(void *user, const SheetLine *at, char **cells, GError **error)
{
    GString *out = user;
    (void)error;
    g_string_append_printf(out, "%u[", at->line);
    for (guint i = 0; i < 3; i++)
        g_string_append_printf(out, "%s%s", i ? "|" : "", cells[i]);
    g_string_append_c(out, ']');
    return TRUE;
}

/* The rows of a worksheet of three columns, its findings and its error. */
static inline char *read_sheet(const char *path, const char *shown, const char *name)
{
    SheetSpec spec = {.file = path, .shown = shown, .sheet = name};
    g_autoptr(GError) error = NULL;
    g_autoptr(Findings) findings = findings_new();
    GString *out = g_string_new(NULL);
    g_autoptr(Sheet) sheet = sheet_open(&spec, &error);
    if (sheet) {
        g_autofree char *names = g_strjoinv(",", (char **)sheet_columns(sheet));
        g_string_append_printf(out, "(%s)", names);
        g_assert_cmpuint(sheet_width(sheet), ==, 3);
        g_assert_true(sheet_read(sheet, findings, collect, out, &error) == !error);
    }
    for (guint i = 0; i < findings_kept(findings); i++) {
        g_autofree char *text = finding_text(findings_get(findings, i));
        g_string_append_printf(out, "\n%s", text);
    }
    if (error)
        g_string_append_printf(out, "\n%s", error->message);
    return g_string_free(out, FALSE);
}

#endif
