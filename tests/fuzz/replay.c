/* replay - a fuzz target run over the files of its corpus, for compilers without libFuzzer */
#include <glib.h>
#include <stdio.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

int main(int argc, char **argv)
{
    guint count = 0;
    for (int i = 1; i < argc; i++) {
        g_autoptr(GDir) folder = g_dir_open(argv[i], 0, NULL);
        const char *name;
        while (folder && (name = g_dir_read_name(folder))) {
            g_autofree char *path = g_build_filename(argv[i], name, NULL);
            g_autofree char *bytes = NULL;
            gsize length;
            if (!g_file_get_contents(path, &bytes, &length, NULL))
                g_error("%s can't be read", path);
            LLVMFuzzerTestOneInput((const guint8 *)bytes, length);
            count++;
        }
    }
    printf("%s: %u inputs replayed\n", argv[0], count);
    return count ? 0 : 1;
}
