using Smaragdine.Traces;

namespace Smaragdine.Footprints.Pictures;

/// <summary>When within a step each row first starts: the order in which a model's parts run.</summary>
public static class FirstStarts
{
    /// <summary>By row: mean over the steps in which it starts, s after the start of the step's window on its device; null where it never does.</summary>
    public static IReadOnlyList<double?> Of(Trace trace, Footprint footprint, int rows, RowIndex index)
    {
        double[] sums = new double[rows];
        int[] steps = new int[rows];
        long[] first = new long[rows];
        Array.Fill(first, long.MaxValue);
        List<int> started = [];
        foreach (DeviceTrace device in trace.Devices)
        {
            int[] rowOf = index.OfOperations(device);
            foreach (StepSpans step in StepSpans.Of(device, footprint.WindowsOf(device.Id)))
            {
                long start = step.Window.Window.Start.UnixNanoseconds;
                foreach (int span in step.Spans)
                {
                    int row = rowOf[device.Spans.Operations[span]];
                    if (row >= 0 && device.Spans.Starts[span] >= start)
                    {
                        if (first[row] == long.MaxValue)
                        {
                            started.Add(row);
                        }

                        first[row] = Math.Min(first[row], device.Spans.Starts[span] - start);
                    }
                }

                // Only those of this step: a job has many rows, devices and steps.
                foreach (int row in started)
                {
                    sums[row] += first[row] / 1e9;
                    steps[row]++;
                    first[row] = long.MaxValue;
                }

                started.Clear();
            }
        }

        return [.. sums.Select((sum, row) => steps[row] == 0 ? (double?)null : sum / steps[row])];
    }
}
