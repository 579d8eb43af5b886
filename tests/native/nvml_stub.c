/*
 * A stand-in for NVIDIA's libnvidia-ml.so.1 with the functions that Smaragdine calls, so that its calls and layouts are tested without a GPU.
 * Signatures and layouts are those that nvml.h (API version 13) documents; what it answers comes from the script that SMARAGDINE_NVML_STUB names,
 * read when the first user initialises it. A script has one statement in each line, `#` begins a comment:
 *
 *   init CODE                          what nvmlInit_v2 returns
 *   count CODE                         what nvmlDeviceGetCount_v2 returns
 *   driver TEXT
 *   clock START STEP                   time stamps of field values, µs: START, START + STEP, …
 *   gpu I name|uuid TEXT
 *   gpu I pci BUSID DEVICEID           DEVICEID in hexadecimal, vendor in the lower half
 *   gpu I arch N
 *   gpu I mig CURRENT                  and `gpu I instance UUID` for each instance
 *   gpu I handle CODE                  what opening it returns
 *   gpu I lost-after N                 ERROR_GPU_IS_LOST from the (N+1)th reading on
 *   gpu I call V…                      what nvmlDeviceGetFieldValues returns, call by call (`!CODE`)
 *   gpu I field ID SCOPE TYPE V…       values of a field, or `!CODE`; the last one stays
 *   gpu I untouched ID SCOPE           a driver's fault: success overall, the value is not written
 *   gpu I energy V…                    nvmlDeviceGetTotalEnergyConsumption
 *   gpu I power V…                     nvmlDeviceGetPowerUsage
 *   gpu I samples TS:MW…               the driver's buffer at the next call; one line for each call, the last one stays
 *   gpu I clocks TYPE V…               nvmlDeviceGetClockInfo, MHz: 1 multiprocessors, 2 memory
 *   gpu I temperature|utilization|limits V…
 *   gpu I compute|graphics PID BYTES INSTANCE
 *   gpu I processes CODE
 *
 * A function for which a GPU has no statement returns ERROR_NOT_SUPPORTED.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef int nvmlReturn_t;
typedef struct device *nvmlDevice_t;

typedef struct {
    char busIdLegacy[16];
    unsigned int domain, bus, device, pciDeviceId, pciSubSystemId;
    char busId[32];
} nvmlPciInfo_t;

typedef union {
    double dVal;
    int siVal;
    unsigned int uiVal;
    unsigned long ulVal;
    unsigned long long ullVal;
    signed long long sllVal;
    unsigned short usVal;
} nvmlValue_t;

typedef struct {
    unsigned int fieldId, scopeId;
    long long timestamp, latencyUsec;
    int valueType;
    nvmlReturn_t nvmlReturn;
    nvmlValue_t value;
} nvmlFieldValue_t;

typedef struct {
    unsigned long long timeStamp;
    nvmlValue_t sampleValue;
} nvmlSample_t;

typedef struct {
    unsigned int gpu, memory;
} nvmlUtilization_t;

typedef struct {
    unsigned int pid;
    unsigned long long usedGpuMemory;
    unsigned int gpuInstanceId, computeInstanceId;
} nvmlProcessInfo_t;

_Static_assert(sizeof(nvmlPciInfo_t) == 68, "nvmlPciInfo_t");
_Static_assert(sizeof(nvmlFieldValue_t) == 40, "nvmlFieldValue_t");
_Static_assert(sizeof(nvmlSample_t) == 16, "nvmlSample_t");
_Static_assert(sizeof(nvmlProcessInfo_t) == 24, "nvmlProcessInfo_t");

enum { MOST = 64, GPUS = 8 };
enum { INVALID_ARGUMENT = 2, NOT_SUPPORTED = 3, NOT_FOUND = 6, INSUFFICIENT_SIZE = 7, UNINITIALIZED = 1, GPU_IS_LOST = 15 };

/* Answers in a row: value, or code where that is not 0; the last one stays. */
typedef struct {
    long long value[MOST];
    int code[MOST];
    int count, next;
} answers;

typedef struct {
    unsigned int id, scope;
    int type, untouched;
    answers answers;
} field;

typedef struct {
    nvmlSample_t sample[MOST];
    int count;
} batch;

struct device {
    int present, handle, architecture, mig, lost_after, readings, process_code, is_instance;
    char name[96], uuid[96], bus[32];
    unsigned int pci;
    int has_lost;
    field fields[16];
    int field_count;
    answers call, energy, power, clocks[4], temperature, utilization, limits;
    batch batches[16];
    int batch_count, batch_next;
    nvmlProcessInfo_t compute[MOST], graphics[MOST];
    int compute_count, graphics_count;
    struct device *instance[8];
    int instance_count;
};

static struct device gpus[GPUS];
static struct device instances[GPUS * 8];
static int instance_total;
static int users, init_code, count_code, gpu_count;
static long long clock_us, clock_step;
static char driver[80];

static void parse_answers(answers *into)
{
    char *word;
    while ((word = strtok(NULL, " ")) && into->count < MOST) {
        if (*word == '!') {
            into->code[into->count++] = atoi(word + 1);
        } else {
            into->value[into->count++] = strtoll(word, NULL, 10);
        }
    }
}

static int answer(answers *from, long long *value)
{
    if (from->count == 0) {
        return NOT_SUPPORTED;
    }
    int at = from->next < from->count - 1 ? from->next++ : from->count - 1;
    *value = from->value[at];
    return from->code[at];
}

static const char *word(void)
{
    const char *text = strtok(NULL, " ");
    return text ? text : "";
}

static void copy_rest(char *into, size_t size)
{
    const char *text = strtok(NULL, "");
    snprintf(into, size, "%s", text ? text : "");
}

static field *field_of(struct device *gpu, unsigned int id, unsigned int scope, int add)
{
    for (int i = 0; i < gpu->field_count; i++) {
        if (gpu->fields[i].id == id && gpu->fields[i].scope == scope) {
            return &gpu->fields[i];
        }
    }
    if (!add || gpu->field_count == 16) {
        return NULL;
    }
    field *created = &gpu->fields[gpu->field_count++];
    created->id = id;
    created->scope = scope;
    return created;
}

static void parse_gpu(void)
{
    int index = atoi(word());
    if (index < 0 || index >= GPUS) {
        return;
    }
    struct device *gpu = &gpus[index];
    gpu->present = 1;
    if (index >= gpu_count) {
        gpu_count = index + 1;
    }

    const char *what = word();
    if (!strcmp(what, "name")) {
        copy_rest(gpu->name, sizeof gpu->name);
    } else if (!strcmp(what, "uuid")) {
        copy_rest(gpu->uuid, sizeof gpu->uuid);
    } else if (!strcmp(what, "pci")) {
        snprintf(gpu->bus, sizeof gpu->bus, "%s", word());
        gpu->pci = (unsigned int)strtoul(word(), NULL, 16);
    } else if (!strcmp(what, "arch")) {
        gpu->architecture = atoi(word());
    } else if (!strcmp(what, "mig")) {
        gpu->mig = atoi(word()) + 1;
    } else if (!strcmp(what, "instance") && gpu->instance_count < 8) {
        struct device *instance = &instances[instance_total++];
        instance->present = instance->is_instance = 1;
        copy_rest(instance->uuid, sizeof instance->uuid);
        gpu->instance[gpu->instance_count++] = instance;
    } else if (!strcmp(what, "handle")) {
        gpu->handle = atoi(word());
    } else if (!strcmp(what, "lost-after")) {
        gpu->has_lost = 1;
        gpu->lost_after = atoi(word());
    } else if (!strcmp(what, "call")) {
        parse_answers(&gpu->call);
    } else if (!strcmp(what, "field")) {
        unsigned int id = (unsigned int)atoi(word());
        field *added = field_of(gpu, id, (unsigned int)atoi(word()), 1);
        if (added) {
            added->type = atoi(word());
            parse_answers(&added->answers);
        }
    } else if (!strcmp(what, "untouched")) {
        unsigned int id = (unsigned int)atoi(word());
        field *added = field_of(gpu, id, (unsigned int)atoi(word()), 1);
        if (added) {
            added->untouched = 1;
        }
    } else if (!strcmp(what, "energy")) {
        parse_answers(&gpu->energy);
    } else if (!strcmp(what, "power")) {
        parse_answers(&gpu->power);
    } else if (!strcmp(what, "clocks")) {
        parse_answers(&gpu->clocks[atoi(word()) & 3]);
    } else if (!strcmp(what, "temperature")) {
        parse_answers(&gpu->temperature);
    } else if (!strcmp(what, "utilization")) {
        parse_answers(&gpu->utilization);
    } else if (!strcmp(what, "limits")) {
        parse_answers(&gpu->limits);
    } else if (!strcmp(what, "samples") && gpu->batch_count < 16) {
        batch *added = &gpu->batches[gpu->batch_count++];
        const char *pair;
        while (*(pair = word()) && added->count < MOST) {
            char *end;
            added->sample[added->count].timeStamp = strtoull(pair, &end, 10);
            added->sample[added->count++].sampleValue.uiVal = (unsigned int)strtoul(end + 1, NULL, 10);
        }
    } else if (!strcmp(what, "compute") || !strcmp(what, "graphics")) {
        int graphics = *what == 'g';
        nvmlProcessInfo_t *added = graphics ? &gpu->graphics[gpu->graphics_count++] : &gpu->compute[gpu->compute_count++];
        added->pid = (unsigned int)atoi(word());
        added->usedGpuMemory = (unsigned long long)strtoll(word(), NULL, 10);
        const char *in = word();
        added->gpuInstanceId = added->computeInstanceId = *in ? (unsigned int)atoi(in) : 0xFFFFFFFFu;
    } else if (!strcmp(what, "processes")) {
        gpu->process_code = atoi(word());
    } else {
        fprintf(stderr, "nvml_stub: unknown statement: gpu %d %s\n", index, what);
        abort();
    }
}

static void read_script(void)
{
    memset(gpus, 0, sizeof gpus);
    memset(instances, 0, sizeof instances);
    instance_total = init_code = count_code = gpu_count = 0;
    clock_us = clock_step = 0;
    driver[0] = 0;

    const char *path = getenv("SMARAGDINE_NVML_STUB");
    FILE *file = path ? fopen(path, "r") : NULL;
    char line[8192];
    while (file && fgets(line, sizeof line, file)) {
        line[strcspn(line, "#\r\n")] = 0;
        const char *what = strtok(line, " ");
        if (!what) {
            continue;
        }
        if (!strcmp(what, "init")) {
            init_code = atoi(word());
        } else if (!strcmp(what, "count")) {
            count_code = atoi(word());
        } else if (!strcmp(what, "driver")) {
            copy_rest(driver, sizeof driver);
        } else if (!strcmp(what, "clock")) {
            clock_us = strtoll(word(), NULL, 10);
            clock_step = strtoll(word(), NULL, 10);
        } else if (!strcmp(what, "gpu")) {
            parse_gpu();
        } else {
            fprintf(stderr, "nvml_stub: unknown statement: %s\n", what);
            abort();
        }
    }
    if (file) {
        fclose(file);
    }
}

/* Every reading passes here: a device that is lost stays so. */
static int lost(struct device *gpu)
{
    return gpu->has_lost && gpu->readings++ >= gpu->lost_after;
}

nvmlReturn_t nvmlInit_v2(void)
{
    if (users == 0) {
        read_script();
        if (init_code) {
            return init_code;
        }
    }
    users++;
    return 0;
}

#ifndef WITHOUT_SHUTDOWN
nvmlReturn_t nvmlShutdown(void)
{
    if (users == 0) {
        return UNINITIALIZED;
    }
    users--;
    return 0;
}
#endif

/* For the tests: how many have initialised it and not shut it down. */
int nvmlStubUsers(void)
{
    return users;
}

nvmlReturn_t nvmlSystemGetDriverVersion(char *version, unsigned int length)
{
    snprintf(version, length, "%s", driver);
    return 0;
}

nvmlReturn_t nvmlDeviceGetCount_v2(unsigned int *count)
{
    *count = (unsigned int)gpu_count;
    return users ? count_code : UNINITIALIZED;
}

nvmlReturn_t nvmlDeviceGetHandleByIndex_v2(unsigned int index, nvmlDevice_t *device)
{
    if (index >= (unsigned int)gpu_count) {
        return INVALID_ARGUMENT;
    }
    *device = &gpus[index];
    return gpus[index].handle;
}

nvmlReturn_t nvmlDeviceGetHandleByPciBusId_v2(const char *id, nvmlDevice_t *device)
{
    for (int i = 0; i < gpu_count; i++) {
        if (!strcmp(gpus[i].bus, id)) {
            *device = &gpus[i];
            return gpus[i].handle;
        }
    }
    return NOT_FOUND;
}

static nvmlReturn_t copy_text(const char *text, char *into, unsigned int length)
{
    if (strlen(text) + 1 > length) {
        return INSUFFICIENT_SIZE;
    }
    strcpy(into, text);
    return 0;
}

nvmlReturn_t nvmlDeviceGetName(nvmlDevice_t gpu, char *name, unsigned int length) { return copy_text(gpu->name, name, length); }

nvmlReturn_t nvmlDeviceGetUUID(nvmlDevice_t gpu, char *uuid, unsigned int length) { return copy_text(gpu->uuid, uuid, length); }

nvmlReturn_t nvmlDeviceGetPciInfo_v3(nvmlDevice_t gpu, nvmlPciInfo_t *pci)
{
    memset(pci, 0xEE, sizeof *pci);
    snprintf(pci->busIdLegacy, sizeof pci->busIdLegacy, "%.15s", gpu->bus + (strlen(gpu->bus) > 12 ? 4 : 0));
    snprintf(pci->busId, sizeof pci->busId, "%s", gpu->bus);
    pci->pciDeviceId = gpu->pci;
    return 0;
}

nvmlReturn_t nvmlDeviceGetArchitecture(nvmlDevice_t gpu, unsigned int *architecture)
{
    *architecture = (unsigned int)gpu->architecture;
    return gpu->architecture ? 0 : NOT_SUPPORTED;
}

nvmlReturn_t nvmlDeviceGetMigMode(nvmlDevice_t gpu, unsigned int *current, unsigned int *pending)
{
    if (!gpu->mig) {
        return NOT_SUPPORTED;
    }
    *current = *pending = (unsigned int)gpu->mig - 1;
    return 0;
}

nvmlReturn_t nvmlDeviceGetMaxMigDeviceCount(nvmlDevice_t gpu, unsigned int *count)
{
    (void)gpu;
    *count = 7;
    return 0;
}

nvmlReturn_t nvmlDeviceGetMigDeviceHandleByIndex(nvmlDevice_t gpu, unsigned int index, nvmlDevice_t *instance)
{
    if (index >= (unsigned int)gpu->instance_count) {
        return NOT_FOUND;
    }
    *instance = gpu->instance[index];
    return 0;
}

nvmlReturn_t nvmlDeviceGetPowerUsage(nvmlDevice_t gpu, unsigned int *milliwatts)
{
    long long value = 0;
    if (lost(gpu)) {
        return GPU_IS_LOST;
    }
    int code = answer(&gpu->power, &value);
    *milliwatts = (unsigned int)value;
    return code;
}

nvmlReturn_t nvmlDeviceGetTotalEnergyConsumption(nvmlDevice_t gpu, unsigned long long *millijoules)
{
    long long value = 0;
    if (lost(gpu)) {
        return GPU_IS_LOST;
    }
    int code = answer(&gpu->energy, &value);
    *millijoules = (unsigned long long)value;
    return code;
}

static nvmlReturn_t narrow(answers *from, unsigned int *into)
{
    long long value = 0;
    int code = answer(from, &value);
    *into = (unsigned int)value;
    return code;
}

nvmlReturn_t nvmlDeviceGetClockInfo(nvmlDevice_t gpu, int type, unsigned int *megahertz) { return lost(gpu) ? GPU_IS_LOST : narrow(&gpu->clocks[type & 3], megahertz); }

nvmlReturn_t nvmlDeviceGetTemperature(nvmlDevice_t gpu, int sensor, unsigned int *celsius) { return sensor ? INVALID_ARGUMENT : lost(gpu) ? GPU_IS_LOST : narrow(&gpu->temperature, celsius); }

nvmlReturn_t nvmlDeviceGetUtilizationRates(nvmlDevice_t gpu, nvmlUtilization_t *rates)
{
    rates->memory = 0xEEEEEEEE;
    return lost(gpu) ? GPU_IS_LOST : narrow(&gpu->utilization, &rates->gpu);
}

#ifdef WITHOUT_EVENT_REASONS
nvmlReturn_t nvmlDeviceGetCurrentClocksThrottleReasons(nvmlDevice_t gpu, unsigned long long *reasons)
#else
nvmlReturn_t nvmlDeviceGetCurrentClocksEventReasons(nvmlDevice_t gpu, unsigned long long *reasons)
#endif
{
    long long value = 0;
    int code = lost(gpu) ? GPU_IS_LOST : answer(&gpu->limits, &value);
    *reasons = (unsigned long long)value;
    return code;
}

#ifndef WITHOUT_FIELDS
nvmlReturn_t nvmlDeviceGetFieldValues(nvmlDevice_t gpu, int count, nvmlFieldValue_t *values)
{
    long long ignored;
    if (lost(gpu)) {
        return GPU_IS_LOST;
    }
    if (gpu->call.count) {
        int code = answer(&gpu->call, &ignored);
        if (code) {
            return code;
        }
    }
    for (int i = 0; i < count; i++) {
        long long value = 0;
        field *asked = field_of(gpu, values[i].fieldId, values[i].scopeId, 0);
        if (asked && asked->untouched) {
            continue;
        }
        values[i].timestamp = clock_us;
        values[i].latencyUsec = 12;
        values[i].nvmlReturn = asked ? answer(&asked->answers, &value) : NOT_SUPPORTED;
        if (values[i].nvmlReturn) {
            continue;
        }
        values[i].valueType = asked->type;
        /* What a narrow value leaves of the union is not zero in real drivers either. */
        memset(&values[i].value, 0xEE, sizeof values[i].value);
        switch (asked->type) {
        case 0: values[i].value.dVal = (double)value; break;
        case 1: values[i].value.uiVal = (unsigned int)value; break;
        case 2: values[i].value.ulVal = (unsigned long)value; break;
        case 4: values[i].value.sllVal = value; break;
        case 5: values[i].value.siVal = (int)value; break;
        case 6: values[i].value.usVal = (unsigned short)value; break;
        default: values[i].value.ullVal = (unsigned long long)value; break;
        }
    }
    clock_us += clock_step;
    return 0;
}
#endif

nvmlReturn_t nvmlDeviceGetSamples(nvmlDevice_t gpu, int type, unsigned long long last_seen, int *value_type, unsigned int *count, nvmlSample_t *samples)
{
    if (lost(gpu)) {
        return GPU_IS_LOST;
    }
    if (type != 0 || gpu->batch_count == 0) {
        return NOT_SUPPORTED;
    }
    if (!samples) {
        *count = 120;
        return 0;
    }
    batch *now = &gpu->batches[gpu->batch_next < gpu->batch_count - 1 ? gpu->batch_next++ : gpu->batch_count - 1];
    unsigned int given = 0;
    for (int i = 0; i < now->count && given < *count; i++) {
        if (now->sample[i].timeStamp > last_seen) {
            samples[given++] = now->sample[i];
        }
    }
    *value_type = 1;
    *count = given;
    return given ? 0 : NOT_FOUND;
}

static nvmlReturn_t list(struct device *gpu, const nvmlProcessInfo_t *from, int number, unsigned int *count, nvmlProcessInfo_t *into)
{
    if (gpu->process_code) {
        return gpu->process_code;
    }
    unsigned int room = *count;
    *count = (unsigned int)number;
    if (room < (unsigned int)number) {
        return INSUFFICIENT_SIZE;
    }
    memcpy(into, from, (size_t)number * sizeof *from);
    return 0;
}

nvmlReturn_t nvmlDeviceGetComputeRunningProcesses_v3(nvmlDevice_t gpu, unsigned int *count, nvmlProcessInfo_t *into)
{
    return list(gpu, gpu->compute, gpu->compute_count, count, into);
}

nvmlReturn_t nvmlDeviceGetGraphicsRunningProcesses_v3(nvmlDevice_t gpu, unsigned int *count, nvmlProcessInfo_t *into)
{
    return list(gpu, gpu->graphics, gpu->graphics_count, count, into);
}
