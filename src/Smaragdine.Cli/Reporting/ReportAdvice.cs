using Smaragdine.Attribution;
using Smaragdine.Footprints;
using Smaragdine.Formats.Recordings.Samples;
using Smaragdine.Formats.Reports;
using Smaragdine.Power;
using Smaragdine.Traces;
using Smaragdine.Units;

namespace Smaragdine.Cli.Reporting;

/// <summary>Looks at a finished footprint for what its reader should know, in the manner of hyperfine: one line, with advice.</summary>
internal static class ReportAdvice
{
    public static IEnumerable<Warning> Of(Footprint footprint, PoweredRecording powered, IReadOnlyList<Warning> soFar)
    {
        foreach (Warning note in Notes(footprint))
        {
            yield return note;
        }

        if (soFar.Any(w => w.Incomplete && !w.Code.StartsWith("rank-", StringComparison.Ordinal)) && footprint.Steps.Count > 1)
        {
            yield return new("incomplete-steps",
                "what was cut off is missing from its step's figures, and so from the means. Was the program killed? `--steps` picks whole ones.");
        }

        foreach (DeviceFootprint device in footprint.Devices.DistinctBy(d => d.Device.ToString()))
        {
            if (device.Energy is null)
            {
                continue;
            }

            double covered = device.Window.Total > 0 ? device.Covered.Total / device.Window.Total : 1;
            if (covered < 0.99)
            {
                yield return new("power-coverage", footprint is { IsUntraced: true, Steps.Count: 1 }
                    ? $"{device.Device}: power covers {Figures.Percent(covered)} % of the run; energies are over that part only. `smaragdine info` shows the gaps."
                    : $"{device.Device}: power covers {Figures.Percent(covered)} % of the steps' time; energies are over that part only. `--steps` picks whole ones.");
            }
        }

        if (powered.Recording.Samples is { } samples && Throttling.Of(samples) is { Count: > 0 } throttled)
        {
            yield return new("throttled",
                $"{string.Join("; ", throttled)}: clocks were lower than they could have been, so times and powers are not those of a cool machine at full clock. `smaragdine info` shows temperatures and clocks.");
        }

        if (ShortOperations(footprint, powered) is { } shortOperations)
        {
            yield return shortOperations;
        }

        if (FirstStep(footprint) is { } firstStep)
        {
            yield return firstStep;
        }
    }

    /// <summary>What the figures stand on, where that is no measurement.</summary>
    private static IEnumerable<Warning> Notes(Footprint footprint)
    {
        List<DeviceFootprint> powered = [.. footprint.Devices.Where(d => d.Energy is not null)];
        if (powered.Exists(d => d.Quality is Quality.Estimated))
        {
            yield return new("estimated",
                "estimated (~): the model may be off by −60…+112 %, and such joules are CPU time rescaled (no power column). A sensor, or a log of one with `--power LOG`, gives measured ones.");
        }

        if (powered.Exists(d => d.Quality is Quality.Simulated))
        {
            yield return new("simulated", "simulated (?): this power was made up, for tests and demonstrations; it is no measurement.");
        }

        List<string> without = [.. footprint.Devices.Where(d => d.Energy is null).Select(d => d.Device.ToString()).Distinct(StringComparer.Ordinal)];
        foreach (string device in powered.Count > 0 ? without : [])
        {
            yield return new("no-power", $"{device}: no power, not in the total.");
        }
    }

    /// <summary>Under `split` an operation shorter than the sensor's window shares the window's mean: one line for all of them.</summary>
    private static Warning? ShortOperations(Footprint footprint, PoweredRecording powered)
    {
        foreach (DeviceTrace device in powered.Recording.Trace.Devices)
        {
            if (!powered.Power.Devices.TryGetValue(device.Id, out DevicePower? power) || power.Quality is Quality.Estimated || device.Spans.Count == 0)
            {
                continue;
            }

            long window = power.Domains.Max(d => (d.Power.UpdatePeriod ?? MedianPiece(d.Power.Timeline)).Nanoseconds);
            long shorter = 0;
            for (int i = 0; i < device.Spans.Count; i++)
            {
                shorter += device.Spans.Ends[i] - device.Spans.Starts[i] < window ? 1 : 0;
            }

            double share = (double)shorter / device.Spans.Count;
            if (share > 0.5 && footprint.Devices.Any(d => d.Device == device.Id && d.Energy is not null))
            {
                return new("short-operations",
                    $"{device.Id.Label}: {Figures.Percent(share)} % of the spans are shorter than the {Figures.Seconds(window / 1e9)} between the sensor's values: their joules are shares of a mean, so differences of power between operations are understated. Totals and modules of many calls are not affected as much.");
            }
        }

        return null;
    }

    private static Duration MedianPiece(PowerTimeline timeline)
    {
        long[] lengths = new long[timeline.Count];
        for (int i = 0; i < lengths.Length; i++)
        {
            lengths[i] = timeline.Ends[i] - timeline.Starts[i];
        }

        Array.Sort(lengths);
        return lengths.Length == 0 ? Duration.Zero : Duration.FromNanoseconds(lengths[lengths.Length / 2]);
    }

    /// <summary>The first step allocates, compiles and warms caches: worth a word where it stands out of all others.</summary>
    private static Warning? FirstStep(Footprint footprint)
    {
        const double Deviations = 4;
        const double Share = 0.1;
        if (footprint.Steps.Count < 4)
        {
            return null;
        }

        foreach (DeviceFootprint device in footprint.Devices)
        {
            StepFigure figure = device.Energy ?? device.Busy;
            StepFigure rest = new(figure.Steps - 1);
            for (int i = 1; i < figure.Steps; i++)
            {
                rest[i - 1] = figure[i];
            }

            double far = Math.Abs(figure[0] - rest.Mean);
            if (far > Deviations * rest.StandardDeviation && far > Share * rest.Mean)
            {
                double change = (figure[0] / rest.Mean) - 1;
                return new("first-step",
                    $"{device.Device.Label}: step {footprint.Steps[0]} is {Figures.Percent(Math.Abs(change))} % {(change > 0 ? "above" : "below")} the mean of the others. If it is warm-up, leave it out: `--skip-first 1`.");
            }
        }

        return null;
    }
}
