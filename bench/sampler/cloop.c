// The yardstick of the sampler: the least that anybody could do. `cloop PID PERIOD_US SECONDS ENERGY_FILE` wakes at absolute times and reads the process
// CPU clock, /proc/stat and one energy counter; `cloop target THREADS` is something to watch; `cloop work THREADS MILLIONS` computes and prints how many
// seconds it took.
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

static int64_t now(clockid_t clock) {
    struct timespec t;
    if (clock_gettime(clock, &t) != 0) return -1;
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void *worker(void *unused) {
    (void)unused;
    for (;;) {
        int64_t end = now(CLOCK_MONOTONIC) + 30000;
        while (now(CLOCK_MONOTONIC) < end) { }
        usleep(20000);
    }
    return NULL;
}

static int64_t rounds;

static void *compute(void *result) {
    uint64_t x = 88172645463325252ULL;
    for (int64_t i = 0; i < rounds; i++) { x ^= x << 13; x ^= x >> 7; x ^= x << 17; }
    *(uint64_t *)result = x;
    return NULL;
}

static int work(int threads) {
    pthread_t thread[256];
    uint64_t result[256], sum = 0;
    if (threads < 1 || threads > 256) return 2;
    int64_t begin = now(CLOCK_MONOTONIC);
    for (int i = 0; i < threads; i++) pthread_create(&thread[i], NULL, compute, &result[i]);
    for (int i = 0; i < threads; i++) { pthread_join(thread[i], NULL); sum ^= result[i]; }
    printf("%.6f %llx\n", (now(CLOCK_MONOTONIC) - begin) / 1e9, (unsigned long long)sum);
    return 0;
}

static int compare(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static int64_t busy(const char *text, ssize_t length) {
    int64_t sum = 0;
    const char *end = text + length;
    while (end - text > 4 && memcmp(text, "cpu", 3) == 0) {
        const char *p = text + 3;
        if (*p != ' ') {
            int64_t v[8];
            char *q = (char *)p;
            for (int i = 0; i < 8; i++) v[i] = strtoll(q, &q, 10);
            sum += v[1] + v[2] + v[3] + v[6] + v[7];
        }
        text = memchr(text, '\n', end - text);
        if (!text) break;
        text++;
    }
    return sum;
}

int main(int argc, char **argv) {
    if (argc == 3 && strcmp(argv[1], "target") == 0) {
        pthread_t thread;
        pthread_attr_t attributes;
        pthread_attr_init(&attributes);
        pthread_attr_setstacksize(&attributes, 65536);
        for (int i = 1; i < atoi(argv[2]); i++) pthread_create(&thread, &attributes, worker, NULL);
        worker(NULL);
    }
    if (argc == 4 && strcmp(argv[1], "work") == 0) {
        rounds = atoll(argv[3]) * 1000000;
        return work(atoi(argv[2]));
    }
    if (argc != 5) return 2;
    int pid = atoi(argv[1]);
    int64_t period = atoll(argv[2]) * 1000, seconds = atoll(argv[3]), ticks = seconds * 1000000000LL / period;
    clockid_t clock = (clockid_t)((~(unsigned)pid << 3) | 2);
    int stat = open("/proc/stat", O_RDONLY), energy = open(argv[4], O_RDONLY);
    char text[65536];
    int64_t *late = malloc(ticks * 8), *samples = malloc(ticks * 3 * 40);
    memset(late, 0, ticks * 8);
    memset(samples, 0, ticks * 3 * 40);
    prctl(PR_SET_TIMERSLACK, 1UL, 0, 0, 0);
    int64_t cpu = now(CLOCK_PROCESS_CPUTIME_ID), count = 0, missed = 0, next = now(CLOCK_MONOTONIC) / period + 1, end = next + ticks, *out = samples;
    while (next < end) {
        struct timespec t = { next * period / 1000000000LL, next * period % 1000000000LL };
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL);
        int64_t at = now(CLOCK_MONOTONIC);
        late[count++] = at - next * period;
        missed += at / period - next;
        *out++ = now(CLOCK_MONOTONIC); *out++ = now(clock); *out++ = now(CLOCK_MONOTONIC);
        *out++ = now(CLOCK_MONOTONIC); *out++ = busy(text, pread(stat, text, sizeof text, 0)); *out++ = now(CLOCK_MONOTONIC);
        *out++ = now(CLOCK_MONOTONIC);
        ssize_t n = pread(energy, text, 64, 0);
        text[n > 0 ? n : 0] = 0;
        *out++ = atoll(text); *out++ = now(CLOCK_MONOTONIC);
        next = at / period + 1;
    }
    cpu = now(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    qsort(late, count, 8, compare);
    printf("c %lld %lld %.3f %.1f %.1f %.1f %.1f\n", (long long)count, (long long)missed, cpu / 1e7 / seconds,
           late[count / 2] / 1e3, late[count * 99 / 100] / 1e3, late[count * 999 / 1000] / 1e3, late[count - 1] / 1e3);
    return 0;
}
