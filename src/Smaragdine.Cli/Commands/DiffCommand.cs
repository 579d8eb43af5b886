using System.CommandLine;
using System.Text;
using System.Text.RegularExpressions;
using Smaragdine.Cli.Reporting;
using Smaragdine.Comparison;
using Smaragdine.Formats.Comparisons;
using Smaragdine.Formats.Reports;
using Smaragdine.Units;

namespace Smaragdine.Cli.Commands;

/// <summary>`smaragdine diff`: what changed between runs, module by module; a gate for continuous integration.</summary>
internal static class DiffCommand
{
    /// <summary>What the command line asks for beside the runs.</summary>
    private sealed record Asked(Measure? Measure, IReadOnlyList<RenameRule> Rules, double SmallestPart, double LeastChange, IReadOnlyList<Limit> Limits, bool AllowEstimated);

    public static Command Create(CliConsole console)
    {
        RunArguments arguments = new();
        Argument<string[]> pair = new("runs") { Description = "the base and the new: recordings, traces, or files that `baseline` wrote", Arity = ArgumentArity.ZeroOrMore };
        Option<string[]> before = new("--base") { Description = "runs of the base, repeating each other", HelpName = "RUN", AllowMultipleArgumentsPerToken = true };
        Option<string[]> after = new("--new") { Description = "runs of the new, repeating each other", HelpName = "RUN", AllowMultipleArgumentsPerToken = true };
        Option<string?> by = new("--by") { Description = "energy, or time (where there is no power)" };
        by.AcceptOnly("energy", "time");
        Option<string[]> match = new("--match") { Description = "paths of the base that match are the replacement's in the new; may be repeated", HelpName = "REGEX=REPLACEMENT" };
        Option<string> smallest = new("--smallest") { Description = "modules below this part of the whole on both sides are not tested", HelpName = "PERCENT", DefaultValueFactory = _ => "0.5%" };
        Option<string> least = new("--least") { Description = "smaller changes are not named", HelpName = "PERCENT", DefaultValueFactory = _ => "1%" };
        Option<string[]> failOver = new("--fail-over") { Description = "exit with 5 where a module, or the one named, surely takes more than so much above the base: 5%, bert/encoder=2%; may be repeated", HelpName = "LIMIT" };
        Option<bool> allowEstimated = new("--allow-estimated") { Description = "hold estimated and simulated energy against limits too" };
        Option<int> depth = new("--depth") { Description = "levels of the tree in text", DefaultValueFactory = _ => 4 };
        Option<string> format = new("--format") { Description = "text, json, csv, or markdown for the comment of a pull request", DefaultValueFactory = _ => "text" };
        format.AcceptOnly("text", "json", "csv", "markdown");
        Option<string?> output = new("--output", "-o") { Description = "write to a file instead", HelpName = "FILE" };
        Command command = new("diff", "What changed between runs, module by module.") { pair, before, after, by, match, smallest, least, failOver, allowEstimated, depth, format, output };
        arguments.AddTo(command);
        command.SetAction(parsed =>
        {
            (IReadOnlyList<string> olds, IReadOnlyList<string> news) = Sides(parsed.GetValue(pair) ?? [], parsed.GetValue(before) ?? [], parsed.GetValue(after) ?? []);
            Asked asked = new(
                parsed.GetValue(by) switch { "energy" => Measure.Energy, "time" => Measure.Time, _ => null },
                [.. (parsed.GetValue(match) ?? []).Select(Rule)],
                Percentage.Parse(parsed.GetValue(smallest)!, "--smallest"),
                Percentage.Parse(parsed.GetValue(least)!, "--least"),
                Limits([.. parsed.GetValue(failOver) ?? []]),
                parsed.GetValue(allowEstimated));
            int levels = parsed.GetValue(depth) is >= 1 and var d ? d : throw new UsageException($"--depth {parsed.GetValue(depth)}: expected 1 or more");
            string? file = ReportArguments.NotEmpty(parsed.GetValue(output), "--output");
            RunReading reading = arguments.Bind(parsed, console);
            RunWarnings warnings = new();
            ComparisonReport report = Compare(reading.Side(olds, warnings.Add), reading.Side(news, warnings.Add), asked, [.. warnings.Summed()]);
            Write(report, parsed.GetValue(format)!, levels, file, console);
            return (int)(report.Over.Count > 0 ? ExitCode.OverLimit : report.Warnings.Any(w => w.Incomplete) ? ExitCode.Incomplete : ExitCode.Fine);
        });
        return command;
    }

    private static (IReadOnlyList<string> Base, IReadOnlyList<string> New) Sides(string[] pair, string[] before, string[] after)
    {
        bool named = before.Length > 0 && after.Length > 0;
        return (pair.Length, named) switch
        {
            (2, false) when before.Length + after.Length == 0 => ([pair[0]], [pair[1]]),
            (0, true) => (before, after),
            _ => throw new UsageException("expected a base and a new run (`diff A B`), or several of each (`diff --base RUN… --new RUN…`)"),
        };
    }

    private static ComparisonReport Compare(ComparedSide before, ComparedSide after, Asked asked, List<Warning> warnings)
    {
        bool powered = new[] { before, after }.All(s => s.Root.Total.All(t => t.Joules is not null));
        if (!powered && (asked.Measure is Measure.Energy || (asked.Measure is null && asked.Limits.Count > 0)))
        {
            throw new UsageException("not all of these runs have power, so there is no energy to compare; give a log with `--power NAME`, or compare `--by time`");
        }

        if (!powered && asked.Measure is null)
        {
            warnings.Add(new("no-power", "not all of these runs have power: times are compared."));
        }

        Measure measure = asked.Measure ?? (powered ? Measure.Energy : Measure.Time);
        FootprintComparison comparison = FootprintComparison.Of(before, after, new(measure, asked.Rules, asked.SmallestPart, asked.LeastChange));
        warnings.AddRange(Parity.Of(before, after));
        if (asked.Limits.Count == 0)
        {
            return new(comparison, [], warnings);
        }

        RequireCheckable(comparison, asked.Limits);
        IReadOnlyList<LimitCheck> checks = Comparison.Limits.Check(comparison, asked.Limits);
        if (measure is Measure.Energy && !asked.AllowEstimated && checks.FirstOrDefault(c => c.Change.Quality is Quality.Estimated or Quality.Simulated) is { } check)
        {
            throw new UsageException(
                $"--fail-over: this energy is {check.Change.Quality!.Value.Name()}, and no build should fail for what nobody measured; `--by time` compares times, `--allow-estimated` does it all the same");
        }

        return new(comparison, checks, warnings);
    }

    /// <summary>A limit that cannot be held must not pass for one that was kept.</summary>
    private static void RequireCheckable(FootprintComparison comparison, IReadOnlyList<Limit> limits)
    {
        if (comparison.Base.Runs.Count == 1 && comparison.New.Runs.Count == 1)
        {
            throw new UsageException(
                "--fail-over: with one run a side nobody knows how much runs differ, so nothing is surely over a limit; give several runs a side (`--base RUN… --new RUN…`), or a baseline of several (`smaragdine baseline RUN… -o FILE`)");
        }

        if (limits.Any(l => l.Module is null) && comparison.Whole.Verdict is Verdict.NotTested)
        {
            throw new UsageException("--fail-over: the sides' figures are not of one quality, so they cannot be held against each other; `--by time` compares times");
        }

        foreach (Limit limit in limits.Where(l => l.Module is not null))
        {
            ModuleChange change = Comparison.Limits.Find(comparison, limit.Module!)
                ?? throw new UsageException($"--fail-over {limit.Module}: neither side has such a module; `smaragdine diff` without a limit lists them");
            string? reason = change.Verdict switch
            {
                Verdict.Added => "only the new side has it; where the base calls it otherwise, say so with `--match 'REGEX=REPLACEMENT'`",
                Verdict.Removed => "only the base has it; where the new side calls it otherwise, say so with `--match 'REGEX=REPLACEMENT'`",
                Verdict.NotTested => "the sides' figures are missing, or not of one quality, so they cannot be held against each other",
                _ => null,
            };
            if (reason is not null)
            {
                throw new UsageException($"--fail-over {limit.Module}: {reason}");
            }
        }
    }

    private static void Write(ComparisonReport report, string format, int depth, string? file, CliConsole console)
    {
        Action<TextWriter, Stream, TextStyle> write = format switch
        {
            "json" => (_, bytes, _) => DiffJson.Write(report, bytes),
            "csv" => (text, _, _) => DiffCsv.Write(report, text),
            "markdown" => (text, _, _) => DiffMarkdown.Write(report, text),
            _ => (text, _, style) => DiffText.Write(report, depth, style, text),
        };
        if (file is null)
        {
            console.Output.Flush();
            write(console.Output, console.OutputBytes, console.Style);
        }
        else
        {
            OutputFile.Write(file, stream =>
            {
                using StreamWriter writer = new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
                write(writer, stream, TextStyle.Plain);
            });
        }

        if (format != "text" || file is not null)
        {
            foreach (Warning warning in report.Warnings)
            {
                console.Error.WriteLine($"warning: {Printable.Text(warning.Text)}");
            }

            foreach (LimitCheck check in report.Over)
            {
                console.Error.WriteLine($"over the limit: {(check.Change.Parent is null ? "(all operations)" : Printable.Text(check.Change.Path))}");
            }
        }
    }

    private static RenameRule Rule(string text)
    {
        int equals = text.LastIndexOf('=');
        try
        {
            return equals > 0
                ? new(new(text[..equals], RegexOptions.NonBacktracking | RegexOptions.CultureInvariant), text[(equals + 1)..])
                : throw new UsageException($"--match {text}: expected REGEX=REPLACEMENT, such as '^bert/encoder/=bert/transformer/'");
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new UsageException($"--match {text}: {e.Message}", e);
        }
    }

    private static List<Limit> Limits(List<string> texts)
    {
        List<Limit> limits = [.. texts.Select(text => text.LastIndexOf('=') is var equals and >= 0
            ? new Limit(text[..equals].Trim('/'), Percentage.Parse(text[(equals + 1)..], "--fail-over"))
            : new Limit(null, Percentage.Parse(text, "--fail-over")))];
        return limits.GroupBy(l => l.Module, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice
            ? throw new UsageException($"--fail-over: {twice.Key ?? "all modules"} {(twice.Key is null ? "have" : "has")} two limits; give one")
            : limits;
    }
}
