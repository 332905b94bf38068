/* html_chart - bars of table cells, each with its name and its number in words
 *
 * No picture and no script: a bar is a cell with a background, which every mail program shows, and a
 * number beside it, which everybody can read or hear.
 */
#include "render/html_parts.h"

#include <string.h>

static void cell(Html *in, const char *tag, const char *style, gboolean number, cmark_node *node)
{
    gboolean rtl = in->rtl;
    g_autofree char *own = html_cell_style(in, style);
    gboolean name = strstr(tag, "\"row\"") != NULL;
    g_autofree char *whole =
        g_strdup_printf("%s%s;text-align:%s%s", own, name ? ";font-weight:normal" : "",
                        number ? "end" : "start", number ? ";white-space:nowrap" : "");
    g_string_append_printf(in->out, "<%s align=\"%s\" valign=\"middle\"", tag,
                           number ? "right" : "left");
    if (node)
        html_direction(in, node);
    html_attribute(in, "style", whole);
    html_add(in, ">");
    if (node)
        html_inlines(in, node);
    g_string_append_printf(in->out, "</%.2s>", tag);
    in->rtl = rtl;
}

static void bar(Html *in, guint share)
{
    g_autofree char *own = html_cell_style(in, "td");
    g_autofree char *style = g_strconcat(own, ";width:40%", NULL);
    html_add(in, "<td width=\"40%\" valign=\"middle\" aria-hidden=\"true\"");
    html_attribute(in, "style", style);
    html_add(in, "><table role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" "
                 "width=\"100%\"><tr>");
    if (share) {
        g_autofree char *filled =
            g_strdup_printf("%s;height:14px", theme_style(in->theme, "callout_bar"));
        g_string_append_printf(in->out, "<td class=\"bar\" width=\"%u%%\" height=\"14\"", share);
        html_attribute(in, "bgcolor", theme_style(in->theme, "colours.accent"));
        html_attribute(in, "style", filled);
        html_add(in, ">&nbsp;</td>");
    }
    if (share < 100)
        g_string_append_printf(in->out,
                               "<td width=\"%u%%\" style=\"font-size:0;line-height:0\">&nbsp;</td>",
                               100 - share);
    html_add(in, "</tr></table></td>");
}

static void chart_row(Html *in, const TableRow *row, gboolean header)
{
    html_add(in, "<tr>");
    cell(in, header ? "th scope=\"col\"" : "th scope=\"row\"", header ? "th" : "td", FALSE,
         row->nodes[0]);
    if (header)
        cell(in, "td", "th", FALSE, NULL);
    else
        bar(in, row->share);
    cell(in, header ? "th scope=\"col\"" : "td", header ? "th" : "td", TRUE, row->nodes[1]);
    html_add(in, "</tr>\n");
}

void html_chart(Html *in, const Table *self)
{
    gboolean header = TRUE;
    html_table_begin(in, self, "chart", "");
    for (guint r = 0; r < self->rows->len; r++) {
        const TableRow *row = g_ptr_array_index(self->rows, r);
        if (row->tag) {
            html_marker(in, row->tag);
            continue;
        }
        chart_row(in, row, header);
        header = FALSE;
    }
    html_add(in, "</table>\n");
}
