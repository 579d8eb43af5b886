using System.Globalization;
using Smaragdine.Formats.Recordings.Samples;
using Smaragdine.Formats.Reports;
using Smaragdine.Recordings;

namespace Smaragdine.Cli.Commands;

/// <summary>What `info` says of a recording's context: clocks, temperatures, who else was there; and throttling in words.</summary>
internal static class ContextTable
{
    public static void Write(RecordedSamples samples, TextWriter output)
    {
        List<TextRow> rows = [.. samples.Series.Where(s => s.Stream.Kind is StreamKind.Context && s.Count > 0).Select(Row)];
        if (rows.Count == 0)
        {
            return;
        }

        output.WriteLine();
        TextTable.Write(output, "context", ["<source", "samples", "least", "mean", "most"], rows, TextStyle.Plain with { Width = 200 });
        foreach (string throttled in Throttling.Of(samples))
        {
            output.WriteLine($"  {Printable.Text(throttled)}");
        }
    }

    private static TextRow Row(SampleSeries series)
    {
        RecordedStream stream = series.Stream;
        string[] figures = ContextSummary.Of(series) switch
        {
            null => ["–", "–", "–"],
            { } summary when stream.Unit is ContextUnits.Events => ["–", "–", $"+{Number(summary.Increase)}"],
            { } summary => [Figure(stream.Unit, summary.Least), Figure(stream.Unit, summary.Mean), Figure(stream.Unit, summary.Most)],
        };
        return new(Printable.Text(stream.Name), [Printable.Fit(stream.Source, 24), Number(series.Count), .. figures]);
    }

    private static string Figure(string? unit, double value) => unit switch
    {
        ContextUnits.Hertz => $"{Number(value / 1e6)} MHz",
        ContextUnits.Millidegrees => $"{(value / 1e3).ToString("0.0", CultureInfo.InvariantCulture)} °C",
        ContextUnits.Percent => $"{Number(value)} %",
        ContextUnits.Processes or ContextUnits.Threads => value.ToString("0.#", CultureInfo.InvariantCulture),
        null => value.ToString("0.###", CultureInfo.InvariantCulture),
        _ => $"{value.ToString("0.###", CultureInfo.InvariantCulture)} {Printable.Fit(unit, 20)}",
    };

    private static string Number(double number) => number.ToString("#,0", CultureInfo.InvariantCulture);
}
