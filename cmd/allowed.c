/* allowed - what an update, or a digest's layout, says not to show, heeded when it is planned */
#include "allowed.h"

#include "config/front.h"

Allow *allowed_by(const Workspace *workspace, const char *file, Findings *findings)
{
    g_autoptr(Bundle) bundle = workspace_bundle(workspace, file);
    g_autoptr(GBytes) update = bundle_get(bundle, "update", TRUE, NULL);
    g_autoptr(Findings) unheard = findings_new();
    const char *shown = bundle_shown(bundle, "update");
    gsize length = 0;
    const char *bytes = update ? g_bytes_get_data(update, &length) : NULL;
    g_autoptr(Front) front = bytes ? front_parse(bytes, length, shown, unheard) : NULL;
    Allow *allow = front ? allow_new(shown, bytes, length, front) : NULL;
    if (allow)
        findings_silence(findings, allow_silences, allow);
    return allow;
}

void allowed_pass(const Findings *from, Findings *to)
{
    findings_copy_all(to, from);
}
