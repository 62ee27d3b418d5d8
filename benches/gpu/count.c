/* Counts what a program asks of the CUDA driver, for `run`:
 *
 *     cc -shared -fPIC -o libcount.so count.c -ldl
 *     LD_PRELOAD=./libcount.so program
 *
 * At its end the program prints a line to standard error: launches,
 * allocations, events created, waits, copies to the GPU, copies from it. What
 * cuBLAS starts does not pass here. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdint.h>

enum { LAUNCHES, ALLOCATIONS, EVENTS, WAITS, TO_GPU, FROM_GPU, KINDS };
static unsigned long counts[KINDS];

__attribute__((destructor)) static void report(void) {
    fprintf(stderr, "counts");
    for (int i = 0; i < KINDS; i++) fprintf(stderr, " %lu", counts[i]);
    fprintf(stderr, "\n");
}

/* Every argument fits a register or a word of the stack, and passing more
 * words than the driver takes is harmless: so one shape serves all. */
typedef intptr_t word;
#define COUNTED(name, kind)                                                   \
    int name(word a, word b, word c, word d, word e, word f, word g, word h,  \
             word i, word j, word k) {                                        \
        static int (*next)(word, word, word, word, word, word, word, word,    \
                           word, word, word);                                 \
        if (!next) *(void **)&next = dlsym(RTLD_NEXT, #name);                 \
        __atomic_fetch_add(&counts[kind], 1, __ATOMIC_RELAXED);               \
        return next(a, b, c, d, e, f, g, h, i, j, k);                         \
    }

COUNTED(cuLaunchKernel, LAUNCHES)
COUNTED(cuMemAllocAsync, ALLOCATIONS)
COUNTED(cuMemAlloc_v2, ALLOCATIONS)
COUNTED(cuEventCreate, EVENTS)
COUNTED(cuStreamWaitEvent, WAITS)
COUNTED(cuMemcpyHtoDAsync_v2, TO_GPU)
COUNTED(cuMemcpyDtoHAsync_v2, FROM_GPU)
