using System.Globalization;
using Smaragdine.Formats.Reports;
using Smaragdine.Power;
using Smaragdine.Units;

namespace Smaragdine.Cli.Live;

/// <summary>A frame as text.</summary>
/// <param name="Style">How; with bars the last minute is drawn.</param>
/// <param name="Order">Of the processes.</param>
/// <param name="Rows">Processes at most.</param>
/// <param name="Zone">For the time.</param>
internal sealed record TopText(TextStyle Style, TopOrder Order, int Rows, TimeZoneInfo Zone)
{
    private const int LongestSource = 30;

    /// <summary>What a line about a domain takes beside its bars.</summary>
    private const int BesideBars = 62;

    /// <summary>Writes it.</summary>
    /// <param name="frame">What is shown.</param>
    /// <param name="minute">The last minute.</param>
    /// <param name="output">Where to.</param>
    public void Write(TopFrame frame, Sparklines minute, TextWriter output)
    {
        DateTimeOffset time = TimeZoneInfo.ConvertTime(frame.Time.ToUtc(), Zone);
        TopProcessors processors = frame.Processors;
        output.WriteLine(Printable.Fit(string.Join(" · ", new[]
        {
            frame.Host,
            time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
            $"over {Figures.Seconds(frame.Period.TotalSeconds)}",
            $"{processors.Cpus} CPU{(processors.Cpus == 1 ? "" : "s")}, {Figures.Percent(processors.Busy / processors.Cpus)} % busy",
        }.Where(p => p is not null)), Style.Width));
        output.WriteLine();
        WriteDomains(frame, minute, output);
        output.WriteLine();
        WriteProcesses(frame, output);
    }

    /// <summary>How many lines a frame takes beside those of its processes.</summary>
    public static int OtherLines(TopFrame frame) => 4 + frame.Domains.Count + 1 + Sums(frame).Count;

    private void WriteDomains(TopFrame frame, Sparklines minute, TextWriter output)
    {
        if (frame.Domains.Count == 0)
        {
            output.WriteLine("  no power is known");
            return;
        }

        // Wide terminals see every second of the minute.
        int bars = Math.Clamp(Style.Width - BesideBars, 10, 60);
        IReadOnlyList<string> headings = Style.Bars ? ["power", "<last minute", "<source"] : ["power", "<source"];
        TextTable.Write(output, "domain", headings, [.. frame.Domains.Select(Row)], Style, leastLabel: 12);

        TextRow Row(TopDomain domain)
        {
            string source = Printable.Fit(Source(domain.Source), LongestSource);
            string power = Watts(domain.Power, domain.Quality);
            return new(Printable.Text(domain.Domain.Name), Style.Bars ? [power, minute.Draw(domain.Domain, bars), source] : [power, source]);
        }
    }

    private void WriteProcesses(TopFrame frame, TextWriter output)
    {
        IReadOnlyList<TopProcess> sorted = TopOrders.Sort(frame.Processes, Order);
        bool gpus = sorted.Any(p => p.Gpus.Count > 0);
        int shown = sorted.Count <= Rows ? sorted.Count : Math.Max(1, Rows - 1);
        List<TextRow> rows = [.. sorted.Take(shown).Select(p => Row(p, gpus))];
        if (shown < sorted.Count)
        {
            List<TopProcess> rest = [.. sorted.Skip(shown)];
            rows.Add(Cells($"… {rest.Count} more", Watts(Sum(rest), frame.Processors.Power?.Quality), CpuPercent(rest.Sum(p => p.Busy ?? 0)), "", "", gpus, ""));
        }

        rows.AddRange(Sums(frame).Select(s => Cells(s.Label, Watts(s.Power, frame.Processors.Power?.Quality), s.Busy is { } busy ? CpuPercent(busy) : "", "", "", gpus, "")));
        TextTable.Write(output, "process", gpus ? ["power", "cpu %", "pid", "<gpu", "<user"] : ["power", "cpu %", "pid", "<user"], rows, Style);
    }

    /// <summary>What stands under the processes, so that the column adds up.</summary>
    private static List<(string Label, Watts? Power, double? Busy)> Sums(TopFrame frame)
    {
        TopProcessors all = frame.Processors;
        List<(string Label, Watts? Power, double? Busy)> sums = [("not seen (ended, interrupts, elsewhere)", all.Unseen, all.UnseenBusy), ("idle", all.Idle, null), ("processors", all.Power?.Amount, all.Busy)];
        sums.AddRange(frame.Gpus.Where(g => g.Idle is { Value: > 0 }).Select(g => ($"{g.Gpu}, used by nobody", g.Idle, (double?)null)));
        sums.AddRange(frame.Gpus.Where(g => g.Unattributed is { Value: > 0 })
            .Select(g => (g.Users > 1 ? $"{g.Gpu}, shared by {g.Users}" : $"{g.Gpu}, users not known", g.Unattributed, (double?)null)));
        return sums;
    }

    private static TextRow Row(TopProcess process, bool gpus) => Cells(
        Printable.Text(process.CommandLine is { } line ? WithoutFolder(line) : process.Pid is null ? process.Name : $"[{process.Name}]"),
        Watts(process.Power?.Amount, process.Power?.Quality),
        process.Busy is { } busy ? CpuPercent(busy) : "–",
        process.Pid?.ToString(CultureInfo.InvariantCulture) ?? "",
        Printable.Fit(process.User ?? "", 12),
        gpus,
        string.Join(", ", process.Gpus.Select(Gpu)));

    private static TextRow Cells(string label, string power, string cpu, string pid, string user, bool gpus, string gpu) =>
        new(label, gpus ? [power, cpu, pid, gpu, user] : [power, cpu, pid, user]);

    /// <summary>Without what an estimate stands on, which is in the notes.</summary>
    private static string Source(string source) => source.Length > LongestSource && source.IndexOf(" (", StringComparison.Ordinal) is > 0 and int at ? source[..at] : source;

    /// <summary>The program without its folder, which says least and takes most room.</summary>
    private static string WithoutFolder(string line)
    {
        int space = line.IndexOf(' ');
        int folder = line.LastIndexOf('/', (space < 0 ? line.Length : space) - 1);
        return folder < 0 || folder + 1 == line.Length ? line : line[(folder + 1)..];
    }

    /// <summary>`gpu-0 231 W 12.3 GiB`.</summary>
    private static string Gpu(TopGpuUse use)
    {
        string power = use.Power is { } p ? $" {Watts(p.Amount, p.Quality)}" : "";
        string memory = use.MemoryBytes is { } bytes ? $" {Figures.Short(bytes / (double)(1 << 30))} GiB" : "";
        return $"{use.Gpu}{power}{memory}";
    }

    private static Watts? Sum(List<TopProcess> processes) =>
        processes.Exists(p => p.Power is not null) ? Units.Watts.From(processes.Sum(p => p.Power?.Amount.Value ?? 0)) : null;

    private static string Watts(Watts? power, Quality? quality) => power is { } watts ? $"{quality?.Mark()}{Figures.Short(watts.Value)} W" : "–";

    /// <summary>Of one CPU, as other tops have it.</summary>
    private static string CpuPercent(double cpus) => (cpus * 100).ToString("0.0", CultureInfo.InvariantCulture);
}
