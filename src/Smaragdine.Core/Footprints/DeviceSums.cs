using Smaragdine.Alignment;
using Smaragdine.Attribution;
using Smaragdine.Footprints.Naming;
using Smaragdine.Traces;
using Smaragdine.Units;

namespace Smaragdine.Footprints;

/// <summary>Collects one device's ledgers, step by step, into rows and totals.</summary>
internal sealed class DeviceSums
{
    private readonly DeviceTrace trace;
    private readonly DevicePower power;
    private readonly int steps;
    private readonly Dictionary<string, int> rowOf = new(StringComparer.Ordinal);
    private readonly int[] rowOfOperation;
    private readonly List<int> firstOperation = [];
    private readonly List<RowSums> rows = [];
    private readonly StepFigure[] domainEnergy;
    private readonly StepFigure[] domainCovered;
    private readonly StepFigure window;
    private readonly StepFigure covered;
    private readonly StepFigure busy;
    private readonly StepFigure operations;
    private readonly StepFigure idle;
    private readonly StepFigure others;
    private readonly StepFigure outside;
    private readonly StepFigure unattributed;

    private sealed record RowSums(StepFigure Calls, StepFigure Time, StepFigure Covered, StepFigure Energy, double[] ByDomain)
    {
        public OperationTraits Traits { get; set; }

        public bool Overlapped { get; set; }
    }

    public DeviceSums(DeviceTrace trace, DevicePower power, int steps)
    {
        this.trace = trace;
        this.power = power;
        this.steps = steps;
        rowOfOperation = new int[trace.Operations.Count];
        for (int i = 0; i < trace.Operations.Count; i++)
        {
            Operation operation = trace.Operations[i];
            if (!rowOf.TryGetValue(operation.Name, out int row))
            {
                rowOf.Add(operation.Name, row = rows.Count);
                firstOperation.Add(i);
                rows.Add(new(new(steps), new(steps), new(steps), new(steps), new double[power.Domains.Count]));
            }

            rows[row].Traits |= operation.Traits;
            rowOfOperation[i] = row;
        }

        domainEnergy = [.. power.Domains.Select(_ => new StepFigure(steps))];
        domainCovered = [.. power.Domains.Select(_ => new StepFigure(steps))];
        window = new(steps);
        covered = new(steps);
        busy = new(steps);
        operations = new(steps);
        idle = new(steps);
        others = new(steps);
        outside = new(steps);
        unattributed = new(steps);
    }

    public void Add(WindowLedger ledger, int step)
    {
        window[step] = ledger.Window.Length.TotalSeconds;
        covered[step] = ledger.DeviceCoveredNs / 1e9;
        busy[step] = ledger.BusyNs / 1e9;
        for (int d = 0; d < ledger.Domains.Length; d++)
        {
            DomainAccount account = ledger.Domains[d];
            domainEnergy[d][step] = account.Total;
            domainCovered[d][step] = account.CoveredNs / 1e9;
            operations[step] += account.Operations;
            idle[step] += account.Idle;
            others[step] += account.OtherProcesses;
            outside[step] += account.Outside;
            unattributed[step] += account.Unattributed;
        }

        for (int i = 0; i < ledger.OperationCount; i++)
        {
            if (ledger.Calls[i] == 0 && ledger.TimeNs[i] == 0)
            {
                continue;
            }

            RowSums row = rows[rowOfOperation[i]];
            row.Calls[step] += ledger.Calls[i];
            row.Time[step] += ledger.TimeNs[i] / 1e9;
            row.Covered[step] += ledger.CoveredNs[i] / 1e9;
            row.Energy[step] += ledger.EnergyOf(i);
            row.Overlapped |= ledger.Overlapped[i];
            for (int d = 0; d < ledger.Domains.Length; d++)
            {
                row.ByDomain[d] += ledger.Energy[(i * ledger.Domains.Length) + d] / steps;
            }
        }
    }

    public DeviceFootprint ToDevice(IReadOnlyList<StepWindow> windows)
    {
        StepFigure? energy = null;
        foreach (StepFigure domain in domainEnergy)
        {
            (energy ??= new(steps)).Add(domain);
        }

        bool known = energy is not null && covered.Total > 0;
        return new()
        {
            Device = trace.Id,
            Windows = windows,
            Domains = [.. power.Domains.Select((d, i) => new DomainEnergy(
                d.Power.Domain.Name, domainEnergy[i], domainCovered[i], d.Power.Quality, d.Power.Source, d.Power.UpdatePeriod))],
            Quality = known ? power.Quality : null,
            Window = window,
            Covered = covered,
            Busy = busy,
            Energy = known ? energy : null,
            Operations = known ? operations : null,
            Idle = known ? idle : null,
            OtherProcesses = known ? others : null,
            Outside = known ? outside : null,
            Unattributed = known ? unattributed : null,
        };
    }

    /// <summary>Rows of what ran in these steps.</summary>
    public IEnumerable<OperationRow> ToRows(Placements placements)
    {
        bool known = power.IsKnown && covered.Total > 0;
        for (int i = 0; i < rows.Count; i++)
        {
            RowSums row = rows[i];
            if (row.Calls.Total == 0 && row.Time.Total == 0)
            {
                continue;
            }

            Operation operation = trace.Operations[firstOperation[i]];
            Placement place = placements.ByName[operation.Name];
            // Under the paper's rule a span shares on after its end, and so maybe in covered time only then.
            bool has = known && (row.Covered.Total > 0 || row.Time.Total == 0 || row.Energy.Total > 0);
            yield return new()
            {
                Device = trace.Id,
                Pass = place.Pass,
                Module = place.Module,
                Name = operation.Name,
                Type = operation.Type,
                Calls = row.Calls,
                Time = row.Time,
                Covered = row.Covered,
                Energy = has ? row.Energy : null,
                ByDomain = has
                    ? power.Domains.Select((d, k) => (d.Power.Domain.Name, row.ByDomain[k])).ToDictionary(p => p.Name, p => p.Item2, StringComparer.Ordinal)
                    : new Dictionary<string, double>(StringComparer.Ordinal),
                Quality = has ? Qualities.OfShare(power.Quality) : null,
                Flags = [.. Flags(row)],
            };
        }
    }

    private static IEnumerable<string> Flags(RowSums row)
    {
        if (row.Traits.HasFlag(OperationTraits.Copy))
        {
            yield return "copy";
        }
        else if (row.Traits.HasFlag(OperationTraits.Waits))
        {
            yield return "waits";
        }

        if (row.Traits.HasFlag(OperationTraits.Dispatch))
        {
            yield return "dispatch";
        }

        if (row.Traits.HasFlag(OperationTraits.Collective))
        {
            yield return "collective";
        }

        if (row.Overlapped)
        {
            yield return "overlapped";
        }
    }
}
