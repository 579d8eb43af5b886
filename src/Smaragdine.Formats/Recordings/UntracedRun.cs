using Smaragdine.Activity;
using Smaragdine.Formats.Recordings.Samples;
using Smaragdine.Power;
using Smaragdine.Recordings;
using Smaragdine.Traces;
using Smaragdine.Units;

namespace Smaragdine.Formats.Recordings;

/// <summary>A recording without traces: the run as one step of which only power and activity are known.</summary>
internal static class UntracedRun
{
    /// <exception cref="RefusedInputException">it has neither power nor activity.</exception>
    public static Trace Of(
        string path, Manifest manifest, RecordedSamples? samples, IReadOnlyList<DomainPower> sensors, ActivityInput? activity)
    {
        Interval? extent = manifest.Run ?? samples?.Extent;
        if (extent is not { } run || (sensors.Count == 0 && activity is null))
        {
            throw new RefusedInputException(
                $"{path}: no trace here, and of power and activity {(samples is { Count: > 0 } ? $"no more than {samples.Count:N0} samples that tell neither" : "no sample")}. Was the recorder killed as soon as it had started? Expected samples of a sensor, or traces beside them");
        }

        List<DeviceId> devices = [];
        if (activity is not null || sensors.Any(s => s.Domain.Kind is DomainKind.Package or DomainKind.Dram))
        {
            devices.Add(DeviceId.Cpu());
        }

        foreach (DomainPower gpu in sensors.Where(s => s.Domain.Kind is DomainKind.Gpu))
        {
            GpuFacts? told = manifest.Gpus.FirstOrDefault(g => g.Is(gpu.DeviceUuid));
            if (told is { Visible: false })
            {
                continue;
            }

            devices.Add(DeviceId.Gpu(told?.Index ?? gpu.Domain.Index));
        }

        if (devices.Count == 0)
        {
            // A wall meter alone feeds no device; the run still has its hour and its joules.
            devices.Add(DeviceId.Cpu());
        }

        return Trace.OfUntraced(devices, Told(manifest) is { Count: > 0 } steps ? steps : [new(1, run)]);
    }

    /// <summary>A rank's: which devices it has and when its steps were is its job's to say, unless its manifest does.</summary>
    public static Trace OfRank(Manifest manifest) => Trace.OfUntraced([], Told(manifest));

    private static List<TracedStep> Told(Manifest manifest) => [.. manifest.Steps.OrderBy(s => s.Number).Select(s => new TracedStep(s.Number, s.Window))];
}
