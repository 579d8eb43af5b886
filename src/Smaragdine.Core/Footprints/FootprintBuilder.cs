using Smaragdine.Alignment;
using Smaragdine.Attribution;
using Smaragdine.Footprints.Naming;
using Smaragdine.Power;
using Smaragdine.Traces;
using Smaragdine.Units;

namespace Smaragdine.Footprints;

/// <summary>What a footprint is made from.</summary>
/// <param name="Trace">The spans.</param>
/// <param name="Power">By device; a device that is not in it has no power.</param>
/// <param name="Naming">How the framework spells modules.</param>
/// <param name="Steps">Which steps to look at; null for all.</param>
/// <param name="Rule">How energy is shared.</param>
/// <param name="Run">What is known of the run beyond its traced steps.</param>
public sealed record FootprintRequest(
    Trace Trace,
    IReadOnlyDictionary<DeviceId, DevicePower> Power,
    IModuleNaming Naming,
    IReadOnlySet<int>? Steps = null,
    AttributionRule Rule = AttributionRule.Split,
    RunContext? Run = null);

/// <summary>What is known of a run beyond its traced steps.</summary>
/// <param name="Extent">From its first to its last moment; null where only the steps tell.</param>
/// <param name="WholeMachine">Domains that cover the whole machine.</param>
/// <param name="Overhead">What tracing added, where steps ran untraced too.</param>
public sealed record RunContext(Interval? Extent, IReadOnlyList<DomainPower> WholeMachine, TracingOverhead? Overhead);

/// <summary>Trace and power to footprint.</summary>
public static class FootprintBuilder
{
    /// <summary>Accounts every device and step and sums them by operation.</summary>
    /// <exception cref="RefusedInputException">the trace has no step.</exception>
    /// <exception cref="NoSuchStepException">none of its steps was asked for.</exception>
    public static Footprint Build(FootprintRequest request, Action<Warning> warn)
    {
        Trace trace = request.Trace;
        Dictionary<DeviceId, IReadOnlyList<StepWindow>> windows = trace.Parts
            .SelectMany(part => part.Devices.Select(d => (d.Id, Windows: StepWindows.Of(d, part, warn))))
            .ToDictionary(w => w.Id, w => w.Windows);
        List<int> steps = SelectSteps(request, windows, warn);
        // Ranks may run different graphs in which names mean different things.
        Dictionary<DeviceId, Placements> placements = [];
        foreach (Trace part in trace.Parts)
        {
            Placements places = request.Naming.Place(part.Devices.SelectMany(d => d.Operations));
            part.Devices.ToList().ForEach(d => placements.Add(d.Id, places));
        }

        Dictionary<int, int> position = steps.Index().ToDictionary(s => s.Item, s => s.Index);
        List<DeviceFootprint> devices = [];
        List<OperationRow> rows = [];
        foreach (DeviceTrace device in trace.Devices)
        {
            DevicePower power = request.Power.GetValueOrDefault(device.Id, DevicePower.None);
            SplitSweep sweep = new(device, power);
            DeviceSums sums = new(device, power, steps.Count);
            List<StepWindow> used = [];
            foreach (StepWindow window in windows[device.Id])
            {
                if (!position.TryGetValue(window.Step, out int at))
                {
                    continue;
                }

                WindowLedger ledger = sweep.Account(window.Window);
                if (request.Rule is AttributionRule.Paper)
                {
                    PaperAccount.Apply(device, power, ledger);
                }

                sums.Add(ledger, at);
                used.Add(window);
            }

            devices.Add(sums.ToDevice(used));
            rows.AddRange(sums.ToRows(placements[device.Id]));
        }

        return new()
        {
            Steps = steps,
            Devices = devices,
            Operations = rows,
            SharedModules = placements.Values.SelectMany(p => p.SharedModules).ToHashSet(StringComparer.Ordinal),
            Run = RunAccounts.Of(request, windows),
            IsUntraced = trace.IsUntraced,
        };
    }

    /// <summary>Steps that were asked for, less those in which a device lacks the power that it has in others: its mean would take missing for zero.</summary>
    private static List<int> SelectSteps(
        FootprintRequest request, Dictionary<DeviceId, IReadOnlyList<StepWindow>> windows, Action<Warning> warn)
    {
        List<int> traced = [.. request.Trace.Steps.Select(s => s.Number)];
        List<int> steps = [.. traced.Where(s => request.Steps?.Contains(s) ?? true)];
        if (steps.Count == 0)
        {
            throw traced.Count == 0
                ? new RefusedInputException("the trace has no steps: no span was found in it")
                : new NoSuchStepException($"none of the traced steps ({Ranges(traced)}) is among those asked for");
        }

        if (!request.Power.Values.Any(p => p.IsKnown))
        {
            return steps;
        }

        List<DeviceId> covered = [.. windows.Keys.Where(d => steps.Exists(step => Covered(d, step, request, windows) is true))];
        List<int> powered = [.. steps.Where(step => covered.Exists(d => Covered(d, step, request, windows) is true)
            && covered.TrueForAll(d => Covered(d, step, request, windows) is not false))];
        if (powered.Count == 0 || powered.Count == steps.Count)
        {
            return steps;
        }

        List<int> without = [.. steps.Except(powered)];
        List<DeviceId> lacking = [.. covered.Where(d => without.Exists(step => Covered(d, step, request, windows) is false))];
        warn(new("steps-without-power",
            $"there is no power of {string.Join(", ", lacking)} for {(without.Count == 1 ? "step" : "steps")} {Ranges(without)}: left out, the figures are over the other {powered.Count}. Did the power log start late or stop early?"));
        return powered;
    }

    /// <summary>Whether a device has power in a step; null where the step does not run on it, or it has none at all.</summary>
    private static bool? Covered(DeviceId device, int step, FootprintRequest request, Dictionary<DeviceId, IReadOnlyList<StepWindow>> windows)
    {
        int at = windows[device].Index().Where(w => w.Item.Step == step).Select(w => w.Index).FirstOrDefault(-1);
        return at >= 0 && request.Power.TryGetValue(device, out DevicePower? power) && power.IsKnown
            ? power.Domains.Any(d => d.Power.Timeline.Over(windows[device][at].Window).Covered > Duration.Zero)
            : null;
    }

    /// <summary>`1..5, 7`: ascending numbers as inclusive ranges.</summary>
    public static string Ranges(IReadOnlyList<int> numbers)
    {
        List<string> parts = [];
        for (int i = 0; i < numbers.Count;)
        {
            int j = i;
            while (j + 1 < numbers.Count && numbers[j + 1] == numbers[j] + 1)
            {
                j++;
            }

            parts.Add(i == j ? $"{numbers[i]}" : $"{numbers[i]}..{numbers[j]}");
            i = j + 1;
        }

        return string.Join(", ", parts);
    }
}
