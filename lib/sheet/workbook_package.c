/* workbook_package - the ZIP package of a workbook, its XML parts read as streams */
#include "sheet/workbook_package.h"

#include <gsf/gsf-infile-msole.h>
#include <gsf/gsf-infile-zip.h>
#include <gsf/gsf-infile.h>
#include <gsf/gsf-input-stdio.h>
#include <gsf/gsf-input.h>
#include <gsf/gsf-utils.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"

enum { PIECE = 64 << 10 };

struct Package {
    char *shown;
    FILE *stream;
    GsfInput *input;
    GsfInfile *zip;
};

char *package_library(void)
{
    return g_strdup_printf("libgsf %d.%d.%d", libgsf_major_version, libgsf_minor_version,
                           libgsf_micro_version);
}

static gboolean refuse(const Package *self, GError **error, const char *what)
{
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA, "%s: %s", self->shown, what);
    return FALSE;
}

static gboolean refuse_damaged(const Package *self, const char *path, GError **error)
{
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA,
                "%s: is damaged: %s in it can't be read (open it in Excel or LibreOffice, save it "
                "anew, and try again)",
                self->shown, path);
    return FALSE;
}

/* --- the table of contents -------------------------------------------------------------------- */

static guint number_at(const guint8 *bytes, guint count)
{
    guint number = 0;
    while (count-- > 0)
        number = number << 8 | bytes[count];
    return number;
}

/* libgsf holds the whole table of contents in memory, so that its size is asked for before. The
 * record at the end of a ZIP file is 22 bytes and a comment (APPNOTE 4.3.16). */
static gboolean check_directory(const Package *self, int fd, GError **error)
{
    struct stat status;
    g_autofree guint8 *end = g_malloc(PIECE + 22);
    if (fstat(fd, &status) < 0)
        return refuse_damaged(self, "its table of contents", error);
    gsize length = (gsize)MIN(status.st_size, PIECE + 22);
    gssize got = pread(fd, end, length, status.st_size - (off_t)length);
    for (gssize at = got - 22; at >= 0; at--) {
        if (memcmp(end + at, "PK\5\6", 4) != 0)
            continue;
        guint parts = number_at(end + at + 10, 2), bytes = number_at(end + at + 12, 4);
        if (parts > PACKAGE_PARTS_MAX || bytes > PACKAGE_DIRECTORY_MAX)
            return refuse(self, error,
                          "has far more in it than a workbook has (save it anew as .xlsx)");
        return TRUE;
    }
    return refuse(self, error,
                  "is damaged: its end is missing (was it copied or downloaded whole? fetch it, or "
                  "save it, anew)");
}

/* --- opening ---------------------------------------------------------------------------------- */

static void initialize(void)
{
    static gsize initialized = 0;
    if (!g_once_init_enter(&initialized))
        return;
    gsf_init();
    xmlInitParser();
    g_once_init_leave(&initialized, 1);
}

/* The file as libgsf reads it; `*stream` is to be closed after it. */
static GsfInput *open_input(int fd, FILE **stream)
{
    int copy = dup(fd);
    initialize();
    *stream = copy >= 0 ? fdopen(copy, "rb") : NULL;
    if (*stream)
        return gsf_input_stdio_new_FILE("workbook", *stream, TRUE);
    if (copy >= 0)
        close(copy);
    return NULL;
}

gboolean package_is_encrypted(int fd)
{
    FILE *stream = NULL;
    g_autoptr(GObject) input = (GObject *)open_input(fd, &stream);
    g_autoptr(GObject) ole = input ? (GObject *)gsf_infile_msole_new(GSF_INPUT(input), NULL) : NULL;
    g_autoptr(GObject) part =
        ole ? (GObject *)gsf_infile_child_by_name(GSF_INFILE(ole), "EncryptedPackage") : NULL;
    gboolean found = part != NULL;
    g_clear_object(&part);
    g_clear_object(&ole);
    g_clear_object(&input);
    if (stream)
        fclose(stream);
    return found;
}

Package *package_open(int fd, const char *shown, GError **error)
{
    g_autoptr(Package) self = g_new0(Package, 1);
    self->shown = g_strdup(shown);
    if (!check_directory(self, fd, error))
        return NULL;
    self->input = open_input(fd, &self->stream);
    self->zip = self->input ? gsf_infile_zip_new(self->input, NULL) : NULL;
    if (!self->zip) {
        refuse_damaged(self, "its table of contents", error);
        return NULL;
    }
    return g_steal_pointer(&self);
}

void package_close(Package *self)
{
    if (!self)
        return;
    g_clear_object(&self->zip);
    g_clear_object(&self->input);
    if (self->stream)
        fclose(self->stream);
    g_free(self->shown);
    g_free(self);
}

const char *package_shown(const Package *self)
{
    return self->shown;
}

static GsfInput *open_part(const Package *self, const char *path)
{
    g_auto(GStrv) names = g_strsplit(path, "/", -1);
    GsfInput *part = gsf_infile_child_by_aname(self->zip, (const char **)names);
    if (part && GSF_IS_INFILE(part) && gsf_infile_num_children(GSF_INFILE(part)) >= 0) {
        g_object_unref(part); /* a folder */
        return NULL;
    }
    return part;
}

gboolean package_has(Package *self, const char *path)
{
    g_autoptr(GObject) part = (GObject *)open_part(self, path);
    return part != NULL;
}

/* --- attributes ------------------------------------------------------------------------------- */

struct PartAttributes {
    int count;
    const xmlChar **raw; /* five each: local name, prefix, URI, begin, end of the value */
};

static gboolean find(const PartAttributes *self, const char *name, const char **text, gsize *length)
{
    for (int i = 0; i < self->count; i++) {
        const xmlChar **at = self->raw + (gsize)i * 5;
        if (strcmp((const char *)at[0], name) != 0)
            continue;
        *text = (const char *)at[3];
        *length = (gsize)(at[4] - at[3]);
        return TRUE;
    }
    return FALSE;
}

char *attributes_text(const PartAttributes *self, const char *name)
{
    const char *text;
    gsize length;
    return find(self, name, &text, &length) ? g_strndup(text, length) : NULL;
}

gboolean attributes_copy(const PartAttributes *self, const char *name, char *buffer, gsize size)
{
    const char *text = "";
    gsize length = 0;
    gboolean found = find(self, name, &text, &length);
    length = MIN(length, size - 1);
    memcpy(buffer, text, length);
    buffer[length] = '\0';
    return found;
}

guint attributes_number(const PartAttributes *self, const char *name, guint most, guint otherwise)
{
    const char *text;
    gsize length;
    guint64 number = 0;
    if (!find(self, name, &text, &length) || !length)
        return otherwise;
    for (gsize i = 0; i < length; i++) {
        if (!g_ascii_isdigit(text[i]))
            return otherwise;
        number = MIN(number * 10 + (guint)(text[i] - '0'), most);
    }
    return (guint)number;
}

gboolean attributes_true(const PartAttributes *self, const char *name)
{
    char text[8];
    attributes_copy(self, name, text, sizeof text);
    return strcmp(text, "1") == 0 || strcmp(text, "true") == 0;
}

/* --- parsing ---------------------------------------------------------------------------------- */

typedef struct {
    const Package *package;
    const char *path;
    GsfInput *part;
    const PartHandler *handler;
    void *user;
    xmlParserCtxtPtr parser;
    guint64 unpacked;
    guint depth;
    gboolean cut; /* inflating failed */
    GError *failure;
} Parsing;

static void stop(Parsing *self)
{
    xmlStopParser(self->parser);
}

static void on_start(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                     int spaces, const xmlChar **namespaces, int count, int defaulted,
                     const xmlChar **raw)
{
    Parsing *self = ((xmlParserCtxtPtr)context)->_private;
    PartAttributes attributes = {count, raw};
    (void)prefix, (void)uri, (void)spaces, (void)namespaces, (void)defaulted;
    if (self->failure)
        return;
    if (++self->depth > PACKAGE_DEPTH_MAX)
        refuse_damaged(self->package, self->path, &self->failure);
    else
        self->handler->start(self->user, (const char *)name, &attributes, &self->failure);
    if (self->failure)
        stop(self);
}

static void on_end(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    Parsing *self = ((xmlParserCtxtPtr)context)->_private;
    (void)prefix, (void)uri;
    if (self->failure)
        return;
    self->depth--;
    if (!self->handler->end(self->user, (const char *)name, &self->failure))
        stop(self);
}

static void on_text(void *context, const xmlChar *text, int length)
{
    Parsing *self = ((xmlParserCtxtPtr)context)->_private;
    if (!self->failure && self->handler->text &&
        !self->handler->text(self->user, (const char *)text, (gsize)length, &self->failure))
        stop(self);
}

static void on_doctype(void *context, const xmlChar *name, const xmlChar *id, const xmlChar *system)
{
    Parsing *self = ((xmlParserCtxtPtr)context)->_private;
    (void)name, (void)id, (void)system;
    if (!self->failure)
        g_set_error(&self->failure, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA,
                    "%s: is refused: %s in it has a DOCTYPE, which no spreadsheet writes",
                    self->package->shown, self->path);
    stop(self);
}

static void on_xml_error(void *context, xmlErrorPtr what)
{
    (void)context, (void)what; /* the parser is asked whether all was well formed */
}

static gboolean check_size(const Package *package, const char *path, guint64 unpacked,
                           GError **error)
{
    if (unpacked <= PACKAGE_PART_MAX)
        return TRUE;
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA,
                "%s: too large: %s in it unpacks to over %d MB (copy the rows that are needed into "
                "a new workbook)",
                package->shown, path, PACKAGE_PART_MAX >> 20);
    return FALSE;
}

/* The next bytes of a part; 0 at its end, -1 when it is damaged. */
static int read_piece(GsfInput *part, char *bytes, int size)
{
    gsf_off_t left = gsf_input_remaining(part);
    gsize wanted = (gsize)MIN(left, size);
    if (left <= 0)
        return 0;
    return gsf_input_read(part, wanted, (guint8 *)bytes) ? (int)wanted : -1;
}

static int on_read(void *context, char *bytes, int size)
{
    Parsing *self = context;
    if (self->failure)
        return 0;
    int got = read_piece(self->part, bytes, size);
    if (got < 0) {
        self->cut = TRUE;
        return 0;
    }
    self->unpacked += (guint)got;
    return check_size(self->package, self->path, self->unpacked, &self->failure) ? got : 0;
}

static void parse(Parsing *self)
{
    xmlSAXHandler sax = {.initialized = XML_SAX2_MAGIC,
                         .startElementNs = on_start,
                         .endElementNs = on_end,
                         .characters = on_text,
                         .cdataBlock = on_text,
                         .ignorableWhitespace = on_text,
                         .internalSubset = on_doctype,
                         .serror = on_xml_error};
    self->parser = xmlCreateIOParserCtxt(&sax, NULL, on_read, NULL, self, XML_CHAR_ENCODING_NONE);
    if (!self->parser)
        g_error("xmlCreateIOParserCtxt failed");
    self->parser->_private = self;
    /* NOENT is what decodes &amp; in attributes; with no DOCTYPE there is no other entity. */
    xmlCtxtUseOptions(self->parser, XML_PARSE_NONET | XML_PARSE_NOENT);
    xmlParseDocument(self->parser);
    if (!self->failure && (!self->parser->wellFormed || self->cut))
        refuse_damaged(self->package, self->path, &self->failure);
    if (self->parser->myDoc)
        xmlFreeDoc(self->parser->myDoc);
    xmlFreeParserCtxt(self->parser);
}

gboolean package_parse(Package *self, const char *path, const PartHandler *handler, void *user,
                       GError **error)
{
    Parsing parsing = {.package = self, .path = path, .handler = handler, .user = user};
    parsing.part = open_part(self, path);
    if (!parsing.part)
        return refuse_damaged(self, path, error);
    if (check_size(self, path, (guint64)gsf_input_size(parsing.part), &parsing.failure))
        parse(&parsing);
    g_object_unref(parsing.part);
    if (!parsing.failure)
        return TRUE;
    g_propagate_error(error, parsing.failure);
    return FALSE;
}

gboolean package_scan(Package *self, const char *path, const char *word, gboolean *found,
                      GError **error)
{
    gsize length = strlen(word), kept = 0;
    g_autofree char *bytes = g_malloc(PIECE + length);
    g_autoptr(GObject) part = (GObject *)open_part(self, path);
    *found = FALSE;
    if (!part)
        return TRUE;
    if (!check_size(self, path, (guint64)gsf_input_size(GSF_INPUT(part)), error))
        return FALSE;
    for (;;) {
        int got = read_piece(GSF_INPUT(part), bytes + kept, PIECE);
        if (got < 0)
            return refuse_damaged(self, path, error);
        if (got == 0)
            return TRUE;
        gsize all = kept + (gsize)got;
        if (g_strstr_len(bytes, (gssize)all, word)) {
            *found = TRUE;
            return TRUE;
        }
        kept = MIN(length - 1, all); /* the word may stand across two pieces */
        memmove(bytes, bytes + all - kept, kept);
    }
}
