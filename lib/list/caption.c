/* caption - what a person calls a row of a list, and the telephone to reach it by */
#include "list/caption.h"

#include <string.h>

#include "template/template.h"

struct Caption {
    Template *template; /* NULL for one that says nothing */
};

/* How columns are called that hold such a thing, folded, the likeliest first. */
static const char *const LABELS[] = {
    "schoolname",   "school",      "establishmentname", "nameofschool",        "groupname",
    "trustname",    "trust",       "organisationname",  "organisation",        "organizationname",
    "organization", "institution", "establishment",     "nameofestablishment", "academyname",
    "college",      "collegename", "nurseryname",       "schoolortrust",       NULL};
static const char *const PHONES[] = {
    "telephonenum", "telephone",       "telephonenumber", "phone",         "phonenumber",
    "tel",          "telno",           "officetel",       "officephone",   "schooltel",
    "schoolphone",  "schooltelephone", "phoneno",         "contactnumber", NULL};

/* Letters and digits alone: "School name" and "School_Name" are one. */
static char *fold(const char *name)
{
    GString *kept = g_string_new(NULL);
    for (const char *p = name; *p; p++)
        if (g_ascii_isalnum(*p))
            g_string_append_c(kept, g_ascii_tolower(*p));
    return g_string_free(kept, FALSE);
}

static const char *likely(CaptionKind kind, const char *const *names, guint count)
{
    for (const char *const *like = kind == CAPTION_LABEL ? LABELS : PHONES; *like; like++)
        for (guint i = 0; i < count; i++) {
            g_autofree char *folded = fold(names[i]);
            if (g_str_equal(folded, *like))
                return names[i];
        }
    return NULL;
}

const char *caption_likely(CaptionKind kind, const char *const *columns)
{
    return likely(kind, columns, g_strv_length((char **)columns));
}

Caption *caption_new(CaptionKind kind, const char *text, const Fieldset *fields, const char *file,
                     guint line, Findings *findings)
{
    Caption *self = g_new0(Caption, 1);
    const char *named =
        text ? text : likely(kind, fieldset_names(fields), fieldset_columns(fields));
    if (!named || !*named)
        return self;
    g_autofree char *source =
        strstr(named, "{{") ? g_strdup(named) : g_strconcat("{{", named, "}}", NULL);
    g_autoptr(Findings) unheard = findings_new();
    /* What nobody asked for is no reason to complain. */
    self->template = fieldset_template(fields, source, file, line, text ? findings : unheard);
    return self;
}

void caption_free(Caption *self)
{
    if (!self)
        return;
    if (self->template)
        template_free(self->template);
    g_free(self);
}

char *caption_of(const Caption *self, const Value *fields)
{
    char *text = self->template ? template_render_text(self->template, fields, NULL) : NULL;
    if (!text)
        return g_strdup("");
    g_strstrip(g_strdelimit(text, "\r\n\t", ' '));
    if (strlen(text) > CAPTION_MAX)
        *g_utf8_find_prev_char(text, text + CAPTION_MAX + 1) = '\0';
    return text;
}
