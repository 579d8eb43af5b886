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
    /// <exception cref="RefusedInputException">no step is left to look at.</exception>
    public static Footprint Build(FootprintRequest request, Action<Warning> warn)
    {
        Trace trace = request.Trace;
        Dictionary<DeviceId, IReadOnlyList<StepWindow>> windows = trace.Devices.ToDictionary(d => d.Id, d => StepWindows.Of(d, trace, warn));
        List<int> steps = SelectSteps(request, windows, warn);
        Placements placements = request.Naming.Place(trace.Devices.SelectMany(d => d.Operations));
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
            rows.AddRange(sums.ToRows(placements));
        }

        return new()
        {
            Steps = steps,
            Devices = devices,
            Operations = rows,
            SharedModules = placements.SharedModules,
            Run = RunAccounts.Of(request, windows),
            IsUntraced = trace.IsUntraced,
        };
    }

    /// <summary>Steps that were asked for, less those for whose time no device has power while for others there is.</summary>
    private static List<int> SelectSteps(
        FootprintRequest request, Dictionary<DeviceId, IReadOnlyList<StepWindow>> windows, Action<Warning> warn)
    {
        List<int> traced = [.. request.Trace.Steps.Select(s => s.Number)];
        List<int> steps = [.. traced.Where(s => request.Steps?.Contains(s) ?? true)];
        if (steps.Count == 0)
        {
            throw new RefusedInputException(traced.Count == 0
                ? "the trace has no steps: no span was found in it"
                : $"none of the traced steps ({Ranges(traced)}) is among those asked for");
        }

        if (!request.Power.Values.Any(p => p.IsKnown))
        {
            return steps;
        }

        List<int> powered = [.. steps.Where(step => HasPower(step, request, windows))];
        if (powered.Count == 0 || powered.Count == steps.Count)
        {
            return steps;
        }

        List<int> without = [.. steps.Except(powered)];
        warn(new("steps-without-power",
            $"there is no power for {(without.Count == 1 ? "step" : "steps")} {Ranges(without)}: left out, the figures are over the other {powered.Count}. Did the power log start late or stop early?"));
        return powered;
    }

    private static bool HasPower(int step, FootprintRequest request, Dictionary<DeviceId, IReadOnlyList<StepWindow>> windows) =>
        windows.Any(device => request.Power.TryGetValue(device.Key, out DevicePower? power)
            && device.Value.Any(w => w.Step == step && power.Domains.Any(d => d.Power.Timeline.Over(w.Window).Covered > Duration.Zero)));

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
