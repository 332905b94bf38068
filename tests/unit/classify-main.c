/* classify-main - `circular bounces --classify` alone, for the scorer and for fuzzing by hand
 *
 * cc -Ilib -Icmd tests/unit/classify-main.c cmd/bounces_classify.c build/libcircular.a ...
 */
#include "bounces_classify.h"

int main(int argc, char **argv)
{
    return bounces_classify(argc - 1, argv + 1);
}
