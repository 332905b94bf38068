/* fuzz-workbook - any parts of a workbook are rows of clean cells or are refused with words
 *
 * The input is parts with a byte 0x1E between them, put into a ZIP package without compression: of a
 * spreadsheet of OpenDocument (content.xml) after a first part "ods", else of Excel's (the workbook,
 * a worksheet, shared texts, styles). What begins with PK is a package as it is.
 */
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "sheet/sheet.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

#define RELATION "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

static const char ROOT[] =
    "<R><Relationship Id='a' Type='" RELATION "/officeDocument' Target='xl/workbook.xml'/></R>";
static const char RELATIONS[] =
    "<R><Relationship Id='r1' Type='" RELATION "/worksheet' Target='one.xml'/>"
    "<Relationship Id='r3' Type='" RELATION "/sharedStrings' Target='texts.xml'/>"
    "<Relationship Id='r4' Type='" RELATION "/styles' Target='styles.xml'/></R>";

/* --- a package (APPNOTE 4.3) ------------------------------------------------------------------- */

typedef struct {
    GByteArray *out, *directory;
    guint count;
} Zip;

static void number(GByteArray *out, guint64 value, guint bytes)
{
    for (guint i = 0; i < bytes; i++) {
        guint8 byte = i < sizeof value ? (guint8)(value >> (8 * i)) : 0;
        g_byte_array_append(out, &byte, 1);
    }
}

static guint32 crc(const guint8 *data, gsize size)
{
    guint32 sum = 0xFFFFFFFF;
    for (gsize i = 0; i < size; i++) {
        sum ^= data[i];
        for (guint bit = 0; bit < 8; bit++)
            sum = sum >> 1 ^ (0xEDB88320 & (0 - (sum & 1)));
    }
    return ~sum;
}

static void heading(GByteArray *out, const char *path, gsize size, guint32 sum)
{
    number(out, 20, 2);
    number(out, 0, 8); /* flags, stored, time and day */
    number(out, sum, 4);
    number(out, size, 4);
    number(out, size, 4);
    number(out, strlen(path), 2);
    number(out, 0, 2);
}

static void add(Zip *zip, const char *path, const void *data, gsize size)
{
    guint at = zip->out->len;
    guint32 sum = crc(data, size);
    g_byte_array_append(zip->out, (const guint8 *)"PK\3\4", 4);
    heading(zip->out, path, size, sum);
    g_byte_array_append(zip->out, (const guint8 *)path, (guint)strlen(path));
    g_byte_array_append(zip->out, data, (guint)size);
    g_byte_array_append(zip->directory, (const guint8 *)"PK\1\2", 4);
    number(zip->directory, 20, 2);
    heading(zip->directory, path, size, sum);
    number(zip->directory, 0, 10); /* comment, disk, attributes */
    number(zip->directory, at, 4);
    g_byte_array_append(zip->directory, (const guint8 *)path, (guint)strlen(path));
    zip->count++;
}

static void end(Zip *zip)
{
    guint at = zip->out->len;
    g_byte_array_append(zip->out, zip->directory->data, zip->directory->len);
    g_byte_array_append(zip->out, (const guint8 *)"PK\5\6", 4);
    number(zip->out, 0, 4);
    number(zip->out, zip->count, 2);
    number(zip->out, zip->count, 2);
    number(zip->out, zip->directory->len, 4);
    number(zip->out, at, 4);
    number(zip->out, 0, 2);
}

static GByteArray *make_package(const guint8 *data, gsize size)
{
    static const char *const excel[] = {"xl/workbook.xml", "xl/one.xml", "xl/texts.xml",
                                        "xl/styles.xml"};
    Zip zip = {g_byte_array_new(), g_byte_array_new(), 0};
    const guint8 *at = data, *last = data + size;
    gboolean is_ods = size > 4 && memcmp(data, "ods\x1e", 4) == 0;
    at += is_ods ? 4 : 0;
    if (is_ods) {
        static const char mime[] = "application/vnd.oasis.opendocument.spreadsheet";
        add(&zip, "mimetype", mime, sizeof mime - 1);
        add(&zip, "content.xml", at, (gsize)(last - at));
    } else {
        add(&zip, "_rels/.rels", ROOT, sizeof ROOT - 1);
        add(&zip, "xl/_rels/workbook.xml.rels", RELATIONS, sizeof RELATIONS - 1);
        for (guint i = 0; i < G_N_ELEMENTS(excel) && at <= last; i++) {
            const guint8 *stop = at < last ? memchr(at, 0x1e, (gsize)(last - at)) : NULL;
            stop = stop ? stop : last;
            add(&zip, excel[i], at, (gsize)(stop - at));
            at = stop + 1;
        }
    }
    end(&zip);
    g_byte_array_unref(zip.directory);
    return zip.out;
}

/* --- reading ----------------------------------------------------------------------------------- */

static gboolean check_row(void *user, const SheetLine *at, char **cells, GError **error)
{
    const Sheet *sheet = user;
    (void)error;
    g_assert(at->line > sheet_header_line(sheet));
    for (guint i = 0; i < sheet_width(sheet); i++)
        g_assert(g_utf8_validate(cells[i], -1, NULL));
    return TRUE;
}

static void read_file(const char *path)
{
    SheetSpec spec = {.file = path, .shown = "x"};
    g_autoptr(GError) error = NULL;
    g_autoptr(Findings) findings = findings_new();
    g_autoptr(Sheet) sheet = sheet_open(&spec, &error);
    g_assert(!sheet == (error != NULL));
    if (sheet)
        g_assert(sheet_read(sheet, findings, check_row, sheet, &error) == !error);
    g_assert(!error || (error->domain == CIRCULAR_ERROR && error->code == CIRCULAR_ERROR_DATA &&
                        g_utf8_validate(error->message, -1, NULL)));
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    static int fd = -1;
    static char path[64];
    if (fd < 0) {
        g_autofree char *name = NULL;
        fd = g_file_open_tmp("circular-fuzz-XXXXXX", &name, NULL);
        g_assert(fd >= 0 && unlink(name) == 0);
        g_snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    }
    gboolean is_package = size > 4 && memcmp(data, "PK", 2) == 0;
    GByteArray *package = is_package ? NULL : make_package(data, size);
    const guint8 *bytes = package ? package->data : data;
    gsize length = package ? package->len : size;
    g_assert(ftruncate(fd, 0) == 0 && pwrite(fd, bytes, length, 0) == (gssize)length);
    if (package)
        g_byte_array_unref(package);
    read_file(path);
    return 0;
}
