using Smaragdine.Formats.Recordings.Wire;

namespace Smaragdine.Formats.Recordings;

/// <summary>The `process` samples of a DataSet: what the program's threads used between samples, by the logical CPU that they were last on.</summary>
internal sealed class TaskSamples
{
    private readonly Dictionary<uint, ulong> lastJiffies = [];
    private readonly List<(long Time, (uint Cpu, double Jiffies)[] Used)> samples = [];

    /// <summary>Times (Unix ns) in the order of the files, each with the jiffies used since the sample before.</summary>
    public IReadOnlyList<(long Time, (uint Cpu, double Jiffies)[] Used)> Samples => samples;

    /// <summary>How often time went back between samples.</summary>
    public int WentBack { get; private set; }

    /// <summary>Takes a sample; returns how many of its readings lack a field without which they say nothing.</summary>
    public int Add(long time, ProcessSample sample)
    {
        int incomplete = 0;
        // Where time goes back (files in another order, a clock that was set) no difference to earlier values means anything.
        bool begins = samples.Count == 0 || time < samples[^1].Time;
        WentBack += begins && samples.Count > 0 ? 1 : 0;
        List<(uint Cpu, double Jiffies)> used = [];
        foreach (TaskReading reading in sample.Reading)
        {
            if (!reading.HasTaskId || !reading.HasCpu || !reading.HasUser || !reading.HasSystem)
            {
                incomplete++;
                continue;
            }

            ulong jiffies = (ulong)reading.User + reading.System;
            ulong before = begins ? jiffies : lastJiffies.GetValueOrDefault(reading.TaskId);
            lastJiffies[reading.TaskId] = jiffies;
            // A value that went back is another thread with a reused id: all of it is new.
            ulong moved = jiffies >= before ? jiffies - before : jiffies;
            if (moved > 0)
            {
                used.Add((reading.Cpu, moved));
            }
        }

        samples.Add((time, [.. used]));
        return incomplete;
    }
}
