using System.Globalization;
using Smaragdine.Formats.Recordings.Samples;
using Smaragdine.Formats.Reports;
using Smaragdine.Recordings;
using Smaragdine.Units;

namespace Smaragdine.Cli.Commands;

/// <summary>What `info` says of each stream that was sampled: how often, how regularly, what is missing, how large.</summary>
internal static class StreamTable
{
    /// <summary>Two jiffies: the kernel's own accounts differ by as much.</summary>
    private const long SameTimeNs = 20_000_000;

    public static void Write(RecordedSamples samples, TextWriter output)
    {
        output.WriteLine();
        List<SampleSeries> measured = [.. samples.Series.Where(s => s.Stream.Kind is not StreamKind.Context)];
        List<TextRow> rows = [.. measured.Select(Row)];
        IReadOnlyList<string> headings =
            ["<source", "samples", "period", "wanted", "jitter p50", "p99", "p99.9", "max", "gaps", "missed", "dropped", "B/sample"];
        if (rows.Count > 0)
        {
            TextTable.Write(output, "stream", headings, rows, TextStyle.Plain with { Width = 200 });
        }

        foreach (SampleSeries series in measured)
        {
            if (Notes(series) is { Length: > 0 } notes)
            {
                output.WriteLine($"  {Printable.Text(series.Stream.Name)}: {notes}");
            }
        }

        ContextTable.Write(samples, output);
        if (samples.Program is { } program)
        {
            output.WriteLine($"  program: {Program(program)}");
        }

        output.WriteLine();
        output.WriteLine($"  {Number(samples.Count)} samples in {Number(samples.Bytes)} bytes, format {samples.Version}, {(samples.Finished ? "finished" : "not finished")}");
    }

    private static TextRow Row(SampleSeries series)
    {
        RecordedStream stream = series.Stream;
        SamplingRegularity? regularity = series.Regularity();
        return new(Printable.Text(stream.Name),
        [
            Printable.Fit(stream.Source, 24),
            Number(series.Count),
            Time(regularity?.Period),
            stream.Period > Duration.Zero ? Time(stream.Period) : "–",
            Time(regularity?.JitterMedian),
            Time(regularity?.JitterP99),
            Time(regularity?.JitterP999),
            Time(regularity?.JitterMax),
            regularity is null ? "–" : Number(regularity.Gaps),
            series.Statistics is { } told ? Number(told.Missed) : "–",
            series.Statistics is { } counted ? Number(counted.Dropped) : "–",
            series.Count == 0 ? "–" : ((double)series.Bytes / series.Count).ToString("0.0", CultureInfo.InvariantCulture),
        ]);
    }

    private static string Notes(SampleSeries series)
    {
        List<string> notes = [];
        if (series.Stream.Quality is not Quality.Measured)
        {
            notes.Add(series.Stream.Quality.Name());
        }

        if (series.Regularity() is { Gaps: > 0 } regularity)
        {
            notes.Add($"gaps of {Time(regularity.GapTime)} together, the longest {Time(regularity.Longest)}");
        }

        if (series.Statistics is { Stalls: > 0 } stalled)
        {
            notes.Add($"{Number(stalled.Stalls)} reading{(stalled.Stalls == 1 ? "" : "s")} took longer than a period");
        }

        if (series.Statistics?.Lateness is { } late)
        {
            notes.Add($"late by {Time(late.Median)} (p50), {Time(late.P99)} (p99), {Time(late.P999)} (p99.9), {Time(late.Max)} (max)");
        }

        return string.Join("; ", notes);
    }

    /// <summary>What was counted beside what the kernel charged, and what the difference is of.</summary>
    private static string Program(ProgramTime program)
    {
        string both = $"{Time(program.Counted)} on processors counted, {Time(program.Charged)} charged for what was waited for";
        Duration unseen = program.Charged - program.Counted;
        return unseen > Duration.FromNanoseconds(SameTimeNs) ? $"{both}: {Time(unseen)} were not seen and count as other processes'"
            : unseen < Duration.FromNanoseconds(-SameTimeNs) ? $"{both}: {Time(Duration.Zero - unseen)} are of processes that nobody of the program waited for"
            : both;
    }

    /// <summary>`4 ms`, `63 µs`.</summary>
    private static string Time(Duration? time) => time switch
    {
        null => "–",
        { Nanoseconds: < 1000 and var ns } => $"{ns} ns",
        { Nanoseconds: < 1_000_000 and var ns } => $"{(ns / 1e3).ToString("0.#", CultureInfo.InvariantCulture)} µs",
        { Nanoseconds: < 1_000_000_000 and var ns } => $"{(ns / 1e6).ToString("0.##", CultureInfo.InvariantCulture)} ms",
        { } longer => Figures.Seconds(longer.TotalSeconds),
    };

    private static string Number(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);
}
