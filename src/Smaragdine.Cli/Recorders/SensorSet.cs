using Smaragdine.Recordings;
using Smaragdine.Sensors;
using Smaragdine.Units;

namespace Smaragdine.Cli.Recorders;

/// <summary>The sensors that a recording reads, chosen and not yet open.</summary>
/// <param name="Used">What will be read.</param>
/// <param name="Locked">What could be read if it were unlocked: said once.</param>
public sealed record SensorSet(IReadOnlyList<SensorFinding> Used, IReadOnlyList<SensorFinding> Locked)
{
    /// <summary>A sensor that gives a new value every 100 ms need not be asked every 4.</summary>
    private const long SlowestPeriodNs = 100_000_000;

    private const long FastestNs = 4_000_000;

    /// <summary>A question to a driver or bus costs up to some milliseconds.</summary>
    private const long FastestBlockingNs = 20_000_000;

    /// <summary>Of a process that leaves its host's sensors to another.</summary>
    public static SensorSet None { get; } = new([], []);

    /// <summary>What is read, for people: `package-0 by powercap, gpu-0 by nvml counter and nvml instant`.</summary>
    public string Names => string.Join(", ", Used.Select(f => $"{f.Domain.Name} by {f.Sensor}{(f.Beside is { } beside ? $" and {beside.Sensor}" : "")}"));

    /// <summary>Looks for sensors, and keeps those whose domain or family was asked for.</summary>
    /// <param name="root">Where /sys and /proc are.</param>
    /// <param name="wanted">Domains (`package-0`) or sensors (`powercap`); null for all.</param>
    /// <exception cref="UsageException">one that was asked for is not there.</exception>
    public static SensorSet Find(SystemRoot root, IReadOnlyList<string>? wanted)
    {
        SensorSurvey survey = new SensorCatalogue(SensorCatalogue.SystemProbes).Survey(root);
        List<SensorFinding> used = [.. survey.Used.Select(c => c.Finding)];
        foreach (string name in wanted ?? [])
        {
            if (!used.Exists(f => IsNamed(f, name)))
            {
                throw new UsageException($"--sensors {name}: {(used.Count == 0 ? "no sensor can be read here" : $"there is {string.Join(", ", used.Select(f => $"{f.Domain.Name} ({f.Sensor})"))}")}; `smaragdine doctor` says more");
            }
        }

        used.RemoveAll(f => wanted is not null && !wanted.Any(w => IsNamed(f, w)));
        return new(used, [.. survey.Others.Select(c => c.Finding).Where(f => f.State is SensorState.Unreadable && !used.Exists(u => u.Domain == f.Domain))]);
    }

    /// <summary>Opens all of them, each with its period: the one that was asked for, or one that suits how often the sensor has a new value.</summary>
    /// <exception cref="RefusedInputException">one vanished since it was found.</exception>
    public IReadOnlyList<ISensor> Open(Duration? period)
    {
        List<ISensor> open = [];
        foreach (SensorFinding finding in Used)
        {
            try
            {
                ISensor sensor = finding.Beside is { } pair ? pair.Open() : finding.Open!();
                open.Add(new PacedSensor(sensor, period ?? PeriodOf(finding, sensor)));
            }
            catch (IOException e)
            {
                open.ForEach(s => s.Dispose());
                throw new RefusedInputException($"{finding.Path}: the sensor of {finding.Domain.Name} cannot be opened: {e.Message}", e);
            }
        }

        return open;
    }

    private static Duration PeriodOf(SensorFinding finding, ISensor sensor)
    {
        if (sensor.MayBlock && finding.UpdatePeriod is null)
        {
            return Duration.FromSeconds(1);
        }

        // A fifth of the update period finds each new value soon enough, and lets a reader see that values repeat; counters that move every millisecond are read every four.
        long update = finding.UpdatePeriod?.Nanoseconds ?? 0;
        return Duration.FromNanoseconds(Math.Clamp(update / 5, sensor.MayBlock ? FastestBlockingNs : FastestNs, SlowestPeriodNs));
    }

    private static bool IsNamed(SensorFinding finding, string name) =>
        string.Equals(finding.Domain.Name, name, StringComparison.OrdinalIgnoreCase) || string.Equals(finding.Sensor, name, StringComparison.OrdinalIgnoreCase);
}
