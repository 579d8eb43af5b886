using Smaragdine.Traces;
using Smaragdine.Units;

namespace Smaragdine.Alignment;

/// <summary>One step's window on one device.</summary>
public readonly record struct StepWindow(int Step, Interval Window);

/// <summary>
/// When a step begins and ends on a device. On a processor: the manifest's interval, else from the first span's start to the last one's
/// end of that step's trace. On a GPU: from the first kernel (no copy) that the step launched to the next step's; the last one, and one
/// whose successor was not traced, ends with its last span. Where nothing was traced the told interval holds for
/// every device. Windows of a device are disjoint and ascending.
/// </summary>
public static class StepWindows
{
    /// <summary>The windows of a device; a step without spans on a GPU has none there.</summary>
    public static IReadOnlyList<StepWindow> Of(DeviceTrace device, Trace trace, Action<Warning> warn) =>
        Disjoint(device.Id, device.Id.Kind is DeviceKind.Gpu && !trace.IsUntraced ? OnGpu(device, trace) : OnCpu(trace, device.Id, warn), warn);

    private static List<StepWindow> OnCpu(Trace trace, DeviceId id, Action<Warning> warn)
    {
        Dictionary<int, (long First, long Last)> extents = [];
        foreach (DeviceTrace device in trace.Devices)
        {
            ReadOnlySpan<int> steps = device.Spans.Steps;
            ReadOnlySpan<long> starts = device.Spans.Starts;
            ReadOnlySpan<long> ends = device.Spans.Ends;
            for (int i = 0; i < steps.Length;)
            {
                // Steps come in long runs.
                int step = steps[i];
                (long first, long last) = extents.GetValueOrDefault(step, (long.MaxValue, long.MinValue));
                for (; i < steps.Length && steps[i] == step; i++)
                {
                    first = Math.Min(first, starts[i]);
                    last = Math.Max(last, Over(starts[i], ends[i]));
                }

                extents[step] = (first, last);
            }
        }

        List<StepWindow> windows = [];
        List<int> missed = [];
        foreach (TracedStep step in trace.Steps)
        {
            if (step.Window is { } told)
            {
                if (extents.TryGetValue(step.Number, out (long First, long Last) spans)
                    && (spans.First >= told.End.UnixNanoseconds || Math.Max(spans.Last, spans.First + 1) <= told.Start.UnixNanoseconds))
                {
                    missed.Add(step.Number);
                }

                windows.Add(new(step.Number, told));
            }
            else if (extents.TryGetValue(step.Number, out (long First, long Last) extent))
            {
                windows.Add(new(step.Number, Interval.FromUnixNanoseconds(extent.First, extent.Last)));
            }
        }

        if (missed.Count > 0)
        {
            warn(new("window-without-spans",
                $"{id}: of {missed.Count} of {trace.Steps.Count} steps (the first is {missed[0]}) no operation lies in the time that the manifest gives: they count nothing. Are the manifest and the trace of one run, and by one clock?",
                Incomplete: true));
        }

        return windows;
    }

    private static List<StepWindow> OnGpu(DeviceTrace device, Trace trace)
    {
        Dictionary<int, (long Kernel, long Any, long Last)> extents = [];
        for (int i = 0; i < device.Spans.Count; i++)
        {
            int step = device.Spans.Steps[i];
            bool copy = device.Operations[device.Spans.Operations[i]].Traits.HasFlag(OperationTraits.Copy);
            (long kernel, long any, long last) = extents.GetValueOrDefault(step, (long.MaxValue, long.MaxValue, long.MinValue));
            long start = device.Spans.Starts[i];
            extents[step] = (copy ? kernel : Math.Min(kernel, start), Math.Min(any, start), Math.Max(last, Over(start, device.Spans.Ends[i])));
        }

        List<StepWindow> windows = [];
        List<int> steps = [.. trace.Steps.Select(s => s.Number).Where(extents.ContainsKey)];
        for (int i = 0; i < steps.Count; i++)
        {
            (long kernel, long any, long last) = extents[steps[i]];
            long start = kernel == long.MaxValue ? any : kernel;
            long end = last;
            if (i + 1 < steps.Count && steps[i + 1] == steps[i] + 1)
            {
                (long nextKernel, long nextAny, _) = extents[steps[i + 1]];
                long next = nextKernel == long.MaxValue ? nextAny : nextKernel;
                end = next > start ? next : last;
            }

            windows.Add(new(steps[i], Interval.FromUnixNanoseconds(start, Math.Max(start, end))));
        }

        return windows;
    }

    /// <summary>The end of a window that holds a span: one of no length at the very end would lie outside of it, and its call be lost.</summary>
    private static long Over(long start, long end) => end > start ? end : end + 1;

    private static List<StepWindow> Disjoint(DeviceId device, List<StepWindow> windows, Action<Warning> warn)
    {
        windows.Sort((a, b) => a.Window.Start.CompareTo(b.Window.Start));
        for (int i = 1; i < windows.Count; i++)
        {
            Interval before = windows[i - 1].Window;
            Interval here = windows[i].Window;
            if (here.Start < before.End)
            {
                warn(new("steps-overlap",
                    $"{device}: step {windows[i].Step} starts before step {windows[i - 1].Step} has ended; it is counted from that step's end on, so that nothing is counted twice."));
                windows[i] = windows[i] with { Window = new(before.End, here.End > before.End ? here.End : before.End) };
            }
        }

        return windows;
    }
}
