using Smaragdine.Power;
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
    /// <param name="period">For all of them.</param>
    /// <param name="shortest">Without that, none is read more often.</param>
    /// <exception cref="RefusedInputException">one vanished since it was found.</exception>
    public IReadOnlyList<ISensor> Open(Duration? period, Duration? shortest = null)
    {
        List<ISensor> open = [];
        foreach (SensorFinding finding in Used)
        {
            try
            {
                ISensor sensor = finding.Beside is { } pair ? pair.Open() : finding.Open!();
                open.Add(new PacedSensor(sensor, period ?? PeriodOf(finding, sensor, shortest ?? Duration.FromMilliseconds(4))));
            }
            catch (IOException e)
            {
                open.ForEach(s => s.Dispose());
                throw new RefusedInputException($"{finding.Path}: the sensor of {finding.Domain.Name} cannot be opened: {e.Message}", e);
            }
        }

        return open;
    }

    /// <summary>The rest where somebody else gives some domains, who was asked for by name and so comes first; never both, which would count twice.</summary>
    /// <param name="given">The other's domains.</param>
    /// <param name="say">Told what is not used.</param>
    public SensorSet Without(IReadOnlyList<Domain> given, Action<string> say)
    {
        foreach (SensorFinding finding in Used.Where(f => given.Any(d => Covers(d, f.Domain))))
        {
            say($"{finding.Domain.Name} comes from a sensor command; {finding.Sensor} is not read");
        }

        return new([.. Used.Where(f => !given.Any(d => Covers(d, f.Domain)))], [.. Locked.Where(f => !given.Any(d => Covers(d, f.Domain)))]);
    }

    /// <summary>The same domain, a die of it, or what lies inside it.</summary>
    private static bool Covers(Domain given, Domain own) => given == own
        || (given.Index == own.Index && given.Kind is DomainKind.Package && own.Kind is DomainKind.Package or DomainKind.InsidePackage)
        || (given.Index == own.Index && given.Kind is DomainKind.Dram && own.Kind is DomainKind.Dram);

    private static Duration PeriodOf(SensorFinding finding, ISensor sensor, Duration shortest)
    {
        if (sensor.MayBlock && finding.UpdatePeriod is null)
        {
            return Duration.FromSeconds(1);
        }

        // A fifth of the update period finds each new value soon enough, and lets a reader see that values repeat; counters that move every millisecond are read every four.
        long update = finding.UpdatePeriod?.Nanoseconds ?? 0;
        long least = sensor.MayBlock ? Math.Max(FastestBlockingNs, shortest.Nanoseconds) : shortest.Nanoseconds;
        return Duration.FromNanoseconds(Math.Clamp(update / 5, Math.Min(least, SlowestPeriodNs), SlowestPeriodNs));
    }

    private static bool IsNamed(SensorFinding finding, string name) =>
        string.Equals(finding.Domain.Name, name, StringComparison.OrdinalIgnoreCase) || string.Equals(finding.Sensor, name, StringComparison.OrdinalIgnoreCase);
}
