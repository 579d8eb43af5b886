using Smaragdine.Power;
using Smaragdine.Recordings;

namespace Smaragdine.Sensors.Gpus;

/// <summary>Each family of GPUs counts its cards from 0. A laptop with an NVIDIA and an AMD card would have two `gpu-0`: they get numbers of their own here.</summary>
internal static class GpuNumbers
{
    /// <summary>The same findings; those whose number another card has already are renamed to the next free one.</summary>
    public static IReadOnlyList<SensorFinding> Distinct(IReadOnlyList<SensorFinding> findings)
    {
        Dictionary<int, string> owners = [];
        Dictionary<(int Index, string Card), int> moved = [];
        List<SensorFinding> result = [];
        HashSet<int> taken = [.. findings.Where(f => f.Domain.Kind is DomainKind.Gpu).Select(f => f.Domain.Index)];
        foreach (SensorFinding finding in findings)
        {
            // Without an id of its own a finding is of whichever card has that number.
            if (finding.Domain.Kind is not DomainKind.Gpu || finding.DeviceId is not { } card)
            {
                result.Add(finding);
                continue;
            }

            int index = finding.Domain.Index;
            if (owners.TryAdd(index, card) || owners[index] == card)
            {
                result.Add(finding);
                continue;
            }

            if (!moved.TryGetValue((index, card), out int free))
            {
                while (!taken.Add(free))
                {
                    free++;
                }

                moved.Add((index, card), free);
            }

            result.Add(Rename(finding, Domain.Gpu(free)));
        }

        return result;
    }

    private static SensorFinding Rename(SensorFinding finding, Domain domain)
    {
        string old = finding.Domain.Name;
        return finding with
        {
            Domain = domain,
            Open = finding.Open is { } open ? () => new RenamedSensor(open(), old, domain.Name) : null,
            Beside = finding.Beside is { } beside ? beside with { Open = () => new RenamedSensor(beside.Open(), old, domain.Name) } : null,
        };
    }

    /// <summary>The same sensor, its streams (`gpu-0`, `gpu-0-driver-time`) under another name.</summary>
    private sealed class RenamedSensor(ISensor sensor, string old, string name) : ISensor
    {
        public IReadOnlyList<RecordedStream> Streams { get; } = [.. sensor.Streams.Select(s => s with { Name = s.Name.StartsWith(old, StringComparison.Ordinal) ? name + s.Name[old.Length..] : s.Name })];

        public bool MayBlock => sensor.MayBlock;

        public void Read(Span<long> values, Span<ReadStatus> statuses) => sensor.Read(values, statuses);

        public void Dispose() => sensor.Dispose();
    }
}
