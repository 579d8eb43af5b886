using System.CommandLine;
using System.Globalization;
using Smaragdine.Attribution;
using Smaragdine.Cli.Reporting;
using Smaragdine.Formats.PowerLogs;
using Smaragdine.Traces;

namespace Smaragdine.Cli.Commands;

/// <summary>The options that say what is read and how it is accounted, shared by `report` and `export`.</summary>
internal sealed class ReportArguments
{
    private readonly Argument<string?> path = new("path") { Description = "a recording's directory, or a trace; the newest recording here if left out", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> power = new("--power") { Description = "power log: unix_ns,domain,power_w or energy_uj, or nvidia-smi's CSV; gzipped or not", HelpName = "LOG" };
    private readonly Option<string?> timeZone = new("--time-zone") { Description = "of a log that lacks one: Europe/Berlin, UTC, +01:00", HelpName = "ZONE" };
    private readonly Option<string[]> map = new("--map") { Description = "domain=device, domain=machine or domain=none; may be repeated", HelpName = "MAP" };
    private readonly Option<string?> steps = new("--steps") { Description = "numbers and inclusive ranges: 1,3..8", HelpName = "STEPS" };
    private readonly Option<int> skipFirst = new("--skip-first") { Description = "leave out the first N steps: warm-up", HelpName = "N" };
    private readonly Option<string> attribution = new("--attribution") { Description = "split: equally among running spans; paper: the paper's released rule, for comparison only", DefaultValueFactory = _ => "split" };
    private readonly EstimateArguments estimate = new();
    private readonly Option<string?> maxSize = new("--max-size") { Description = "largest input, unpacked, that is read: 500M, 8G (default 4G)", HelpName = "SIZE" };

    public ReportArguments() => attribution.AcceptOnly("split", "paper");

    /// <summary>For a command that reports: how energy is shared, and all that is read.</summary>
    public void AddTo(Command command)
    {
        AddInputTo(command);
        command.Options.Add(attribution);
    }

    /// <summary>For a command that has a rule of its own: what is read.</summary>
    public void AddInputTo(Command command)
    {
        AddPathTo(command);
        foreach (Option option in (IEnumerable<Option>)[power, timeZone, map, steps, skipFirst, .. estimate.Options])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>For a command that reads several recordings: how each is read and its energy shared. A path and a power log are each one's own.</summary>
    public void AddReadingTo(Command command)
    {
        foreach (Option option in (IEnumerable<Option>)[timeZone, map, steps, skipFirst, attribution, .. estimate.Options, maxSize])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>For a command that looks at a recording without accounting.</summary>
    public void AddPathTo(Command command)
    {
        command.Arguments.Add(path);
        command.Options.Add(maxSize);
    }

    /// <exception cref="UsageException">a value is not what it must be.</exception>
    public ReportOptions Bind(ParseResult parsed, CliConsole console) => BindReading(parsed, PathOf(parsed, console)) with
    {
        PowerLog = NotEmpty(parsed.GetValue(power), "--power"),
    };

    /// <summary>The same of a recording that the command names in a way of its own.</summary>
    /// <exception cref="UsageException">a value is not what it must be.</exception>
    public ReportOptions BindReading(ParseResult parsed, string path) => new()
    {
        Path = path,
        TimeZone = parsed.GetValue(timeZone) is { } zone ? Zone(zone) : null,
        Mappings = [.. (parsed.GetValue(map) ?? []).Select(Mapping)],
        Steps = parsed.GetValue(steps) is { } text ? StepSelection.Parse(text) : null,
        SkipFirst = NotNegative(parsed.GetValue(skipFirst), "--skip-first"),
        Attribution = parsed.GetValue(attribution) == "paper" ? AttributionRule.Paper : AttributionRule.Split,
        TdpWatts = estimate.Bind(parsed).TdpWatts,
        IdleWatts = estimate.Bind(parsed).IdleWatts,
        MaxBytes = parsed.GetValue(maxSize) is { } size ? ByteSize.Parse(size) : Formats.Files.InputFile.DefaultMaxBytes,
    };

    public string PathOf(ParseResult parsed, CliConsole console)
    {
        if (NotEmpty(parsed.GetValue(path), "<path>") is { } given)
        {
            return given;
        }

        string? found;
        try
        {
            found = NewestRecording.In(".");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RefusedInputException($"the directory that this runs in cannot be listed: {e.Message}", e);
        }

        string newest = found
            ?? throw new UsageException("which recording? None was named, and there is none in this directory");
        console.Error.WriteLine($"{newest} (the newest recording here)");
        return newest;
    }

    /// <summary>A number as scripts write them: a comma is no decimal point here, and must not be passed over as one between thousands (1,5 is not 15).</summary>
    internal static double? Positive(string? text, string option)
    {
        if (text is null)
        {
            return null;
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value is > 0 and < double.PositiveInfinity
            ? value
            : throw new UsageException($"{option} {text}: expected a number above 0, such as 150 or 0.5");
    }

    /// <summary>A path or name; an empty one is mostly a shell variable that is not set.</summary>
    internal static string? NotEmpty(string? text, string option) => text is ""
        ? throw new UsageException($"{option} is empty; is a variable of the shell not set?")
        : text;

    internal static int NotNegative(int value, string option) => value >= 0
        ? value
        : throw new UsageException($"{option} {value}: expected 0 or more");

    private static TimeZoneInfo Zone(string text)
    {
        try
        {
            return TimeZones.Parse(text);
        }
        catch (RefusedInputException e)
        {
            throw new UsageException($"--time-zone: {e.Message}", e);
        }
    }

    private static DomainMapping Mapping(string text)
    {
        string[] sides = text.Split('=');
        if (sides.Length == 2 && sides[0].Length > 0)
        {
            string domain = Power.Domain.Parse(sides[0]).Name;
            switch (sides[1].ToUpperInvariant())
            {
                case "MACHINE":
                    return new(domain, null, Whole: true);
                case "NONE":
                    return new(domain, null, Whole: false);
                default:
                    if (DeviceId.TryParse(sides[1], out DeviceId device))
                    {
                        return new(domain, device, Whole: false);
                    }

                    break;
            }
        }

        throw new UsageException($"--map {text}: expected domain=device (`gpu-3=GPU:0`), domain=machine or domain=none");
    }
}
